/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"
#include "testing.h"

G_BEGIN_DECLS

/* The fixture is a host whose root is an empty folder. */
typedef struct {
    TestingScratch *scratch;
    VasHost *host;
} Fixture;

void fixture_set_up(Fixture *fixture, gconstpointer data);
void fixture_tear_down(Fixture *fixture, gconstpointer data);

G_END_DECLS
