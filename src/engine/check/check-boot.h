/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

/* Adds what is to be said about the wishes for each boot (engine/journal/wish-file.h), if there are
 * any: who sees to them, which device is not the one that is meant, which PF without VFs is down,
 * and which device is not on its driver. The number of VFs is of check-returned-vfs. */
void vas_check_boot(const VasContext *context, GPtrArray *findings);

G_END_DECLS
