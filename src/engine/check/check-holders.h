/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Adds to @findings (vas_findings_new) who has @device: guests by an assignment, a process through
 * VFIO, guests and processes through the host driver. */
void vas_check_holders(const VasContext *context, const VasInventory *inventory,
                       const VasDevice *device, GPtrArray *findings);

G_END_DECLS
