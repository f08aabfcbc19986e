/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/selector.h"

#include "core/value/error.h"

#include "building.h"
#include "testing.h"

static void
test_ways_to_name_a_device(void)
{
    static const struct {
        const char *name;
        const char *address;
    } names[] = {
        {"0000:01:10.2", "0000:01:10.2"},
        {"01:10.2", "0000:01:10.2"},
        {"pci_0000_01_10_2", "0000:01:10.2"},
        {"enp1s0v1", "0000:01:10.2"},
        {"enp1s0", "0000:01:00.0"},
        {"enp1s0/vf0", "0000:01:10.0"},
        {"enp1s0/vf3", "0000:01:10.6"},
        {"01:00.0/vf2", "0000:01:10.4"},
        {"pci_0000_01_00_0/vf2", "0000:01:10.4"},
        {"enp1s0/0000:01:10.4", "0000:01:10.4"},
        {"enp1s0/enp1s0v1", "0000:01:10.2"},
        {"05:00.0/vf0", "0000:05:00.1"},
        {"enp1s0d1", "0000:01:00.0"},
        {"enp1s0d1/vf3", "0000:01:10.6"},
        {"/sys/bus/pci/devices/0000:01:10.2", "0000:01:10.2"},
        {"/sys/class/net/enp1s0/device/virtfn2", "0000:01:10.4"},
        {"pci@0000:01:10.2", "0000:01:10.2"},
        {"04:00", "0000:04:00.0"},
        {"enp1s0v2", "0000:01:10.4"},
        {"lan0v0", "0000:02:10.0"},
    };
    g_autoptr(VasInventory) inventory = building_host();
    VasDevice *pf = building_device(inventory, "0000:02:00.0");

    g_ptr_array_add(building_device(inventory, "0000:01:00.0")->other_names, g_strdup("enp1s0d1"));
    g_free(pf->interface);
    pf->interface = g_strdup("lan0np0");

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        const VasDevice *device = vas_selector_device(inventory, names[i].name, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(vas_host_address_text(device->address).text, ==, names[i].address);
    }
}

