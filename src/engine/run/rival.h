/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Two commands that do not see one another's locks - on two machines with one libvirtd, or of two
 * users - can give one device to two guests: libvirt looks into no config but the guest's own.
 * Therefore each reads all guests again after it has written, and of the two one backs out:
 *
 *   - the second one to write sees the first one, whatever the first one has seen;
 *   - if both see the other, the guest whose UUID is lower keeps it: the other backs out at once;
 *   - the one with the lower UUID cannot know whether it was seen. It looks on for some seconds. If
 *     the other is gone it keeps the device; if not, the other was first, and it backs out itself.
 *
 * Never do both keep it. Both back out only if one of them needs longer than that to do it. */

/* Whether @guest, which has just been given @device, may keep it. *@guests are the others, read
 * behind the last write of the command: NULL has them read, and all devices of a command share
 * them. Full. VAS_ERROR_IN_USE: another guest does. VAS_ERROR_INTERRUPTED. */
gboolean vas_rival_check(const VasContext *context, const VasGuest *guest, VasHostAddress device,
                         VasInventory **guests, GError **error);

/* Tells why libvirt refused to put @wanted into @scope of @guest, or failed to, by what stands
 * there now: libvirt's words are in the language of its daemon. @operation is the id of the
 * command, as it is on record of the guest. Returns full: @refusal with VAS_ERROR_IN_USE where
 * another guest or another command has the device, with VAS_ERROR_TAKEN where something else has
 * its guest address or its alias, with VAS_ERROR_WRONG_STATE where there is no such definition any
 * more; else, and where it cannot be read, as it is. */
GError *vas_rival_explain(const VasContext *context, const VasGuest *guest, const char *operation,
                          VasScope scope, const VasAssignment *wanted, const GError *refusal);

/* Tells the same of @device, which could not be taken from its host driver. */
GError *vas_rival_explain_host(const VasContext *context, VasHostAddress device,
                               const GError *refusal);

G_END_DECLS
