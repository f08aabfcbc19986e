/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-world.h"

void
host_world_set_up(HostWorld *world, gconstpointer data)
{
    world->scratch = testing_scratch_new();
    world->host = vas_host_new(world->scratch->path);
}

void
host_world_tear_down(HostWorld *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    g_clear_pointer(&world->kernel, fake_kernel_free);
    vas_host_free(world->host);
    testing_scratch_free(world->scratch);
}
