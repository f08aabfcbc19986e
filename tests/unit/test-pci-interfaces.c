/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-interfaces.h"

#include "core/value/error.h"
#include "testing.h"

static void
add_interface(const TestingScratch *scratch, const char *name, const char *place)
{
    g_autofree char *path = g_strdup_printf("/sys/class/net/%s", name);
    g_autofree char *target = g_strdup_printf("../../devices/%s/net/%s", place, name);

    testing_scratch_link(scratch, path, target);
}

static void
test_parents(void)
{
    static const char *const expected[] = {
        "enp0s3 0000:00:03.0",   "enp1s0 0000:01:00.0", "enp1s0d1 0000:01:00.0",
        "wwan0usb 0000:05:00.0", "sf4 10000:e1:00.0",
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) interfaces = NULL;

    add_interface(scratch, "enp1s0d1", "pci0000:00/0000:00:01.0/0000:01:00.0");
    add_interface(scratch, "enp1s0", "pci0000:00/0000:00:01.0/0000:01:00.0");
    add_interface(scratch, "enp0s3", "pci0000:00/0000:00:03.0/virtio0");
    add_interface(scratch, "enx00", "pci0000:00/0000:00:04.0/usb2/2-1/2-1:1.0");
    add_interface(scratch, "sf4", "pci10000:e0/10000:e0:01.0/10000:e1:00.0/mlx5_core.sf.4");
    add_interface(scratch, "wwan0usb", "pci0000:00/0000:05:00.0/usbnet");
    add_interface(scratch, "lo", "virtual");
    testing_scratch_write(scratch, "/sys/class/net/bonding_masters", "\n");

    interfaces = vas_pci_interfaces_list(host);
    g_assert_cmpuint(interfaces->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);
        g_autofree char *text = g_strdup_printf("%s %s", interface->name,
                                                vas_host_address_text(interface->device).text);

        g_assert_cmpstr(text, ==, expected[i]);
    }
}

static void
test_none(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) interfaces = vas_pci_interfaces_list(host);

    g_assert_cmpuint(interfaces->len, ==, 0);
}

#define PF "/sys/bus/pci/devices/0000:81:00.1"

/* Adds an interface of the PF 0000:81:00.1 in its folder and in /sys/class/net. */
static void
add_port(const TestingScratch *scratch, const char *name, const char *attribute, const char *text)
{
    static const char *const folders[] = {"/sys/devices/pci0000:80/0000:81:00.1/net", PF "/net"};

    add_interface(scratch, name, "pci0000:80/0000:81:00.1");
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s/%s", folders[i], name, attribute);

        testing_scratch_write(scratch, path, text);
    }
}

static char *
listed(const VasHost *host)
{
    g_autoptr(GPtrArray) interfaces = vas_pci_interfaces_list(host);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);
        static const char *const roles[] = {"uplink", "port", "representor"};

        g_string_append_printf(text, "%s %s %d; ", interface->name, roles[interface->role],
                               interface->vf);
    }
    return g_string_free(text, FALSE);
}

static void
test_switchdev(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *text = NULL;
    g_auto(GStrv) own = NULL;

    add_port(scratch, "eth0", "phys_port_name", "pf1vf0\n");
    add_port(scratch, "eth1", "phys_port_name", "pf1vf12\n");
    add_port(scratch, "eth2", "phys_port_name", "pf0vf3\n");
    add_port(scratch, "eth3", "phys_port_name", "c1pf1vf4\n");
    add_port(scratch, "eth4", "phys_port_name", "pf1sf5\n");
    add_port(scratch, "pf1", "phys_port_name", "p1\n");
    text = listed(host);
    g_assert_cmpstr(text, ==,
                    "pf1 uplink -1; eth0 representor 0; eth1 representor 12; "
                    "eth2 representor -1; eth3 representor -1; eth4 representor -1; ");
    own = vas_pci_interfaces_of(host, (VasHostAddress){{.bus = 0x81, .function = 1}});
    g_assert_cmpstr(own[0], ==, "pf1");
    g_assert_null(own[1]);
}

static void
test_ports(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *text = NULL;

    add_port(scratch, "b", "dev_port", "0\n");
    add_port(scratch, "a", "dev_port", "1\n");
    add_port(scratch, "c", "dev_port", "0\n");
    text = listed(host);
    g_assert_cmpstr(text, ==, "b port -1; c port -1; a port -1; ");
}

static gboolean
only_zz_has_vfs(const char *interface, int vf_index, VasVfSettings *ret_settings, gpointer data,
                GError **error)
{
    g_assert_cmpint(vf_index, ==, 0);
    *ret_settings = (VasVfSettings){0};
    if (g_str_equal(interface, "zz"))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no VF");
    return FALSE;
}

/* Drivers before Linux 5.0 name no ports. */
static void
test_uplink_by_its_vfs(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *without_vfs = NULL;
    g_autofree char *with_vfs = NULL;

    host->read_vf_settings = only_zz_has_vfs;
    add_port(scratch, "eth0", "dev_port", "0\n");
    add_port(scratch, "zz", "dev_port", "0\n");
    without_vfs = listed(host);
    g_assert_cmpstr(without_vfs, ==, "eth0 port -1; zz port -1; ");
    testing_scratch_link(scratch, PF "/virtfn0", "../0000:81:01.0");
    with_vfs = listed(host);
    g_assert_cmpstr(with_vfs, ==, "zz uplink -1; eth0 port -1; ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-interfaces/parents", test_parents);
    g_test_add_func("/pci-interfaces/none", test_none);
    g_test_add_func("/pci-interfaces/switchdev", test_switchdev);
    g_test_add_func("/pci-interfaces/ports", test_ports);
    g_test_add_func("/pci-interfaces/uplink-by-its-vfs", test_uplink_by_its_vfs);
    return g_test_run();
}
