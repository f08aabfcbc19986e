/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/guest.h"

#include "core/value/error.h"

#include "building.h"
#include "testing.h"

static void
test_occupants_have_whole_slots(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(0);
    const VasOccupant *occupant;

    building_occupy(definition, "0000:00:03.1", "video0");
    occupant = vas_guest_definition_occupant(definition, building_guest_address("0000:00:03.0"));
    g_assert_nonnull(occupant);
    g_assert_cmpstr(occupant->name, ==, "video0");
    g_assert_null(
        vas_guest_definition_occupant(definition, building_guest_address("0000:00:04.0")));
    g_assert_null(
        vas_guest_definition_occupant(definition, building_guest_address("0000:01:03.0")));
    g_assert_null(
        vas_guest_definition_occupant(definition, building_guest_address("0001:00:03.0")));
}

static void
test_find_device(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);
    const VasAssignment *first = building_add_assignment(
        definition, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-usb", NULL, "0000:01:00.0");

    /* A hostdev network's NIC has no device: its zeroed address must not be found. */
    building_add_assignment(definition, VAS_ASSIGNMENT_INTERFACE, NULL, NULL, "52:54:00:00:00:01",
                            "0000:02:00.0");
    g_assert_true(vas_guest_definition_find_device(definition,
                                                   building_host_address("0000:04:00.0")) == first);
    g_assert_null(
        vas_guest_definition_find_device(definition, building_host_address("0000:00:00.0")));
    g_assert_true(vas_guest_definition_has_alias(definition, "ua-usb"));
    g_assert_false(vas_guest_definition_has_alias(definition, "ua-us"));
}

static void
test_counterpart_prefers_the_device(void)
{
    g_autoptr(VasGuestDefinition) config = building_q35(3);
    g_autoptr(VasAssignment) live = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    const VasAssignment *same_device;

    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.2", "ua-x", NULL,
                            "0000:01:00.0");
    same_device = building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.0", "ua-y",
                                          NULL, "0000:02:00.0");
    live->has_device = TRUE;
    live->device = building_host_address("0000:01:10.0");
    live->alias = g_strdup("ua-x");
    g_assert_true(vas_guest_definition_counterpart(config, live) == same_device);

    live->device = building_host_address("0000:09:00.0");
    g_assert_true(vas_guest_definition_counterpart(config, live) ==
                  g_ptr_array_index(config->assignments, 0));

    g_free(live->alias);
    live->alias = g_strdup("hostdev0");
    g_assert_null(vas_guest_definition_counterpart(config, live));
}

/* Two VFs with one MAC, as for a bond in the guest: the config has both, the running guest one. */
static void
test_counterpart_is_mutual(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(2), building_q35(2));
    const VasAssignment *live =
        building_add_assignment(guest->live, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", "hostdev0",
                                "52:54:00:00:00:01", "0000:01:00.0");
    const VasAssignment *same =
        building_add_assignment(guest->config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", NULL,
                                "52:54:00:00:00:01", "0000:01:00.0");
    const VasAssignment *twin =
        building_add_assignment(guest->config, VAS_ASSIGNMENT_INTERFACE, "0000:02:10.0", NULL,
                                "52:54:00:00:00:01", "0000:02:00.0");

    g_assert_true(vas_guest_counterpart(guest, live) == same);
    g_assert_true(vas_guest_counterpart(guest, same) == live);
    g_assert_null(vas_guest_counterpart(guest, twin));
    g_clear_pointer(&guest->live, vas_guest_definition_free);
    g_assert_null(vas_guest_counterpart(guest, same));
}

/* A key that fits two elements finds neither: a MAC of two VFs, a device that is there as two
 * disks. */
static void
test_counterpart_is_the_only_one(void)
{
    g_autoptr(VasGuestDefinition) config = building_q35(3);
    g_autoptr(VasAssignment) wanted = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    VasAssignment *disks[] = {
        building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.0", NULL, NULL,
                                "0000:01:00.0"),
        building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.0", NULL, NULL,
                                "0000:02:00.0"),
    };

    disks[0]->disk = g_strdup("vda");
    disks[1]->disk = g_strdup("vdb");
    wanted->has_device = TRUE;
    wanted->device = disks[0]->device;
    g_assert_null(vas_guest_definition_counterpart(config, wanted));
    wanted->disk = g_strdup("vdb");
    g_assert_true(vas_guest_definition_counterpart(config, wanted) == disks[1]);

    wanted->has_device = FALSE;
    wanted->has_mac = TRUE;
    wanted->mac = building_mac("52:54:00:00:00:01");
    for (guint i = 0; i < G_N_ELEMENTS(disks); i++) {
        disks[i]->has_mac = TRUE;
        disks[i]->mac = wanted->mac;
    }
    g_assert_null(vas_guest_definition_counterpart(config, wanted));
    disks[1]->has_mac = FALSE;
    g_assert_true(vas_guest_definition_counterpart(config, wanted) == disks[0]);
}

