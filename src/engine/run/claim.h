/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/scan-near.h"

G_BEGIN_DECLS

/* The locks of a command: on every device and guest that it works on, so that of two commands on
 * one machine the second one chooses and checks when the first one has acted. They are taken in one
 * order, devices before guests, by address and by UUID: no two commands wait for one another.
 *
 * With a device go its PF and the other members of its IOMMU group. These are shared with other
 * commands for other devices, but not with `vfs` of that PF or with one that moves the group. */
typedef struct VasClaim VasClaim;

/* A VasClaimFinder collects in it what a command works on. */
typedef struct VasClaimSet VasClaimSet;

/* Returns full. */
VasClaimSet *vas_claim_set_new(void);
void vas_claim_set_free(VasClaimSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasClaimSet, vas_claim_set_free)

void vas_claim_set_add_device(VasClaimSet *set, const VasInventory *inventory,
                              const VasDevice *device, gboolean whole_group);
void vas_claim_set_add_guest(VasClaimSet *set, const VasGuest *guest);
/* Whether two commands that claim these wait for one another. */
gboolean vas_claim_set_conflicts(const VasClaimSet *one, const VasClaimSet *other);

/* Finds what @request (a VasAttachRequest ...) names. A name that fits nothing adds nothing: the
 * command's decision refuses it later. */
typedef void (*VasClaimFinder)(const VasInventory *inventory, gconstpointer request,
                               VasClaimSet *set);

/* Scans (vas_scan_about @subject), takes the locks on what @find finds, and scans again, since only
 * now nobody else changes it: *ret_inventory (full). If the names now fit something else it begins
 * anew. Waits up to @timeout seconds for others, and says for whom. @dry_run: one scan, no lock.
 * Where no lock can be had: VAS_ERROR_UNSUPPORTED if the context must lock, else a NOTE and no
 * lock. VAS_ERROR_LOCKED, VAS_ERROR_INTERRUPTED, VAS_ERROR_DENIED (a lock file that is not ours),
 * and those of vas_scan. Returns full. */
VasClaim *vas_claim_take(const VasContext *context, const VasScanSubject *subject,
                         VasClaimFinder find, gconstpointer request, guint timeout,
                         gboolean dry_run, VasInventory **ret_inventory, GError **error);

/* Gives the locks to whoever waits for them, while the command itself waits for something that may
 * take long. Whatever it reads after that is of its time. NULL: no-op. */
void vas_claim_lend(VasClaim *claim);
/* Takes the locks back, if they were lent. Errors as with vas_claim_take. */
gboolean vas_claim_regain(VasClaim *claim, GError **error);

/* Gives the locks back. */
void vas_claim_free(VasClaim *claim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasClaim, vas_claim_free)

G_END_DECLS
