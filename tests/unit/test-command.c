/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/command/command.h"

#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/run/execute.h"
#include "recover-fixture.h"

#include <string.h>

/* A made-up verb runs in the frame: its one step touches nothing, and each function tells when it
 * was called and whether the locks were held. */

static const char *const devices[] = {VF, NULL};

typedef struct {
    RecoverWorld recover; /* first: the fixture's functions take it */
    VasCommand command;
    GString *calls;       /* "decide " ... in their order */
    const char *fails_in; /* this function fails; NULL: none */
    int code;             /* with this */
    gboolean lends;       /* execute ends with the locks lent */
    gboolean saw_device;  /* decide found the device in the running guest */
    GPtrArray *results;
    GPtrArray *steps;
    GError *error;
} Frame;

/* A VasClaimFinder of another command. */
static void
find_other(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const Frame *frame = data;
    const VasDevice *device = vas_selector_device(inventory, VF, NULL);

    if (frame->command.guest_name != NULL)
        vas_claim_set_add_guest(set, vas_selector_guest(inventory, "db1", NULL));
    vas_claim_set_add_device(set, inventory, device, FALSE);
}

static gboolean
are_locks_held(Frame *frame)
{
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(VasClaim) claim = vas_claim_take(&frame->recover.world.fake->context, NULL,
                                               find_other, frame, 0, FALSE, &inventory, &error);

    g_assert_true(claim != NULL || g_error_matches(error, VAS_ERROR, VAS_ERROR_LOCKED));
    return claim == NULL;
}

