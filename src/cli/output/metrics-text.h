/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/metric.h"

G_BEGIN_DECLS

/* Appends @metrics (GPtrArray of VasMetric) in Prometheus' text exposition format, version 0.0.4. A
 * metric without samples is left out. A sample whose labels another one has already is left out,
 * too: its reader would refuse the whole text. */
void vas_metrics_text(GString *text, const GPtrArray *metrics);

G_END_DECLS
