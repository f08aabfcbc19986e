/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "fake-hypervisor.h"
#include "world.h"

#include <string.h>

#define MDEV "c5e4b2a0-1111-4222-8333-444455556666"
#define MACVTAP(interface, mode)                                                                   \
    "<interface type='direct'><mac address='52:54:00:aa:00:01'/>"                                  \
    "<source dev='" interface "' " mode "/></interface>"
#define DISK(node)                                                                                 \
    "<disk type='block' device='disk'><source dev='" node "'/><target dev='vda'/></disk>"
#define HOSTDEV(type, source)                                                                      \
    "<hostdev mode='subsystem' type='" type "'><source>" source "</source></hostdev>"
#define USB_BY_IDS HOSTDEV("usb", "<vendor id='0x0951'/><product id='0x1666'/>")
#define USB_BY_ADDRESS HOSTDEV("usb", "<address bus='1' device='7'/>")
#define SCSI HOSTDEV("scsi", "<adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/>")

/* An element, the device that is found below it ("": none), and how the guest has it. */
typedef struct {
    const char *name;
    const char *element;
    const char *device;
    const char *means;
    gboolean takes;
} Case;

static const Case cases_of_kernel[] = {
    {"macvtap", MACVTAP("eth7", "mode='passthrough'"), "0000:01:10.2", "by macvtap", TRUE},
    {"macvtap-bridge", MACVTAP("eth7", "mode='bridge'"), "0000:01:10.2", "by macvtap (bridge)",
     FALSE},
    {"macvtap-default", MACVTAP("eth7", ""), "0000:01:10.2", "by macvtap (vepa)", FALSE},
    {"vlan-of-a-nic",
     "<interface type='direct'><source dev='vlan7' mode='passthrough'/></interface>",
     "0000:01:10.2", "by macvtap", TRUE},
    {"disk", DISK("/dev/sda1"), "0000:05:02.0", "its disk vda", FALSE},
    {"disk-by-id", DISK("/dev/disk/by-id/ata-1"), "0000:05:02.0", "its disk vda", FALSE},
    {"mdev", HOSTDEV("mdev", "<address uuid='" MDEV "'/>"), "0000:03:00.0", "by mdev " MDEV, TRUE},
    {"usb-by-ids", USB_BY_IDS, "0000:03:00.0", "its USB device 0951:1666", FALSE},
    {"usb-by-address", USB_BY_ADDRESS, "0000:03:00.0", "its USB device 1/7", FALSE},
    {"scsi", SCSI, "0000:05:02.0", "a device of its SCSI host0", FALSE},
    {"gone", DISK("/dev/sdz"), "", "", FALSE},
    {"file", "<disk type='file'><source file='/dev/sda1'/></disk>", "", "", FALSE},
    {"no-source", "<interface type='direct'/><disk type='block'/><hostdev type='usb'/>", "", "",
     FALSE},
};

static void
build_tree(const TestingScratch *root)
{
    testing_scratch_link(root, "/sys/class/net/eth7",
                         "../../devices/pci0000:00/0000:01:10.2/net/eth7");
    testing_scratch_link(root, "/sys/class/net/vlan7", "../../devices/virtual/net/vlan7");
    testing_scratch_link(root, "/sys/devices/virtual/net/vlan7/lower_eth7",
                         "../../../pci0000:00/0000:01:10.2/net/eth7");
    testing_scratch_link(root, "/sys/class/block/sda",
                         "../../devices/pci0000:00/0000:05:02.0/ata1/host0/block/sda");
    testing_scratch_link(root, "/sys/class/block/sda1",
                         "../../devices/pci0000:00/0000:05:02.0/ata1/host0/block/sda/sda1");
    testing_scratch_write(root,
                          "/sys/devices/pci0000:00/0000:05:02.0/ata1/host0/block/sda/sda1/"
                          "partition",
                          "1\n");
    testing_scratch_link(root, "/dev/disk/by-id/ata-1", "../../sda");
    testing_scratch_link(root, "/sys/bus/mdev/devices/" MDEV,
                         "../../../devices/pci0000:00/0000:03:00.0/" MDEV);
    testing_scratch_link(root, "/sys/bus/usb/devices/1-2",
                         "../../../devices/pci0000:00/0000:03:00.0/usb1/1-2");
    testing_scratch_write(root, "/sys/devices/pci0000:00/0000:03:00.0/usb1/1-2/busnum", "1\n");
    testing_scratch_write(root, "/sys/devices/pci0000:00/0000:03:00.0/usb1/1-2/devnum", "7\n");
    testing_scratch_write(root, "/sys/devices/pci0000:00/0000:03:00.0/usb1/1-2/idVendor", "0951\n");
    testing_scratch_write(root, "/sys/devices/pci0000:00/0000:03:00.0/usb1/1-2/idProduct",
                          "1666\n");
    testing_scratch_link(root, "/sys/class/scsi_host/host0",
                         "../../devices/pci0000:00/0000:05:02.0/ata1/host0/scsi_host/host0");
}

