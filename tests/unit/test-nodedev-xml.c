/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"
#include "xml/nodedev-xml.h"

#include <string.h>

static VasDevice *
parse_file(const char *name)
{
    g_autofree char *xml = testing_data(name);
    g_autoptr(GError) error = NULL;
    VasDevice *device = vas_nodedev_xml_parse_pci(xml, &error);

    g_assert_no_error(error);
    return device;
}

static char *
file_changed(const char *name, const char *from, const char *to)
{
    g_autofree char *xml = testing_data(name);
    g_autoptr(GString) changed = g_string_new(xml);

    g_assert_cmpuint(g_string_replace(changed, from, to, 1), ==, 1);
    return g_strdup(changed->str);
}

static void
test_devices(void)
{
    static const struct {
        const char *file;
        const char *address;
        guint32 class_code;
        guint16 vendor_id, product_id;
        const char *driver;
        int iommu_group, numa_node;
        gboolean is_bridge;
        gboolean is_express;
        VasDeviceKind kind;
        guint max_vfs, n_vfs;
    } rows[] = {
        {"xml/nodedev-pf-with-vfs.xml", "0000:01:00.0", 0x020000, 0x8086, 0x10c9, "igb", 12, 1,
         FALSE, TRUE, VAS_DEVICE_PF, 7, 3},
        {"xml/nodedev-pf.xml", "0000:01:00.1", 0x020000, 0x8086, 0x10c9, "igb", 13, 0, FALSE, TRUE,
         VAS_DEVICE_PF, 7, 0},
        {"xml/nodedev-vf.xml", "0000:01:10.2", 0x020000, 0x8086, 0x10ca, "vfio-pci", 27, -1, FALSE,
         TRUE, VAS_DEVICE_VF, 0, 0},
        {"xml/nodedev-root-port.xml", "0000:00:02.0", 0x060400, 0x1b36, 0x000c, "pcieport", 1, -1,
         TRUE, TRUE, VAS_DEVICE_FUNCTION, 0, 0},
        {"xml/nodedev-ahci.xml", "0000:00:1f.2", 0x010601, 0x8086, 0x2922, "ahci", -1, -1, FALSE,
         FALSE, VAS_DEVICE_FUNCTION, 0, 0},
        {"xml/nodedev-unbound.xml", "0000:03:00.0", 0x0c0330, 0x1b36, 0xfffe, NULL, 3, -1, FALSE,
         FALSE, VAS_DEVICE_FUNCTION, 0, 0},
        {"xml/nodedev-big-domain.xml", "10000:e1:00.0", 0x010802, 0x8086, 0x0a54, "nvme", -1, 1,
         FALSE, TRUE, VAS_DEVICE_PF, 2, 1},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasDevice) device = parse_file(rows[i].file);

        g_test_message("%s", rows[i].file);
        g_assert_cmpstr(vas_host_address_text(device->address).text, ==, rows[i].address);
        g_assert_cmpstr(device->nodedev, ==, vas_pci_address_nodedev(device->address.pci).text);
        g_assert_cmphex(device->class_code, ==, rows[i].class_code);
        g_assert_cmphex(device->vendor_id, ==, rows[i].vendor_id);
        g_assert_cmphex(device->product_id, ==, rows[i].product_id);
        g_assert_cmpstr(device->driver, ==, rows[i].driver);
        g_assert_cmpint(device->iommu_group, ==, rows[i].iommu_group);
        g_assert_cmpint(device->numa_node, ==, rows[i].numa_node);
        g_assert_cmpint(device->is_bridge, ==, rows[i].is_bridge);
        g_assert_cmpint(device->is_express, ==, rows[i].is_express);
        g_assert_cmpint(device->kind, ==, rows[i].kind);
        g_assert_cmpuint(device->max_vfs, ==, rows[i].max_vfs);
        g_assert_cmpuint(device->vfs->len, ==, rows[i].n_vfs);
        g_assert_cmpint(device->vf_index, ==, -1);
        g_assert_null(device->interface);
    }
}

