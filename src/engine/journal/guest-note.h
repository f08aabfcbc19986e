/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "core/journal/operation.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A guest's metadata names the commands that are at work on it, and their devices; whoever may edit
 * the guest may write there. What was before - drivers, VF settings - stands beside it, in a file
 * of root's: /run/virt-assign/commands-UUID. The file is written before the metadata and cut after
 * it: an operation that the metadata does not name has done nothing, or has ended. */

/* Puts @operation there. FALSE: it cannot be written, as a NOTE says; the command goes on. */
gboolean vas_guest_note_put(const VasContext *context, const VasGuest *guest,
                            const VasOperation *operation);

/* Drops what @rest (NULL: nothing) has no more, as vas_guest_record_cut_operation does, and each
 * operation whose id is not in @standing (GPtrArray of char *; NULL: all are). */
void vas_guest_note_cut(const VasContext *context, const char *uuid, const VasOperation *rest,
                        const GPtrArray *standing);

/* Whether the file of the guest with this @uuid has the operation called @id. */
gboolean vas_guest_note_knows(const VasContext *context, const char *uuid, const char *id);

/* Whether there is a file of the guest with this @uuid. */
gboolean vas_guest_note_exists(const VasContext *context, const char *uuid);

/* Tells the UUIDs of the guests that have a file. Returns full. */
GStrv vas_guest_note_list(const VasContext *context);
/* Reads the operations (VasOperation) in the file of the guest with this @uuid. Returns full. */
GPtrArray *vas_guest_note_operations(const VasContext *context, const char *uuid, GError **error);

/* Makes the operation to act on of @named, which stands in the metadata of @guest and is proven
 * (engine/journal/proof.h): as the file has it, without devices that @named lacks. If the file
 * knows nothing of it - it is of an earlier boot, of another host, or was adopted - then without
 * what was before, and such that no device is touched but those that libvirt says the guest has;
 * NOTEs tell. Returns full. */
VasOperation *vas_guest_note_complete(const VasContext *context, const VasGuest *guest,
                                      const VasOperation *named);

G_END_DECLS
