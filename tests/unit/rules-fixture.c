/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules-fixture.h"

#include "building.h"
#include "testing.h"

void
rules_fixture_set_up(RulesFixture *fixture, gconstpointer data)
{
    fixture->inventory = building_host();
    fixture->guest = building_guest("db", building_q35(6), building_q35(6));
    vas_inventory_take_guest(fixture->inventory, fixture->guest);
    fixture->wish = vas_assignment_wish_new();
    fixture->pf_link = (VasPfLink){.known = TRUE, .interface = "enp1s0", .up = TRUE};
    fixture->earlier = g_ptr_array_new_with_free_func((GDestroyNotify) vas_attach_decision_free);
}

void
rules_fixture_tear_down(RulesFixture *fixture, gconstpointer data)
{
    g_ptr_array_unref(fixture->earlier);
    vas_assignment_wish_free(fixture->wish);
    vas_inventory_free(fixture->inventory);
}

static VasAttachDecision *
decide(const RulesFixture *fixture, const char *device, VasScope scope, GError **error)
{
    return vas_rules_decide_attach(fixture->inventory, fixture->guest,
                                   building_device(fixture->inventory, device), fixture->wish,
                                   scope, &fixture->pf_link, fixture->earlier, error);
}

VasAttachDecision *
accept_attach(const RulesFixture *fixture, const char *device, VasScope scope)
{
    g_autoptr(GError) error = NULL;
    VasAttachDecision *decision = decide(fixture, device, scope, &error);

    g_assert_no_error(error);
    g_assert_true(decision->device == building_device(fixture->inventory, device));
    g_assert_true(decision->assignment->has_device);
    g_assert_true(vas_host_address_equal(decision->assignment->device, decision->device->address));
    g_assert_null(decision->assignment->element);
    g_assert_null(decision->assignment->network);
    return decision;
}

void
refuse_attach(const RulesFixture *fixture, const char *device, VasScope scope, VasError code,
              const char *message, const char *hint)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasAttachDecision) decision = decide(fixture, device, scope, &error);

    g_assert_null(decision);
    if (hint != NULL)
        testing_assert_hint(error, hint);
    testing_assert_error(&error, (int) code, message);
}

void
assert_place(const VasAttachDecision *decision, const char *address, const char *alias)
{
    g_assert_true(decision->assignment->has_guest_address);
    g_assert_cmpstr(vas_guest_address_text(decision->assignment->guest_address).text, ==, address);
    g_assert_cmpstr(decision->assignment->alias, ==, alias);
}

void
wish_address(RulesFixture *fixture, const char *address)
{
    fixture->wish->has_guest_address = TRUE;
    fixture->wish->guest_address = building_guest_address(address);
}

void
wish_mac(RulesFixture *fixture, const char *mac)
{
    fixture->wish->has_mac = TRUE;
    fixture->wish->mac = building_mac(mac);
}

void
wish_type(RulesFixture *fixture, VasAssignmentType type)
{
    fixture->wish->has_type = TRUE;
    fixture->wish->type = type;
}
