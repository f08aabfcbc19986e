/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* Everything that can be known to go wrong is found here, before the first step: libvirt unbinds
 * the device and sets the MAC before it looks at the guest address
 * (qemuDomainAttachHostPCIDevice in src/qemu/qemu_hotplug.c). */

/* Decides the attach of @device to @guest as @wish has it. @earlier (GPtrArray of
 * VasAttachDecision, may be NULL) are the decisions of the same command: their addresses, aliases
 * and MACs count as taken. Checks, in this order: scope, vas_rules_check_wish, holders, PF, MAC,
 * alias, boot order, guest address (by name if one is wished), acpi index. The assignment takes
 * over what an existing side (live or config) says. Pure: nothing is touched. Returns full. */
VasAttachDecision *vas_rules_decide_attach(const VasInventory *inventory, const VasGuest *guest,
                                           const VasDevice *device, const VasAssignmentWish *wish,
                                           VasScope scope, const VasPfLink *pf_link,
                                           const GPtrArray *earlier, GError **error);

/* Whether QEMU takes an assigned device beside the IOMMU that it emulates for @definition of
 * @guest; NULL: nothing is in its way. VAS_ERROR_WRONG_STATE. */
gboolean vas_rules_check_guest_iommu(const VasGuest *guest, const VasGuestDefinition *definition,
                                     GError **error);

G_END_DECLS
