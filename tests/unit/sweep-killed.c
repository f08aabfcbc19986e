/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

#include "core/value/error.h"
#include "fake-private.h"

#include <errno.h>
#include <string.h>

/* A killed command does nothing more, not even what a failure makes a command do: it runs in a
 * thread that stands still in its last call, until all that is to be seen in its world has been
 * seen. */
static struct {
    GMutex mutex;
    GCond cond;
    GPtrArray *threads; /* GThread, in the order in which they died */
    guint standing;
    guint let_go; /* as many may go on */
    gboolean ended;
} dead;

/* The kernel takes writes, in one of which a command dies; or it dies in the @at-th @call. */
static struct {
    guint call;
    guint at;
    VasAttributeWriter write;
    gpointer data;
    FakeHypervisor *fake;
    guint left; /* until then; 0: dead */
} deadly;

typedef struct {
    SweptWorld *swept;
    gboolean (*run)(SweptWorld *);
} Life;

static void
stand_still(FakeHypervisor *fake)
{
    guint number;

    fake->on_fault = NULL;
    g_mutex_lock(&dead.mutex);
    number = ++dead.standing;
    g_cond_broadcast(&dead.cond);
    while (dead.let_go < number)
        g_cond_wait(&dead.cond, &dead.mutex);
    g_mutex_unlock(&dead.mutex);
}

/* Another fault may come first. */
static void
stand_still_at_call(FakeHypervisor *fake)
{
    if (fake->calls[deadly.call] == deadly.at)
        stand_still(fake);
}

static gpointer
live(gpointer data)
{
    g_autofree Life *life = data;

    (void) life->run(life->swept);
    g_mutex_lock(&dead.mutex);
    dead.ended = TRUE;
    g_cond_broadcast(&dead.cond);
    g_mutex_unlock(&dead.mutex);
    return NULL;
}

static int
write_or_die(const char *path, const char *text, gpointer data)
{
    if (deadly.left == 0 || --deadly.left > 0)
        return deadly.write(path, text, deadly.data);
    stand_still(deadly.fake);
    return EIO;
}

static void
plan_death(FakeHypervisor *fake, guint call, guint nth)
{
    if (call != SWEEP_WRITE_ATTRIBUTE) {
        deadly.call = call;
        deadly.at = fake->calls[call] + nth;
        fake->on_fault = stand_still_at_call;
        fake_plan_fault(fake, (FakeCall) call, nth, FAKE_CUTS_OFF, VAS_ERROR_FAILED, "killed");
        return;
    }
    deadly.write = fake->host->write_attribute;
    deadly.data = fake->host->writer_data;
    deadly.fake = fake;
    deadly.left = nth;
    fake->host->write_attribute = write_or_die;
}

gboolean
sweep_kill(SweptWorld *swept, gboolean (*run)(SweptWorld *), guint call, guint nth)
{
    FakeHypervisor *fake = swept->world.fake;
    Life *life = g_new0(Life, 1);
    GThread *thread = NULL;
    guint before = dead.standing;
    gboolean is_dead;

    life->swept = swept;
    life->run = run;
    plan_death(fake, call, nth);
    g_mutex_lock(&dead.mutex);
    dead.ended = FALSE;
    thread = g_thread_new("killed", live, life);
    while (dead.standing == before && !dead.ended)
        g_cond_wait(&dead.cond, &dead.mutex);
    is_dead = dead.standing > before;
    g_mutex_unlock(&dead.mutex);
    fake->on_fault = NULL;
    if (!is_dead) {
        g_thread_join(thread);
        return FALSE;
    }
    if (dead.threads == NULL)
        dead.threads = g_ptr_array_new();
    g_ptr_array_add(dead.threads, thread);
    return TRUE;
}

void
sweep_revive(SweptWorld *swept)
{
    Fake *fake = (Fake *) swept->world.fake;

    fake->hangs = FALSE;
    fake->cut_off = FALSE;
    fake->connection.disconnected = FALSE;
    fake_forget_client(fake);
}

void
sweep_bury(SweptWorld *swept)
{
    Fake *fake = (Fake *) swept->world.fake;

    if (dead.threads == NULL)
        return;
    fake->cut_off = TRUE;
    fake->connection.disconnected = TRUE;
    for (guint i = 0; i < dead.threads->len; i++) {
        g_clear_error(&swept->world.error);
        g_clear_pointer(&swept->world.results, g_ptr_array_unref);
        g_mutex_lock(&dead.mutex);
        dead.let_go = i + 1;
        g_cond_broadcast(&dead.cond);
        g_mutex_unlock(&dead.mutex);
        g_thread_join(g_ptr_array_index(dead.threads, i));
    }
    g_clear_error(&swept->world.error);
    g_clear_pointer(&dead.threads, g_ptr_array_unref);
    dead.standing = 0;
    dead.let_go = 0;
}

/* Returns FALSE when the command has no such call. */
gboolean
sweep_try_killed(Sweep *sweep, gboolean recover)
{
    SweptWorld swept;
    Fake *fake = NULL;
    gboolean is_dead;
    gboolean is_pending = FALSE;
    g_autofree char *now = NULL;

    sweep_begin(&swept, sweep->operation);
    fake = (Fake *) swept.world.fake;
    if (sweep->first != NULL)
        sweep_plan(&swept, sweep->first);
    is_dead = sweep_kill(&swept, sweep->operation->run, sweep->strike.call, sweep->strike.nth);
    fake_forget_client(fake);
    if (is_dead && recover) {
        now = sweep_recover(sweep, &swept, &is_pending);
        if (!is_pending)
            sweep_check_recovered(sweep, now);
        if (sweep->operation->goes_on || g_str_equal(now, sweep->before))
            sweep_run_again(sweep, &swept);
    } else if (is_dead && !sweep->operation->adds_up) {
        sweep_run_again(sweep, &swept);
    }
    sweep_end(&swept);
    return is_dead;
}

static void
test_killed(gconstpointer data)
{
    Sweep sweep = *(const Sweep *) data;

    sweep_learn(&sweep);
    for (sweep.strike.call = 0; sweep.strike.call < SWEEP_N_CALLS; sweep.strike.call++) {
        if ((sweep_calls[sweep.strike.call].kind & (SWEEP_WRITES | SWEEP_BEGINS)) == 0)
            continue;
        for (sweep.strike.nth = 1; sweep.strike.nth <= sweep.counts[sweep.strike.call];
             sweep.strike.nth++) {
            sweep.tries += sweep_try_killed(&sweep, TRUE) ? 1 : 0;
            sweep.tries += sweep_try_killed(&sweep, FALSE) ? 1 : 0;
        }
    }
    sweep_finish(&sweep);
}

void
sweep_add_killed(const SweptOperation *operation)
{
    g_autofree char *path = g_strdup_printf("/killed-calls/%s", operation->name);
    Sweep *sweep = g_new0(Sweep, 1);

    sweep->operation = operation;
    sweep->fault_name = "kills";
    g_test_add_data_func_full(path, sweep, test_killed, g_free);
}
