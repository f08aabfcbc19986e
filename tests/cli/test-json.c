/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-result.h"
#include "cli/print/json.h"
#include "core/value/error.h"
#include "core/report/result.h"
#include "core/report/step.h"
#include "testing.h"

#include <string.h>

/* Devices and guests are tested through the program (list.sh, show.sh). */

static VasResult *
new_result(void)
{
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    VasResult *result = NULL;

    assignment->has_device = vas_host_address_parse("01:10.0", &assignment->device, NULL);
    assignment->has_guest_address =
        vas_guest_address_parse("02:00.0", &assignment->guest_address, NULL);
    assignment->has_mac = vas_mac_address_parse("52:54:00:00:00:01", &assignment->mac, NULL);
    assignment->alias = g_strdup("ua-pci_0000_01_10_0");
    result = vas_result_new("db1", assignment);
    result->outcome = VAS_OUTCOME_FAILED;
    return result;
}

static void
test_host_results(void)
{
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autofree char *text = NULL;
    VasResult *failed = new_result();
    VasResult *done = new_result();

    failed->error = g_error_new(VAS_ERROR, VAS_ERROR_FAILED, "it is on no driver");
    done->outcome = VAS_OUTCOME_DONE;
    done->driver_before = g_strdup("igbvf");
    done->driver = g_strdup("vfio-pci");
    g_ptr_array_add(results, done);
    g_ptr_array_add(results, failed);
    vas_json_add_host_results(json, results);
    text = vas_json_end(json);
    testing_assert_golden("cli/host-results.json", text);
}

/* A C1 control, a direction override and one beyond the BMP; letters stay. */
static void
test_unprintable(void)
{
    static const char hostile[] = "\x1b\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\xc3\xa9";
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;

    vas_json_add_text(json, "name", hostile);
    text = vas_json_end(json);
    g_assert_nonnull(strstr(text, "\"\\u001b\\u009b\\u202e\\udb40\\udc01\xc3\xa9\""));
    root = json_from_string(text, NULL);
    g_assert_cmpstr(json_object_get_string_member(json_node_get_object(root), "name"), ==, hostile);
}

static void
test_results(void)
{
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    VasResult *failed = new_result();
    VasResult *done = new_result();

    error = g_error_new(VAS_ERROR, VAS_ERROR_IN_USE, "attach 0000:01:10.0 to db1: web1 has it");
    vas_error_set_hint(&error, "detach it from web1 first");
    vas_error_set_libvirt(error, 10, 55);
    failed->error = g_error_copy(error);
    done->outcome = VAS_OUTCOME_DONE;
    done->live = TRUE;
    done->driver = g_strdup("vfio-pci");
    done->predicted_name = g_strdup("enp2s0");
    g_ptr_array_add(results, done);
    g_ptr_array_add(results, failed);
    vas_json_add_results(json, results);
    vas_json_add_error(json, error);
    text = vas_json_end(json);
    testing_assert_golden("cli/results.json", text);
}

static void
test_steps(void)
{
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autofree char *text = NULL;

    assignment->has_device = vas_host_address_parse("10000:e1:00.0", &assignment->device, NULL);
    g_ptr_array_add(steps,
                    vas_step_new(VAS_STEP_ATTACH_CONFIG, 0, assignment, "<hostdev/>\n", "db1"));
    g_ptr_array_add(steps, vas_step_new(VAS_STEP_PROVE_CONFIG, 0, assignment, NULL, "db1"));
    g_ptr_array_add(results, vas_result_new("db1", assignment));
    vas_json_add_steps(json, steps, results);
    text = vas_json_end(json);
    testing_assert_golden("cli/steps.json", text);
}

static void
test_error_of_another_domain(void)
{
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autoptr(GError) error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO, "a \"disk\" \377");
    g_autofree char *text = NULL;

    vas_json_add_error(json, error);
    text = vas_json_end(json);
    g_assert_cmpstr(text, ==,
                    "{\n"
                    "  \"schema\" : 1,\n"
                    "  \"error\" : {\n"
                    "    \"code\" : \"failed\",\n"
                    "    \"message\" : \"a \\\"disk\\\" \357\277\275\",\n"
                    "    \"hint\" : null,\n"
                    "    \"libvirt_code\" : null\n"
                    "  }\n"
                    "}\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/host-results", test_host_results);
    g_test_add_func("/json/results", test_results);
    g_test_add_func("/json/steps", test_steps);
    g_test_add_func("/json/error-of-another-domain", test_error_of_another_domain);
    g_test_add_func("/json/unprintable", test_unprintable);
    return g_test_run();
}