static void
test_sriov(void)
{
    g_autoptr(VasDevice) pf = parse_file("xml/nodedev-pf-with-vfs.xml");
    g_autoptr(VasDevice) vf = parse_file("xml/nodedev-vf.xml");
    g_autoptr(VasDevice) far = parse_file("xml/nodedev-big-domain.xml");

    g_assert_cmpstr(vas_host_address_text(g_array_index(pf->vfs, VasHostAddress, 0)).text, ==,
                    "0000:01:10.0");
    g_assert_cmpstr(vas_host_address_text(g_array_index(pf->vfs, VasHostAddress, 2)).text, ==,
                    "0000:01:10.4");
    g_assert_true(vas_host_address_equal(vf->pf, pf->address));
    g_assert_cmpstr(vas_host_address_text(g_array_index(far->vfs, VasHostAddress, 0)).text, ==,
                    "10000:e1:00.1");
}

static void
test_names(void)
{
    g_autoptr(VasDevice) pf = parse_file("xml/nodedev-pf.xml");
    g_autoptr(VasDevice) unnamed = parse_file("xml/nodedev-unbound.xml");

    g_assert_cmpstr(pf->vendor, ==, "Intel Corporation");
    g_assert_cmpstr(pf->product, ==, "82576 Gigabit Network Connection");
    g_assert_cmpstr(unnamed->vendor, ==, "Red Hat, Inc.");
    g_assert_null(unnamed->product);
}

/* An unprivileged libvirt does not read the header type; one without the class stays a function. */
static void
test_left_out(void)
{
    g_autofree char *no_header =
        file_changed("xml/nodedev-root-port.xml", "<capability type='pci-bridge'/>", "");
    g_autofree char *no_class =
        file_changed("xml/nodedev-ahci.xml", "<class>0x010601</class>", "<new>x</new>");
    g_autofree char *no_count = file_changed("xml/nodedev-pf-with-vfs.xml", " maxCount='7'", "");
    g_autoptr(VasDevice) bridge = vas_nodedev_xml_parse_pci(no_header, NULL);
    g_autoptr(VasDevice) function = vas_nodedev_xml_parse_pci(no_class, NULL);
    g_autoptr(VasDevice) pf = vas_nodedev_xml_parse_pci(no_count, NULL);

    g_assert_true(bridge->is_bridge);
    g_assert_cmphex(function->class_code, ==, 0);
    g_assert_false(function->is_bridge);
    g_assert_cmpuint(pf->max_vfs, ==, 3);
}

