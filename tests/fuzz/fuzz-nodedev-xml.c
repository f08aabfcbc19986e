/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "xml/nodedev-xml.h"

const char fuzzing_corpus[] = "nodedev-xml";

static void
assert_is_one(const VasDevice *device)
{
    g_assert_nonnull(device->nodedev);
    fuzzing_assert_utf8(device->nodedev);
    fuzzing_assert_utf8(device->vendor);
    fuzzing_assert_utf8(device->product);
    fuzzing_assert_utf8(device->driver);
    fuzzing_assert_utf8(device->vpd_serial);
    fuzzing_assert_utf8(device->kernel_path);
    g_assert_cmpuint(device->address.pci.slot, <=, 31);
    g_assert_cmpuint(device->address.pci.function, <=, 7);
    g_assert_cmpuint(device->class_code, <=, 0xffffff);
    g_assert_cmpint(device->iommu_group, >=, -1);
    g_assert_cmpint(device->numa_node, >=, -1);
    g_assert_cmpuint(device->vfs->len, <=, G_MAXUINT16);
    g_assert_cmpuint(device->max_vfs, <=, G_MAXUINT16);
    g_assert_true(device->kind == VAS_DEVICE_PF || device->vfs->len == 0);
    g_assert_true(vas_device_class_label(device->class_code) != NULL);
}

static void
assert_same(const VasDevice *a, const VasDevice *b)
{
    g_assert_cmpstr(a->nodedev, ==, b->nodedev);
    g_assert_cmpstr(a->vendor, ==, b->vendor);
    g_assert_cmpstr(a->product, ==, b->product);
    g_assert_cmpstr(a->driver, ==, b->driver);
    g_assert_cmpstr(a->vpd_serial, ==, b->vpd_serial);
    g_assert_cmpstr(a->kernel_path, ==, b->kernel_path);
    g_assert_true(vas_host_address_equal(a->address, b->address));
    g_assert_cmpuint(a->class_code, ==, b->class_code);
    g_assert_cmpuint(a->vendor_id, ==, b->vendor_id);
    g_assert_cmpuint(a->product_id, ==, b->product_id);
    g_assert_cmpint(a->iommu_group, ==, b->iommu_group);
    g_assert_cmpint(a->numa_node, ==, b->numa_node);
    g_assert_cmpint(a->is_bridge, ==, b->is_bridge);
    g_assert_cmpint(a->is_express, ==, b->is_express);
    g_assert_cmpint(a->kind, ==, b->kind);
    g_assert_cmpuint(a->vfs->len, ==, b->vfs->len);
    g_assert_cmpuint(a->max_vfs, ==, b->max_vfs);
}

static void
read_pci(const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasDevice) device = vas_nodedev_xml_parse_pci(xml, &error);
    g_autoptr(VasDevice) again = NULL;
    g_autofree char *respelt = NULL;

    fuzzing_assert_outcome(device != NULL, error);
    if (device == NULL)
        return;
    assert_is_one(device);
    respelt = fuzzing_respell_xml(xml);
    again = vas_nodedev_xml_parse_pci(respelt, &error);
    fuzzing_assert_outcome(TRUE, error);
    assert_same(device, again);
}

static void
read_net(const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *interface = NULL;
    g_autofree char *parent = NULL;

    if (vas_nodedev_xml_parse_net(xml, &interface, &parent, &error)) {
        fuzzing_assert_outcome(TRUE, error);
        g_assert_true(interface != NULL && parent != NULL);
        fuzzing_assert_utf8(interface);
        fuzzing_assert_utf8(parent);
        return;
    }
    fuzzing_assert_outcome(FALSE, error);
    g_assert_true(interface == NULL && parent == NULL);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);

    read_pci(xml);
    read_net(xml);
    return 0;
}
