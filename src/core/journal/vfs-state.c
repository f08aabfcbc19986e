/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/vfs-state.h"

void
vas_vf_rule_free(VasVfRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->driver);
    g_free(rule);
}

VasVfRule *
vas_vf_rule_copy(const VasVfRule *rule)
{
    VasVfRule *copy = g_new0(VasVfRule, 1);

    *copy = (VasVfRule){rule->count, rule->autoprobe, g_strdup(rule->driver)};
    return copy;
}

gboolean
vas_vf_rule_equal(const VasVfRule *a, const VasVfRule *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->count == b->count && a->autoprobe == b->autoprobe &&
           g_strcmp0(a->driver, b->driver) == 0;
}

void
vas_vfs_state_set(VasVfsState *state, guint count, gboolean autoprobe, const VasVfRule *rule)
{
    g_clear_pointer(&state->rule, vas_vf_rule_free);
    state->count = count;
    state->autoprobe = autoprobe;
    if (rule != NULL)
        state->rule = vas_vf_rule_copy(rule);
}
