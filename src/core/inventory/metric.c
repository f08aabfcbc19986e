/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/metric.h"

static void
sample_free(VasMetricSample *sample)
{
    g_strfreev(sample->values);
    g_free(sample);
}

VasMetric *
vas_metric_new(const char *name, const char *help, const char *const *labels)
{
    VasMetric *metric = g_new0(VasMetric, 1);

    *metric = (VasMetric){.name = name, .help = help, .labels = labels};
    metric->samples = g_ptr_array_new_with_free_func((GDestroyNotify) sample_free);
    return metric;
}

void
vas_metric_free(VasMetric *metric)
{
    if (metric == NULL)
        return;
    g_ptr_array_unref(metric->samples);
    g_free(metric);
}

void
vas_metric_add(VasMetric *metric, gint64 value, const char *const *values)
{
    VasMetricSample *sample = g_new0(VasMetricSample, 1);
    guint length = 0;

    while (metric->labels[length] != NULL)
        length++;
    sample->value = value;
    sample->values = g_new0(char *, length + 1);
    for (guint i = 0; i < length; i++)
        sample->values[i] = g_strdup(values[i] != NULL ? values[i] : "");
    g_ptr_array_add(metric->samples, sample);
}