static void
test_devices_that_are_not_there(void)
{
    static const struct {
        const char *name;
        VasError code;
        const char *message;
    } names[] = {
        {"0000:01:20.0", VAS_ERROR_INVALID, "slot 20 is above 1f"},
        {"01:10.9", VAS_ERROR_INVALID, "function 9 is above 7"},
        {"0000:0x:10.0", VAS_ERROR_INVALID, "\"0000:0x:10.0\" is not a PCI address"},
        {"pci_0000_01_20_0", VAS_ERROR_INVALID, "is not the name of a PCI device"},
        {"01:10.1", VAS_ERROR_NOT_FOUND,
         "no PCI device 0000:01:10.1 on the host; on that bus there are 0000:01:00.0, "
         "0000:01:10.0, 0000:01:10.2, 0000:01:10.4, 0000:01:10.6"},
        {"pci_0000_77_00_0", VAS_ERROR_NOT_FOUND, "no PCI device 0000:77:00.0 on the host"},
        {"01:10", VAS_ERROR_AMBIGUOUS,
         "01:10 has 4 functions: 0000:01:10.0, 0000:01:10.2, 0000:01:10.4, 0000:01:10.6"},
        {"0000:05:00", VAS_ERROR_AMBIGUOUS, "0000:05:00 has 2 functions"},
        {"01:11", VAS_ERROR_NOT_FOUND, "no PCI device 0000:01:11.0 on the host"},
        {"8086:10ca", VAS_ERROR_NOT_FOUND, "no PCI device or network interface \"8086:10ca\""},
        {"/sys/block/sda", VAS_ERROR_NOT_FOUND, "no PCI device or network interface"},
        {"enp1s0v4", VAS_ERROR_NOT_FOUND, "no PCI device or network interface \"enp1s0v4\""},
        {"enp1s0vx", VAS_ERROR_NOT_FOUND, "no PCI device or network interface \"enp1s0vx\""},
        {"enp3s0v0", VAS_ERROR_NOT_FOUND, "no PCI device or network interface \"enp3s0v0\""},
        {"eth0", VAS_ERROR_NOT_FOUND,
         "no PCI device or network interface \"eth0\" on the host; its interfaces are enp1s0, "
         "enp1s0v1, enp2s0, enp3s0"},
        {"", VAS_ERROR_NOT_FOUND, "no PCI device or network interface \"\""},
        {"enp1s0/vf7", VAS_ERROR_NOT_FOUND,
         "no VF 7 under enp1s0 (0000:01:00.0): it has VFs 0 to 3"},
        {"enp2s0/vf1", VAS_ERROR_NOT_FOUND,
         "no VF 1 under enp2s0 (0000:02:00.0): it has VF 0 only"},
        {"enp3s0/vf0", VAS_ERROR_NOT_FOUND, "no VF 0 under enp3s0 (0000:03:00.0): it has no VFs"},
        {"04:00.0/vf0", VAS_ERROR_NOT_FOUND, "no VF 0 under 0000:04:00.0: it is not a PF"},
        {"enp1s0v1/vf0", VAS_ERROR_NOT_FOUND,
         "no VF 0 under enp1s0v1 (0000:01:10.2): it is not a PF"},
        {"enp1s0/vf-1", VAS_ERROR_NOT_FOUND, "\"vf-1\""},
        {"enp1s0/vf99999999999999999999", VAS_ERROR_NOT_FOUND, "\"vf99999999999999999999\""},
        {"enp1s0/", VAS_ERROR_NOT_FOUND, "\"\""},
        {"/vf0", VAS_ERROR_NOT_FOUND, "\"\""},
        {"eth9/vf0", VAS_ERROR_NOT_FOUND, "\"eth9\""},
        {"enp1s0/0000:02:10.0", VAS_ERROR_CONFLICT,
         "0000:02:10.0 is not a VF of enp1s0 but VF 0 of enp2s0 (0000:02:00.0)"},
        {"06:00.0/0000:02:10.0", VAS_ERROR_CONFLICT,
         "0000:02:10.0 is not a VF of 0000:06:00.0 but VF 0 of enp2s0 (0000:02:00.0)"},
        {"enp1s0/04:00.0", VAS_ERROR_CONFLICT,
         "0000:04:00.0 is not a VF of enp1s0: it is not a VF"},
    };
    g_autoptr(VasInventory) inventory = building_host();

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vas_selector_device(inventory, names[i].name, &error));
        testing_assert_error(&error, names[i].code, names[i].message);
    }
}

static void
test_hint_what_there_is(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_selector_device(inventory, "0000:aa:00.0", &error));
    testing_assert_hint(error, "virt-assign list --class all");
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no PCI device 0000:aa:00.0 on the host");
}

static void
test_hint_how_to_create_vfs(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) by_interface = NULL;
    g_autoptr(GError) by_address = NULL;

    g_assert_null(vas_selector_device(inventory, "enp3s0/vf0", &by_interface));
    testing_assert_hint(by_interface, "virt-assign vfs enp3s0 N, N up to 7");
    g_assert_null(vas_selector_device(inventory, "06:00.0/vf0", &by_address));
    testing_assert_hint(by_address, "virt-assign vfs 0000:06:00.0 N, N up to");
}

static void
test_long_lists_are_left_out(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 8; i++) {
        VasDevice *device = vas_device_new();

        device->address.pci = (VasPciAddress){.bus = 9, .slot = (guint8) i};
        device->interface = g_strdup_printf("eth%u", i);
        vas_inventory_take_device(inventory, device);
    }
    vas_inventory_link(inventory);
    g_assert_null(vas_selector_device(inventory, "wlan0", &error));
    g_assert_cmpstr(error->message, ==, "no PCI device or network interface \"wlan0\" on the host");
}

