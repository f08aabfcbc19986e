/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-rename.h"

#include "building.h"
#include "rules-fixture.h"
#include "testing.h"

static VasGuest *
pc_guest(void)
{
    VasGuest *guest = building_guest("pc", building_pc(1), building_pc(1));

    building_add_nic(guest->live, NULL, MAC1, "0000:00:03.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:00:03.0");
    return guest;
}

static VasAttachDecision *
decision_at(const RulesFixture *fixture, const char *address, VasScope missing)
{
    VasAttachDecision *decision = g_new0(VasAttachDecision, 1);

    decision->device = building_device(fixture->inventory, VF0);
    decision->missing = missing;
    decision->assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    decision->assignment->has_guest_address = TRUE;
    decision->assignment->guest_address = building_guest_address(address);
    return decision;
}

static void
test_refused(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasGuest) guest = pc_guest();
    g_autoptr(VasAttachDecision) decision = decision_at(fixture, "0000:01:03.0", BOTH);
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_rules_check_renames(guest, decision, NULL, FALSE, overridden, &error));
    testing_assert_hint(error, "--force");
    testing_assert_error(&error, VAS_ERROR_CONFLICT,
                         "guest address 0000:01:03.0 renames NIC " MAC1 " from ens3 to");
    g_assert_cmpuint(overridden->len, ==, 0);
}

static void
test_forced(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasGuest) guest = pc_guest();
    g_autoptr(VasAttachDecision) decision = decision_at(fixture, "0000:01:03.0", BOTH);
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_renames(guest, decision, NULL, TRUE, overridden, &error));
    g_assert_no_error(error);
    /* Live and config say the same: it is told once. */
    g_assert_cmpuint(overridden->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(overridden, 0), "it renames NIC " MAC1));
}

static void
test_harmless(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasGuest) guest = pc_guest();
    g_autoptr(VasAttachDecision) decision = decision_at(fixture, "0000:01:04.0", BOTH);
    g_autoptr(VasAttachDecision) nothing = decision_at(fixture, "0000:01:03.0", 0);
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(vas_rules_check_renames(guest, decision, NULL, FALSE, overridden, NULL));
    g_assert_true(vas_rules_check_renames(guest, nothing, NULL, FALSE, overridden, NULL));
    g_assert_cmpuint(overridden->len, ==, 0);
}

/* An earlier device of the same command is there already. */
static void
test_earlier(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasGuest) guest = building_guest("pc", building_pc(2), NULL);
    g_autoptr(VasAttachDecision) decision = decision_at(fixture, "0000:02:03.0", LIVE);
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_renames(guest, decision, NULL, FALSE, overridden, NULL));
    g_ptr_array_add(fixture->earlier, decision_at(fixture, "0000:01:03.0", LIVE));
    g_assert_false(
        vas_rules_check_renames(guest, decision, fixture->earlier, FALSE, overridden, &error));
    testing_assert_error(&error, VAS_ERROR_CONFLICT, "renames NIC at 0000:01:03.0 from ens3");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("rename/refused", test_refused);
    ADD("rename/forced", test_forced);
    ADD("rename/harmless", test_harmless);
    ADD("rename/earlier", test_earlier);
    return g_test_run();
}
