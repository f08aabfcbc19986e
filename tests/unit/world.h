/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/journal/operation.h"
#include "core/report/recovery.h"
#include "core/report/result.h"
#include "core/rules/rules-distinct.h"
#include "fake-hypervisor.h"
#include "fake-kernel.h"
#include "fake-sriov.h"

G_BEGIN_DECLS

/* The tests of the engine share this fixture: the fake host with the guest db1, which runs and is
 * persistent, what a command is told, and what came of it. A test whose world has more in it makes
 * this the first member of its own. Each member may be NULL or 0 until the test gives it. */
typedef struct {
    FakeHypervisor *fake;
    FakeGuest *guest;
    FakeKernel *kernel;
    FakeSriov *sriov;
    VasInterrupt *interrupt;
    char *lock_folder;
    VasOperation *operation;
    VasAssignmentWish *wish;
    VasScope scope;
    VasDistinct distinct;
    guint timeout;
    guint undo_timeout;
    gboolean whole_group;
    gboolean keep_going;
    gboolean required;
    gboolean force;
    gboolean ask_again;
    gboolean dry_run;
    GPtrArray *results;
    GPtrArray *steps;
    GPtrArray *recoveries; /* VasRecovery; empty at first */
    GError *error;         /* none may be left at the end */
} World;

void world_set_up(World *world, gconstpointer data);
void world_tear_down(World *world, gconstpointer data);

/* Sets up a world with an interrupt, for signals to come to. */
void world_set_up_interruptible(World *world, gconstpointer data);
/* Has commands take locks, in a folder of this world; @command is what the command is called. */
void world_give_locks(World *world, const char *command);
/* Forgets what the command before came to. */
void world_forget(World *world);

/* VF 0000:01:10.0 in a guest, at guest address 0000:02:00.0. */
#define WORLD_VF_ELEMENT                                                                           \
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:02'/><source>"           \
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"         \
    "<alias name='ua-uplink'/>"                                                                    \
    "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></interface>"

/* Forward elements of libvirt's networks with VFs of bus 0000:01. */
#define WORLD_POOL_ADDRESS(function)                                                               \
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x" function "'/>"
#define WORLD_POOL(devices) "<forward mode='hostdev' managed='yes'>" devices "</forward>"
#define WORLD_POOL_OF_PF "<pf dev='enp1s0'/>"

/* A NIC of a network in a config, and what libvirt prints of one of a hostdev network while the
 * guest runs, which has got VF 0000:01:10.0. */
#define WORLD_POOL_MAC "52:54:00:6d:90:02"
#define WORLD_NETWORK_NIC(network, mac)                                                            \
    "<interface type='network'><mac address='" mac "'/><source network='" network "'/></"          \
    "interface>"
#define WORLD_POOL_VF                                                                              \
    "<interface type='hostdev' managed='yes'><mac address='" WORLD_POOL_MAC "'/><source>"          \
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"         \
    "<alias name='hostdev0'/>"                                                                     \
    "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></interface>"

/* The running guest has VF 0000:01:10.0 from hostdev network vfs. Its config has the NIC between
 * one of network default and another one of vfs. */
void world_give_from_pool(World *world);

/* The arrays are NULL-terminated; what the command before came to is forgotten. */
gboolean run_attach(World *world, const char *const *devices);
gboolean run_detach(World *world, const char *const *subjects);
gboolean attach_one(World *world, const char *device);
gboolean detach_one(World *world, const char *subject);

/* Has the @nth call of @call fail by @fault, and with it @what happen, once; or, with no failure,
 * with the beginning of the @nth step. */
void world_at_fault(FakeHypervisor *fake, FakeCall call, guint nth, FakeFault fault,
                    FakeHappening what);
void world_at_step(FakeHypervisor *fake, guint nth, FakeHappening what);

/* Seals what stands in the metadata of @guest, as if virt-assign had written it. */
void world_seal(World *world, const FakeGuest *guest);

const VasResult *result_at(const World *world, guint index);

/* Fails the test unless @device is in live and config as given, and on @driver. */
void assert_state(const World *world, const char *device, gboolean live, gboolean config,
                  const char *driver);

/* Reads the file called @name in /run/virt-assign. NULL: there is none. Returns full. */
char *world_noted(const World *world, const char *name);
/* Fails the test if anything is left there of a guest. */
void assert_nothing_noted(const World *world);

G_END_DECLS
