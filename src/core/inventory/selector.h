/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* The device that a user names: 0000:03:10.3, 03:10.3, pci_0000_03_10_3, a network interface
 * (enp3s0f3v0; of a VF that has none now, the name that systemd gives it), or PF/vfN where PF is
 * any of these (enp3s0f3/vf0); PF/DEVICE as well, which must then be a VF of that PF; 03:10 if only
 * one function is there; and what vas_pasted_name reads. Borrowed from @inventory.
 * VAS_ERROR_NOT_FOUND (with what is there instead), VAS_ERROR_INVALID for a malformed address,
 * VAS_ERROR_AMBIGUOUS, VAS_ERROR_CONFLICT for a DEVICE that is not that PF's. */
VasDevice *vas_selector_device(const VasInventory *inventory, const char *name, GError **error);

/* Adds to @addresses (VasHostAddress) where the device that @name fits is, if it is there, or its
 * PF. The name of an interface, or of nothing, is returned for that (full); else NULL. */
char *vas_selector_addresses(const char *name, GArray *addresses);

/* The guest with that name or UUID. Borrowed. VAS_ERROR_NOT_FOUND; VAS_ERROR_AMBIGUOUS if one is
 * called like another's UUID. */
VasGuest *vas_selector_guest(const VasInventory *inventory, const char *name, GError **error);
/* The guest with that UUID, whatever others are called. Borrowed. VAS_ERROR_NOT_FOUND. */
const VasGuest *vas_selector_guest_by_uuid(const VasInventory *inventory, const char *uuid,
                                           GError **error);

/* Finds the device or the guest that @name fits, for `show`: exactly one of the two is set.
 * VAS_ERROR_AMBIGUOUS if both fit. */
gboolean vas_selector_any(const VasInventory *inventory, const char *name, VasDevice **ret_device,
                          VasGuest **ret_guest, GError **error);

/* Finds the assignment of @guest that `detach` names by device, alias or guest address. It looks in
 * live first, then in config; both results are borrowed and counterparts of one another, NULL where
 * that side does not have it. A device need not exist on the host any more. VAS_ERROR_NOT_FOUND
 * lists the guest's assignments. VAS_ERROR_AMBIGUOUS if the name fits several, or is a guest
 * address at which the host has a VF or a device on a VFIO driver: that may be meant, though it is
 * not assigned. An alias or guest address of something that is not an assignment (a virtio disk) is
 * VAS_ERROR_UNSUITABLE. */
gboolean vas_selector_assignment(const VasInventory *inventory, const VasGuest *guest,
                                 const char *name, const VasAssignment **ret_live,
                                 const VasAssignment **ret_config, GError **error);

G_END_DECLS
