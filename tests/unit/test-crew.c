/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/crew.h"

#include "core/value/error.h"
#include "world.h"

#include <signal.h>

/* This is far beyond what a test may take: what ends in time was not ended by it. */
#define PATIENCE (60 * G_USEC_PER_SEC)

#define JOBS_MAX (2 * VAS_CREW_MAX)

typedef struct Meeting Meeting;

typedef struct {
    Meeting *meeting;
    VasHypervisor *hypervisor; /* it was done with this */
    gboolean is_interrupted;
    gboolean loses; /* libvirt */
} Job;

/* The jobs of a test meet here. */
struct Meeting {
    World world; /* first */
    GMutex lock;
    GCond changed;
    Job jobs[JOBS_MAX];
    guint wanted; /* so many have to be here at once */
    guint here;
    guint most; /* that were here at once */
    guint begun;
    gboolean is_complete;
    gint telling;      /* somebody reports progress */
    guint was_in_line; /* reports */
};

static void
set_up(Meeting *meeting, gconstpointer data)
{
    world_set_up_interruptible(&meeting->world, data);
    g_mutex_init(&meeting->lock);
    g_cond_init(&meeting->changed);
}

static void
tear_down(Meeting *meeting, gconstpointer data)
{
    g_mutex_clear(&meeting->lock);
    g_cond_clear(&meeting->changed);
    world_tear_down(&meeting->world, data);
}

static gboolean
run(Meeting *meeting, guint count, VasCrewFunc work)
{
    g_autoptr(GPtrArray) jobs = g_ptr_array_new();

    for (guint i = 0; i < count; i++) {
        meeting->jobs[i].meeting = meeting;
        g_ptr_array_add(jobs, &meeting->jobs[i]);
    }
    return vas_crew_run(&meeting->world.fake->context, jobs, work, &meeting->world.error);
}

/* Waits until as many as are wanted have come; later ones do not wait. */
static gboolean
meet(const VasContext *context, gpointer data)
{
    Job *job = data;
    Meeting *meeting = job->meeting;
    gint64 deadline = g_get_monotonic_time() + PATIENCE;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&meeting->lock);

    job->hypervisor = context->hypervisor;
    meeting->begun++;
    meeting->here++;
    meeting->most = MAX(meeting->most, meeting->here);
    meeting->is_complete = meeting->is_complete || meeting->here == meeting->wanted;
    g_cond_broadcast(&meeting->changed);
    while (!meeting->is_complete && g_cond_wait_until(&meeting->changed, &meeting->lock, deadline))
        continue;
    meeting->here--;
    return TRUE;
}

/* Each waits for all others: one after the other they would not get on. */
static void
test_at_once(Meeting *meeting, gconstpointer data)
{
    meeting->wanted = VAS_CREW_MAX;
    g_assert_true(run(meeting, VAS_CREW_MAX, meet));
    g_assert_true(meeting->is_complete);
    for (guint i = 0; i < VAS_CREW_MAX; i++) {
        g_assert_true(meeting->jobs[i].hypervisor != &meeting->world.fake->port);
        for (guint k = 0; k < i; k++)
            g_assert_true(meeting->jobs[i].hypervisor != meeting->jobs[k].hypervisor);
    }
}

static void
test_no_more_at_once(Meeting *meeting, gconstpointer data)
{
    meeting->wanted = VAS_CREW_MAX;
    g_assert_true(run(meeting, JOBS_MAX, meet));
    g_assert_cmpuint(meeting->begun, ==, JOBS_MAX);
    g_assert_cmpuint(meeting->most, ==, VAS_CREW_MAX);
    g_assert_cmpuint(meeting->world.fake->calls[FAKE_CLONE], ==, VAS_CREW_MAX);
}

static void
test_one_alone(Meeting *meeting, gconstpointer data)
{
    meeting->wanted = 1;
    g_assert_true(run(meeting, 0, meet));
    g_assert_cmpuint(meeting->begun, ==, 0);
    g_assert_true(run(meeting, 1, meet));
    g_assert_true(meeting->jobs[0].hypervisor == &meeting->world.fake->port);
    g_assert_cmpuint(meeting->world.fake->calls[FAKE_CLONE], ==, 0);
}

static void
test_no_connection(Meeting *meeting, gconstpointer data)
{
    fake_plan_fault(meeting->world.fake, FAKE_CLONE, 2, FAKE_FAILS, VAS_ERROR_UNREACHABLE,
                    "too many clients");
    g_assert_false(run(meeting, 3, meet));
    g_assert_cmpuint(meeting->begun, ==, 0);
    testing_assert_error(&meeting->world.error, VAS_ERROR_UNREACHABLE,
                         "each of 3 guests to work on at once: too many clients");
}

/* The first has lost libvirt; the second is at its job until the last one is begun. */
static gboolean
lose_first(const VasContext *context, gpointer data)
{
    Job *job = data;
    Meeting *meeting = job->meeting;
    gint64 deadline = g_get_monotonic_time() + PATIENCE;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&meeting->lock);

    job->hypervisor = context->hypervisor;
    meeting->begun++;
    g_cond_broadcast(&meeting->changed);
    while (job->loses && meeting->begun < meeting->wanted &&
           g_cond_wait_until(&meeting->changed, &meeting->lock, deadline))
        continue;
    return !job->loses;
}

