/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/metric.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Reads the host and its guests, at the cost of vas_scan, and tells in metrics what there is
 * (core/inventory/inventory-metrics.h), how many VFs the next boot makes, what guests were asked to
 * release, and which commands did not end. What cannot be read is left out, with a NOTE, and is
 * counted in a metric. On another machine its files are not read. VAS_ERROR of the hypervisor.
 * GPtrArray of VasMetric. Returns full. */
GPtrArray *vas_metrics(const VasContext *context, GError **error);

G_END_DECLS
