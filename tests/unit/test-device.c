/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/device.h"

#include "core/value/error.h"

#include "testing.h"

static void
test_new_knows_nothing(void)
{
    g_autoptr(VasDevice) device = vas_device_new();

    g_assert_cmpint(device->iommu_group, ==, -1);
    g_assert_cmpint(device->numa_node, ==, -1);
    g_assert_cmpint(device->vf_index, ==, -1);
    g_assert_cmpuint(device->vfs->len, ==, 0);
    g_assert_cmpint(device->kind, ==, VAS_DEVICE_FUNCTION);
    vas_device_free(NULL);
}

static void
test_kind_names(void)
{
    g_assert_cmpstr(vas_device_kind_name(VAS_DEVICE_FUNCTION), ==, "function");
    g_assert_cmpstr(vas_device_kind_name(VAS_DEVICE_PF), ==, "pf");
    g_assert_cmpstr(vas_device_kind_name(VAS_DEVICE_VF), ==, "vf");
}

static void
test_class_labels(void)
{
    g_assert_cmpstr(vas_device_class_label(0x020000), ==, "Ethernet controller");
    g_assert_cmpstr(vas_device_class_label(0x010802), ==, "Non-Volatile memory controller");
    g_assert_cmpstr(vas_device_class_label(0x0c0330), ==, "USB controller");
    g_assert_cmpstr(vas_device_class_label(0x0c0400), ==, "Fibre Channel");
    g_assert_cmpstr(vas_device_class_label(0x02ff00), ==, "Network controller");
    g_assert_cmpstr(vas_device_class_label(0xfe0000), ==, "Unclassified device");
}

static void
test_classes(void)
{
    static const struct {
        const char *name;
        VasDeviceClass device_class;
        guint32 inside;
        guint32 outside;
    } classes[] = {
        {"net", VAS_CLASS_NET, 0x020700, 0x010802},
        {"storage", VAS_CLASS_STORAGE, 0x010601, 0x020000},
        {"usb", VAS_CLASS_USB, 0x0c0330, 0x0c0500},
        {"display", VAS_CLASS_DISPLAY, 0x030200, 0x040300},
    };
    g_autoptr(VasDevice) device = vas_device_new();
    g_autoptr(GError) error = NULL;
    VasDeviceClass parsed;

    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        g_assert_true(vas_device_class_parse(classes[i].name, &parsed, &error));
        g_assert_cmpint(parsed, ==, classes[i].device_class);
        device->class_code = classes[i].inside;
        g_assert_true(vas_device_in_class(device, parsed));
        device->class_code = classes[i].outside;
        g_assert_false(vas_device_in_class(device, parsed));
        g_assert_true(vas_device_in_class(device, VAS_CLASS_ALL));
    }
    g_assert_true(vas_device_class_parse("all", &parsed, &error));
    g_assert_cmpint(parsed, ==, VAS_CLASS_ALL);
    g_assert_false(vas_device_class_parse("gpu", &parsed, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "one of net, storage, usb, display, all");
}

