/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"
#include "testing.h"

G_BEGIN_DECLS

/* This hypervisor and its host fail on demand: a small SR-IOV host (82576 PFs enp1s0 with VFs
 * 0000:01:10.0 and .2, enp2s0 with VF 0000:02:10.0, an xhci 0000:03:00.0, 0000:05:01.0 and
 * 0000:05:02.0 in one IOMMU group) whose drivers are links in a scratch sysfs, and q35 guests with
 * four root ports. Everything that the real ones do by themselves happens here when the test says
 * so. */

typedef enum {
    FAKE_DOMAIN_CAPABILITIES,
    FAKE_LIST_NODE_DEVICES,
    FAKE_NODE_DEVICE_XML,
    FAKE_LIST_NETWORKS,
    FAKE_NETWORK_XML,
    FAKE_NETWORK_STATE,
    FAKE_DETACH_NODE_DEVICE,
    FAKE_REATTACH_NODE_DEVICE,
    FAKE_LIST_GUESTS,
    FAKE_FIND_GUEST,
    FAKE_GUEST_XML,
    FAKE_AGENT_INTERFACES,
    FAKE_ATTACH_LIVE,
    FAKE_ATTACH_CONFIG,
    FAKE_DETACH_LIVE,
    FAKE_DETACH_CONFIG,
    FAKE_GET_METADATA,
    FAKE_SET_METADATA,
    FAKE_WATCH,
    FAKE_REOPEN,
    FAKE_CLONE,
    FAKE_READ_VF,      /* of a VF's settings, by netlink */
    FAKE_WRITE_VF,     /* of one of them */
    FAKE_READ_NETWORK, /* of the host's own needs: once in each scan of the world */
    FAKE_STEP,         /* that one begins is reported: that cannot fail, but happen */
    FAKE_N_CALLS,
} FakeCall;

typedef enum {
    FAKE_FAILS,            /* nothing happens, an error comes back */
    FAKE_FAILS_LATE,       /* it happens, and still an error comes back */
    FAKE_LIES,             /* nothing happens, success comes back; of GUEST_XML: the devices of
                              before the last change; of the lists: nothing is there; of
                              FIND_GUEST: there is no such guest */
    FAKE_DISCONNECTS,      /* nothing happens, the connection is gone until reopen */
    FAKE_DISCONNECTS_LATE, /* it happens, and the connection is gone until reopen */
    FAKE_CUTS_OFF,         /* nothing happens, the connection is gone, and reopen fails */
    FAKE_HANGS,            /* libvirt does not come back, from this and any later change, until
                              fake_go_on: then nothing happens */
    FAKE_HANGS_LATE,       /* the same, and then it happens: here it does at once */
} FakeFault;

typedef struct FakeHypervisor FakeHypervisor;

/* The fake calls this at a moment that the test chose, for what happens by itself. */
typedef void (*FakeHappening)(FakeHypervisor *fake);

typedef struct {
    char *name;
    char *uuid;
    int run_id; /* -1: shut off */
    gboolean persistent;
    GPtrArray *live;   /* char *: the elements of the devices assigned */
    GPtrArray *config; /* the same */
    char *metadata;    /* live metadata; NULL: none */
    char *config_metadata;
    char *earlier[2]; /* devices, live and config, before their last change; NULL: none yet */
    char *extra;      /* further device elements in both definitions; NULL: none */
    GPtrArray *ports; /* char *: controllers that were added to the config */
    char *moved;      /* what @extra becomes in the config with the first of them; NULL: stays */
    GPtrArray *agent; /* VasAgentInterface: what its agent answers */
} FakeGuest;

typedef struct {
    char *name;
    char *xml;
    gboolean active;
    gboolean autostarted;
} FakeNetwork;

