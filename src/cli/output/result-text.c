/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/result-text.h"

#include "cli/output/describe.h"

typedef void (*AppendLine)(GString *text, const VasResult *result, const char *subject);

static char *
subject_of(const VasResult *result)
{
    if (result->has_device)
        return g_strdup(vas_host_address_text(result->device).text);
    if (result->alias != NULL)
        return g_strdup(result->alias);
    return g_strdup(result->name != NULL ? result->name : "device");
}

static void
append_guest_side(GString *text, const VasResult *result)
{
    const char *separator = ": ";

    if (result->has_guest_address) {
        g_string_append_printf(text, "%sguest address %s", separator,
                               vas_guest_address_text(result->guest_address).text);
        separator = ", ";
    }
    if (result->alias != NULL) {
        g_string_append_printf(text, "%salias %s", separator, result->alias);
        separator = ", ";
    }
    if (result->has_mac) {
        g_string_append_printf(text, "%sMAC %s", separator, vas_mac_address_text(result->mac).text);
        separator = ", ";
    }
    if (result->predicted_name != NULL)
        g_string_append_printf(text, "%sin the guest %s%s%s%s", separator, result->predicted_name,
                               result->predicted_older != NULL ? " (" : "",
                               result->predicted_older != NULL ? result->predicted_older : "",
                               result->predicted_older != NULL ? " with systemd before 257)" : "");
    else if (result->predicted_why != NULL)
        g_string_append_printf(text, "%sname in the guest unknown: %s", separator,
                               result->predicted_why);
}

static void
append_vf_settings(GString *text, const VasResult *result)
{
    g_autofree char *settings = NULL;

    if (!result->has_vf_settings || result->vf_fields == 0)
        return;
    settings = vas_vf_settings_text(&result->vf_settings, result->vf_fields);
    g_string_append_printf(text, ", at its PF %s", settings);
}

/* Nearly all devices are on vfio-pci, so that it is not said of each. */
static void
append_vfio_driver(GString *text, const VasResult *result)
{
    if (result->live && result->driver != NULL && !g_str_equal(result->driver, "vfio-pci"))
        g_string_append_printf(text, ", on %s", result->driver);
}

/* A device that has just come in is known again: that goes without saying. */
static void
append_wish(GString *text, const VasResult *result)
{
    const VasWish *wish = result->wish;
    g_autofree char *settings = wish != NULL ? vas_vf_wish_text(&wish->settings) : NULL;

    if (settings != NULL && *settings != '\0')
        g_string_append_printf(text, "; kept for each start%s: %s",
                               wish->is_required ? ", and required" : "", settings);
    else if (settings != NULL && result->outcome == VAS_OUTCOME_ALREADY)
        g_string_append(text, "; kept for each start: which device it is");
}

static void
append_attached(GString *text, const VasResult *result, const char *subject)
{
    g_string_append_printf(text, "%s %s to %s (%s)", subject,
                           result->outcome == VAS_OUTCOME_ALREADY ? "is already attached"
                                                                  : "attached",
                           result->guest, vas_describe_presence(result->live, result->config));
    append_guest_side(text, result);
    append_vf_settings(text, result);
    append_vfio_driver(text, result);
    append_wish(text, result);
}

static void
append_host_side(GString *text, const VasResult *result)
{
    if (result->driver != NULL)
        g_string_append_printf(text, ", now on %s", result->driver);
    else if (result->has_device)
        g_string_append(text, ", now on no host driver");
}

static void
append_detached(GString *text, const VasResult *result, const char *subject)
{
    gboolean already = result->outcome == VAS_OUTCOME_ALREADY;

    if (!result->live && !result->config) {
        g_string_append_printf(text, "%s %s %s: not in the running guest, not in its config",
                               subject, already ? "is already out of" : "detached from",
                               result->guest);
        append_host_side(text, result);
    } else if (!result->live) {
        g_string_append_printf(text, "%s %s %s", subject,
                               already ? "is not in the running" : "released by", result->guest);
        append_host_side(text, result);
        g_string_append(text, "; still in its config");
    } else {
        g_string_append_printf(text, "%s %s the config of %s; still in the running guest", subject,
                               already ? "is not in" : "removed from", result->guest);
    }
}

