/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-vf-settings.h"

#include "building.h"
#include "rules-fixture.h"
#include "testing.h"

/* Checks what the fixture wishes, with what is decided for the device. */
static gboolean
check(const RulesFixture *fixture, const VasAttachDecision *decision, GError **error)
{
    return vas_rules_check_vf_wish(fixture->guest, decision, &fixture->wish->vf, &fixture->pf_link,
                                   error);
}

static void
refuse(const RulesFixture *fixture, const char *device, VasScope scope, VasError code,
       const char *message, const char *hint)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasAttachDecision) decision = accept_attach(fixture, device, scope);

    g_assert_false(check(fixture, decision, &error));
    if (hint != NULL)
        testing_assert_hint(error, hint);
    testing_assert_error(&error, (int) code, message);
}

static void
accept(const RulesFixture *fixture, const char *device, VasScope scope)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasAttachDecision) decision = accept_attach(fixture, device, scope);

    g_assert_true(check(fixture, decision, &error));
    g_assert_no_error(error);
}

static void
test_fine(RulesFixture *fixture, gconstpointer data)
{
    accept(fixture, "0000:04:00.0", BOTH);
    fixture->wish->vf.trust = 1;
    accept(fixture, VF0, BOTH);
    accept(fixture, VF0, CONFIG);
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    accept(fixture, VF0, LIVE);
}

static void
test_no_network_vf(RulesFixture *fixture, gconstpointer data)
{
    static const char *const devices[] = {"0000:04:00.0", "0000:03:00.0", "0000:05:00.1"};

    fixture->wish->vf.max_rate = 0;
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++)
        refuse(fixture, devices[i], BOTH, VAS_ERROR_UNSUITABLE, "is not a VF of a network card",
               NULL);
}

static void
test_pf_without_interface(RulesFixture *fixture, gconstpointer data)
{
    fixture->wish->vf.trust = 1;
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    fixture->pf_link.interface = NULL;
    refuse(fixture, VF0, BOTH, VAS_ERROR_NOT_READY, "its PF 0000:01:00.0 has no network interface",
           "virt-assign host-reattach 0000:01:00.0");
}

static void
test_priority(RulesFixture *fixture, gconstpointer data)
{
    fixture->wish->vf.qos = 3;
    refuse(fixture, VF0, BOTH, VAS_ERROR_INVALID, "--qos needs --vlan", "--vlan");
    fixture->wish->vlan = 100;
    accept(fixture, VF0, BOTH);
    accept(fixture, VF0, LIVE);
    refuse(fixture, VF0, CONFIG, VAS_ERROR_WRONG_STATE, "libvirt sets the VLAN when db starts",
           "once the guest runs");
    fixture->wish->vlan = -1;
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    refuse(fixture, VF0, BOTH, VAS_ERROR_INVALID, "--qos needs --vlan", "--as interface");
}

static void
test_ranges(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_vf_ranges(&fixture->wish->vf, &error));
    fixture->wish->vf.qos = 7;
    g_assert_true(vas_rules_check_vf_ranges(&fixture->wish->vf, &error));
    fixture->wish->vf.qos = 8;
    g_assert_false(vas_rules_check_vf_ranges(&fixture->wish->vf, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "priority 8 is not in 0 to 7");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("vf-settings/fine", test_fine);
    ADD("vf-settings/no-network-vf", test_no_network_vf);
    ADD("vf-settings/pf-without-interface", test_pf_without_interface);
    ADD("vf-settings/priority", test_priority);
    ADD("vf-settings/ranges", test_ranges);
    return g_test_run();
}
