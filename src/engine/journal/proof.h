/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Whoever may edit a guest may write into its metadata, and a guest may be cloned, restored or
 * moved with what stands there. An entry there is proven, and acted on, if it bears our seal: a
 * HMAC of the guest's UUID and what the entry says, with the host's key (host/files/host-key.h). */

/* Marks what is proven in @record, which was read from the metadata of the guest called @uuid, or
 * is NULL. Where the key cannot be read, releases count as proven: these make a command wait, and
 * nothing else. */
void vas_proof_check(const VasContext *context, const char *uuid, VasGuestRecord *record);
/* Does so for both definitions of @guest, as they were read. */
void vas_proof_check_guest(const VasContext *context, const VasGuest *guest);

/* Whether @operation, which stands in the metadata of @guest and was checked, may be acted on: it
 * is proven, or root's file of this boot (engine/journal/guest-note.h), which counts then, has it.
 */
gboolean vas_proof_accepts(const VasContext *context, const VasGuest *guest,
                           const struct VasOperation *operation);

/* Whether seals can be checked here: by root, and on the guest's own host. */
gboolean vas_proof_can_be_had(const VasContext *context);

/* The error of an entry in the metadata of @guest that nothing vouches for: VAS_ERROR_UNPROVEN,
 * with the reason, and a hint at recover --adopt. Returns full. */
GError *vas_proof_refusal(const VasContext *context, const VasGuest *guest);

/* Seals what is proven in @record, which is to be written. Without a key it gets no other seal. */
void vas_proof_seal(const VasContext *context, const char *uuid, const VasGuestRecord *record);

/* Makes the key if there is none. Says as a NOTE why it cannot be had, and what that means. */
void vas_proof_prepare(const VasContext *context);

/* Takes all that stands in the metadata of @guest for proven, as somebody has looked at it; with
 * @write it is sealed there. VAS_ERROR of vas_record_store. */
gboolean vas_proof_adopt(const VasContext *context, const VasGuest *guest, gboolean write,
                         GError **error);

G_END_DECLS
