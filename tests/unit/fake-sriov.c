/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-sriov.h"

#include "fake-host.h"
#include "fake-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PF "/sys/bus/pci/devices/0000:01:00.0"

static FakeSriov *current;

/* The 82576 puts its VFs at every second function from 01:10.0 on. */
static char *
vf_address(guint i)
{
    return g_strdup_printf("0000:01:%02x.%u", 0x10 + i / 4, i % 4 * 2);
}

static void
remove_leaf(FakeSriov *sriov, const char *path)
{
    g_autofree char *full = g_build_filename(sriov->fake->root->path, path, NULL);

    (void) unlink(full);
}

static void
write_number(FakeSriov *sriov, const char *leaf, guint number)
{
    g_autofree char *path = g_build_filename(PF, leaf, NULL);
    g_autofree char *text = g_strdup_printf("%u\n", number);

    testing_scratch_write(sriov->fake->root, path, text);
}

void
fake_sriov_set_count(FakeSriov *sriov, guint count)
{
    sriov->now = count;
    write_number(sriov, "sriov_numvfs", count);
    for (guint i = 0; i < FAKE_SRIOV_MAXIMUM; i++) {
        g_autofree char *address = vf_address(i);
        g_autofree char *target = g_strconcat("../", address, NULL);
        g_autofree char *link = g_strdup_printf(PF "/virtfn%u", i);

        remove_leaf(sriov, link);
        if (i >= count)
            continue;
        testing_scratch_link(sriov->fake->root, link, target);
        fake_set_driver(sriov->fake, address, "igbvf");
    }
    if (sriov->busy_waits > 0)
        testing_scratch_write(sriov->fake->root, "/run/udev/queue", "");
}

/* sriov_numvfs_store */
static int
store_count(FakeSriov *sriov, guint count)
{
    if (count > FAKE_SRIOV_MAXIMUM)
        return ERANGE;
    if (count == sriov->now || sriov->ignores)
        return 0;
    if (count != 0 && sriov->now != 0)
        return EBUSY;
    fake_sriov_set_count(sriov, MIN(count, sriov->makes_at_most));
    return 0;
}

static int
obey(FakeSriov *sriov, const char *leaf, guint number)
{
    if (g_str_equal(leaf, "sriov_numvfs"))
        return store_count(sriov, number);
    g_assert_cmpstr(leaf, ==, "sriov_drivers_autoprobe");
    write_number(sriov, leaf, number);
    return 0;
}

static gboolean
goes_wrong(const FakeSriov *sriov)
{
    return sriov->faulty_write > 0 && (sriov->writes == sriov->faulty_write ||
                                       (sriov->all_faulty && sriov->writes > sriov->faulty_write));
}

static int
write_attribute(const char *path, const char *text, gpointer data)
{
    FakeSriov *sriov = data;
    g_autofree char *leaf = g_path_get_basename(path);
    guint number = (guint) g_ascii_strtoull(text, NULL, 10);

    g_string_append_printf(sriov->log, "%s=%s ", leaf, text);
    sriov->writes++;
    if (!goes_wrong(sriov))
        return obey(sriov, leaf, number);
    if (sriov->fault == FAKE_WRITE_LIES)
        return 0;
    if (sriov->fault == FAKE_WRITE_FAILS_LATE)
        (void) obey(sriov, leaf, number);
    return ENOMEM;
}

static gboolean
is_vf_name(const char *name)
{
    return g_str_has_prefix(name, "pci_0000_01_1");
}

/* libvirt is late: it shows no VF as long as there are looks to go. */
static GStrv
list_node_devices(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    g_auto(GStrv) names = fake_host_list_node_devices(port, kind, error);
    g_autoptr(GStrvBuilder) changed = g_strv_builder_new();

    if (names == NULL || kind != VAS_NODE_DEVICE_PCI)
        return g_steal_pointer(&names);
    for (guint i = 0; names[i] != NULL; i++) {
        if (!is_vf_name(names[i]))
            g_strv_builder_add(changed, names[i]);
    }
    if (current->late_looks > 0 && current->late_looks != G_MAXUINT && current->writes > 0)
        current->late_looks--;
    for (guint i = 0; (current->late_looks == 0 || current->writes == 0) && i < current->now; i++) {
        g_autofree char *address = vf_address(i);
        g_autofree char *name = g_strconcat("pci_", g_strdelimit(address, ":.", '_'), NULL);

        g_strv_builder_add(changed, name);
    }
    return g_strv_builder_end(changed);
}

