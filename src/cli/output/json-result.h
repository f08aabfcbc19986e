/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "engine/verbs/hook.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Adds "xml", and the assignment that it describes. */
void vas_json_add_preview(JsonBuilder *json, const char *xml, const VasAssignment *assignment);

/* "steps": [...] of a --dry-run; each belongs to one of @results. */
void vas_json_add_steps(JsonBuilder *json, const GPtrArray *steps, const GPtrArray *results);
/* "findings": [...] of check and names. */
void vas_json_add_findings(JsonBuilder *json, const GPtrArray *findings);
/* "results": [...] */
void vas_json_add_results(JsonBuilder *json, const GPtrArray *results);
/* Adds the results of the verbs that move devices on the host, where there is no guest. */
void vas_json_add_host_results(JsonBuilder *json, const GPtrArray *results);
/* "recoveries": [...] of VasRecovery. */
void vas_json_add_recoveries(JsonBuilder *json, const GPtrArray *recoveries);

/* The results of boot: with the number of VFs of a PF. */
void vas_json_add_boot_results(JsonBuilder *json, const GPtrArray *results);
/* "hook": {...} and "changed". */
void vas_json_add_hook(JsonBuilder *json, const VasHookStatus *status);

G_END_DECLS
