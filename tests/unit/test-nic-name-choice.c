/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-choice.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define MAC1 "52:54:00:00:00:01"

static void
assert_choice(const VasNicNameSearch *search, const char *name, const char *address, int acpi_index)
{
    g_autoptr(GError) error = NULL;
    VasGuestAddress chosen = {{0}};
    int index = -1;

    (void) vas_nic_name_choose(search, name, &chosen, &index, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(vas_guest_address_text(chosen).text, ==, address);
    g_assert_cmpint(index, ==, acpi_index);
}

static void
refuse(const VasNicNameSearch *search, const char *name, VasError code, const char *part)
{
    g_autoptr(GError) error = NULL;
    VasGuestAddress chosen;
    int index;

    g_assert_false(vas_nic_name_choose(search, name, &chosen, &index, &error));
    g_assert_nonnull(vas_error_hint(error));
    testing_assert_error(&error, (int) code, part);
}

static void
test_forms(void)
{
    static const char *const good[] = {"eno1",   "eno16383", "ens1",     "ens31",
                                       "enp1s0", "enp0s31",  "enp255s0", NULL};
    static const char *const bad[] = {"",
                                      "e",
                                      "en",
                                      "eth0",
                                      "eno",
                                      "eno0",
                                      "eno16384",
                                      "eno07",
                                      "ens0",
                                      "ens32",
                                      "ens1f0",
                                      "ens-1",
                                      "enp1",
                                      "enp1s",
                                      "enp1s32",
                                      "enp256s0",
                                      "enp1s0f0",
                                      "enp1s0 ",
                                      " ens1",
                                      "ens1\n",
                                      "enp01s0",
                                      "enx525400000001",
                                      "ens99999999999999999999",
                                      "\xff\xfe",
                                      NULL};

    for (gsize i = 0; good[i] != NULL; i++)
        g_assert_true(vas_nic_name_check(good[i], NULL));
    for (gsize i = 0; bad[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_nic_name_check(bad[i], &error));
        testing_assert_hint(error, "eno<N> by acpi index");
        testing_assert_error(&error, VAS_ERROR_INVALID, "no attached device can get the name");
    }
}

static void
test_path(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(4);
    const VasNicNameSearch search = {.live = q35, .config = q35};

    assert_choice(&search, "enp2s0", "0000:02:00.0", 0);
    refuse(&search, "enp9s0", VAS_ERROR_UNUSABLE, "no bus has the number 9 in the guest");
    refuse(&search, "enp2s1", VAS_ERROR_UNUSABLE, "bus 02 (pcie-root-port) has slot 00 only");
    building_occupy(q35, "0000:02:00.0", "disk0");
    refuse(&search, "enp2s0", VAS_ERROR_UNUSABLE, "is taken by disk0");
}

/* The guest's own bus number counts, not libvirt's. */
static void
test_path_out_of_order(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(0);
    const VasNicNameSearch search = {.live = q35};

    building_add_controller(q35, VAS_PCIE_ROOT_PORT, 1, "0000:00:06.0");
    building_add_controller(q35, VAS_PCIE_ROOT_PORT, 2, "0000:00:02.0");
    assert_choice(&search, "enp1s0", "0000:02:00.0", 0);
}

static void
test_slot(void)
{
    g_autoptr(VasGuestDefinition) pc = building_pc(2);
    const VasNicNameSearch search = {.live = pc, .config = pc};

    assert_choice(&search, "ens3", "0000:00:03.0", 0);
    assert_choice(&search, "ens1", "0000:01:01.0", 0);
    /* The bridge itself is in slot 5 of the root bus. */
    assert_choice(&search, "ens5", "0000:01:05.0", 0);
    /* With systemd before 257 it is enp1s4 there, so slot 4 of the root bus is the only one. */
    building_occupy(pc, "0000:00:04.0", "disk0");
    refuse(&search, "ens4", VAS_ERROR_UNUSABLE, "is taken by disk0");
}

static void
test_slot_without_slots(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(4);
    const VasNicNameSearch search = {.config = q35};

    refuse(&search, "ens1", VAS_ERROR_UNUSABLE, "only slots of conventional buses have numbers");
}

static void
test_onboard(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(2);
    const VasNicNameSearch search = {.live = q35, .config = q35};

    assert_choice(&search, "eno7", "0000:01:00.0", 7);
    g_free(q35->machine);
    q35->machine = g_strdup("pc-q35-6.0");
    refuse(&search, "eno7", VAS_ERROR_UNUSABLE, "is not shown the acpi index");
}

static void
test_no_room(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(1);
    const VasNicNameSearch search = {.live = q35};

    building_occupy(q35, "0000:01:00.0", "disk0");
    refuse(&search, "eno7", VAS_ERROR_NO_SLOT, "no free slot");
}

static void
test_taken(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(4);
    g_autoptr(VasGuestDefinition) config = building_q35(4);
    const VasNicNameSearch search = {.live = live, .config = config};

    building_add_nic(live, NULL, MAC1, "0000:02:00.0");
    building_add_nic(config, NULL, MAC1, "0000:03:00.0")->acpi_index = 5;
    refuse(&search, "enp2s0", VAS_ERROR_TAKEN, "the name enp2s0 is taken by NIC " MAC1);
    refuse(&search, "eno5", VAS_ERROR_TAKEN, "at 0000:03:00.0 of the config");
}

/* Live and config must both lead to the name. */
static void
test_both(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(4);
    g_autoptr(VasGuestDefinition) config = building_q35(0);
    const VasNicNameSearch search = {.live = live, .config = config};

    building_add_controller(config, VAS_PCIE_ROOT_PORT, 1, "0000:00:06.0");
    building_add_controller(config, VAS_PCIE_ROOT_PORT, 2, "0000:00:02.0");
    refuse(&search, "enp1s0", VAS_ERROR_UNUSABLE, "no free guest address gives the name enp1s0");
    assert_choice(&search, "eno1", "0000:01:00.0", 1);
}

static void
test_given_address(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(4);
    VasNicNameSearch search = {.live = q35,
                               .has_guest_address = TRUE,
                               .guest_address = building_guest_address("0000:03:00.0")};

    assert_choice(&search, "enp3s0", "0000:03:00.0", 0);
    assert_choice(&search, "eno4", "0000:03:00.0", 4);
    refuse(
        &search, "enp2s0", VAS_ERROR_CONFLICT,
        "enp2s0 and guest address 0000:03:00.0 do not go together: at 0000:03:00.0 it is enp3s0");
}

static void
test_given_index(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(4);
    VasNicNameSearch search = {.live = q35, .acpi_index = 4};

    assert_choice(&search, "eno4", "0000:01:00.0", 4);
    refuse(&search, "eno5", VAS_ERROR_CONFLICT, "eno5 and acpi index 4 do not go together");
    refuse(&search, "enp1s0", VAS_ERROR_CONFLICT, "enp1s0 and acpi index 4");
}

static void
test_reserved(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(2);
    g_autoptr(GArray) reserved = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    VasGuestAddress first = building_guest_address("0000:01:00.0");
    const VasNicNameSearch search = {.live = q35, .reserved = reserved};

    g_array_append_val(reserved, first);
    assert_choice(&search, "eno7", "0000:02:00.0", 7);
}

/* The config alone has more: places a user may name, and the bus that libvirt adds. */
static void
test_config_only(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(0);
    const VasNicNameSearch search = {.config = q35};

    assert_choice(&search, "enp0s9", "0000:00:09.0", 0);
    assert_choice(&search, "enp1s0", "0000:01:00.0", 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic-name-choice/forms", test_forms);
    g_test_add_func("/nic-name-choice/path", test_path);
    g_test_add_func("/nic-name-choice/path-out-of-order", test_path_out_of_order);
    g_test_add_func("/nic-name-choice/slot", test_slot);
    g_test_add_func("/nic-name-choice/slot-without-slots", test_slot_without_slots);
    g_test_add_func("/nic-name-choice/onboard", test_onboard);
    g_test_add_func("/nic-name-choice/no-room", test_no_room);
    g_test_add_func("/nic-name-choice/taken", test_taken);
    g_test_add_func("/nic-name-choice/both", test_both);
    g_test_add_func("/nic-name-choice/given-address", test_given_address);
    g_test_add_func("/nic-name-choice/given-index", test_given_index);
    g_test_add_func("/nic-name-choice/reserved", test_reserved);
    g_test_add_func("/nic-name-choice/config-only", test_config_only);
    return g_test_run();
}