static void
test_errors(void)
{
    static const struct {
        const char *file, *from, *to, *part;
    } rows[] = {
        {"xml/nodedev-ahci.xml", "<device>", "<dev>", "node device XML is not XML: line 17: "},
        {"xml/nodedev-ahci.xml", "<name>pci_0000_00_1f_2</name>", "",
         "a device without a name is not a PCI device's"},
        {"xml/nodedev-net.xml", "<feature", "<feature",
         "net_enp1s0_02_54_00_00_01_00 is not a PCI device's"},
        {"xml/nodedev-ahci.xml", "<domain>0<", "<domain>4294967296<",
         "node device pci_0000_00_1f_2 has no <domain>, or a malformed one"},
        {"xml/nodedev-ahci.xml", "<bus>0<", "<bus>256<", "no <bus>"},
        {"xml/nodedev-ahci.xml", "<slot>31<", "<slot>32<", "no <slot>"},
        {"xml/nodedev-ahci.xml", "<function>2</function>", "", "no <function>"},
        {"xml/nodedev-ahci.xml", "0x2922", "0x12922", "no <product>"},
        {"xml/nodedev-ahci.xml", "<vendor id='0x8086'>", "<vendor>", "no <vendor>"},
        {"xml/nodedev-vf.xml", "slot='0x00'", "slot='0x20'", "no <address>"},
        {"xml/nodedev-pf-with-vfs.xml", "function='0x4'", "function='x'", "no <address>"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *xml = file_changed(rows[i].file, rows[i].from, rows[i].to);
        g_autoptr(GError) error = NULL;
        g_autoptr(VasDevice) device = vas_nodedev_xml_parse_pci(xml, &error);

        g_assert_null(device);
        testing_assert_error(&error, VAS_ERROR_FAILED, rows[i].part);
    }
}

static void
test_net(void)
{
    g_autofree char *xml = testing_data("xml/nodedev-net.xml");
    g_autofree char *pci = testing_data("xml/nodedev-ahci.xml");
    g_autofree char *interface = NULL;
    g_autofree char *parent = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_nodedev_xml_parse_net(xml, &interface, &parent, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(interface, ==, "enp1s0");
    g_assert_cmpstr(parent, ==, "pci_0000_01_00_0");
    g_assert_false(vas_nodedev_xml_parse_net(pci, &interface, &parent, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "pci_0000_00_1f_2 is not a network interface's");
    g_assert_false(vas_nodedev_xml_parse_net("<domain/>", &interface, &parent, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "expected a <device>");
    g_assert_cmpstr(interface, ==, "enp1s0");
}

/* A list that lacks a member must not be taken for the group. */
static void
test_group_members(void)
{
    const char *xml = "<device><name>pci_0000_05_01_0</name><capability type='pci'>"
                      "<class>0x020000</class><domain>0</domain><bus>5</bus><slot>1</slot>"
                      "<function>0</function><product id='0x100e'/><vendor id='0x8086'/>"
                      "<iommuGroup number='4'>"
                      "<address domain='0x0000' bus='0x05' slot='0x01' function='0x0'/>"
                      "<address domain='0x0000' bus='0x05' slot='0x1f' function='0x2'/>"
                      "</iommuGroup></capability></device>";
    g_autoptr(GString) damaged = g_string_new(xml);
    g_autoptr(VasDevice) whole = vas_nodedev_xml_parse_pci(xml, NULL);
    g_autoptr(VasDevice) without = NULL;

    g_assert_cmpuint(whole->group_members->len, ==, 2);
    g_assert_cmpstr(
        vas_host_address_text(g_array_index(whole->group_members, VasHostAddress, 1)).text, ==,
        "0000:05:1f.2");
    g_assert_cmpuint(g_string_replace(damaged, "slot='0x1f'", "slot='0x2f'", 1), ==, 1);
    without = vas_nodedev_xml_parse_pci(damaged->str, NULL);
    g_assert_cmpint(without->iommu_group, ==, 4);
    g_assert_cmpuint(without->group_members->len, ==, 0);
}

/* The element as libvirt's documentation has it; fields that the owner may write are not the
 * card's. */
static void
test_vpd(void)
{
    const char *xml = "<device><name>pci_0000_42_00_0</name>"
                      "<path>/sys/devices/pci0000:40/0000:40:01.3/0000:42:00.0</path>"
                      "<capability type='pci'><domain>0</domain><bus>66</bus><slot>0</slot>"
                      "<function>0</function><product id='0xa2d6'/><vendor id='0x15b3'/>"
                      "<capability type='vpd'><name>BlueField-2</name>"
                      "<fields access='readwrite'><serial_number>no</serial_number></fields>"
                      "<fields access='readonly'><part_number>MBF2H332A</part_number>"
                      "<serial_number>MT2113X00000</serial_number></fields>"
                      "</capability></capability></device>";
    g_autoptr(VasDevice) device = vas_nodedev_xml_parse_pci(xml, NULL);
    g_autofree char *plain = testing_data("xml/nodedev-pf.xml");
    g_autoptr(VasDevice) without = vas_nodedev_xml_parse_pci(plain, NULL);

    g_assert_cmpstr(device->vpd_serial, ==, "MT2113X00000");
    g_assert_cmpstr(device->kernel_path, ==, "/sys/devices/pci0000:40/0000:40:01.3/0000:42:00.0");
    g_assert_null(without->vpd_serial);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodedev-xml/devices", test_devices);
    g_test_add_func("/nodedev-xml/sriov", test_sriov);
    g_test_add_func("/nodedev-xml/names", test_names);
    g_test_add_func("/nodedev-xml/left-out", test_left_out);
    g_test_add_func("/nodedev-xml/errors", test_errors);
    g_test_add_func("/nodedev-xml/net", test_net);
    g_test_add_func("/nodedev-xml/group-members", test_group_members);
    g_test_add_func("/nodedev-xml/vpd", test_vpd);
    return g_test_run();
}
