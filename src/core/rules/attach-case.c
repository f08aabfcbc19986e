/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/attach-case.h"

const VasGuestDefinition *
vas_attach_case_missing_live(const VasAttachCase *c)
{
    return (c->missing & VAS_SCOPE_LIVE) != 0 ? c->guest->live : NULL;
}

const VasGuestDefinition *
vas_attach_case_missing_config(const VasAttachCase *c)
{
    return (c->missing & VAS_SCOPE_CONFIG) != 0 ? c->guest->config : NULL;
}

const VasAssignment *
vas_attach_case_earlier(const VasAttachCase *c, guint i)
{
    const VasAttachDecision *decision = g_ptr_array_index(c->earlier, i);

    return decision->assignment;
}

guint
vas_attach_case_count_earlier(const VasAttachCase *c)
{
    return c->earlier != NULL ? c->earlier->len : 0;
}

gboolean
vas_attach_case_refuse_promised(const VasAssignment *promised, VasError code, const char *what,
                                GError **error)
{
    g_set_error(error, VAS_ERROR, code, "%s goes to %s in the same command", what,
                vas_host_address_text(promised->device).text);
    vas_error_set_hint(error, "attach the devices one at a time");
    return FALSE;
}