static void
test_chipset(void)
{
    static const struct {
        guint32 class_code;
        guint8 bus;
        VasDeviceKind kind;
        gboolean is_bridge;
        gboolean chipset;
    } cases[] = {
        {0x060400, 0, VAS_DEVICE_FUNCTION, TRUE, TRUE},   /* root port */
        {0x060000, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* host bridge */
        {0x060100, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* ISA bridge */
        {0x050000, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* memory controller */
        {0x080600, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* IOMMU */
        {0x088000, 5, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* system peripheral */
        {0x080501, 5, VAS_DEVICE_FUNCTION, FALSE, FALSE}, /* SD host controller */
        {0x0b0000, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* processor */
        {0x0b4000, 5, VAS_DEVICE_FUNCTION, FALSE, FALSE}, /* co-processor card */
        {0x0c0500, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* SMBus */
        {0x0c0330, 0, VAS_DEVICE_FUNCTION, FALSE, FALSE}, /* USB */
        {0x110100, 9, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* performance counters */
        {0x118000, 0, VAS_DEVICE_FUNCTION, FALSE, TRUE},  /* thermal sensor */
        {0x118000, 5, VAS_DEVICE_FUNCTION, FALSE, FALSE}, /* signal processing card */
        {0x020000, 0, VAS_DEVICE_FUNCTION, FALSE, FALSE}, /* NIC */
        {0x0b4000, 5, VAS_DEVICE_VF, FALSE, FALSE},       /* QuickAssist VF */
        {0x088000, 5, VAS_DEVICE_PF, FALSE, FALSE},       /* accelerator with SR-IOV */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(VasDevice) device = vas_device_new();

        device->class_code = cases[i].class_code;
        device->address.pci.bus = cases[i].bus;
        device->kind = cases[i].kind;
        device->is_bridge = cases[i].is_bridge;
        if (vas_device_is_chipset(device) != cases[i].chipset)
            g_error("class %06x on bus %u is taken for the wrong kind", cases[i].class_code,
                    cases[i].bus);
    }
}

static void
test_vfio_drivers(void)
{
    g_assert_true(vas_driver_is_vfio("vfio-pci"));
    g_assert_true(vas_driver_is_vfio("mlx5_vfio_pci"));
    g_assert_true(vas_driver_is_vfio("mlx5-vfio-pci"));
    g_assert_false(vas_driver_is_vfio("igbvf"));
    g_assert_false(vas_driver_is_vfio("vfio-pci-core"));
    g_assert_false(vas_driver_is_vfio("pci-stub"));
    g_assert_false(vas_driver_is_vfio(NULL));
}

static void
test_host_drivers(void)
{
    g_assert_true(vas_driver_is_host("igbvf"));
    g_assert_false(vas_driver_is_host("vfio-pci"));
    g_assert_false(vas_driver_is_host("pci-stub"));
    g_assert_false(vas_driver_is_host(NULL));
}

static void
assert_port(VasDeviceKind kind, const char *told, const char *port)
{
    g_autoptr(VasDevice) device = vas_device_new();

    device->kind = kind;
    vas_device_take_interface(device, g_strdup("enp65s0f1np1"), told);
    g_assert_cmpstr(device->interface, ==, "enp65s0f1np1");
    g_assert_cmpstr(device->port, ==, port);
}

static void
test_port(void)
{
    assert_port(VAS_DEVICE_PF, "p1", "p1");
    assert_port(VAS_DEVICE_PF, NULL, NULL);
    assert_port(VAS_DEVICE_VF, "p1", NULL);
}

static void
test_port_in_name(void)
{
    g_assert_cmpstr(vas_device_port_in_name("enp65s0f1np1"), ==, "p1");
    g_assert_cmpstr(vas_device_port_in_name("ens7f0np0"), ==, "p0");
    g_assert_cmpstr(vas_device_port_in_name("eno12399np10"), ==, "p10");
    g_assert_null(vas_device_port_in_name("enp65s0f1"));
    g_assert_null(vas_device_port_in_name("enp1s0f0v0"));
    g_assert_null(vas_device_port_in_name("enp1"));
    g_assert_null(vas_device_port_in_name("enp1s0np"));
    g_assert_null(vas_device_port_in_name("lan0np1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/device/new-knows-nothing", test_new_knows_nothing);
    g_test_add_func("/device/kind-names", test_kind_names);
    g_test_add_func("/device/class-labels", test_class_labels);
    g_test_add_func("/device/classes", test_classes);
    g_test_add_func("/device/chipset", test_chipset);
    g_test_add_func("/device/vfio-drivers", test_vfio_drivers);
    g_test_add_func("/device/host-drivers", test_host_drivers);
    g_test_add_func("/device/port", test_port);
    g_test_add_func("/device/port-in-name", test_port_in_name);
    return g_test_run();
}
