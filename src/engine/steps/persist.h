/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-wish.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* These change what the host is to have after each boot: the file of the wishes
 * (engine/journal/wish-file.h) and the udev rules that are generated from it, under a lock of their
 * own, which no command holds for longer than that takes. VAS_ERROR_LOCKED, and those of
 * vas_wish_file_read, vas_wish_file_write and vas_vf_rules_write. */

/* Wishes @rule for @pf, which is @identity (NULL: what is on record of that stays), instead of what
 * was wished for it; a @rule of NULL wishes nothing. */
gboolean vas_persist_vfs(const VasContext *context, VasHostAddress pf, const VasVfRule *rule,
                         const VasIdentity *identity, GError **error);

/* Wishes @driver for @device, instead of what was wished for it; NULL: nothing. */
gboolean vas_persist_driver(const VasContext *context, VasHostAddress device, const char *driver,
                            GError **error);

/* Says which device the wish for @device (VFs of a PF if @of_pf, else a driver), if there is one,
 * is for. What was known of it by a key stays if @identity could not be read with one. Other wishes
 * of the kind that mean the same device, and have an address that it had before, are dropped. */
gboolean vas_persist_identity(const VasContext *context, gboolean of_pf, VasHostAddress device,
                              const VasIdentity *identity, GError **error);

/* Generates the rules anew: a command was killed between rules and file, or the file was edited. */
gboolean vas_persist_refresh(const VasContext *context, GError **error);

G_END_DECLS
