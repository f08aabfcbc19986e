/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/metrics-text.h"

/* The format has these three escapes and no others, and wants UTF-8, which the names of drivers and
 * interfaces need not be. */
static void
append_value(GString *text, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    for (const char *c = valid; *c != '\0'; c++) {
        if (*c == '\n')
            g_string_append(text, "\\n");
        else if (*c == '"' || *c == '\\')
            g_string_append_printf(text, "\\%c", *c);
        else
            g_string_append_c(text, *c);
    }
}

/* Makes what stands before the value: "NAME{LABEL="VALUE",...}". Returns full. */
static char *
series_name(const VasMetric *metric, const VasMetricSample *sample)
{
    GString *text = g_string_new(metric->name);

    for (guint i = 0; metric->labels[i] != NULL; i++) {
        g_string_append_printf(text, "%s%s=\"", i == 0 ? "{" : ",", metric->labels[i]);
        append_value(text, sample->values[i]);
        g_string_append_c(text, '"');
    }
    if (metric->labels[0] != NULL)
        g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

void
vas_metrics_text(GString *text, const GPtrArray *metrics)
{
    for (guint i = 0; i < metrics->len; i++) {
        const VasMetric *metric = g_ptr_array_index(metrics, i);
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        if (metric->samples->len > 0)
            g_string_append_printf(text, "# HELP %s %s\n# TYPE %s gauge\n", metric->name,
                                   metric->help, metric->name);
        for (guint k = 0; k < metric->samples->len; k++) {
            const VasMetricSample *sample = g_ptr_array_index(metric->samples, k);
            char *series = series_name(metric, sample);

            if (!g_hash_table_contains(seen, series))
                g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", series, sample->value);
            g_hash_table_add(seen, series);
        }
    }
}
