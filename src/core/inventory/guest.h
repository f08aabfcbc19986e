/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/device/pci-controller.h"
#include "core/inventory/guest-use.h"
#include "core/journal/guest-record.h"

G_BEGIN_DECLS

typedef enum {
    VAS_GUEST_SHUT_OFF,
    VAS_GUEST_RUNNING,
    VAS_GUEST_PAUSED,
    VAS_GUEST_OTHER, /* active, in a state with no part in assignments: shutting down, crashed ...
                      */
} VasGuestState;

/* Something that sits at a guest address: any device with <address type='pci'>. */
typedef struct {
    VasGuestAddress address;
    char *name; /* its alias, else what it is ("interface 52:54:00:..", "controller pci 3") */
    gboolean multifunction; /* <address multifunction='on'/>: it says that its slot has several */
    gboolean fixed;         /* QEMU cannot unplug it: a bridge, a display */
    int acpi_index;         /* 0: none */
} VasOccupant;

/* A NIC of any type. */
typedef struct {
    char *alias; /* NULL: none */
    gboolean has_mac;
    VasMacAddress mac;
    gboolean has_guest_address;
    VasGuestAddress guest_address;
    char *other_place; /* where it is if not on PCI: "fe.0.0001" on the channels of s390x, else the
                          kind of its address ("usb"); NULL: it is on PCI, or nowhere yet */
    int acpi_index;    /* 0: none */
    char *port;        /* a host device that goes in as it is: VasDevice.port; NULL: none */
    gboolean is_infiniband;
    gboolean is_team_backup; /* <teaming type='persistent'/>: it stays when its VF goes */
} VasNic;

/* The platform is the guest's machine, as far as it decides whether assigned devices work in it. */
typedef struct {
    guint64 memory;       /* bytes, with what can be plugged in; 0: not known */
    guint64 memory_limit; /* bytes, <hard_limit>; 0: none */
    gboolean memory_locked;
    char *architecture;   /* "x86_64"; NULL: none said */
    char *cpu_mode;       /* "custom", "host-model" ...; NULL: none said */
    char *cpu_model;      /* NULL: none said */
    char *system;         /* libosinfo's name of the guest's system; NULL: not noted */
    gboolean blind_iommu; /* <iommu model='intel'> without caching_mode: QEMU gives such a guest no
                             device, as it would not see what the guest maps */
    gboolean has_pci_hole64; /* <pcihole64> of its root bus says @pci_hole64, bytes */
    guint64 pci_hole64;
    gboolean agent_channel; /* a channel for the guest agent */
    gboolean agent_connected;
} VasGuestPlatform;

/* One of a guest's two definitions, as far as assignments depend on it. */
typedef struct {
    const char *guest; /* the guest's word, borrowed; NULL: not known */
    char *uuid;        /* NULL: none said */
    int run_id;        /* VasGuest.run_id; -1: not of a running guest */
    char *machine;     /* "pc-q35-7.2"; NULL: none said */
    gboolean acpi;     /* <features><acpi/> */
    VasGuestPlatform platform;
    GPtrArray *assignments; /* VasAssignment, PCI host devices of both types */
    /* VasAssignment without a device: <interface type='network'>. Those of a hostdev network are
     * assignments as soon as somebody knows that it is one (vas_inventory_take_pools). */
    GPtrArray *network_nics;
    GPtrArray *controllers; /* VasPciController, by index */
    GPtrArray *occupants;   /* VasOccupant, by address; the assignments and controllers too */
    GPtrArray *nics;        /* VasNic, in XML order */
    GPtrArray *uses;        /* VasGuestUse, in XML order */
    GPtrArray *aliases;     /* char *, every <alias name=''/> */
    gboolean boot_devices;  /* <os><boot dev=''/> is there: excludes per-device boot order */
    GArray *boot_orders;    /* int: every <boot order=''/> taken */
    VasGuestRecord *record; /* what we keep in its metadata; NULL: cannot be read, or taken */
} VasGuestDefinition;

VasGuestDefinition *vas_guest_definition_new(void);
void vas_guest_definition_free(VasGuestDefinition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestDefinition, vas_guest_definition_free)

void vas_occupant_free(VasOccupant *occupant);
void vas_nic_free(VasNic *nic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasOccupant, vas_occupant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasNic, vas_nic_free)

/* The occupant of the slot of @address, in any function of it; NULL: nobody sits there.
 * Borrowed. */
const VasOccupant *vas_guest_definition_occupant(const VasGuestDefinition *definition,
                                                 VasGuestAddress address);
/* Whether somebody sits at just this address. */
gboolean vas_guest_definition_is_occupied(const VasGuestDefinition *definition,
                                          VasGuestAddress address);
/* Whether somebody sits at another function of the slot of @address. */
gboolean vas_guest_definition_is_shared_slot(const VasGuestDefinition *definition,
                                             VasGuestAddress address);
/* The first assignment of @device, which can be in a guest as several disks; NULL: none, as in a
 * definition that the guest does not have (NULL). Borrowed. */
const VasAssignment *vas_guest_definition_find_device(const VasGuestDefinition *definition,
                                                      VasHostAddress device);
gboolean vas_guest_definition_has_device(const VasGuestDefinition *definition,
                                         VasHostAddress device);
/* The assignment with the strongest tie to @assignment (vas_assignment_tie); NULL: there is none,
 * or more than one. Borrowed. */
const VasAssignment *vas_guest_definition_counterpart(const VasGuestDefinition *definition,
                                                      const VasAssignment *assignment);
/* The NIC of @assignment's hostdev network with the strongest tie to it, in a config of which
 * nobody has looked which networks are such; NULL: there is none, or more than one. Borrowed. */
const VasAssignment *vas_guest_definition_find_network_nic(const VasGuestDefinition *definition,
                                                           const VasAssignment *assignment);
/* The NIC called @alias; NULL: none. Borrowed. */
const VasNic *vas_guest_definition_find_nic(const VasGuestDefinition *definition,
                                            const char *alias);
gboolean vas_guest_definition_has_alias(const VasGuestDefinition *definition, const char *alias);

/* A libvirt domain. */
typedef struct {
    char *name;
    char *uuid;
    char *word; /* name or UUID, as the shell takes it: for commands in hints */
    int run_id; /* libvirt's domain id: another at each start; -1: not running */
    VasGuestState state;
    gboolean persistent;
    VasGuestDefinition *live;   /* NULL: not active */
    VasGuestDefinition *config; /* NULL: transient */
} VasGuest;

VasGuest *vas_guest_new(const char *name, const char *uuid);
void vas_guest_free(VasGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuest, vas_guest_free)

/* The other side of @assignment, which is of one of the guest's two definitions: each has no
 * stronger tie than to the other. NULL: there is none. Borrowed. */
const VasAssignment *vas_guest_counterpart(const VasGuest *guest, const VasAssignment *assignment);

gboolean vas_guest_is_active(const VasGuest *guest);
/* "running", "paused", "shut off", "other". Static. */
const char *vas_guest_state_name(VasGuestState state);

/* The scopes that a command works on are @asked if it is not 0. Else the guest's state decides:
 * live and config, or the only one there is. VAS_ERROR_WRONG_STATE if @asked cannot be: live of a
 * shut-off guest, config of a transient one. */
gboolean vas_guest_resolve_scope(const VasGuest *guest, VasScope asked, VasScope *ret_scope,
                                 GError **error);

G_END_DECLS
