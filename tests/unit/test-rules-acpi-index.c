/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-acpi-index.h"

#include "building.h"
#include "rules-fixture.h"

static void
give_index(VasGuestDefinition *definition, const char *address, const char *name, int acpi_index)
{
    VasOccupant *occupant = NULL;

    building_occupy(definition, address, name);
    occupant = g_ptr_array_index(definition->occupants, definition->occupants->len - 1);
    occupant->acpi_index = acpi_index;
}

static void
test_taken_in_either(RulesFixture *fixture, gconstpointer data)
{
    building_add_nic(fixture->guest->config, "ua-net", MAC1, "0000:01:00.0")->acpi_index = 7;
    fixture->wish->acpi_index = 7;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "acpi index 7 is taken by ua-net of the config of db", NULL);
    /* The config's index counts, though only the running guest gets the device. */
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_TAKEN, "acpi index 7 is taken by ua-net", NULL);
}

static void
test_taken_by_any_device(RulesFixture *fixture, gconstpointer data)
{
    give_index(fixture->guest->live, "0000:01:00.0", "virtio-disk0", 7);
    fixture->wish->acpi_index = 7;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN, "acpi index 7 is taken by virtio-disk0 of db",
                  NULL);
}

/* An index that the device itself has on the other side is not taken by another. */
static void
test_own_index(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;
    VasAssignment *own = NULL;
    VasNic *nic = NULL;

    own = building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-a", MAC1,
                                  "0000:01:00.0");
    own->acpi_index = 7;
    nic = g_ptr_array_index(fixture->guest->live->nics, 0);
    nic->acpi_index = 7;
    decision = accept_attach(fixture, VF0, BOTH);
    g_assert_cmpint(decision->missing, ==, CONFIG);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 7);
}

static void
test_not_shown(RulesFixture *fixture, gconstpointer data)
{
    fixture->wish->acpi_index = 8;
    wish_address(fixture, "0000:00:09.0");
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_UNUSABLE,
                  "acpi index 8 does not show in db at 0000:00:09.0", "leave out --acpi-index");
}

/* Whether a machine out of no table shows it is not known: that is no reason to refuse it. */
static void
test_perhaps_shown(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    g_free(fixture->guest->config->machine);
    fixture->guest->config->machine = g_strdup("pc-q35-unheard-of");
    fixture->wish->acpi_index = 8;
    decision = accept_attach(fixture, VF0, CONFIG);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 8);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("acpi-index/taken-in-either", test_taken_in_either);
    ADD("acpi-index/taken-by-any-device", test_taken_by_any_device);
    ADD("acpi-index/own-index", test_own_index);
    ADD("acpi-index/not-shown", test_not_shown);
    ADD("acpi-index/perhaps-shown", test_perhaps_shown);
    return g_test_run();
}
