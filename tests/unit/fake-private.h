/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-hypervisor.h"

G_BEGIN_DECLS

/* The files of the fake share these; tests do not look at them. */

typedef struct {
    FakeCall call;
    guint at; /* value of calls[call] at which it strikes */
    FakeFault fault;
    int code;
    char *message;
} PlannedFault;

typedef struct {
    GAsyncQueue *events; /* VasEvent */
    char *watched;
    gboolean disconnected;
} FakeConnection;

typedef struct {
    FakeHypervisor public;
    FakeConnection connection; /* the one in use */
    GPtrArray *clones;         /* those beside it */
    GMutex mutex;              /* of calls: a scan comes with several threads */
    GRecMutex lock;            /* of all else, while clones are in use */
    GPtrArray *faults;         /* PlannedFault */
    GPtrArray *asked;          /* char *: "UUID ALIAS" whose release is under way */
    GHashTable *vf_keys;       /* host address -> "PF/INDEX" */
    GHashTable *vf_settings;   /* "PF/INDEX" -> VasVfSettings */
    GHashTable *vf_saved;      /* host address -> what libvirt noted of the VF */
    gboolean cut_off;          /* there is no reopening it */
    gboolean hangs;            /* no change comes back */
    guint starts;              /* of guests, that each run has another id */
} Fake;

typedef enum { GO_ON, GO_ON_THEN_FAIL, RETURN_SUCCESS, RETURN_FAILURE } Course;

Fake *fake_of(VasHypervisor *port);

/* Counts the call and tells what is to go wrong with it; TRUE: *@planned strikes now. */
gboolean fake_strikes(Fake *fake, FakeCall call, const PlannedFault **planned);
/* Counts the call and says how it goes; *error is set unless it is GO_ON or RETURN_SUCCESS, and for
 * GO_ON_THEN_FAIL is what comes back in the end. */
Course fake_begin_call(Fake *fake, FakeCall call, GError **error);

VasHypervisor *fake_clone(VasHypervisor *port, GError **error);
/* Drops the event that wake queues, a stop of no guest. */
VasEvent *fake_unless_woken(VasEvent *event);

/* The connection is gone until reopen; says so to who waits. */
void fake_disconnect(Fake *fake);
void fake_hurry(VasHypervisor *port, gboolean hurries);
/* Returns FALSE. */
gboolean fake_fail_unreachable(GError **error);

/* Whoever was connected is gone: nobody watches, nothing is queued. */
void fake_forget_client(Fake *fake);

/* The networks of the port, in fake-networks.c. */
void fake_networks_build(Fake *fake);

void fake_planned_fault_free(gpointer data);

/* Tells the guest's definition as libvirt does. @earlier: with the devices of before their last
 * change. Returns full. */
char *fake_guest_xml(const FakeGuest *guest, VasScope scope, gboolean earlier);
/* Keeps what a lie tells of the guest from now on; comes before a change. */
void fake_guest_remember(FakeGuest *guest);

/* The PFs hold settings of the VFs, and libvirt changes them when an <interface> goes into a guest
 * and comes out. */
void fake_vf_settings_build(Fake *fake);
void fake_vf_settings_clear(Fake *fake);
/* The PF holds settings of one VF more. */
void fake_vf_settings_add(Fake *fake, const char *device, const char *key);
void fake_vf_assign(Fake *fake, const VasAssignment *assignment);
void fake_vf_release(Fake *fake, const VasAssignment *assignment);

G_END_DECLS
