/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/metric.h"

G_BEGIN_DECLS

/* Fails the test unless the samples of the metric called @name among @metrics are @expected: one
 * line each, "VALUE|VALUE NUMBER", in their order. */
#define measuring_assert(metrics, name, expected)                                                  \
    measuring_assert_at(metrics, name, expected, __FILE__, __LINE__)
void measuring_assert_at(const GPtrArray *metrics, const char *name, const char *expected,
                         const char *file, int line);

G_END_DECLS