static void
test_states(void)
{
    g_autoptr(VasGuest) shut_off = building_guest("db1", NULL, building_q35(0));
    g_autoptr(VasGuest) running = building_guest("db2", building_q35(0), NULL);

    g_assert_false(vas_guest_is_active(shut_off));
    g_assert_true(vas_guest_is_active(running));
    g_assert_cmpstr(vas_guest_state_name(VAS_GUEST_SHUT_OFF), ==, "shut off");
    g_assert_cmpstr(vas_guest_state_name(VAS_GUEST_RUNNING), ==, "running");
    g_assert_cmpstr(vas_guest_state_name(VAS_GUEST_PAUSED), ==, "paused");
    g_assert_cmpstr(vas_guest_state_name(VAS_GUEST_OTHER), ==, "other");
    vas_guest_free(NULL);
    vas_guest_definition_free(NULL);
}

#define BOTH ((VasScope) (VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG))

static void
test_scopes(void)
{
    static const struct {
        gboolean live;
        gboolean config;
        VasScope asked;
        VasScope scope; /* 0: refused */
        const char *message;
    } cases[] = {
        {TRUE, TRUE, 0, BOTH, NULL},
        {TRUE, TRUE, VAS_SCOPE_LIVE, VAS_SCOPE_LIVE, NULL},
        {TRUE, TRUE, VAS_SCOPE_CONFIG, VAS_SCOPE_CONFIG, NULL},
        {TRUE, TRUE, BOTH, BOTH, NULL},
        {FALSE, TRUE, 0, VAS_SCOPE_CONFIG, NULL},
        {FALSE, TRUE, VAS_SCOPE_CONFIG, VAS_SCOPE_CONFIG, NULL},
        {FALSE, TRUE, VAS_SCOPE_LIVE, 0, "guest db1 is shut off: --live needs it running"},
        {FALSE, TRUE, BOTH, 0, "guest db1 is shut off: --live needs it running"},
        {TRUE, FALSE, 0, VAS_SCOPE_LIVE, NULL},
        {TRUE, FALSE, VAS_SCOPE_LIVE, VAS_SCOPE_LIVE, NULL},
        {TRUE, FALSE, VAS_SCOPE_CONFIG, 0, "guest db1 is transient: it has no config"},
        {TRUE, FALSE, BOTH, 0, "guest db1 is transient: it has no config"},
        {FALSE, FALSE, 0, 0, "it has ended"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(VasGuest) guest = building_guest("db1", cases[i].live ? building_q35(0) : NULL,
                                                   cases[i].config ? building_q35(0) : NULL);
        g_autoptr(GError) error = NULL;
        VasScope scope = 0;

        if (cases[i].message == NULL) {
            g_assert_true(vas_guest_resolve_scope(guest, cases[i].asked, &scope, &error));
            g_assert_no_error(error);
        } else {
            g_assert_false(vas_guest_resolve_scope(guest, cases[i].asked, &scope, &error));
            testing_assert_error(&error, VAS_ERROR_WRONG_STATE, cases[i].message);
        }
        g_assert_cmpint(scope, ==, cases[i].scope);
    }
}

static void
test_scope_hints(void)
{
    g_autoptr(VasGuest) shut_off = building_guest("db1", NULL, building_q35(0));
    g_autoptr(VasGuest) transient = building_guest("db2", building_q35(0), NULL);
    g_autoptr(GError) live_error = NULL;
    g_autoptr(GError) config_error = NULL;
    VasScope scope;

    g_assert_false(vas_guest_resolve_scope(shut_off, VAS_SCOPE_LIVE, &scope, &live_error));
    testing_assert_hint(live_error, "leave out --live, or start it first");
    g_assert_false(vas_guest_resolve_scope(transient, VAS_SCOPE_CONFIG, &scope, &config_error));
    testing_assert_hint(config_error, "leave out --config");
}

/* Commands in hints name the guest by its UUID where a shell or we would not take its name. */
static void
test_word(void)
{
    static const struct {
        const char *name;
        const char *word;
    } cases[] = {
        {"db1", "db1"},
        {"win11 (Gamer PC)", "'win11 (Gamer PC)'"},
        {"--force", "d0000000-0000-4000-8000-000000000001"},
        {"a\033[2J", "d0000000-0000-4000-8000-000000000001"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(VasGuest) guest =
            vas_guest_new(cases[i].name, "d0000000-0000-4000-8000-000000000001");

        g_assert_cmpstr(guest->word, ==, cases[i].word);
    }
}

static void
test_word_in_hint(void)
{
    g_autoptr(VasGuest) guest = building_guest("a guest", NULL, building_q35(1));
    g_autoptr(GError) error = NULL;
    VasScope scope;

    g_assert_false(vas_guest_resolve_scope(guest, VAS_SCOPE_LIVE, &scope, &error));
    testing_assert_hint(error, "virsh start 'a guest'");
    testing_assert_error(&error, VAS_ERROR_WRONG_STATE, "guest a guest is shut off");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/occupants-have-whole-slots", test_occupants_have_whole_slots);
    g_test_add_func("/guest/find-device", test_find_device);
    g_test_add_func("/guest/counterpart-prefers-the-device", test_counterpart_prefers_the_device);
    g_test_add_func("/guest/counterpart-is-mutual", test_counterpart_is_mutual);
    g_test_add_func("/guest/counterpart-is-the-only-one", test_counterpart_is_the_only_one);
    g_test_add_func("/guest/states", test_states);
    g_test_add_func("/guest/scopes", test_scopes);
    g_test_add_func("/guest/scope-hints", test_scope_hints);
    g_test_add_func("/guest/word", test_word);
    g_test_add_func("/guest/word-in-hint", test_word_in_hint);
    return g_test_run();
}
