/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/finding.h"

void
vas_finding_free(VasFinding *finding)
{
    if (finding == NULL)
        return;
    g_free(finding->subject);
    g_free(finding->summary);
    g_free(finding->evidence);
    g_free(finding->advice);
    g_free(finding);
}

const char *
vas_finding_level_name(VasFindingLevel level)
{
    switch (level) {
    case VAS_FINDING_OK:
        return "ok";
    case VAS_FINDING_WARNING:
        return "warning";
    case VAS_FINDING_PROBLEM:
        return "problem";
    }
    return "problem";
}

GPtrArray *
vas_findings_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) vas_finding_free);
}

VasFinding *
vas_findings_add(GPtrArray *findings, const char *id, VasFindingLevel level, const char *subject,
                 const char *summary, ...)
{
    VasFinding *finding = g_new0(VasFinding, 1);
    va_list arguments;

    finding->id = id;
    finding->level = level;
    finding->subject = g_strdup(subject);
    va_start(arguments, summary);
    finding->summary = g_strdup_vprintf(summary, arguments);
    va_end(arguments);
    g_ptr_array_add(findings, finding);
    return finding;
}

void
vas_finding_set_evidence(VasFinding *finding, const char *format, ...)
{
    va_list arguments;

    g_free(finding->evidence);
    va_start(arguments, format);
    finding->evidence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void
vas_finding_set_advice(VasFinding *finding, const char *format, ...)
{
    va_list arguments;

    g_free(finding->advice);
    va_start(arguments, format);
    finding->advice = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

guint
vas_findings_count(const GPtrArray *findings, VasFindingLevel level)
{
    guint count = 0;

    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        count += finding->level == level;
    }
    return count;
}
