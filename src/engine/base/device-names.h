/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Completes the names of vendors, products and classes that libvirt did not give, from libpci. Only
 * who shows them needs them: reading pci.ids, a megabyte, takes longer than the scan. */
void vas_device_names_complete(VasInventory *inventory);

G_END_DECLS
