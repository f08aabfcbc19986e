/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Finds the devices below what the guests of @inventory use without an assignment
 * (VasGuestUse.devices): in the kernel's tree of devices when the host is ours, else by libvirt's
 * node devices, which are asked for only if a guest uses one of their kind. USB devices and SCSI
 * hosts of another machine stay without. VAS_ERROR of the hypervisor, or of what is read below
 * /proc. */
gboolean vas_guest_uses_resolve(const VasContext *context, const VasInventory *inventory,
                                GError **error);

/* Tells, as a NOTE, which running guests lose a part of the host with @device. */
void vas_guest_uses_note(const VasContext *context, const VasInventory *inventory,
                         const VasDevice *device);

G_END_DECLS