static void
assert_used(const VasInventory *inventory, const Case *expected)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        gboolean is_it = g_str_equal(vas_host_address_text(device->address).text, expected->device);
        g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);
        const VasUsing *using = NULL;

        g_assert_cmpuint(usings->len, ==, is_it ? 1 : 0);
        g_assert_true(vas_inventory_is_free(inventory, device) == !(is_it && expected->takes));
        if (!is_it)
            continue;
        using = &g_array_index(usings, VasUsing, 0);
        g_assert_cmpstr(using->guest->name, ==, "db1");
        g_assert_true(using->live && using->config);
        g_assert_cmpstr(using->use->means, ==, expected->means);
        g_assert_cmpint(using->takes, ==, expected->takes);
    }
}

static void
test_by_kernel(gconstpointer data)
{
    const Case *expected = data;
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    FakeGuest *guest = fake_add_guest(fake, "db1", TRUE, TRUE);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    build_tree(fake->root);
    guest->extra = g_strdup(expected->element);
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    assert_used(inventory, expected);
}

#define NODE(name, parent, rest)                                                                   \
    "<device><name>" name "</name><parent>" parent "</parent>" rest "</device>"
#define BLOCK(node) "<capability type='storage'><block>" node "</block></capability>"

/* libvirt's node devices, beside the fake host's own. */
static const struct {
    VasNodeDeviceKind kind;
    const char *name;
    const char *xml;
} node_devices[] = {
    {VAS_NODE_DEVICE_STORAGE, "block_sda", NODE("block_sda", "scsi_0_0", BLOCK("/dev/sda"))},
    {VAS_NODE_DEVICE_STORAGE, "block_nvme0n1",
     NODE("block_nvme0n1", "pci_0000_05_01_0", BLOCK("/dev/nvme0n1"))},
    {VAS_NODE_DEVICE_STORAGE, "block_virtual", NODE("block_virtual", "computer", BLOCK("/dev/x"))},
    {VAS_NODE_DEVICE_STORAGE, "block_gone", NULL},
    {VAS_NODE_DEVICE_MDEV, "mdev_1",
     NODE("mdev_1", "pci_0000_03_00_0",
          "<capability type='mdev'><uuid>" MDEV "</uuid></capability>")},
    {VAS_NODE_DEVICE_KINDS, "scsi_0_0", NODE("scsi_0_0", "scsi_host0", "")},
    {VAS_NODE_DEVICE_KINDS, "scsi_host0", NODE("scsi_host0", "pci_0000_05_02_0", "")},
};

