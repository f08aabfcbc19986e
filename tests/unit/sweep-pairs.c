/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

#include <stdlib.h>

/* Pairs of each operation; VAS_TEST_PAIRS=N tries N instead. */
#define PAIRS 10
/* The number of second faults that are tried behind one first. */
#define SECONDS_EACH 4
#define KILLED (FAKE_HANGS_LATE + 1)

/* A call that may be struck, and how. */
typedef struct {
    guint call;
    guint fault; /* FakeFault, or KILLED */
} Way;

/* The first fault of a pair, and the calls that the command makes once it has struck. */
typedef struct {
    SweepStrike first;
    guint from[SWEEP_N_CALLS]; /* calls up to it */
    guint to[SWEEP_N_CALLS];   /* calls in all */
} Aftermath;

static struct {
    SweptWorld *swept;
    Aftermath *aftermath;
    VasProgressFunc tell;
    gboolean has_begun;
} watched;

static void
count(guint counts[SWEEP_N_CALLS])
{
    for (guint i = 0; i < SWEEP_N_CALLS; i++)
        counts[i] = sweep_count(watched.swept, i);
}

static void
aftermath_begins(FakeHypervisor *fake)
{
    (void) fake;
    if (!watched.has_begun)
        count(watched.aftermath->from);
    watched.has_begun = TRUE;
}

/* A fault that the fake tells nobody of is seen when its undo begins. */
static void
watch(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    if (kind == VAS_PROGRESS_STEP && g_str_has_prefix(text, "undo: "))
        aftermath_begins(data);
    watched.tell(kind, text, elapsed, limit, data);
}

/* Runs the operation with the first fault alone. FALSE: nothing comes behind that. */
static gboolean
explore(Sweep *sweep, Aftermath *aftermath)
{
    SweptWorld swept;
    guint before[SWEEP_N_CALLS];

    *aftermath = (Aftermath){.first = aftermath->first};
    sweep_begin(&swept, sweep->operation);
    watched.swept = &swept;
    watched.aftermath = aftermath;
    watched.has_begun = FALSE;
    watched.tell = swept.world.fake->context.progress;
    swept.world.fake->context.progress = watch;
    swept.world.fake->on_fault = aftermath_begins;
    count(before);
    sweep_plan(&swept, &aftermath->first);
    (void) sweep->operation->run(&swept);
    count(aftermath->to);
    for (guint i = 0; i < SWEEP_N_CALLS; i++) {
        aftermath->from[i] -= before[i];
        aftermath->to[i] -= before[i];
    }
    sweep_end(&swept);
    return watched.has_begun;
}

/* Nobody can prove anything by what lies. */
static gboolean
is_bearable(const Sweep *sweep, guint call, guint fault)
{
    if (fault == KILLED)
        return (sweep_calls[call].kind & (SWEEP_WRITES | SWEEP_BEGINS)) != 0;
    return sweep_can_go_wrong(sweep->operation, call, (FakeFault) fault) &&
           (fault != FAKE_LIES || (sweep_calls[call].kind & SWEEP_WRITES) != 0);
}

/* Chooses a way to go wrong for one of the calls behind @from, up to @to; faults are below
 * @n_faults. Each kind of call is as likely, however often it is made. FALSE: there is none. */
static gboolean
choose(const Sweep *sweep, GRand *chance, const guint *from, const guint *to, guint n_faults,
       SweepStrike *ret_strike)
{
    g_autoptr(GArray) ways = g_array_new(FALSE, FALSE, sizeof(Way));
    const Way *way = NULL;

    for (guint call = 0; call < SWEEP_N_CALLS; call++) {
        for (guint fault = 0; to[call] > from[call] && fault < n_faults; fault++) {
            Way next = {call, fault};

            if (is_bearable(sweep, call, fault))
                g_array_append_val(ways, next);
        }
    }
    if (ways->len == 0)
        return FALSE;
    way = &g_array_index(ways, Way, g_rand_int_range(chance, 0, (gint32) ways->len));
    *ret_strike = (SweepStrike){
        .call = way->call,
        .nth = from[way->call] + 1 +
               (guint) g_rand_int_range(chance, 0, (gint32) (to[way->call] - from[way->call])),
        .fault = (FakeFault) way->fault};
    return TRUE;
}

static void
try_pair(Sweep *sweep, const Aftermath *aftermath, const SweepStrike *second)
{
    const SweepStrike *first = &aftermath->first;
    gboolean is_kill = (guint) second->fault == KILLED;
    g_autofree char *name =
        g_strdup_printf("%s behind %s %u %s", is_kill ? "killed" : sweep_fault_name(second->fault),
                        sweep_calls[first->call].name, first->nth, sweep_fault_name(first->fault));

    sweep->first = first;
    sweep->fault_name = name;
    sweep->strike = *second;
    if (is_kill) {
        sweep->tries += sweep_try_killed(sweep, TRUE) ? 1 : 0;
        sweep->tries += sweep_try_killed(sweep, FALSE) ? 1 : 0;
    } else {
        sweep_try(sweep);
    }
    sweep->first = NULL;
    sweep->fault_name = NULL;
}

static guint
pairs(void)
{
    const char *wanted = g_getenv("VAS_TEST_PAIRS");

    return wanted != NULL ? (guint) atoi(wanted) : PAIRS;
}

static void
test_pairs(gconstpointer data)
{
    static const guint nothing[SWEEP_N_CALLS] = {0};
    Sweep sweep = *(const Sweep *) data;
    g_autoptr(GRand) chance = g_rand_new_with_seed(g_str_hash(sweep.operation->name));
    Aftermath aftermath;
    SweepStrike second;

    sweep_learn(&sweep);
    while (sweep.tries < pairs()) {
        g_assert_true(
            choose(&sweep, chance, nothing, sweep.counts, FAKE_CUTS_OFF, &aftermath.first));
        if (!explore(&sweep, &aftermath))
            continue;
        for (guint i = 0; i < SECONDS_EACH; i++) {
            if (choose(&sweep, chance, aftermath.from, aftermath.to, KILLED + 1, &second))
                try_pair(&sweep, &aftermath, &second);
        }
    }
    sweep_finish(&sweep);
}

void
sweep_add_pairs(const SweptOperation *operation)
{
    g_autofree char *path = g_strdup_printf("/swept-pairs/%s", operation->name);
    Sweep *sweep = g_new0(Sweep, 1);

    sweep->operation = operation;
    g_test_add_data_func_full(path, sweep, test_pairs, g_free);
}
