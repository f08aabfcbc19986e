/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/recover.h"
#include "sweep.h"

#include <string.h>

/* recover itself is swept (sweep.h), for what a killed attach and a killed detach have left; for
 * what a command of the host has left, in test-swept-host. */

#define VF "0000:01:10.0"

static gboolean
attach_vf(SweptWorld *swept)
{
    return run_attach(&swept->world, (const char *const[]){VF, NULL});
}

static gboolean
detach_vf(SweptWorld *swept)
{
    return run_detach(&swept->world, (const char *const[]){VF, NULL});
}

/* The user asks again, as the hint says: a request that is on record may never have gone out. */
static gboolean
ask_again(SweptWorld *swept)
{
    gboolean ok;

    swept->world.ask_again = TRUE;
    ok = detach_vf(swept);
    g_clear_pointer(&swept->world.results, g_ptr_array_unref);
    return ok;
}

static gboolean
recover(SweptWorld *swept)
{
    const VasRecoverRequest request = {.guest = "db1", .timeout = 60};
    const char *record = swept->world.guest->metadata;
    g_autoptr(GPtrArray) recoveries = NULL;

    if (record != NULL && strstr(record, "<release ") != NULL && !ask_again(swept))
        return FALSE;
    return vas_recover(&swept->world.fake->context, &request, &recoveries, &swept->world.error);
}

static void
wish_settings(SweptWorld *swept)
{
    VasAssignmentWish *wish = swept->world.wish;

    fake_vf_settings(swept->world.fake, VF)->vlan = 42;
    wish->has_mac = TRUE;
    wish->mac = (VasMacAddress){{0x52, 0x54, 0, 0x6d, 0x90, 2}};
    wish->vlan = 100;
    wish->vf.trust = 1;
}

static void
kill_at(SweptWorld *swept, gboolean (*run)(SweptWorld *), FakeCall call)
{
    g_assert_true(sweep_kill(swept, run, call, 1));
    sweep_revive(swept);
}

static void
kill_attach(SweptWorld *swept)
{
    wish_settings(swept);
    kill_at(swept, attach_vf, FAKE_ATTACH_CONFIG);
}

static void
kill_detach(SweptWorld *swept)
{
    wish_settings(swept);
    g_assert_true(attach_vf(swept));
    g_clear_pointer(&swept->world.results, g_ptr_array_unref);
    kill_at(swept, detach_vf, FAKE_DETACH_CONFIG);
}

static const SweptOperation operations[] = {
    {"recover-attach", kill_attach, recover, TRUE, FALSE, FALSE},
    {"recover-detach", kill_detach, recover, TRUE, FALSE, FALSE},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
        sweep_add(&operations[i]);
        sweep_add_killed(&operations[i]);
        sweep_add_pairs(&operations[i]);
    }
    return g_test_run();
}
