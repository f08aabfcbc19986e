/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* The table that `list` prints: @devices (GPtrArray of const VasDevice, by address), VFs below
 * their PF if that is listed too; with @tree the guests below their devices. "" for no device.
 * Returns full. */
char *vas_device_table_format(const VasInventory *inventory, const GPtrArray *devices,
                              gboolean tree, const VasTerminal *terminal);

G_END_DECLS
