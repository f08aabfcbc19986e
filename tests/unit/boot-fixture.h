/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-wish.h"
#include "engine/verbs/boot.h"
#include "host-driver-fixture.h"

#define PF "0000:01:00.0"

typedef struct {
    DriverWorld base; /* first: the functions of host-driver-fixture.h take it */
    VasContext context;
    VasBootRequest request;
    VasHostWish *wish;
} BootWorld;

/* The PF has no VFs, as behind a boot; libvirt is not there. */
void boot_world_set_up(BootWorld *world, gconstpointer data);
/* The devices of host-driver-fixture.h are there instead. */
void boot_world_set_up_drivers(BootWorld *world, gconstpointer data);
void boot_world_tear_down(BootWorld *world, gconstpointer data);

/* Has the kernel tell of @device what libvirt tells elsewhere. */
void boot_world_describe(const BootWorld *world, const char *device, const char *class_code,
                         const char *group);

VasHostAddress boot_world_address(const char *text);

/* Wishes @count VFs for the PF, wherever they come from. */
void boot_world_wish_vfs(BootWorld *world, guint count, gboolean autoprobe);

/* Writes what is wished, and boots. */
gboolean boot_world_boot(BootWorld *world);

/* @code: of VAS_ERROR; -1: none. */
void boot_world_assert_outcome(const BootWorld *world, guint index, VasOutcome outcome, int code);

/* Tells which files of the PF were written, and how. Borrowed. */
const char *boot_world_writes(const BootWorld *world);
