/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/inventory/inventory.h"
#include "core/journal/wish.h"
#include "core/value/vf-settings.h"
#include "engine/verbs/vfs.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "devices": [...]; @devices holds const VasDevice. */
void vas_json_add_devices(JsonBuilder *json, const VasInventory *inventory,
                          const GPtrArray *devices);
/* "device": {...} */
void vas_json_add_device(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device);
/* "pf": {...}; @outcome is what became of a change, NULL: there was none. */
void vas_json_add_pf(JsonBuilder *json, const VasPf *pf, const char *outcome);
/* "vf_settings": {...}; @settings NULL is null: not known, or no VF of a network card. */
void vas_json_add_vf_settings(JsonBuilder *json, const VasVfSettings *settings);
/* "identity": {...}; @identity NULL is null. */
void vas_json_add_identity(JsonBuilder *json, const VasIdentity *identity);
/* "wish": {...}, of an assignment; @wish NULL is null. A setting that is not asked for is null. */
void vas_json_add_wish(JsonBuilder *json, const VasWish *wish);
/* "pools": [...]: the libvirt networks that have @device in their pools. */
void vas_json_add_pools(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device);

G_END_DECLS
