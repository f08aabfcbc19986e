/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-wish.h"

#include "core/report/finding.h"
#include "core/value/error.h"
#include "engine/base/wished-device.h"
#include "engine/check/wish-state.h"
#include "engine/journal/operation.h"
#include "xml/metadata-xml.h"

#define ID "guest.wish"

/* A wish of one guest; all of it borrowed. */
typedef struct {
    const VasContext *context;
    const VasGuest *guest;
    const VasWish *wish;
    const char *address; /* the wish's device */
    GPtrArray *findings;
} WishCheck;

static VasFinding *
add(const WishCheck *check, VasFindingLevel level, const char *summary)
{
    VasFinding *finding =
        vas_findings_add(check->findings, ID, level, check->guest->name, "%s", summary);

    vas_finding_set_evidence(finding, "virsh metadata %s " VAS_METADATA_URI ": <wish device='%s'>",
                             check->guest->word, check->address);
    return finding;
}

static void
append_option(GString *options, const char *name, const char *value)
{
    g_string_append_printf(options, " --%s %s", name, value);
}

static const char *
on_off(int value)
{
    return value > 0 ? "on" : "off";
}

/* " --trust on ...": what attach is told of @settings. Returns full. */
static char *
settings_options(const VasVfWish *settings)
{
    g_autoptr(GString) options = g_string_new(NULL);

    if (settings->trust >= 0)
        append_option(options, "trust", on_off(settings->trust));
    if (settings->spoof_check >= 0)
        append_option(options, "spoof-check", on_off(settings->spoof_check));
    if (settings->link_state >= 0)
        append_option(options, "link-state", vas_vf_link_state_name(settings->link_state));
    if (settings->max_rate >= 0)
        g_string_append_printf(options, " --max-rate %d", settings->max_rate);
    if (settings->qos >= 0)
        g_string_append_printf(options, " --qos %d", settings->qos);
    return g_strdup(options->str);
}

/* Tells what makes an element as the config has it for @config, with the same wish. Returns full.
 */
static char *
attach_options(const VasAssignment *config, const VasWish *wish)
{
    g_autofree char *settings = settings_options(&wish->settings);
    g_autoptr(GString) options = g_string_new(NULL);

    append_option(options, "as", vas_assignment_type_name(config->type));
    if (config->has_guest_address)
        append_option(options, "guest-address", vas_guest_address_text(config->guest_address).text);
    if (config->has_mac)
        append_option(options, "mac", vas_mac_address_text(config->mac).text);
    if (config->vlan >= 0)
        g_string_append_printf(options, " --vlan %d", config->vlan);
    g_string_append_printf(options, "%s%s", settings, wish->is_required ? " --required" : "");
    return g_strdup(options->str);
}

/* Whether an unfinished command is about the device: what it says of that is told elsewhere. */
static gboolean
is_unfinished(const VasGuest *guest, VasHostAddress device)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++) {
        if (vas_operation_find_device(g_ptr_array_index(operations, i), device) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
tell_without_element(const WishCheck *check)
{
    VasFinding *finding = add(check, VAS_FINDING_WARNING,
                              "something is kept for each start of a device that its config does "
                              "not have");

    vas_finding_set_advice(finding, "virt-assign detach %s %s --config", check->guest->word,
                           check->address);
}

/* The device that is meant is elsewhere, or something else is in its place: either can be made
 * right. */
static void
tell_other_device(const WishCheck *check, const VasAssignment *config)
{
    g_autofree char *options = attach_options(config, check->wish);
    g_autoptr(GError) mismatch = NULL;
    VasHostAddress found = check->wish->device;
    VasFinding *finding = NULL;

    if (vas_wished_device_find(check->context, check->wish->identity, check->wish->device, &found,
                               &mismatch))
        return;
    finding = add(check, VAS_FINDING_PROBLEM, mismatch->message);
    if (g_error_matches(mismatch, VAS_ERROR, VAS_ERROR_MISMATCH))
        vas_finding_set_advice(finding,
                               "virt-assign detach %s %s --config && virt-assign attach %s %s "
                               "--config%s",
                               check->guest->word, check->address, check->guest->word,
                               vas_host_address_text(found).text, options);
    else if (vas_error_hint(mismatch) != NULL)
        vas_finding_set_advice(finding, "%s", vas_error_hint(mismatch));
}

/* A setting that the driver does not tell is not known to differ. */
static void
check_settings(const WishCheck *check, const VasWishState *state)
{
    const VasVfWish *wished = &check->wish->settings;
    const VasVfSettings target = vas_vf_settings_with(&state->settings, wished);
    guint differ = vas_vf_settings_differ(&state->settings, &target);
    g_autofree char *options = settings_options(wished);
    g_autofree char *wanted = vas_vf_wish_text(wished);
    g_autofree char *found = vas_vf_settings_text(&state->settings, vas_vf_wish_fields(wished));
    g_autofree char *summary = NULL;

    if ((differ & ~vas_vf_settings_unknown(&state->settings, G_MAXUINT)) == 0)
        return;
    summary = g_strdup_printf("%s is not as is kept for each start: it has %s, and is to have %s",
                              check->address, found, wanted);
    vas_finding_set_advice(add(check, VAS_FINDING_WARNING, summary),
                           "virt-assign attach %s %s --live%s", check->guest->word, check->address,
                           options);
}

static void
check_wish(const WishCheck *check, const VasWishState *state)
{
    if (is_unfinished(check->guest, check->wish->device))
        return;
    if (state->config == NULL)
        tell_without_element(check);
    else if (!state->is_meant)
        tell_other_device(check, state->config);
    else if (state->is_live && state->has_settings)
        check_settings(check, state);
}

/* Where no seal can be checked, what stands there is looked at as well. */
void
vas_check_wishes(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                 GPtrArray *findings)
{
    g_autoptr(GArray) states = vas_wish_states(context, inventory, guest);

    for (guint i = 0; i < states->len; i++) {
        const VasWishState *state = &g_array_index(states, VasWishState, i);
        VasPciAddressText address = vas_host_address_text(state->wish->device);
        const WishCheck check = {context, guest, state->wish, address.text, findings};

        if (state->wish->is_proven || !state->is_seal_told)
            check_wish(&check, state);
    }
}
