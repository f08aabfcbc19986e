/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/mac-address.h"
#include "core/value/pci-address.h"
#include "core/value/vf-settings.h"

G_BEGIN_DECLS

/* IEEE 802.1Q-2018, 9.6: 4095 is reserved. */
#define VAS_VLAN_MAX 4094
/* ONBOARD_INDEX_MAX in QEMU (hw/acpi/pcihp.c, later hw/pci/pci.c). */
#define VAS_ACPI_INDEX_MAX 16383

/* Live: the running guest. Config: its persistent definition. */
typedef enum {
    VAS_SCOPE_LIVE = 1 << 0,
    VAS_SCOPE_CONFIG = 1 << 1,
} VasScope;

/* An assignment is one of two libvirt elements: <interface type='hostdev'> (libvirt sets MAC and
 * VLAN on the PF and puts them back) or a plain <hostdev>. */
typedef enum {
    VAS_ASSIGNMENT_HOSTDEV,
    VAS_ASSIGNMENT_INTERFACE,
} VasAssignmentType;

/* A host device in a guest: read from a guest's XML, or decided and about to be sent. Everything
 * with a has_ may be absent. */
typedef struct {
    VasAssignmentType type;
    gboolean has_device; /* FALSE: a config <interface type='network'> with a hostdev pool */
    VasHostAddress device;
    char *alias; /* NULL: none yet (config without a user alias) */
    gboolean has_guest_address;
    VasGuestAddress guest_address;
    gboolean has_mac;
    VasMacAddress mac;
    int vlan;       /* 0..4094; -1: none given */
    int acpi_index; /* 1..16383; 0: none */
    int boot_order; /* 1..; 0: none */
    char *disk;     /* an NVMe disk's <target dev=''/>: a device can be in a guest as several disks,
                       by their namespaces; NULL: it is not a disk */
    gboolean unmanaged; /* libvirt leaves it to others to take it from the host driver */
    char *network;      /* hostdev network it comes from, as the config says; NULL: none */
    char *element;      /* the element itself, as libvirt printed it: what a detach must send */
} VasAssignment;

VasAssignment *vas_assignment_new(VasAssignmentType type);
VasAssignment *vas_assignment_copy(const VasAssignment *assignment);
void vas_assignment_free(VasAssignment *assignment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAssignment, vas_assignment_free)

/* "interface", "hostdev". Static. */
const char *vas_assignment_type_name(VasAssignmentType type);
gboolean vas_assignment_type_parse(const char *text, VasAssignmentType *ret_type, GError **error);

/* A tie makes a live and a config assignment one intent; the later ones are the stronger. The
 * device is the strongest: an alias or MAC can have moved to another device by an edit of the
 * config while the device itself stands there too. */
typedef enum {
    VAS_TIE_NONE,
    VAS_TIE_MAC,
    VAS_TIE_ALIAS,  /* of the user's kind */
    VAS_TIE_DEVICE, /* and disk, if both are one */
} VasTie;

/* The strongest tie between the two. */
VasTie vas_assignment_tie(const VasAssignment *a, const VasAssignment *b);

/* Says in words how the two differ ("guest address 0000:02:00.0, config 0000:03:00.0"). NULL: in
 * nothing that a user would notice. Returns full. */
char *vas_assignment_difference(const VasAssignment *live, const VasAssignment *config);

/* A user alias: "ua-" and then [A-Za-z0-9_-]+; libvirt silently drops any other from a definition
 * (virDomainDefPostParse). VAS_ERROR_INVALID says so. */
gboolean vas_alias_check(const char *alias, GError **error);

/* "up" as "ua-up"; an alias that has the prefix stays as it is. Not checked. Returns full. */
char *vas_alias_complete(const char *name);

/* The alias for a device when the user names none: "ua-pci_0000_01_10_0". Returns full. */
char *vas_alias_for_device(VasHostAddress device);

/* The wish holds what the user asks of an assignment; a member that is not set leaves the choice
 * open. Strings are owned. */
typedef struct {
    gboolean has_type;
    VasAssignmentType type;
    gboolean has_guest_address;
    VasGuestAddress guest_address;
    int acpi_index;   /* 0: none */
    char *guest_name; /* what the guest is to call the NIC; NULL: whatever follows */
    char *alias;      /* NULL: vas_alias_for_device */
    gboolean has_mac;
    VasMacAddress mac;
    int vlan;       /* -1: none */
    int boot_order; /* 0: none */
    VasVfWish vf;
    char *team; /* alias of the NIC that the guest's net_failover pairs it with, by the MAC of
                   both; NULL: none */
    gboolean unmanaged; /* the template says managed='no', or nothing of it */
    char *template;     /* FILE or NAME; NULL: the shipped one for the type */
} VasAssignmentWish;

VasAssignmentWish *vas_assignment_wish_new(void);
VasAssignmentWish *vas_assignment_wish_copy(const VasAssignmentWish *wish);
void vas_assignment_wish_free(VasAssignmentWish *wish);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAssignmentWish, vas_assignment_wish_free)

/* Says in words the first thing that @assignment has otherwise than @wish asks. NULL: it is what
 * was asked for. Unset wishes match anything. Returns full. */
char *vas_assignment_wish_mismatch(const VasAssignmentWish *wish, const VasAssignment *assignment);

G_END_DECLS
