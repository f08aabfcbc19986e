/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"
#include "testing.h"

G_BEGIN_DECLS

/* The fake machine has a sysfs and a /proc, as the kernel lays them out. */
typedef struct {
    TestingScratch *root;
    VasHost *host;
    VasNetwork *network; /* what the host's network reader answers */
    GHashTable *routes;  /* address to interface: what its route finder answers */
} FakeMachine;

/* Makes a machine with /proc/self, process 100, child of process 1. */
FakeMachine *fake_machine_new(void);
void fake_machine_free(FakeMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeMachine, fake_machine_free)

/* Makes a disk, or below it a partition ("block/sda/sda1"), number @number, at @path below
 * /sys/devices. */
void fake_block(const FakeMachine *machine, const char *path, const char *number);
/* Makes @slave a part of @device, a virtual one (dm-0, md0). */
void fake_slave(const FakeMachine *machine, const char *device, const char *slave);

/* Makes a network interface at @path below /sys/devices, its last part the name; or makes @lower a
 * part of @interface. */
void fake_interface(const FakeMachine *machine, const char *path);
void fake_lower(const FakeMachine *machine, const char *interface, const char *lower);

/* Makes an entry of /sys/class/@class_name at @path below /sys/devices. */
void fake_class(const FakeMachine *machine, const char *class_name, const char *path);

/* Makes process @process, a child of @parent. */
void fake_process(const FakeMachine *machine, guint process, const char *name, guint parent);

/* Fails the test unless what is critical (vas_critical_find) is just @expected, lines of
 * "ADDRESS REASON", in any order. */
void assert_critical(const FakeMachine *machine, const char *const *expected);

G_END_DECLS
