/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory.h"

G_BEGIN_DECLS

/* Everything that can be known to go wrong is found here, before the first step: libvirt unbinds
 * the device and sets the MAC before it looks at the guest address
 * (qemuDomainAttachHostPCIDevice in src/qemu/qemu_hotplug.c). */

/* What the host knows of the PF of a VF. */
typedef struct {
    gboolean known;        /* FALSE on a remote connection: then libvirt finds out */
    const char *interface; /* NULL: the PF has no network interface */
    gboolean up;           /* IFF_UP */
} VasPfLink;

/* An attach, decided: what to do for one device in one guest. */
typedef struct {
    const VasDevice *device;   /* borrowed from the inventory */
    VasScope scope;            /* where it is to be, in the end */
    VasScope missing;          /* where it is not yet: what has to be done; 0: "already" */
    VasAssignment *assignment; /* complete: alias, guest address, MAC; element is NULL */
} VasAttachDecision;

void vas_attach_decision_free(VasAttachDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAttachDecision, vas_attach_decision_free)

/* Decides the attach of @device to @guest as @wish has it. @earlier (GPtrArray of
 * VasAttachDecision, may be NULL) are those of the same command: their addresses, aliases and MACs
 * count as taken. Checks, in this order: scope, vas_rules_check_wish, holders, PF, MAC, alias, boot
 * order, guest address (by name if one is wished), acpi index. What an existing side (live or
 * config) already says is used again on the other. Pure: nothing is touched. Returns full. */
VasAttachDecision *vas_rules_decide_attach(const VasInventory *inventory, const VasGuest *guest,
                                           const VasDevice *device, const VasAssignmentWish *wish,
                                           VasScope scope, const VasPfLink *pf_link,
                                           const GPtrArray *earlier, GError **error);

/* Bridges of all kinds are no endpoints and cannot be assigned: VAS_ERROR_UNSUITABLE. */
gboolean vas_rules_check_endpoint(const VasDevice *device, GError **error);

/* The type a device gets when the user names none: interface for a VF of a network PF. */
VasAssignmentType vas_rules_default_type(const VasDevice *device);

/* The checks of @wish that need neither guest nor host: alias, MAC unicast, VLAN and acpi index
 * range; and those that need the device: endpoint, --as interface for a network VF only, MAC and
 * VLAN for an interface only. */
gboolean vas_rules_check_wish(const VasDevice *device, const VasAssignmentWish *wish,
                              GError **error);

G_END_DECLS