static char *
pf_xml(FakeSriov *sriov)
{
    g_autoptr(GString) vfs = g_string_new(NULL);
    g_autofree char *driver = fake_driver(sriov->fake, "0000:01:00.0");
    g_autofree char *element =
        driver != NULL ? g_strdup_printf("<driver><name>%s</name></driver>", driver) : g_strdup("");

    for (guint i = 0; i < sriov->now; i++)
        g_string_append_printf(vfs,
                               "<address domain='0x0000' bus='0x01' slot='0x%02x' "
                               "function='0x%u'/>",
                               0x10 + i / 4, i % 4 * 2);
    return g_strdup_printf("<device><name>pci_0000_01_00_0</name>%s"
                           "<capability type='pci'><class>0x020000</class><domain>0</domain>"
                           "<bus>1</bus><slot>0</slot><function>0</function>"
                           "<product id='0x10c9'>82576</product><vendor id='0x8086'>Intel</vendor>"
                           "<capability type='virt_functions' maxCount='7'>%s</capability>"
                           "</capability></device>",
                           element, vfs->str);
}

static char *
vf_xml(const char *name)
{
    VasPciAddress address;

    g_assert_true(vas_pci_address_from_nodedev(name, &address));
    return g_strdup_printf("<device><name>%s</name><driver><name>igbvf</name></driver>"
                           "<capability type='pci'><class>0x020000</class><domain>0</domain>"
                           "<bus>1</bus><slot>%u</slot><function>%u</function>"
                           "<product id='0x10ca'>82576 VF</product><vendor id='0x8086'>Intel"
                           "</vendor><capability type='phys_function'><address domain='0x0000' "
                           "bus='0x01' slot='0x00' function='0x0'/></capability></capability>"
                           "</device>",
                           name, address.slot, address.function);
}

static char *
node_device_xml(VasHypervisor *port, const char *name, GError **error)
{
    gboolean is_pf = g_str_equal(name, "pci_0000_01_00_0");

    if (!is_pf && !is_vf_name(name))
        return fake_host_node_device_xml(port, name, error);
    if (fake_begin_call(fake_of(port), FAKE_NODE_DEVICE_XML, error) != GO_ON)
        return NULL;
    return is_pf ? pf_xml(current) : vf_xml(name);
}

/* Time passes between two looks, and udev gets on with its work. */
static VasEvent *
next_event(VasHypervisor *port, gint64 deadline)
{
    (void) port;
    if (current->busy_waits > 0 && --current->busy_waits == 0)
        remove_leaf(current, "/run/udev/queue");
    if (current->fake->pass_time != NULL)
        current->fake->pass_time(deadline);
    return NULL;
}

FakeSriov *
fake_sriov_new(FakeHypervisor *fake)
{
    FakeSriov *sriov = g_new0(FakeSriov, 1);

    g_assert_null(current);
    current = sriov;
    sriov->fake = fake;
    sriov->makes_at_most = G_MAXUINT;
    sriov->log = g_string_new(NULL);
    fake->port.list_node_devices = list_node_devices;
    fake->port.node_device_xml = node_device_xml;
    fake->port.next_event = next_event;
    fake->host->write_attribute = write_attribute;
    fake->host->writer_data = sriov;
    write_number(sriov, "sriov_totalvfs", FAKE_SRIOV_MAXIMUM);
    write_number(sriov, "sriov_drivers_autoprobe", 1);
    fake_sriov_set_count(sriov, 2);
    return sriov;
}

void
fake_sriov_free(FakeSriov *sriov)
{
    g_assert_true(current == sriov);
    current = NULL;
    g_string_free(sriov->log, TRUE);
    g_free(sriov);
}
