/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic gint64 passed;

gint64
g_get_monotonic_time(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000 + passed;
}

void
g_usleep(gulong microseconds)
{
    passed += (gint64) microseconds;
}

void
fake_clock_pass(gint64 deadline)
{
    passed += MAX(deadline - g_get_monotonic_time(), 0);
}
