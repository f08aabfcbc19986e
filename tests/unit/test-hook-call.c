/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/hook-call.h"

#include "testing.h"

#define NONCE "0123456789abcdef0123456789abcdef"

typedef struct {
    const char *name;
    const char *const words[6];
    VasHookPhase phase;
} Case;

static const Case cases[] = {
    {"prepare", {"db1", "prepare", "begin", "-"}, VAS_HOOK_PREPARE},
    {"start", {"db1", "start", "begin", "-"}, VAS_HOOK_START},
    {"release", {"db1", "release", "end", "failed"}, VAS_HOOK_RELEASE},
    {"started", {"db1", "started", "begin", "-"}, VAS_HOOK_NOTHING},
    {"stopped", {"db1", "stopped", "end", "-"}, VAS_HOOK_NOTHING},
    {"reconnect", {"db1", "reconnect", "begin", "-"}, VAS_HOOK_NOTHING},
    {"migrate", {"db1", "migrate", "begin", "-"}, VAS_HOOK_NOTHING},
    {"restore", {"db1", "restore", "begin", "-"}, VAS_HOOK_NOTHING},
    {"attach", {"db1", "attach", "begin", "-"}, VAS_HOOK_NOTHING},
    {"prepare-end", {"db1", "prepare", "end", "-"}, VAS_HOOK_NOTHING},
    {"few-words", {"db1", "prepare"}, VAS_HOOK_NOTHING},
    {"no-words", {NULL}, VAS_HOOK_NOTHING},
    {"probe", {"virt-assign-hook-" NONCE, "prepare", "begin", "-"}, VAS_HOOK_PROBE},
    {"probe-ends", {"virt-assign-hook-" NONCE, "release", "end", "-"}, VAS_HOOK_NOTHING},
    {"guest-with-like-name", {"virt-assign-hook-1", "prepare", "begin", "-"}, VAS_HOOK_PREPARE},
};

static void
test_phase(gconstpointer data)
{
    const Case *c = data;

    g_assert_cmpint(vas_hook_call_phase(c->words), ==, c->phase);
}

static void
test_nonce(void)
{
    g_autofree char *probe = vas_hook_call_probe(NONCE);

    g_assert_cmpstr(vas_hook_call_nonce(probe), ==, NONCE);
    g_assert_null(vas_hook_call_nonce("db1"));
    g_assert_null(vas_hook_call_nonce("virt-assign-hook-../../../../../../../../../../etc"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/hook-call/phase/", cases[i].name, NULL);

        g_test_add_data_func(path, &cases[i], test_phase);
    }
    g_test_add_func("/hook-call/nonce", test_nonce);
    return g_test_run();
}
