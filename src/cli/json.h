/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/finding.h"
#include "core/guest-nics.h"
#include "core/inventory.h"
#include "core/recovery.h"
#include "core/result.h"
#include "core/step.h"
#include "engine/ports.h"
#include "engine/vfs.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The objects that --json prints; what is unknown is null. A key once given keeps its name and
 * meaning as long as "schema" is 1. */

/* An object, still open, with its "schema". Returns full. */
JsonBuilder *vas_json_begin(void);
/* Closes it; indented, with a line break at its end. Returns full. */
char *vas_json_end(JsonBuilder *json);

/* A member of the open object; NULL is null. */
void vas_json_add_text(JsonBuilder *json, const char *key, const char *value);

/* "error": {...} */
void vas_json_add_error(JsonBuilder *json, const GError *error);

/* "xml", and what it says. */
void vas_json_add_preview(JsonBuilder *json, const char *xml, const VasAssignment *assignment);

/* "devices": [...]; @devices holds const VasDevice. */
void vas_json_add_devices(JsonBuilder *json, const VasInventory *inventory,
                          const GPtrArray *devices);
/* "device": {...} */
void vas_json_add_device(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device);
/* "pf": {...}; @outcome is what became of a change, NULL: there was none. */
void vas_json_add_pf(JsonBuilder *json, const VasPf *pf, const char *outcome);
/* "vf_settings": {...}; @settings NULL is null: not known, or no VF of a network card. */
void vas_json_add_vf_settings(JsonBuilder *json, const VasVfSettings *settings);
/* "guest": {...} without what it has, "ports": [...], "added": [...], "renames": [...]; @outcome is
 * what became of a change, NULL: there was none. */
void vas_json_add_ports(JsonBuilder *json, const VasGuestPorts *ports, const char *outcome);
/* "guest": {...}; @nics holds VasGuestNic. */
void vas_json_add_guest(JsonBuilder *json, const VasInventory *inventory, const VasGuest *guest,
                        const GPtrArray *nics);

/* "steps": [...] of a --dry-run; each belongs to one of @results. */
void vas_json_add_steps(JsonBuilder *json, const GPtrArray *steps, const GPtrArray *results);
/* "findings": [...] of check and names. */
void vas_json_add_findings(JsonBuilder *json, const GPtrArray *findings);
/* "results": [...] */
void vas_json_add_results(JsonBuilder *json, const GPtrArray *results);
/* The same of the verbs that move devices on the host, where there is no guest. */
void vas_json_add_host_results(JsonBuilder *json, const GPtrArray *results);
/* "recoveries": [...] of VasRecovery. */
void vas_json_add_recoveries(JsonBuilder *json, const GPtrArray *recoveries);

G_END_DECLS
