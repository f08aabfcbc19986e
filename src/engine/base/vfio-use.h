/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Checks that no process holds @device through VFIO unless a running guest has it or a member of
 * its IOMMU group. @inventory has the members; @guests are who may have them: a decision takes
 * those of @inventory, which was read behind the locks; NULL, for a proof behind a change: they are
 * read anew if it comes to that. VAS_ERROR_IN_USE, with the way out as its hint: a QEMU whose
 * libvirtd died before it noted what it had given it, a guest of another libvirt
 * (qemu:///session), a DPDK program; the kernel would wait for it without end. What cannot be read
 * is an error, too. TRUE where it cannot be told at all: on another machine, without /dev/vfio, or
 * for a user who may not open it. A context that only looks has the group's node not opened, but
 * the files of processes looked at. */
gboolean vas_vfio_use_check(const VasContext *context, const VasInventory *inventory,
                            const VasInventory *guests, VasHostAddress device, GError **error);

/* Checks that nobody at all holds @device through VFIO now, not even a guest: who removes it would
 * wait without end (host/sriov/vf-removal.h). The guests are read only if somebody holds its group.
 * VAS_ERROR_IN_USE, and what cannot be read, as above. */
gboolean vas_vfio_use_check_let_go(const VasContext *context, VasHostAddress device,
                                   GError **error);

/* The check of vas_vfio_use_check for a command that only reads, with the guests of @inventory,
 * which opens nothing that a guest may be about to open: *ret_known is FALSE where not all
 * processes may be looked at. */
gboolean vas_vfio_use_look(const VasContext *context, const VasInventory *inventory,
                           VasHostAddress device, gboolean *ret_known, GError **error);

G_END_DECLS