struct FakeHypervisor {
    VasHypervisor port;
    TestingScratch *root;
    VasHost *host;
    VasContext context;  /* ready to be handed to the engine */
    GPtrArray *guests;   /* FakeGuest */
    GPtrArray *networks; /* FakeNetwork */
    GPtrArray *more;     /* functions beyond the small host: fake_add_vfs */
    gboolean guest_ignores_unplug;
    gboolean speaks_german;             /* planned failures: libvirt's number, and German words */
    guint vf_refuses;                   /* set of VasVfField: what no PF takes for its VFs */
    guint vf_ignores;                   /* the same, but it says that it did */
    gboolean lacks_vfio;                /* in the domain capabilities */
    gulong version;                     /* of libvirt; 0: it does not say */
    const char *vanished;               /* a function that is listed but gone; NULL: none */
    const char *garbled;                /* a function whose XML is none, as libvirt 9.0 writes one
                                           with "&" in its VPD; NULL: none */
    gboolean hides_groups;              /* no XML tells who is in an IOMMU group */
    gboolean hurries;                   /* it was told to */
    FakeHappening on_wait;              /* called once, at the first wait with nothing queued */
    FakeHappening on_fault;             /* called when a planned fault strikes */
    void (*pass_time)(gint64 deadline); /* how a wait ends; NULL: as time goes by */
    guint calls[FAKE_N_CALLS];          /* how often each was called */
    GPtrArray *notes;                   /* char *: what was reported as NOTE */
};

FakeHypervisor *fake_hypervisor_new(void);
void fake_hypervisor_free(FakeHypervisor *fake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeHypervisor, fake_hypervisor_free)

/* Makes the host as large as is wished: one PF more, enp64s0, with @count VFs, each in an IOMMU
 * group of its own. Once. */
void fake_add_vfs(FakeHypervisor *fake, guint count);
/* The host address of one of them. Returns full. */
char *fake_more_vf(guint index);

/* Adds a guest, running or not. Borrowed. */
FakeGuest *fake_add_guest(FakeHypervisor *fake, const char *name, gboolean running,
                          gboolean persistent);
/* Adds a libvirt network, active and not autostarted, with @forward as its <forward>. Borrowed. */
FakeNetwork *fake_add_network(FakeHypervisor *fake, const char *name, const char *forward);
FakeGuest *fake_find_guest(FakeHypervisor *fake, const char *name);
/* The guest's agent tells one interface more; @mac NULL: without a MAC. */
void fake_add_agent_interface(FakeGuest *guest, const char *name, const char *mac);

/* The @nth call (from 1, counted from now) of @call goes wrong as @fault has it; @code and @message
 * are for those that fail. */
void fake_plan_fault(FakeHypervisor *fake, FakeCall call, guint nth, FakeFault fault, int code,
                     const char *message);

/* libvirt comes back from what hangs. */
void fake_go_on(FakeHypervisor *fake);

void fake_push_event(FakeHypervisor *fake, VasEventKind kind, const char *guest, const char *alias);
/* The guest lets go of the device with @alias if it was asked for it, or of everything that it was
 * asked for, with the events; or its run ends. */
void fake_release(FakeHypervisor *fake, const char *alias);
void fake_release_all(FakeHypervisor *fake);
void fake_stop_guest(FakeHypervisor *fake, FakeGuest *guest);
/* The guest runs again, with what its config has. */
void fake_start_guest(FakeHypervisor *fake, FakeGuest *guest);

/* These write and read the fake sysfs. */
void fake_set_driver(FakeHypervisor *fake, const char *device, const char *driver);
char *fake_driver(FakeHypervisor *fake, const char *device);
/* Sets its driver_override; NULL: none. */
void fake_set_override(FakeHypervisor *fake, const char *device, const char *driver);
void fake_set_pf_up(FakeHypervisor *fake, const char *interface, gboolean up);
/* Finds the settings that its PF holds about the VF. Borrowed; may be written. */
VasVfSettings *fake_vf_settings(FakeHypervisor *fake, const char *device);

/* Tells whether the guest's @scope has a device, by the stored elements. */
gboolean fake_has(const FakeGuest *guest, VasScope scope, const char *device);

/* Tells whether the guest has a command or a release on record that did not end. */
gboolean fake_has_unfinished(const FakeGuest *guest);

G_END_DECLS
