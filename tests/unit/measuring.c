/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "measuring.h"

static const VasMetric *
find(const GPtrArray *metrics, const char *name)
{
    for (guint i = 0; i < metrics->len; i++) {
        const VasMetric *metric = g_ptr_array_index(metrics, i);

        if (g_str_equal(metric->name, name))
            return metric;
    }
    return NULL;
}

void
measuring_assert_at(const GPtrArray *metrics, const char *name, const char *expected,
                    const char *file, int line)
{
    const VasMetric *metric = find(metrics, name);
    g_autoptr(GString) got = g_string_new(NULL);

    for (guint i = 0; metric != NULL && i < metric->samples->len; i++) {
        const VasMetricSample *sample = g_ptr_array_index(metric->samples, i);
        g_autofree char *values = g_strjoinv("|", sample->values);

        g_string_append_printf(got, "%s %" G_GINT64_FORMAT "\n", values, sample->value);
    }
    if (metric == NULL || !g_str_equal(got->str, expected))
        g_error("%s:%d: %s is %s\n%snot\n%s", file, line, name,
                metric != NULL ? "" : "not there: ", got->str, expected);
}
