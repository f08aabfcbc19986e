/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Phrases for people, the same wherever they stand. */

/* "Ethernet controller". Static or borrowed from @device, never NULL. */
const char *vas_describe_class(const VasDevice *device);

/* "Intel Corporation 82576 Virtual Function", with IDs for what nobody has a name for. Returns
 * full. */
char *vas_describe_product(const VasDevice *device);

/* "live, config", "live", "config", "nowhere". Static. */
const char *vas_describe_presence(gboolean live, gboolean config);

/* "db1", "db1 (config only)", "db1 (live only)", "db1 (held mate)" for what is held for another
 * member of its IOMMU group (core/inventory/iommu-group.h); a transient guest has no config to be
 * missing in. Returns full. */
char *vas_describe_holding(const VasHolding *holding);
/* "mv1, by macvtap", "blk1 (config only), its disk vda". Returns full. */
char *vas_describe_using(const VasUsing *using);

G_END_DECLS
