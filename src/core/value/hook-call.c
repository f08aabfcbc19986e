/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/hook-call.h"

#include <string.h>

#define PROBE "virt-assign-hook-"
#define NONCE_LENGTH 32

static const struct {
    const char *operation;
    const char *suboperation;
    VasHookPhase phase;
} phases[] = {
    {"prepare", "begin", VAS_HOOK_PREPARE},
    {"start", "begin", VAS_HOOK_START},
    {"release", "end", VAS_HOOK_RELEASE},
};

VasHookPhase
vas_hook_call_phase(const char *const *words)
{
    if (g_strv_length((char **) words) < 3)
        return VAS_HOOK_NOTHING;
    for (guint i = 0; i < G_N_ELEMENTS(phases); i++) {
        if (!g_str_equal(words[1], phases[i].operation) ||
            !g_str_equal(words[2], phases[i].suboperation))
            continue;
        if (vas_hook_call_nonce(words[0]) == NULL)
            return phases[i].phase;
        return phases[i].phase == VAS_HOOK_PREPARE ? VAS_HOOK_PROBE : VAS_HOOK_NOTHING;
    }
    return VAS_HOOK_NOTHING;
}

char *
vas_hook_call_probe(const char *nonce)
{
    return g_strconcat(PROBE, nonce, NULL);
}

const char *
vas_hook_call_nonce(const char *guest)
{
    const char *nonce = guest + strlen(PROBE);

    if (!g_str_has_prefix(guest, PROBE) || strlen(nonce) != NONCE_LENGTH ||
        strspn(nonce, "0123456789abcdef") != NONCE_LENGTH)
        return NULL;
    return nonce;
}
