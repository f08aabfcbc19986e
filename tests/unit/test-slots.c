/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots.h"

#include "core/value/error.h"
#include "core/place/slots-advice.h"
#include "core/place/slots-check.h"

#include "building.h"
#include "testing.h"

static void
test_model_names(void)
{
    static const char *const names[] = {
        "pci-root",
        "pci-bridge",
        "pci-expander-bus",
        "pcie-root",
        "pcie-root-port",
        "pcie-switch-upstream-port",
        "pcie-switch-downstream-port",
        "pcie-to-pci-bridge",
        "pcie-expander-bus",
        "dmi-to-pci-bridge",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        VasPciModel model = vas_pci_model_from_name(names[i]);

        g_assert_cmpint(model, !=, VAS_PCI_MODEL_UNKNOWN);
        g_assert_cmpstr(vas_pci_model_name(model), ==, names[i]);
    }
    g_assert_cmpint(vas_pci_model_from_name("cxl-root"), ==, VAS_PCI_MODEL_UNKNOWN);
    g_assert_cmpstr(vas_pci_model_name(VAS_PCI_MODEL_UNKNOWN), ==, "unknown");
}

/* Makes a guest with these buses: 1 root port (taken), 2 root port, 3 root port without hot-plug, 4
 * dmi-to-pci-bridge, 5 pcie-to-pci-bridge on port 6, 7 upstream port on port 8, 9 its downstream
 * port, 10 pcie-expander-bus, 11 of a model nobody knows. */
static VasGuestDefinition *
new_large_q35(void)
{
    VasGuestDefinition *definition = building_q35(2);

    building_occupy(definition, "0000:01:00.0", "virtio-disk0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:00:03.0")->hotplug_off = TRUE;
    building_add_controller(definition, VAS_DMI_TO_PCI_BRIDGE, 4, "0000:00:04.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 6, "0000:00:05.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 5, "0000:06:00.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 8, "0000:00:06.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_UPSTREAM_PORT, 7, "0000:08:00.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_DOWNSTREAM_PORT, 9, "0000:07:00.0");
    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 10, "0000:00:07.0");
    building_add_controller(definition, VAS_PCI_MODEL_UNKNOWN, 11, "0000:00:08.0");
    return definition;
}

static VasGuestDefinition *
new_large_pc(void)
{
    VasGuestDefinition *definition = building_pc(1);

    building_occupy(definition, "0000:00:02.0", "video0");
    building_occupy(definition, "0000:01:02.0", "net0");
    building_add_controller(definition, VAS_PCI_EXPANDER_BUS, 2, "0000:00:07.0")->bus_number = 64;
    return definition;
}

#define ACCEPTED (-1)