static const char *
driver_text(const char *driver)
{
    return driver != NULL ? driver : "no driver";
}

static void
append_host_detached(GString *text, const VasResult *result, const char *subject)
{
    if (result->outcome == VAS_OUTCOME_ALREADY)
        g_string_append_printf(text, "%s is already detached from the host: on %s", subject,
                               driver_text(result->driver));
    else
        g_string_append_printf(text, "%s detached from the host: was on %s, now on %s", subject,
                               driver_text(result->driver_before), driver_text(result->driver));
}

static void
append_host_reattached(GString *text, const VasResult *result, const char *subject)
{
    if (result->outcome == VAS_OUTCOME_ALREADY)
        g_string_append_printf(text, "%s is already the host's: on %s", subject,
                               driver_text(result->driver));
    else
        g_string_append_printf(text, "%s given back to the host: was on %s, now on %s", subject,
                               driver_text(result->driver_before), driver_text(result->driver));
}

static void
append_booted(GString *text, const VasResult *result, const char *subject)
{
    const char *already = result->outcome == VAS_OUTCOME_ALREADY ? " already" : "";

    if (result->vfs > 0)
        g_string_append_printf(text, "%s has %u VF%s%s", subject, result->vfs,
                               result->vfs == 1 ? "" : "s", already);
    else
        g_string_append_printf(text, "%s is%s on %s", subject, already,
                               driver_text(result->driver));
}

static void
append_result(GString *line, const VasResult *result, gboolean is_only, AppendLine append_line)
{
    g_autofree char *subject = subject_of(result);

    switch (result->outcome) {
    case VAS_OUTCOME_DONE:
    case VAS_OUTCOME_ALREADY:
        append_line(line, result, subject);
        break;
    case VAS_OUTCOME_PENDING:
    case VAS_OUTCOME_FAILED:
    case VAS_OUTCOME_UNDONE:
        if (!is_only)
            g_string_append_printf(line, "%s %s: %s", subject, vas_outcome_name(result->outcome),
                                   result->error != NULL ? result->error->message
                                                         : "no cause is known");
        break;
    case VAS_OUTCOME_PLANNED:
        break;
    }
}

static void
append_results(GString *text, const VasTerminal *terminal, const GPtrArray *results,
               AppendLine append_line)
{
    for (guint i = 0; i < results->len; i++) {
        g_autoptr(GString) line = g_string_new(NULL);

        append_result(line, g_ptr_array_index(results, i), results->len == 1, append_line);
        if (line->len > 0)
            vas_terminal_add_line(text, terminal, "%s", line->str);
    }
}

void
vas_result_text_attached(GString *text, const VasTerminal *terminal, const GPtrArray *results)
{
    append_results(text, terminal, results, append_attached);
}

void
vas_result_text_detached(GString *text, const VasTerminal *terminal, const GPtrArray *results)
{
    append_results(text, terminal, results, append_detached);
}

void
vas_result_text_host_detached(GString *text, const VasTerminal *terminal, const GPtrArray *results)
{
    append_results(text, terminal, results, append_host_detached);
}

void
vas_result_text_host_reattached(GString *text, const VasTerminal *terminal,
                                const GPtrArray *results)
{
    append_results(text, terminal, results, append_host_reattached);
}

void
vas_result_text_booted(GString *text, const VasTerminal *terminal, const GPtrArray *results)
{
    append_results(text, terminal, results, append_booted);
}

void
vas_result_text_steps(GString *text, const VasTerminal *terminal, const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);

        vas_terminal_add_line(text, terminal, "%u. %s", i + 1, step->text);
    }
}
