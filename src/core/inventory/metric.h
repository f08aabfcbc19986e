/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One number, for one thing that its labels name. */
typedef struct {
    GStrv values; /* of the metric's labels, in their order; "": none, or not known */
    gint64 value;
} VasMetricSample;

/* A metric for monitoring: what it is, and its samples. Each is a gauge: the value of one moment.
 */
typedef struct {
    const char *name;          /* static: "virt_assign_vfs" */
    const char *help;          /* static, one line */
    const char *const *labels; /* static, NULL-terminated */
    GPtrArray *samples;        /* VasMetricSample */
} VasMetric;

/* All three are static. Returns full. */
VasMetric *vas_metric_new(const char *name, const char *help, const char *const *labels);
void vas_metric_free(VasMetric *metric);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasMetric, vas_metric_free)

/* Adds a sample. @values has one for each label; NULL stands for "". */
void vas_metric_add(VasMetric *metric, gint64 value, const char *const *values);

G_END_DECLS