static gboolean
is_host_recorded(const Frame *frame)
{
    g_autofree char *path =
        g_build_filename(frame->recover.world.lock_folder, "operation-" VF, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
is_recorded(const Frame *frame)
{
    return is_on_record(&frame->recover) || is_host_recorded(frame);
}

/* Notes the call, with what was on record and locked then. */
static gboolean
tell(Frame *frame, const char *name, GError **error)
{
    gboolean is_dry = frame->command.dry_run;

    g_string_append_printf(frame->calls, "%s%s ", name, is_recorded(frame) ? "+record" : "");
    g_assert_cmpint(are_locks_held(frame), ==, !is_dry);
    if (g_strcmp0(frame->fails_in, name) != 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, frame->code, "%s fails", name);
    return FALSE;
}

static gboolean
decide(VasCommand *command, GError **error)
{
    Frame *frame = command->data;
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    subject->has_device = TRUE;
    g_assert_true(vas_host_address_parse(VF, &subject->device, NULL));
    g_assert_nonnull(command->inventory);
    g_assert_true((command->guest != NULL) == (command->guest_name != NULL));
    frame->saw_device =
        command->guest != NULL &&
        vas_guest_definition_find_device(command->guest->live, subject->device) != NULL;
    if (!tell(frame, "decide", error))
        return FALSE;
    command->phrase = g_strdup("make up");
    g_ptr_array_add(command->results, vas_result_new(NULL, subject));
    vas_step_add_on_host(command->steps, VAS_STEP_SET_AUTOPROBE, 0, subject->device, "do nothing");
    return TRUE;
}

static gboolean
record(VasCommand *command, GError **error)
{
    const VasResult *result = g_ptr_array_index(command->results, 0);
    VasOperationKind kind =
        command->guest != NULL ? VAS_OPERATION_ATTACH : VAS_OPERATION_HOST_DETACH;

    command->operation = vas_operation_new(kind, command->context->origin);
    vas_operation_add(command->operation, result->device)->driver = g_strdup("igbvf");
    return tell(command->data, "record", error);
}

static gboolean
act(gpointer data, const VasStep *step, GError **error)
{
    (void) step;
    return tell(data, "step", error);
}

static gboolean
undo(gpointer data, const VasStep *step, GError **error)
{
    Frame *frame = data;

    (void) step;
    if (frame->code != VAS_ERROR_UNDO_FAILED)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "undo fails");
    return FALSE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    static const VasStepAction actions[] = {{VAS_STEP_SET_AUTOPROBE, act, undo}, {0}};
    Frame *frame = command->data;
    gboolean ok = vas_execute(command->context, command->steps, actions, VAS_EXECUTE_ALL_OR_NONE,
                              frame, command->results, error);

    if (frame->lends)
        vas_claim_lend(command->claim);
    return ok;
}

static gboolean
conclude(VasCommand *command, GError **error)
{
    return tell(command->data, "conclude", error);
}

static const VasCommandClass class = {
    .name = "make-up",
    .decide = decide,
    .record = record,
    .execute = execute,
    .conclude = conclude,
};

/* The command is about db1 and VF; with @data about VF alone. */
static void
set_up(Frame *frame, gconstpointer data)
{
    FakeHypervisor *fake = NULL;

    recover_set_up(&frame->recover, NULL);
    fake = frame->recover.world.fake;
    frame->calls = g_string_new(NULL);
    world_give_locks(&frame->recover.world, "virt-assign make-up");
    frame->command = (VasCommand){.class = &class,
                                  .context = &fake->context,
                                  .data = frame,
                                  .guest_name = data == NULL ? "db1" : NULL,
                                  .devices = devices};
}

static void
forget_outcome(Frame *frame)
{
    g_clear_pointer(&frame->results, g_ptr_array_unref);
    g_clear_pointer(&frame->steps, g_ptr_array_unref);
    g_string_truncate(frame->calls, 0);
}

static void
tear_down(Frame *frame, gconstpointer data)
{
    g_assert_no_error(frame->error);
    forget_outcome(frame);
    g_string_free(frame->calls, TRUE);
    recover_tear_down(&frame->recover, data);
}

/* Runs the command; the locks are let go, however it ends. */
static gboolean
run(Frame *frame)
{
    gboolean ok;

    forget_outcome(frame);
    ok = vas_command_run(&frame->command, &frame->results, &frame->steps, &frame->error);
    g_assert_false(are_locks_held(frame));
    g_assert_null(frame->command.claim);
    return ok;
}

static VasOutcome
outcome(const Frame *frame)
{
    return ((const VasResult *) g_ptr_array_index(frame->results, 0))->outcome;
}

static void
test_order(Frame *frame, gconstpointer data)
{
    g_assert_true(run(frame));
    g_assert_cmpstr(frame->calls->str, ==, "decide record step+record conclude ");
    g_assert_cmpint(outcome(frame), ==, VAS_OUTCOME_DONE);
    g_assert_null(frame->steps);
    g_assert_false(is_recorded(frame));
}

static void
test_dry_run(Frame *frame, gconstpointer data)
{
    frame->command.dry_run = TRUE;
    g_assert_true(run(frame));
    g_assert_cmpstr(frame->calls->str, ==, "decide conclude ");
    g_assert_cmpint(outcome(frame), ==, VAS_OUTCOME_PLANNED);
    g_assert_cmpuint(frame->steps->len, ==, 1);
    g_assert_cmpuint(frame->recover.world.fake->calls[FAKE_SET_METADATA], ==, 0);
    g_assert_false(is_recorded(frame));
}

static void
test_refused(Frame *frame, gconstpointer data)
{
    frame->fails_in = "decide";
    frame->code = VAS_ERROR_CONFLICT;
    g_assert_false(run(frame));
    g_assert_cmpstr(frame->error->message, ==, "decide fails");
    testing_assert_error(&frame->error, VAS_ERROR_CONFLICT, "decide fails");
    g_assert_cmpstr(frame->calls->str, ==, "decide ");
    g_assert_null(frame->results);
    g_assert_cmpuint(frame->recover.world.fake->calls[FAKE_SET_METADATA], ==, 0);
}

static void
test_cannot_be_recorded(Frame *frame, gconstpointer data)
{
    frame->fails_in = "record";
    frame->code = VAS_ERROR_FAILED;
    g_assert_false(run(frame));
    testing_assert_error(&frame->error, VAS_ERROR_FAILED, "make up: record fails");
    g_assert_cmpstr(frame->calls->str, ==, "decide record ");
    g_assert_cmpint(outcome(frame), ==, VAS_OUTCOME_FAILED);
    g_assert_false(is_recorded(frame));
}

static void
test_step_fails(Frame *frame, gconstpointer data)
{
    frame->fails_in = "step";
    frame->code = VAS_ERROR_FAILED;
    g_assert_false(run(frame));
    testing_assert_error(&frame->error, VAS_ERROR_FAILED, "make up: step fails");
    g_assert_cmpstr(frame->calls->str, ==, "decide record step+record ");
    g_assert_cmpint(outcome(frame), ==, VAS_OUTCOME_FAILED);
    g_assert_false(is_recorded(frame));
}

static void
test_undo_fails(Frame *frame, gconstpointer data)
{
    frame->fails_in = "step";
    frame->code = VAS_ERROR_UNDO_FAILED;
    g_assert_false(run(frame));
    testing_assert_hint(frame->error, "virt-assign recover");
    testing_assert_error(&frame->error, VAS_ERROR_UNDO_FAILED, "undo fails");
    g_assert_true(is_recorded(frame));
}

static void
test_conclusion_fails(Frame *frame, gconstpointer data)
{
    frame->fails_in = "conclude";
    frame->code = VAS_ERROR_PARTIAL;
    g_assert_false(run(frame));
    testing_assert_error(&frame->error, VAS_ERROR_PARTIAL, "make up: conclude fails");
    g_assert_null(frame->results);
    g_assert_false(is_recorded(frame));
}

/* The record is closed under the locks. */
static void
test_lends(Frame *frame, gconstpointer data)
{
    frame->lends = TRUE;
    g_assert_true(run(frame));
    g_assert_cmpstr(frame->calls->str, ==, "decide record step+record conclude ");
    g_assert_false(is_recorded(frame));
}

/* An attach was killed with VF in the running guest only; @goes_on: the command has it still. */
static void
test_recovers_first(Frame *frame, gconstpointer data)
{
    VasCommandClass going_on = class;

    going_on.goes_on = GPOINTER_TO_INT(data);
    frame->command.class = &going_on;
    frame->command.guest_name = "db1";
    die_at(&frame->recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(&frame->recover, devices);
    frame->command.dry_run = TRUE;
    g_assert_true(run(frame));
    g_assert_true(frame->saw_device);
    frame->command.dry_run = FALSE;
    g_assert_true(run(frame));
    g_assert_cmpint(frame->saw_device, ==, going_on.goes_on);
    g_assert_cmpint(was_noted(&frame->recover, "did not end: undone"), ==, !going_on.goes_on);
}

/* Whoever takes the recoveries tells of them, and goes on where one has failed. */
static void
test_hands_recoveries_over(Frame *frame, gconstpointer data)
{
    World *world = &frame->recover.world;
    const VasRecovery *recovery = NULL;

    frame->command.guest_name = world->guest->uuid;
    frame->command.by_uuid = TRUE;
    frame->command.recoveries = world->recoveries;
    die_at(&frame->recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(&frame->recover, devices);
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "monitor gone");
    g_assert_true(run(frame));
    g_assert_true(frame->saw_device);
    g_assert_cmpuint(world->recoveries->len, ==, 1);
    recovery = g_ptr_array_index(world->recoveries, 0);
    g_assert_cmpint(recovery->outcome, ==, VAS_RECOVERY_FAILED);
    g_assert_false(was_noted(&frame->recover, "did not end"));
}

static void
test_knows_a_uuid_only(Frame *frame, gconstpointer data)
{
    frame->command.by_uuid = TRUE;
    g_assert_false(run(frame));
    testing_assert_error(&frame->error, VAS_ERROR_NOT_FOUND, "no guest \"db1\"");
    g_assert_cmpstr(frame->calls->str, ==, "");
}

/* A killed command about the host alone left a record of VF, which is as it was before. */
static void
test_recovers_host_first(Frame *frame, gconstpointer data)
{
    frame->fails_in = "step";
    frame->code = VAS_ERROR_UNDO_FAILED;
    g_assert_false(run(frame));
    g_clear_error(&frame->error);
    g_assert_true(is_recorded(frame));
    frame->fails_in = NULL;
    g_assert_true(run(frame));
    g_assert_true(was_noted(&frame->recover, "did not end: undone"));
    g_assert_cmpstr(frame->calls->str, ==, "decide record step+record conclude ");
}

#define HOST GINT_TO_POINTER(TRUE)
#define ADD(name, data, function)                                                                  \
    g_test_add("/command/" name, Frame, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("order", NULL, test_order);
    ADD("order/host", HOST, test_order);
    ADD("dry-run", NULL, test_dry_run);
    ADD("dry-run/host", HOST, test_dry_run);
    ADD("refused", NULL, test_refused);
    ADD("refused/host", HOST, test_refused);
    ADD("cannot-be-recorded", NULL, test_cannot_be_recorded);
    ADD("step-fails", NULL, test_step_fails);
    ADD("step-fails/host", HOST, test_step_fails);
    ADD("undo-fails", NULL, test_undo_fails);
    ADD("undo-fails/host", HOST, test_undo_fails);
    ADD("conclusion-fails", NULL, test_conclusion_fails);
    ADD("lends", NULL, test_lends);
    ADD("recovers-first", NULL, test_recovers_first);
    ADD("recovers-first/goes-on", HOST, test_recovers_first);
    ADD("recovers-first/host", HOST, test_recovers_host_first);
    ADD("hands-recoveries-over", NULL, test_hands_recoveries_over);
    ADD("knows-a-uuid-only", NULL, test_knows_a_uuid_only);
    return g_test_run();
}
