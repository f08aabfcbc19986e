/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/guest-nics.h"

#include "building.h"

#define MAC1 "52:54:00:00:00:01"
#define MAC2 "52:54:00:00:00:02"

static const VasGuestNic *
nth(const GPtrArray *nics, guint n)
{
    g_assert_cmpuint(n, <, nics->len);
    return g_ptr_array_index(nics, n);
}

static void
test_live_and_config(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(4), building_q35(4));
    g_autoptr(GPtrArray) nics = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->config, NULL, MAC2, "0000:03:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:02:00.0");
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 2);
    g_assert_true(nth(nics, 0)->live == g_ptr_array_index(guest->live->nics, 0));
    g_assert_true(nth(nics, 0)->config == g_ptr_array_index(guest->config->nics, 1));
    g_assert_cmpstr(nth(nics, 0)->name->name, ==, "enp1s0");
    g_assert_cmpstr(nth(nics, 0)->next->name, ==, "enp2s0");
    g_assert_null(nth(nics, 1)->live);
    g_assert_cmpstr(nth(nics, 1)->name->name, ==, "enp3s0");
    g_assert_null(nth(nics, 1)->next);
    g_assert_null(nth(nics, 1)->actual);
}

static void
test_same_in_both(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(2), building_q35(2));
    g_autoptr(GPtrArray) nics = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:01:00.0");
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 1);
    g_assert_null(nth(nics, 0)->next);
}

static void
test_two_with_one_mac(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(2), building_q35(2));
    g_autoptr(GPtrArray) nics = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->live, NULL, MAC1, "0000:02:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:02:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:01:00.0");
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 2);
    g_assert_true(nth(nics, 0)->config == g_ptr_array_index(guest->config->nics, 1));
    g_assert_true(nth(nics, 1)->config == g_ptr_array_index(guest->config->nics, 0));
}

/* The second of the running guest's is another one than either of the config's. */
static void
test_two_with_one_mac_that_moved(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(3), building_q35(3));
    g_autoptr(GPtrArray) nics = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->live, NULL, MAC1, "0000:02:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:03:00.0");
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 3);
    g_assert_true(nth(nics, 0)->config == g_ptr_array_index(guest->config->nics, 0));
    g_assert_null(nth(nics, 1)->config);
    g_assert_true(nth(nics, 2)->config == g_ptr_array_index(guest->config->nics, 1));
}

static void
test_scheme(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_pc(1));
    g_autoptr(GPtrArray) newest = NULL;
    g_autoptr(GPtrArray) older = NULL;

    building_add_nic(guest->config, NULL, MAC1, "0000:01:03.0");
    newest = vas_guest_nics(guest, NULL);
    older = vas_guest_nics(guest, vas_naming_scheme_older());
    g_assert_cmpstr(nth(newest, 0)->name->name, ==, "ens3");
    g_assert_cmpstr(nth(older, 0)->name->name, ==, "enp1s3");
}

static void
test_without_address(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_q35(1));
    g_autoptr(GPtrArray) nics = NULL;
    g_autofree char *text = NULL;

    building_add_nic(guest->config, NULL, MAC1, NULL);
    nics = vas_guest_nics(guest, NULL);
    g_assert_null(nth(nics, 0)->name);
    text = vas_nic_describe(vas_guest_nic_fact(nth(nics, 0)));
    g_assert_cmpstr(text, ==, "NIC " MAC1);
}

/* A network card that is a plain <hostdev> is a NIC, a USB controller is not. */
static void
test_plain_hostdev(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("db", NULL, building_q35(3));
    g_autoptr(GPtrArray) nics = NULL;
    g_autofree char *text = NULL;

    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.0", "ua-vf", NULL,
                            "0000:01:00.0")
        ->acpi_index = 4;
    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-usb", NULL,
                            "0000:02:00.0");
    building_add_assignment(guest->config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.2", "ua-if", MAC1,
                            "0000:03:00.0");
    vas_inventory_take_guest(inventory, guest);
    vas_guest_nics_complete(inventory);
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 2);
    g_assert_cmpstr(nth(nics, 0)->name->name, ==, "enp3s0");
    g_assert_cmpstr(nth(nics, 1)->name->name, ==, "eno4");
    text = vas_nic_describe(nth(nics, 1)->config);
    g_assert_cmpstr(text, ==, "NIC at 0000:01:00.0");
}

/* A PF whose driver tells its port ends with it in the guest, too, if the guest has that driver. */
static void
test_port(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("db", NULL, building_q35(2));
    g_autoptr(GPtrArray) nics = NULL;

    building_device(inventory, "0000:03:00.0")->port = g_strdup("p1");
    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:03:00.0", "ua-x", NULL,
                            "0000:02:00.0");
    vas_inventory_take_guest(inventory, guest);
    vas_guest_nics_complete(inventory);
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpuint(nics->len, ==, 1);
    g_assert_cmpstr(nth(nics, 0)->name->name, ==, "enp2s0np1");
    g_assert_true(g_str_has_suffix(nth(nics, 0)->name->why,
                                   ", or enp2s0 if the guest's driver tells no port"));
}

/* systemd names IPoIB from 240 on, and from the place as it does others. */
static void
test_infiniband(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("hpc", NULL, building_q35(2));
    g_autoptr(GPtrArray) nics = NULL;
    g_autoptr(GPtrArray) older = NULL;

    building_device(inventory, "0000:01:10.0")->class_code = 0x020700;
    building_device(inventory, "0000:01:10.2")->class_code = 0x020700;
    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.0", "ua-x", NULL,
                            "0000:02:00.0");
    building_add_assignment(guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.2", "ua-y", NULL,
                            "0000:01:00.0")
        ->acpi_index = 4;
    vas_inventory_take_guest(inventory, guest);
    vas_guest_nics_complete(inventory);
    nics = vas_guest_nics(guest, NULL);
    g_assert_cmpstr(nth(nics, 0)->name->name, ==, "ibp2s0");
    g_assert_cmpstr(nth(nics, 1)->name->name, ==, "ibo4");
    older = vas_guest_nics(guest, vas_naming_scheme_find("v239", NULL));
    g_assert_null(nth(older, 0)->name->name);
    g_assert_cmpstr(nth(older, 0)->name->why, ==,
                    "systemd before 240 names no InfiniBand port: it keeps the kernel's name, such "
                    "as ib0");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest-nics/live-and-config", test_live_and_config);
    g_test_add_func("/guest-nics/same-in-both", test_same_in_both);
    g_test_add_func("/guest-nics/two-with-one-mac", test_two_with_one_mac);
    g_test_add_func("/guest-nics/two-with-one-mac-that-moved", test_two_with_one_mac_that_moved);
    g_test_add_func("/guest-nics/scheme", test_scheme);
    g_test_add_func("/guest-nics/without-address", test_without_address);
    g_test_add_func("/guest-nics/plain-hostdev", test_plain_hostdev);
    g_test_add_func("/guest-nics/infiniband", test_infiniband);
    g_test_add_func("/guest-nics/port", test_port);
    return g_test_run();
}