static const Case cases_of_libvirt[] = {
    {"disk", DISK("/dev/sda"), "0000:05:02.0", "its disk vda", FALSE},
    {"partition", DISK("/dev/sda2"), "0000:05:02.0", "its disk vda", FALSE},
    {"partition-of-nvme", DISK("/dev/nvme0n1p3"), "0000:05:01.0", "its disk vda", FALSE},
    {"another-namespace", DISK("/dev/nvme0n12"), "", "", FALSE},
    {"virtual", DISK("/dev/x"), "", "", FALSE},
    {"mdev", HOSTDEV("mdev", "<address uuid='" MDEV "'/>"), "0000:03:00.0", "by mdev " MDEV, TRUE},
    {"macvtap", MACVTAP("enp1s0v0", "mode='passthrough'"), "0000:01:10.0", "by macvtap", TRUE},
    {"usb", USB_BY_IDS, "", "", FALSE},
};

static GStrv (*real_list)(VasHypervisor *, VasNodeDeviceKind, GError **);
static char *(*real_xml)(VasHypervisor *, const char *, GError **);

static GStrv
list_node_devices(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (kind != VAS_NODE_DEVICE_STORAGE && kind != VAS_NODE_DEVICE_MDEV)
        return real_list(port, kind, error);
    for (guint i = 0; i < G_N_ELEMENTS(node_devices); i++) {
        if (node_devices[i].kind == kind)
            g_strv_builder_add(names, node_devices[i].name);
    }
    return g_strv_builder_end(names);
}

static char *
node_device_xml(VasHypervisor *port, const char *name, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(node_devices); i++) {
        if (g_str_equal(node_devices[i].name, name) && node_devices[i].xml != NULL)
            return g_strdup(node_devices[i].xml);
    }
    return real_xml(port, name, error);
}

static void
test_by_libvirt(gconstpointer data)
{
    const Case *expected = data;
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    FakeGuest *guest = fake_add_guest(fake, "db1", TRUE, TRUE);
    VasContext context = fake->context;
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    context.host = NULL;
    real_list = fake->port.list_node_devices;
    real_xml = fake->port.node_device_xml;
    fake->port.list_node_devices = list_node_devices;
    fake->port.node_device_xml = node_device_xml;
    guest->extra = g_strdup(expected->element);
    inventory = vas_scan(&context, &error);
    g_assert_no_error(error);
    assert_used(inventory, expected);
}

static void
test_no_element_asks_for_nothing(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    VasContext context = fake->context;
    g_autoptr(VasInventory) inventory = NULL;

    (void) fake_add_guest(fake, "db1", TRUE, TRUE);
    context.host = NULL;
    inventory = vas_scan(&context, NULL);
    g_assert_nonnull(inventory);
    g_assert_cmpuint(fake->calls[FAKE_LIST_NODE_DEVICES], ==, 2);
}

/* Another guest shares the controller: the device goes, and the command says who loses by it. */
static void
test_attach_tells_of_sharers(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web1", TRUE, TRUE);
    gboolean noted = FALSE;

    build_tree(world->fake->root);
    other->extra = g_strdup(USB_BY_IDS);
    g_assert_true(attach_one(world, "0000:03:00.0"));
    for (guint i = 0; i < world->fake->notes->len; i++)
        noted = noted || strstr(g_ptr_array_index(world->fake->notes, i),
                                "running guest web1, its USB device 0951:1666, loses") != NULL;
    g_assert_true(noted);
}

static void
add_cases(const char *way, const Case *cases, gsize count, GTestDataFunc function)
{
    for (gsize i = 0; i < count; i++) {
        g_autofree char *path = g_strdup_printf("/guest-uses/%s/%s", way, cases[i].name);

        g_test_add_data_func(path, &cases[i], function);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_cases("by-kernel", cases_of_kernel, G_N_ELEMENTS(cases_of_kernel), test_by_kernel);
    add_cases("by-libvirt", cases_of_libvirt, G_N_ELEMENTS(cases_of_libvirt), test_by_libvirt);
    g_test_add_func("/guest-uses/no-element-asks-for-nothing", test_no_element_asks_for_nothing);
    g_test_add("/guest-uses/attach-tells-of-sharers", World, NULL, world_set_up,
               test_attach_tells_of_sharers, world_tear_down);
    return g_test_run();
}