static void
test_ambiguous_interface(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    building_device(inventory, "0000:01:10.0")->interface = g_strdup("enp1s0v1");
    g_assert_null(vas_selector_device(inventory, "enp1s0v1", &error));
    testing_assert_error(&error, VAS_ERROR_AMBIGUOUS,
                         "\"enp1s0v1\" is the name of 2 devices: 0000:01:10.0, 0000:01:10.2");
}

static void
test_vanished_vf(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasDevice *pf = building_device(inventory, "0000:01:00.0");
    const VasHostAddress gone = building_host_address("0000:01:11.0");
    g_autoptr(GError) error = NULL;

    g_array_append_val(pf->vfs, gone);
    g_assert_null(vas_selector_device(inventory, "enp1s0/vf4", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND,
                         "VF 4 of enp1s0 (0000:01:00.0) has just gone");
}

static void
test_guests(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *db = building_guest("db", NULL, building_q35(0));
    VasGuest *web = building_guest("web", NULL, building_q35(0));
    g_autofree char *upper = g_ascii_strup(web->uuid, -1);
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_selector_guest(inventory, "db", &error));
    testing_assert_hint(error, "see the guests: virsh list --all");
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no guest \"db\"");
    vas_inventory_take_guest(inventory, web);
    vas_inventory_take_guest(inventory, db);
    vas_inventory_link(inventory);
    g_assert_true(vas_selector_guest(inventory, "db", &error) == db);
    g_assert_true(vas_selector_guest(inventory, upper, &error) == web);
    g_assert_null(vas_selector_guest(inventory, "DB", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no guest \"DB\"; there are db, web");
    g_free(db->name);
    db->name = g_strdup(web->uuid);
    g_assert_null(vas_selector_guest(inventory, web->uuid, &error));
    testing_assert_error(&error, VAS_ERROR_AMBIGUOUS, "the name of one guest and the UUID of web");
    g_assert_true(vas_selector_guest_by_uuid(inventory, web->uuid, &error) == web);
    g_assert_null(vas_selector_guest_by_uuid(inventory, "web", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no guest \"web\"");
}

static void
test_any(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("db", NULL, building_q35(0));
    g_autoptr(GError) error = NULL;
    VasDevice *found_device = NULL;
    VasGuest *found_guest = NULL;

    vas_inventory_take_guest(inventory, guest);
    vas_inventory_take_guest(inventory, building_guest("enp2s0", NULL, building_q35(0)));
    vas_inventory_take_guest(inventory, building_guest("03:10.9", NULL, building_q35(0)));
    vas_inventory_link(inventory);
    g_assert_true(vas_selector_any(inventory, "db", &found_device, &found_guest, &error));
    g_assert_true(found_guest == guest && found_device == NULL);
    g_assert_true(vas_selector_any(inventory, "enp1s0/vf0", &found_device, &found_guest, &error));
    g_assert_true(found_guest == NULL &&
                  found_device == building_device(inventory, "0000:01:10.0"));
    g_assert_true(vas_selector_any(inventory, "03:10.9", &found_device, &found_guest, &error));
    g_assert_cmpstr(found_guest->name, ==, "03:10.9");

    g_assert_false(vas_selector_any(inventory, "enp2s0", &found_device, &found_guest, &error));
    testing_assert_error(
        &error, VAS_ERROR_AMBIGUOUS,
        "\"enp2s0\" is both the guest enp2s0 and the device enp2s0 (0000:02:00.0)");
    g_assert_false(vas_selector_any(inventory, "nobody", &found_device, &found_guest, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no device and no guest \"nobody\"");
    g_assert_false(vas_selector_any(inventory, "01:10.9", &found_device, &found_guest, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "function 9");
    g_assert_false(vas_selector_any(inventory, "enp1s0/vf9", &found_device, &found_guest, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no VF 9 under enp1s0");
}

static void
add_unreadable(GPtrArray *list, const char *name, const char *id)
{
    vas_unreadable_add(list, name, id, FALSE,
                       g_error_new(VAS_ERROR, VAS_ERROR_FAILED, "%s is garbled", name));
}

static void
test_unreadable(void)
{
    static const char *const devices[] = {"0000:01:11.0", "01:11.0", "pci_0000_01_11_0",
                                          "enp1s0/vf4", "pci_8086_2a00"};
    static const char *const guests[] = {"odd", "F0000000-0000-4000-8000-000000000001"};
    g_autoptr(VasInventory) inventory = building_host();
    const VasHostAddress vf = building_host_address("0000:01:11.0");
    VasDevice *device = NULL;
    VasGuest *guest = NULL;
    g_autoptr(GError) error = NULL;

    g_array_append_val(building_device(inventory, "0000:01:00.0")->vfs, vf);
    add_unreadable(inventory->unreadable_devices, "pci_0000_01_11_0", "0000:01:11.0");
    add_unreadable(inventory->unreadable_devices, "pci_8086_2a00", NULL);
    add_unreadable(inventory->unreadable_guests, "odd", "f0000000-0000-4000-8000-000000000001");
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        g_assert_null(vas_selector_device(inventory, devices[i], &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, " is garbled");
    }
    for (guint i = 0; i < G_N_ELEMENTS(guests); i++) {
        g_assert_null(vas_selector_guest(inventory, guests[i], &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, "odd is garbled");
    }
    g_assert_false(vas_selector_any(inventory, "odd", &device, &guest, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "odd is garbled");
    g_assert_false(vas_selector_any(inventory, "01:11.0", &device, &guest, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "pci_0000_01_11_0 is garbled");
}

/* db: live and config VF 0 (ua-a in live, none in config) and the USB controller (ua-usb, live
 * only), config VF 1 (ua-b). A disk in 0000:04:00.0, where the USB controller is on the host. */
static VasInventory *
host_with_guest(void)
{
    VasInventory *inventory = building_host();
    VasGuestDefinition *live = building_q35(6);
    VasGuestDefinition *config = building_q35(6);

    building_add_assignment(live, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", "ua-a",
                            "52:54:00:00:00:01", "0000:01:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", NULL,
                            "52:54:00:00:00:01", "0000:01:00.0");
    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-usb", NULL,
                            "0000:02:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.2", "ua-b",
                            "52:54:00:00:00:02", "0000:03:00.0");
    building_occupy(live, "0000:04:00.0", "virtio-disk0");
    building_occupy(config, "0000:05:00.0", "virtio-disk1");
    vas_inventory_take_guest(inventory, building_guest("db", live, config));
    vas_inventory_link(inventory);
    return inventory;
}

static void
test_ways_to_name_an_assignment(void)
{
    static const struct {
        const char *name;
        int live;   /* index in live; -1: not there */
        int config; /* index in config; -1: not there */
    } names[] = {
        {"ua-a", 0, 0},         {"01:10.0", 0, 0},
        {"enp1s0/vf0", 0, 0},   {"pci_0000_01_10_0", 0, 0},
        {"0000:01:00.0", 0, 0}, {"ua-usb", 1, -1},
        {"04:00.0", 1, -1},     {"02:00.0", 1, -1},
        {"ua-b", -1, 1},        {"enp1s0v1", -1, 1},
        {"03:00.0", -1, 1},     {"usb", 1, -1},
        {"pci@04:00.0", 1, -1}, {"/sys/bus/pci/devices/0000:01:10.2", -1, 1},
    };
    g_autoptr(VasInventory) inventory = host_with_guest();
    const VasGuest *guest = vas_selector_guest(inventory, "db", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;

        g_assert_true(
            vas_selector_assignment(inventory, guest, names[i].name, &live, &config, &error));
        g_assert_no_error(error);
        g_assert_true(live == (names[i].live < 0 ? NULL
                                                 : g_ptr_array_index(guest->live->assignments,
                                                                     (guint) names[i].live)));
        g_assert_true(config == (names[i].config < 0 ? NULL
                                                     : g_ptr_array_index(guest->config->assignments,
                                                                         (guint) names[i].config)));
    }
}

static void
test_names_of_no_assignment(void)
{
    static const struct {
        const char *name;
        VasError code;
        const char *message;
    } names[] = {
        {"ua-x", VAS_ERROR_NOT_FOUND,
         "ua-x is not assigned to db, which has ua-a (0000:01:10.0 at 0000:01:00.0), "
         "ua-usb (0000:04:00.0 at 0000:02:00.0), ua-b (0000:01:10.2 at 0000:03:00.0)"},
        {"01:10.6", VAS_ERROR_NOT_FOUND, "01:10.6 is not assigned to db"},
        {"01:10.9", VAS_ERROR_INVALID, "function 9"},
        {"virtio-disk0", VAS_ERROR_UNSUITABLE, "virtio-disk0 of db is not an assigned host device"},
        {"virtio-disk1", VAS_ERROR_UNSUITABLE, "virtio-disk1 of db is not an assigned host device"},
        {"00:02.0", VAS_ERROR_UNSUITABLE, "00:02.0 in db is pci.1, which is not an assigned host"},
        /* A PF of the host as well as the guest address of a disk: no assignment either way. */
        {"05:00.0", VAS_ERROR_NOT_FOUND, "05:00.0 is not assigned to db"},
    };
    g_autoptr(VasInventory) inventory = host_with_guest();
    const VasGuest *guest = vas_selector_guest(inventory, "db", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;

        g_assert_false(
            vas_selector_assignment(inventory, guest, names[i].name, &live, &config, &error));
        testing_assert_error(&error, names[i].code, names[i].message);
        g_assert_true(live == NULL && config == NULL);
    }
}

static void
test_mac_names_no_assignment(void)
{
    g_autoptr(VasInventory) inventory = host_with_guest();
    const VasGuest *guest = vas_selector_guest(inventory, "db", NULL);
    static const char *const macs[][2] = {
        {"52:54:00:00:00:01",
         "52:54:00:00:00:01 is the MAC of ua-a (0000:01:10.0 at 0000:01:00.0) in db, and a MAC "
         "cannot stand for an assigned device"},
        {"52:54:00:00:00:02", "is the MAC of ua-b (0000:01:10.2 at 0000:03:00.0) in db, and"},
        {"52:54:00:00:00:03",
         "52:54:00:00:00:03 is a MAC that no assigned device of db has: it is in use by guest web"},
        {"52:54:00:00:00:04", "52:54:00:00:00:04 is a MAC that no assigned device of db has"},
    };
    VasGuestDefinition *other = building_q35(1);

    building_add_assignment(other, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.4", "ua-c",
                            "52:54:00:00:00:03", "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web", other, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(macs); i++) {
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(
            vas_selector_assignment(inventory, guest, macs[i][0], &live, &config, &error));
        testing_assert_hint(error, "by its alias or an address: virt-assign show db");
        testing_assert_error(&error, VAS_ERROR_NOT_FOUND, macs[i][1]);
    }
}

static void
test_guest_without_assignments(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("db", NULL, building_q35(0));
    g_autoptr(GError) error = NULL;
    const VasAssignment *live;
    const VasAssignment *config;

    vas_inventory_take_guest(inventory, guest);
    g_assert_false(vas_selector_assignment(inventory, guest, "ua-x", &live, &config, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND,
                         "ua-x is not assigned to db, which has no assigned device");
}

/* 0000:04:00.0 is a device of the host, and where another device sits in the guest. */
static void
test_address_of_either_side(void)
{
    g_autoptr(VasInventory) inventory = host_with_guest();
    VasGuest *guest = vas_selector_guest(inventory, "db", NULL);
    g_autoptr(GError) error = NULL;
    const VasAssignment *live;
    const VasAssignment *config;

    building_add_assignment(guest->live, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.1", "ua-nvme", NULL,
                            "0000:04:00.0");
    g_assert_false(vas_selector_assignment(inventory, guest, "04:00.0", &live, &config, &error));
    testing_assert_hint(error, "by its alias");
    testing_assert_error(&error, VAS_ERROR_AMBIGUOUS,
                         "04:00.0 in db fits ua-usb (0000:04:00.0 at 0000:02:00.0) and "
                         "ua-nvme (0000:05:00.1 at 0000:04:00.0)");
}

/* A repeated detach by host address must not take out what sits at that address of the guest. */
static void
test_guest_address_of_a_host_vf(void)
{
    static const struct {
        const char *address;
        const char *driver; /* the host's at @address */
        gboolean is_taken;  /* as the guest address */
    } hosts[] = {
        {"0000:01:10.6", "igbvf", FALSE},
        {"0000:05:00.0", "vfio-pci", FALSE},
        {"0000:05:00.0", "nvme", TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autoptr(VasInventory) inventory = host_with_guest();
        VasGuest *guest = vas_selector_guest(inventory, "db", NULL);
        VasDevice *device = vas_selector_device(inventory, hosts[i].address, NULL);
        g_autoptr(GError) error = NULL;
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;

        g_free(device->driver);
        device->driver = g_strdup(hosts[i].driver);
        building_add_assignment(guest->live, VAS_ASSIGNMENT_HOSTDEV, "0000:06:00.0", "ua-other",
                                NULL, hosts[i].address);
        g_assert_cmpint(
            vas_selector_assignment(inventory, guest, hosts[i].address, &live, &config, &error), ==,
            hosts[i].is_taken);
        if (hosts[i].is_taken) {
            g_assert_cmpstr(live->alias, ==, "ua-other");
            continue;
        }
        testing_assert_hint(error, "by its alias");
        testing_assert_error(&error, VAS_ERROR_AMBIGUOUS,
                             "is a device of the host that is not assigned to db, and in db the "
                             "guest address of ua-other (0000:06:00.0 at ");
        g_assert_null(live);
    }
}

/* The config was edited: what is named stands for one device live and for another one there. */
static void
test_config_says_another_device(void)
{
    g_autoptr(VasInventory) inventory = host_with_guest();
    VasGuest *guest = vas_selector_guest(inventory, "db", NULL);
    g_autoptr(GError) error = NULL;
    const VasAssignment *live = NULL;
    const VasAssignment *config = NULL;

    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.1", "ua-other", NULL,
                            "0000:02:00.0");
    g_assert_false(
        vas_selector_assignment(inventory, guest, "0000:02:00.0", &live, &config, &error));
    testing_assert_error(&error, VAS_ERROR_AMBIGUOUS,
                         "ua-usb (0000:04:00.0 at 0000:02:00.0) and "
                         "ua-other (0000:05:00.1 at 0000:02:00.0)");
    g_assert_true(live == NULL && config == NULL);
}

/* An alias names an intent, whatever device it has where; a device names only itself. */
static void
test_config_gives_the_alias_another_device(void)
{
    g_autoptr(VasInventory) inventory = host_with_guest();
    VasGuest *guest = vas_selector_guest(inventory, "db", NULL);
    const VasAssignment *other = building_add_assignment(
        guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.1", "ua-usb", NULL, "0000:06:00.0");
    g_autoptr(GError) error = NULL;
    const VasAssignment *live = NULL;
    const VasAssignment *config = NULL;

    g_assert_true(vas_selector_assignment(inventory, guest, "ua-usb", &live, &config, &error));
    g_assert_cmpstr(live->alias, ==, "ua-usb");
    g_assert_true(config == other);
    g_assert_true(vas_selector_assignment(inventory, guest, "04:00.0", &live, &config, &error));
    g_assert_cmpstr(live->alias, ==, "ua-usb");
    g_assert_null(config);
}

/* One NVMe device is two disks, or one device stands twice in a config: neither is taken apart. */
static void
test_device_in_parts(void)
{
    static const char *const names[] = {"0000:05:00.1", "0000:04:00.0", "0000:05:00.0", "ua-one"};
    g_autoptr(VasInventory) inventory = vas_inventory_new();
    VasGuest *guest = building_guest("db", NULL, building_q35(5));
    VasAssignment *one = building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV,
                                                 "0000:05:00.1", "ua-one", NULL, "0000:04:00.0");
    VasAssignment *two = building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV,
                                                 "0000:05:00.1", NULL, NULL, "0000:05:00.0");

    vas_inventory_take_guest(inventory, guest);
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;

        if (i == G_N_ELEMENTS(names)) {
            one->disk = g_strdup("vda");
            two->disk = g_strdup("vdb");
        }
        g_assert_false(vas_selector_assignment(inventory, guest, names[i % G_N_ELEMENTS(names)],
                                               &live, &config, &error));
        g_assert_true(live == NULL && config == NULL);
        g_assert_cmpstr(vas_error_hint(error), ==,
                        i < G_N_ELEMENTS(names) ? "remove all but one of them: virsh edit db"
                        : i == 6 ? "take out disk by disk: virsh detach-disk db vdb --config"
                                 : "take out disk by disk: virsh detach-disk db vda --config");
        testing_assert_error(&error, VAS_ERROR_AMBIGUOUS,
                             "0000:05:00.1 is in the config of db 2 times: ua-one (0000:05:00.1");
    }
}

static void
test_device_that_the_host_no_longer_has(void)
{
    g_autoptr(VasInventory) inventory = vas_inventory_new();
    VasGuest *guest = building_guest("db", NULL, building_q35(1));
    const VasAssignment *held = building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV,
                                                        "0000:09:00.0", NULL, NULL, "0000:01:00.0");
    g_autoptr(GError) error = NULL;
    const VasAssignment *live;
    const VasAssignment *config;

    vas_inventory_take_guest(inventory, guest);
    g_assert_true(
        vas_selector_assignment(inventory, guest, "0000:09:00.0", &live, &config, &error));
    g_assert_true(live == NULL && config == held);
    g_assert_true(
        vas_selector_assignment(inventory, guest, "pci_0000_09_00_0", &live, &config, &error));
    g_assert_true(config == held);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/selector/ways-to-name-a-device", test_ways_to_name_a_device);
    g_test_add_func("/selector/devices-that-are-not-there", test_devices_that_are_not_there);
    g_test_add_func("/selector/hint-what-there-is", test_hint_what_there_is);
    g_test_add_func("/selector/hint-how-to-create-vfs", test_hint_how_to_create_vfs);
    g_test_add_func("/selector/long-lists-are-left-out", test_long_lists_are_left_out);
    g_test_add_func("/selector/ambiguous-interface", test_ambiguous_interface);
    g_test_add_func("/selector/vanished-vf", test_vanished_vf);
    g_test_add_func("/selector/guests", test_guests);
    g_test_add_func("/selector/any", test_any);
    g_test_add_func("/selector/unreadable", test_unreadable);
    g_test_add_func("/selector/ways-to-name-an-assignment", test_ways_to_name_an_assignment);
    g_test_add_func("/selector/names-of-no-assignment", test_names_of_no_assignment);
    g_test_add_func("/selector/mac-names-no-assignment", test_mac_names_no_assignment);
    g_test_add_func("/selector/guest-address-of-a-host-vf", test_guest_address_of_a_host_vf);
    g_test_add_func("/selector/config-says-another-device", test_config_says_another_device);
    g_test_add_func("/selector/config-gives-the-alias-another-device",
                    test_config_gives_the_alias_another_device);
    g_test_add_func("/selector/guest-without-assignments", test_guest_without_assignments);
    g_test_add_func("/selector/address-of-either-side", test_address_of_either_side);
    g_test_add_func("/selector/device-in-parts", test_device_in_parts);
    g_test_add_func("/selector/device-that-the-host-no-longer-has",
                    test_device_that_the_host_no_longer_has);
    return g_test_run();
}
