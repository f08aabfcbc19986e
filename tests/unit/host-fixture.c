/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-fixture.h"

void
fixture_set_up(Fixture *fixture, gconstpointer data)
{
    fixture->scratch = testing_scratch_new();
    fixture->host = vas_host_new(fixture->scratch->path);
}

void
fixture_tear_down(Fixture *fixture, gconstpointer data)
{
    vas_host_free(fixture->host);
    testing_scratch_free(fixture->scratch);
}
