/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-kernel.h"

G_BEGIN_DECLS

/* The tests of the host's own modules share this fixture: a host whose root is an empty folder. A
 * test whose world has more in it makes this the first member of its own. */
typedef struct {
    TestingScratch *scratch;
    VasHost *host;
    FakeKernel *kernel; /* NULL until the test gives it */
    GError *error;      /* none may be left at the end */
} HostWorld;

void host_world_set_up(HostWorld *world, gconstpointer data);
void host_world_tear_down(HostWorld *world, gconstpointer data);

G_END_DECLS