static void
test_one_loses_libvirt(Meeting *meeting, gconstpointer data)
{
    meeting->wanted = 2;
    meeting->jobs[0].loses = TRUE;
    g_assert_true(run(meeting, 2, lose_first));
    g_assert_cmpuint(meeting->begun, ==, 2);
    g_assert_true(meeting->jobs[1].hypervisor != meeting->jobs[0].hypervisor);
    g_assert_true(meeting->jobs[1].hypervisor != &meeting->world.fake->port);
}

/* The caller's own connection does the jobs that nobody has begun. */
static void
test_all_lose_libvirt(Meeting *meeting, gconstpointer data)
{
    meeting->wanted = VAS_CREW_MAX;
    for (guint i = 0; i < VAS_CREW_MAX; i++)
        meeting->jobs[i].loses = TRUE;
    g_assert_true(run(meeting, JOBS_MAX, lose_first));
    g_assert_cmpuint(meeting->begun, ==, JOBS_MAX);
    for (guint i = 0; i < JOBS_MAX; i++)
        g_assert_cmpint(meeting->jobs[i].hypervisor == &meeting->world.fake->port, ==,
                        i >= VAS_CREW_MAX);
}

/* The signal comes when all of them are here. */
static gboolean
wait_for_signal(const VasContext *context, gpointer data)
{
    Job *job = data;
    Meeting *meeting = job->meeting;
    g_autoptr(VasEvent) event = NULL;

    (void) meet(context, data);
    if (job == &meeting->jobs[0])
        vas_interrupt_raise(meeting->world.interrupt, SIGTERM);
    event = vas_context_next_event(context, g_get_monotonic_time() + PATIENCE);
    vas_interrupt_sleep(context->interrupt, g_get_monotonic_time() + PATIENCE);
    job->is_interrupted = vas_interrupt_is_due(context->interrupt);
    vas_interrupt_shield(context->interrupt);
    return TRUE;
}

/* One signal ends the waits of all, and the shield of one is its own. */
static void
test_interrupted(Meeting *meeting, gconstpointer data)
{
    gint64 deadline = g_get_monotonic_time() + PATIENCE;

    meeting->wanted = 3;
    g_assert_true(run(meeting, 3, wait_for_signal));
    for (guint i = 0; i < 3; i++)
        g_assert_true(meeting->jobs[i].is_interrupted);
    g_assert_true(vas_interrupt_is_due(meeting->world.interrupt));
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
}

static gboolean
look_for_signal(const VasContext *context, gpointer data)
{
    Job *job = data;

    job->is_interrupted = vas_interrupt_is_due(context->interrupt);
    return TRUE;
}

static void
test_interrupted_before(Meeting *meeting, gconstpointer data)
{
    vas_interrupt_raise(meeting->world.interrupt, SIGTERM);
    g_assert_true(run(meeting, 2, look_for_signal));
    g_assert_true(meeting->jobs[0].is_interrupted && meeting->jobs[1].is_interrupted);
}

static void
report(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    Meeting *meeting = data;

    g_assert_cmpint(kind, ==, VAS_PROGRESS_WAITING);
    g_assert_cmpstr(text, ==, "waiting for db1");
    g_assert_cmpuint(elapsed, ==, 3);
    g_assert_cmpuint(limit, ==, 60);
    g_assert_cmpint(g_atomic_int_add(&meeting->telling, 1), ==, 0);
    g_thread_yield();
    g_assert_cmpint(g_atomic_int_add(&meeting->telling, -1), ==, 1);
    meeting->was_in_line++;
}

static gboolean
report_much(const VasContext *context, gpointer data)
{
    (void) meet(context, data);
    for (guint i = 0; i < 100; i++)
        vas_context_progress(context, VAS_PROGRESS_WAITING, 3, 60, "waiting for %s", "db1");
    return TRUE;
}

static void
test_reports_in_line(Meeting *meeting, gconstpointer data)
{
    VasContext *context = &meeting->world.fake->context;

    context->progress = report;
    context->progress_data = meeting;
    meeting->wanted = 4;
    g_assert_true(run(meeting, 4, report_much));
    g_assert_cmpuint(meeting->was_in_line, ==, 400);
    context->progress = NULL;
    g_assert_true(run(meeting, 4, report_much));
}

#define ADD(name, function) g_test_add("/crew/" name, Meeting, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("at-once", test_at_once);
    ADD("no-more-at-once", test_no_more_at_once);
    ADD("one-alone", test_one_alone);
    ADD("no-connection", test_no_connection);
    ADD("one-loses-libvirt", test_one_loses_libvirt);
    ADD("all-lose-libvirt", test_all_lose_libvirt);
    ADD("interrupted", test_interrupted);
    ADD("interrupted-before", test_interrupted_before);
    ADD("reports-in-line", test_reports_in_line);
    return g_test_run();
}
