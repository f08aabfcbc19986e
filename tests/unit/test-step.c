/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/step.h"

#include "building.h"
#include "testing.h"

static VasAssignment *
new_assignment(void)
{
    VasAssignment *assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    assignment->has_device = TRUE;
    assignment->device = building_host_address("0000:01:10.0");
    assignment->alias = g_strdup("ua-x");
    assignment->has_guest_address = TRUE;
    assignment->guest_address = building_guest_address("0000:02:00.0");
    return assignment;
}

static const struct {
    VasStepKind kind;
    const char *name;
    const char *text;
} kinds[] = {
    {VAS_STEP_ATTACH_LIVE, "attach-live",
     "attach 0000:01:10.0 to running db1 at 0000:02:00.0 as ua-x"},
    {VAS_STEP_PROVE_LIVE, "prove-live",
     "prove that running db1 has 0000:01:10.0 at 0000:02:00.0 as ua-x"},
    {VAS_STEP_ATTACH_CONFIG, "attach-config",
     "add 0000:01:10.0 to the config of db1 at 0000:02:00.0 as ua-x"},
    {VAS_STEP_PROVE_CONFIG, "prove-config",
     "prove that the config of db1 has 0000:01:10.0 at 0000:02:00.0 as ua-x"},
    {VAS_STEP_PROVE_ALONE, "prove-alone", "prove that no guest but db1 was given 0000:01:10.0"},
    {VAS_STEP_ASK_RELEASE, "ask-release",
     "ask running db1 to release 0000:01:10.0 at 0000:02:00.0 as ua-x"},
    {VAS_STEP_AWAIT_RELEASE, "await-release", "wait until db1 has released 0000:01:10.0"},
    {VAS_STEP_PROVE_RELEASED, "prove-released", "prove that 0000:01:10.0 is out of running db1"},
    {VAS_STEP_DETACH_CONFIG, "detach-config", "remove 0000:01:10.0 from the config of db1"},
    {VAS_STEP_HOST_DETACH, "host-detach", "take 0000:01:10.0 from its host driver, onto db1"},
    {VAS_STEP_PROVE_HOST_DETACHED, "prove-host-detached", "prove that 0000:01:10.0 is on db1"},
    {VAS_STEP_HOST_REATTACH, "host-reattach",
     "give 0000:01:10.0 back to its host driver, from db1"},
    {VAS_STEP_PROVE_HOST_REATTACHED, "prove-host-reattached", "prove that 0000:01:10.0 is off db1"},
};

static void
test_names_and_texts(void)
{
    g_autoptr(VasAssignment) assignment = new_assignment();

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(VasStep) step = vas_step_new(kinds[i].kind, 3, assignment, "<hostdev/>", "db1");

        g_assert_cmpint(step->kind, ==, kinds[i].kind);
        g_assert_cmpuint(step->subject, ==, 3);
        g_assert_cmpstr(step->xml, ==, "<hostdev/>");
        g_assert_cmpstr(step->text, ==, kinds[i].text);
        g_assert_cmpstr(vas_step_kind_name(kinds[i].kind), ==, kinds[i].name);
        g_assert_true(step->assignment != assignment);
    }
    vas_step_free(NULL);
}

static void
assert_text(const VasAssignment *assignment, const char *expected)
{
    g_autoptr(VasStep) step = vas_step_new(VAS_STEP_DETACH_CONFIG, 0, assignment, NULL, "db1");

    g_assert_null(step->xml);
    g_assert_cmpstr(step->text, ==, expected);
}

static void
test_texts_of_what_is_little_known(void)
{
    g_autoptr(VasAssignment) assignment = new_assignment();

    assignment->has_device = FALSE;
    assert_text(assignment, "remove ua-x from the config of db1");
    g_clear_pointer(&assignment->alias, g_free);
    assert_text(assignment, "remove the device at 0000:02:00.0 from the config of db1");
    assignment->network = g_strdup("vfs");
    assert_text(assignment, "remove the NIC on network vfs from the config of db1");
    assignment->has_mac = TRUE;
    assignment->mac = building_mac("52:54:00:00:00:01");
    assert_text(assignment, "remove the NIC 52:54:00:00:00:01 from the config of db1");
}

static void
test_on_host(void)
{
    static const struct {
        VasStepKind kind;
        const char *name;
    } rows[] = {
        {VAS_STEP_PERSIST_VFS, "persist-vfs"}, {VAS_STEP_SET_AUTOPROBE, "set-autoprobe"},
        {VAS_STEP_REMOVE_VFS, "remove-vfs"},   {VAS_STEP_CREATE_VFS, "create-vfs"},
        {VAS_STEP_AWAIT_VFS, "await-vfs"},
    };
    VasHostAddress pf = building_host_address("0000:01:00.0");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
        const VasStep *step = NULL;

        vas_step_add_on_host(steps, rows[i].kind, 0, pf, "make %d VFs", 4);
        step = g_ptr_array_index(steps, 0);
        g_assert_cmpstr(vas_step_kind_name(step->kind), ==, rows[i].name);
        g_assert_cmpstr(step->text, ==, "make 4 VFs");
        g_assert_true(vas_host_address_equal(step->assignment->device, pf));
        g_assert_null(step->xml);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/step/names-and-texts", test_names_and_texts);
    g_test_add_func("/step/on-host", test_on_host);
    g_test_add_func("/step/texts-of-what-is-little-known", test_texts_of_what_is_little_known);
    return g_test_run();
}