static const struct {
    const char *address;
    int hot;             /* code; ACCEPTED */
    int cold;            /* code; ACCEPTED */
    const char *message; /* of what is refused */
} q35_checks[] = {
    {"0000:02:00.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:05:01.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:05:1f.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:09:00.0", ACCEPTED, ACCEPTED, NULL},
    {"0001:02:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "guest address 0001:02:00.0: a guest has PCI domain 0000 only"},
    {"0000:02:00.1", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "guest address 0000:02:00.1: a device gets a slot of its own, as function 0"},
    {"0000:02:01.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "guest address 0000:02:01.0: bus 02 (pcie-root-port) has slot 00 only"},
    {"0000:05:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "guest address 0000:05:00.0: bus 05 (pcie-to-pci-bridge) has slots 01 to 1f"},
    {"0000:00:09.0", VAS_ERROR_UNUSABLE, ACCEPTED,
     "guest address 0000:00:09.0: nothing can be hot-plugged into bus 00 (pcie-root)"},
    {"0000:00:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "bus 00 (pcie-root) has slots 01 to 1f"},
    {"0000:03:00.0", VAS_ERROR_UNUSABLE, ACCEPTED,
     "guest address 0000:03:00.0: hot-plug is switched off for bus 03 (pcie-root-port)"},
    {"0000:04:05.0", VAS_ERROR_UNUSABLE, ACCEPTED,
     "nothing can be hot-plugged into bus 04 (dmi-to-pci-bridge)"},
    {"0000:07:05.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "bus 07 (pcie-switch-upstream-port) takes ports and bridges only"},
    {"0000:0a:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "bus 0a (pcie-expander-bus) takes ports and bridges only"},
    {"0000:0b:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE, "bus 0b (unknown) takes ports"},
    {"0000:0d:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "guest address 0000:0d:00.0: the guest has no PCI bus 0d, its buses are 00 to 0b"},
    {"0000:0c:00.0", VAS_ERROR_UNUSABLE, ACCEPTED, "the guest has no PCI bus 0c"},
    {"0000:01:00.0", VAS_ERROR_TAKEN, VAS_ERROR_TAKEN,
     "guest address 0000:01:00.0 is taken by virtio-disk0"},
    {"0000:06:00.0", VAS_ERROR_TAKEN, VAS_ERROR_TAKEN, "is taken by pci.5"},
    {"0000:00:02.0", VAS_ERROR_UNUSABLE, VAS_ERROR_TAKEN, "guest address 0000:00:02.0"},
    {"0000:00:1f.0", VAS_ERROR_UNUSABLE, VAS_ERROR_TAKEN, "guest address 0000:00:1f.0"},
};

static const struct {
    const char *address;
    int hot;
    int cold;
    const char *message;
} pc_checks[] = {
    {"0000:00:03.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:00:1f.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:01:01.0", ACCEPTED, ACCEPTED, NULL},
    {"0000:02:00.0", VAS_ERROR_UNUSABLE, ACCEPTED,
     "nothing can be hot-plugged into bus 02 (pci-expander-bus)"},
    {"0000:02:1f.0", VAS_ERROR_UNUSABLE, ACCEPTED, "nothing can be hot-plugged into bus 02"},
    {"0000:00:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "bus 00 (pci-root) has slots 01 to 1f"},
    {"0000:01:00.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "bus 01 (pci-bridge) has slots 01 to 1f"},
    {"0000:00:01.0", VAS_ERROR_TAKEN, VAS_ERROR_TAKEN, "is taken by the PIIX3 chipset"},
    {"0000:00:02.0", VAS_ERROR_TAKEN, VAS_ERROR_TAKEN, "is taken by video0"},
    {"0000:01:02.0", VAS_ERROR_TAKEN, VAS_ERROR_TAKEN, "is taken by net0"},
    {"0000:04:01.0", VAS_ERROR_UNUSABLE, VAS_ERROR_UNUSABLE,
     "the guest has no PCI bus 04, its buses are 00 to 02"},
};

static void
check_address(const VasGuestDefinition *definition, const char *text, gboolean hot, int code,
              const char *message)
{
    VasGuestAddress address = building_guest_address(text);
    g_autoptr(GError) error = NULL;

    if (code == ACCEPTED) {
        g_assert_true(vas_slots_check(definition, address, hot, &error));
        g_assert_no_error(error);
        return;
    }
    if (vas_slots_check(definition, address, hot, &error))
        g_error("%s is accepted, %s", text, hot ? "hot" : "cold");
    testing_assert_hint(error, "free");
    testing_assert_error(&error, code, message);
}

static void
test_check_q35(void)
{
    g_autoptr(VasGuestDefinition) definition = new_large_q35();

    for (gsize i = 0; i < G_N_ELEMENTS(q35_checks); i++) {
        check_address(definition, q35_checks[i].address, TRUE, q35_checks[i].hot,
                      q35_checks[i].message);
        check_address(definition, q35_checks[i].address, FALSE, q35_checks[i].cold,
                      q35_checks[i].cold == q35_checks[i].hot ? q35_checks[i].message
                                                              : "guest address");
    }
}

static void
test_check_pc(void)
{
    g_autoptr(VasGuestDefinition) definition = new_large_pc();

    for (gsize i = 0; i < G_N_ELEMENTS(pc_checks); i++) {
        check_address(definition, pc_checks[i].address, TRUE, pc_checks[i].hot,
                      pc_checks[i].message);
        check_address(definition, pc_checks[i].address, FALSE, pc_checks[i].cold,
                      pc_checks[i].message);
    }
}

static void
test_chipset_slot_of_q35(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);
    g_autoptr(GError) error = NULL;

    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:00:1f.0"), FALSE, &error));
    testing_assert_error(&error, VAS_ERROR_TAKEN, "is taken by the ICH9 chipset");
}

static void
test_new_bus_is_a_root_port(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);
    g_autoptr(GError) error = NULL;

    g_assert_true(
        vas_slots_check(definition, building_guest_address("0000:03:00.0"), FALSE, &error));
    g_assert_no_error(error);
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:03:01.0"), FALSE, &error));
    testing_assert_error(&error, VAS_ERROR_UNUSABLE,
                         "libvirt adds bus 03 as a pcie-root-port, which has slot 00 only");
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:04:00.0"), FALSE, &error));
    testing_assert_error(&error, VAS_ERROR_UNUSABLE, "no PCI bus 04");
}

/* XML by hand may leave the root bus out. */
static void
test_implicit_root(void)
{
    g_autoptr(VasGuestDefinition) bare = vas_guest_definition_new();

    g_assert_cmpint(vas_slots_bus(bare, 0)->model, ==, VAS_PCI_ROOT);
    g_assert_null(vas_slots_bus(bare, 1));
    bare->machine = g_strdup("q35");
    g_assert_cmpint(vas_slots_bus(bare, 0)->model, ==, VAS_PCIE_ROOT);
    g_free(bare->machine);
    bare->machine = g_strdup("pc-q35-7.2");
    g_assert_cmpint(vas_slots_bus(bare, 0)->model, ==, VAS_PCIE_ROOT);
    g_free(bare->machine);
    bare->machine = g_strdup("pc-i440fx-7.2");
    g_assert_cmpint(vas_slots_bus(bare, 0)->model, ==, VAS_PCI_ROOT);
}

/* Tells the first four in words, then how many. */
static char *
describe_free(const VasGuestDefinition *definition, gboolean hot)
{
    g_autoptr(GArray) addresses = vas_slots_free(definition, hot);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < MIN(addresses->len, 4); i++)
        g_string_append_printf(
            text, "%s ", vas_guest_address_text(g_array_index(addresses, VasGuestAddress, i)).text);
    g_string_append_printf(text, "of %u", addresses->len);
    return g_strdup(text->str);
}

static void
test_free_of_q35(void)
{
    g_autoptr(VasGuestDefinition) definition = new_large_q35();
    g_autofree char *hot = describe_free(definition, TRUE);
    g_autofree char *cold = describe_free(definition, FALSE);

    g_assert_cmpstr(hot, ==, "0000:02:00.0 0000:09:00.0 0000:05:01.0 0000:05:02.0 of 33");
    g_assert_cmpstr(cold, ==, "0000:02:00.0 0000:03:00.0 0000:09:00.0 0000:05:01.0 of 34");
}

static void
test_free_of_pc(void)
{
    g_autoptr(VasGuestDefinition) definition = new_large_pc();
    g_autofree char *hot = describe_free(definition, TRUE);
    g_autofree char *without_root = NULL;

    /* Root bus: 31 less PIIX3, video, bridge and expander; bridge: 31 less one. */
    g_assert_cmpstr(hot, ==, "0000:00:03.0 0000:00:04.0 0000:00:06.0 0000:00:08.0 of 57");
    ((VasPciController *) g_ptr_array_index(definition->controllers, 0))->hotplug_off = TRUE;
    without_root = describe_free(definition, TRUE);
    g_assert_cmpstr(without_root, ==, "0000:01:01.0 0000:01:03.0 0000:01:04.0 0000:01:05.0 of 30");
}

static void
test_free_is_what_check_accepts(void)
{
    VasGuestDefinition *definitions[] = {new_large_q35(), new_large_pc()};

    for (gsize i = 0; i < G_N_ELEMENTS(definitions); i++) {
        for (int hot = FALSE; hot <= TRUE; hot++) {
            g_autoptr(GArray) addresses = vas_slots_free(definitions[i], hot);

            for (guint j = 0; j < addresses->len; j++)
                g_assert_true(vas_slots_check(
                    definitions[i], g_array_index(addresses, VasGuestAddress, j), hot, NULL));
        }
        vas_guest_definition_free(definitions[i]);
    }
}

static void
test_hint_lists_four(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(6);
    g_autoptr(GError) error = NULL;

    building_occupy(definition, "0000:02:00.0", "virtio-disk0");
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:02:00.0"), TRUE, &error));
    g_assert_cmpstr(error->message, ==, "guest address 0000:02:00.0 is taken by virtio-disk0");
    g_assert_cmpstr(vas_error_hint(error), ==,
                    "free: 0000:01:00.0, 0000:03:00.0, 0000:04:00.0, 0000:05:00.0");
}

static void
test_hint_when_nothing_is_free(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);
    g_autoptr(GError) error = NULL;

    building_occupy(definition, "0000:01:00.0", "virtio-disk0");
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:01:00.0"), TRUE, &error));
    testing_assert_hint(error,
                        "none is free: 0000:01:00.0 (virtio-disk0); give it another root port");
}

/* While the root bus has room for one, libvirt adds a pci-bridge to the config. */
static void
test_new_bus_of_pc_is_a_bridge(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);
    const VasSlotRequest live = {.live = definition, .scope = VAS_SCOPE_LIVE};
    char *way_out = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(
        vas_slots_check(definition, building_guest_address("0000:02:01.0"), FALSE, &error));
    g_assert_no_error(error);
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:02:00.0"), FALSE, &error));
    testing_assert_error(&error, VAS_ERROR_UNUSABLE,
                         "libvirt adds bus 02 as a pci-bridge, which has slots 01 to 1f");
    way_out = vas_slots_way_out(&live);
    g_assert_cmpstr(way_out, ==, "give it another pci-bridge, from its next start on");
    g_free(way_out);
    definition->guest = "'a guest'";
    way_out = vas_slots_way_out(&live);
    g_assert_cmpstr(way_out, ==,
                    "give it another pci-bridge, from its next start on: "
                    "virt-assign ports 'a guest' --add 1");
    g_free(way_out);
}

static void
test_last_bus_has_no_next(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);

    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 255, "0000:00:05.0");
    g_assert_cmpint(vas_slots_new_bus(definition), ==, VAS_PCI_MODEL_UNKNOWN);
    g_assert_cmpuint(vas_slots_last_bus(definition), ==, 255);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slots/model-names", test_model_names);
    g_test_add_func("/slots/check-q35", test_check_q35);
    g_test_add_func("/slots/check-pc", test_check_pc);
    g_test_add_func("/slots/chipset-slot-of-q35", test_chipset_slot_of_q35);
    g_test_add_func("/slots/new-bus-is-a-root-port", test_new_bus_is_a_root_port);
    g_test_add_func("/slots/implicit-root", test_implicit_root);
    g_test_add_func("/slots/free-of-q35", test_free_of_q35);
    g_test_add_func("/slots/free-of-pc", test_free_of_pc);
    g_test_add_func("/slots/free-is-what-check-accepts", test_free_is_what_check_accepts);
    g_test_add_func("/slots/hint-lists-four", test_hint_lists_four);
    g_test_add_func("/slots/hint-when-nothing-is-free", test_hint_when_nothing_is_free);
    g_test_add_func("/slots/new-bus-of-pc-is-a-bridge", test_new_bus_of_pc_is_a_bridge);
    g_test_add_func("/slots/last-bus-has-no-next", test_last_bus_has_no_next);
    return g_test_run();
}
