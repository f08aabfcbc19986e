/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-result.h"

#include "cli/output/json-device.h"
#include "cli/print/json.h"
#include "core/report/finding.h"
#include "core/report/recovery.h"
#include "core/report/result.h"
#include "core/report/step.h"

void
vas_json_add_preview(JsonBuilder *json, const char *xml, const VasAssignment *assignment)
{
    vas_json_add_text(json, "xml", xml);
    vas_json_add_host_address(json, "device", assignment->has_device, assignment->device);
    vas_json_add_text(json, "type", vas_assignment_type_name(assignment->type));
    vas_json_add_text(json, "alias", assignment->alias);
    vas_json_add_guest_address(json, assignment->has_guest_address, assignment->guest_address);
    vas_json_add_mac(json, assignment->has_mac, assignment->mac);
    vas_json_add_number_from(json, "vlan", assignment->vlan, 0);
}

void
vas_json_add_steps(JsonBuilder *json, const GPtrArray *steps, const GPtrArray *results)
{
    vas_json_begin_member(json, "steps", json_builder_begin_array);
    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);
        const VasAssignment *assignment = step->assignment;
        const VasResult *result = g_ptr_array_index(results, step->subject);

        json_builder_begin_object(json);
        vas_json_add_text(json, "kind", vas_step_kind_name(step->kind));
        vas_json_add_host_address(json, "device", assignment != NULL && assignment->has_device,
                                  assignment != NULL ? assignment->device : (VasHostAddress){0});
        vas_json_add_text(json, "guest", result->guest);
        vas_json_add_text(json, "text", step->text);
        vas_json_add_text(json, "xml", step->xml);
        vas_json_add_text(json, "driver", step->driver);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void
add_result(JsonBuilder *json, const VasResult *result)
{
    json_builder_begin_object(json);
    vas_json_add_host_address(json, "device", result->has_device, result->device);
    vas_json_add_text(json, "guest", result->guest);
    vas_json_add_text(json, "alias", result->alias);
    vas_json_add_guest_address(json, result->has_guest_address, result->guest_address);
    vas_json_add_mac(json, result->has_mac, result->mac);
    vas_json_add_text(json, "outcome", vas_outcome_name(result->outcome));
    vas_json_add_boolean(json, "live", result->live);
    vas_json_add_boolean(json, "config", result->config);
    vas_json_add_text(json, "driver", result->driver);
    vas_json_add_text(json, "predicted_name", result->predicted_name);
    vas_json_add_text(json, "predicted_older_name", result->predicted_older);
    vas_json_add_vf_settings(json, result->has_vf_settings ? &result->vf_settings : NULL);
    vas_json_add_wish(json, result->wish);
    vas_json_add_texts(json, "overridden", result->overridden);
    vas_json_add_error_or_null(json, result->error);
    json_builder_end_object(json);
}

void
vas_json_add_results(JsonBuilder *json, const GPtrArray *results)
{
    vas_json_begin_member(json, "results", json_builder_begin_array);
    for (guint i = 0; i < results->len; i++)
        add_result(json, g_ptr_array_index(results, i));
    json_builder_end_array(json);
}

void
vas_json_add_findings(JsonBuilder *json, const GPtrArray *findings)
{
    vas_json_begin_member(json, "findings", json_builder_begin_array);
    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        json_builder_begin_object(json);
        vas_json_add_text(json, "id", finding->id);
        vas_json_add_text(json, "level", vas_finding_level_name(finding->level));
        vas_json_add_text(json, "subject", finding->subject);
        vas_json_add_text(json, "summary", finding->summary);
        vas_json_add_text(json, "evidence", finding->evidence);
        vas_json_add_text(json, "advice", finding->advice);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void
vas_json_add_host_results(JsonBuilder *json, const GPtrArray *results)
{
    vas_json_begin_member(json, "results", json_builder_begin_array);
    for (guint i = 0; i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        json_builder_begin_object(json);
        vas_json_add_host_address(json, "device", result->has_device, result->device);
        vas_json_add_text(json, "driver_before", result->driver_before);
        vas_json_add_text(json, "driver", result->driver);
        vas_json_add_text(json, "outcome", vas_outcome_name(result->outcome));
        vas_json_add_texts(json, "overridden", result->overridden);
        vas_json_add_error_or_null(json, result->error);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void
add_recovery(JsonBuilder *json, const VasRecovery *recovery)
{
    g_autoptr(GDateTime) start =
        recovery->started_at > 0 ? g_date_time_new_from_unix_utc(recovery->started_at) : NULL;
    g_autofree char *started = start != NULL ? g_date_time_format_iso8601(start) : NULL;

    json_builder_begin_object(json);
    vas_json_add_text(json, "command", recovery->command);
    vas_json_add_text(json, "guest", recovery->guest);
    vas_json_add_text(json, "started", started);
    vas_json_begin_member(json, "devices", json_builder_begin_array);
    for (guint i = 0; i < recovery->devices->len; i++)
        json_builder_add_string_value(
            json, vas_host_address_text(g_array_index(recovery->devices, VasHostAddress, i)).text);
    json_builder_end_array(json);
    vas_json_add_text(json, "outcome", vas_recovery_outcome_name(recovery->outcome));
    vas_json_add_boolean(json, "planned", recovery->is_planned);
    vas_json_add_error_or_null(json, recovery->error);
    json_builder_end_object(json);
}

void
vas_json_add_recoveries(JsonBuilder *json, const GPtrArray *recoveries)
{
    vas_json_begin_member(json, "recoveries", json_builder_begin_array);
    for (guint i = 0; i < recoveries->len; i++)
        add_recovery(json, g_ptr_array_index(recoveries, i));
    json_builder_end_array(json);
}

void
vas_json_add_boot_results(JsonBuilder *json, const GPtrArray *results)
{
    vas_json_begin_member(json, "results", json_builder_begin_array);
    for (guint i = 0; i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        json_builder_begin_object(json);
        vas_json_add_host_address(json, "device", result->has_device, result->device);
        vas_json_add_number_from(json, "vfs", result->vfs, 1);
        vas_json_add_text(json, "driver", result->driver);
        vas_json_add_text(json, "outcome", vas_outcome_name(result->outcome));
        vas_json_add_error_or_null(json, result->error);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void
vas_json_add_hook(JsonBuilder *json, const VasHookStatus *status)
{
    vas_json_begin_member(json, "hook", json_builder_begin_object);
    vas_json_add_text(json, "state", vas_hook_state_name(status->state));
    vas_json_add_text(json, "program", status->program);
    json_builder_end_object(json);
    vas_json_add_boolean(json, "changed", status->is_changed);
}
