/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/vf-settings.h"

#include "core/value/error.h"

#include <string.h>

gboolean
vas_vf_wish_is_empty(const VasVfWish *wish)
{
    return vas_vf_wish_fields(wish) == 0;
}

guint
vas_vf_wish_fields(const VasVfWish *wish)
{
    return (wish->spoof_check >= 0 ? VAS_VF_SPOOF_CHECK : 0) |
           (wish->trust >= 0 ? VAS_VF_TRUST : 0) | (wish->link_state >= 0 ? VAS_VF_LINK_STATE : 0) |
           (wish->max_rate >= 0 ? VAS_VF_RATE : 0) | (wish->qos >= 0 ? VAS_VF_VLAN : 0);
}

VasVfWish
vas_vf_wish_with(const VasVfWish *earlier, const VasVfWish *later)
{
    return (VasVfWish){
        .qos = later->qos >= 0 ? later->qos : earlier->qos,
        .max_rate = later->max_rate >= 0 ? later->max_rate : earlier->max_rate,
        .spoof_check = later->spoof_check >= 0 ? later->spoof_check : earlier->spoof_check,
        .trust = later->trust >= 0 ? later->trust : earlier->trust,
        .link_state = later->link_state >= 0 ? later->link_state : earlier->link_state,
    };
}

gboolean
vas_vf_wish_equal(const VasVfWish *a, const VasVfWish *b)
{
    return a->qos == b->qos && a->max_rate == b->max_rate && a->spoof_check == b->spoof_check &&
           a->trust == b->trust && a->link_state == b->link_state;
}

/* No limit can be below what is promised (min_tx_rate > max_tx_rate is refused by each driver
 * that knows it): a lower limit takes the promise along. */
static void
limit_rate(VasVfSettings *settings, int max_rate)
{
    settings->max_rate = max_rate;
    if (max_rate > 0)
        settings->min_rate = MIN(settings->min_rate, max_rate);
}

VasVfSettings
vas_vf_settings_with(const VasVfSettings *settings, const VasVfWish *wish)
{
    VasVfSettings result = *settings;

    if (wish->spoof_check >= 0)
        result.spoof_check = wish->spoof_check;
    if (wish->trust >= 0)
        result.trust = wish->trust;
    if (wish->link_state >= 0)
        result.link_state = wish->link_state;
    if (wish->max_rate >= 0)
        limit_rate(&result, wish->max_rate);
    if (wish->qos >= 0)
        result.qos = wish->qos;
    return result;
}

static gboolean
is_other(int value, int wanted)
{
    return wanted >= 0 && value != wanted;
}

/* Without a tag there is no protocol: drivers show one or none. */
static gboolean
is_other_vlan(const VasVfSettings *settings, const VasVfSettings *wanted)
{
    gboolean tagged = wanted->vlan > 0 || wanted->qos > 0;

    return settings->vlan != wanted->vlan || settings->qos != wanted->qos ||
           (tagged && settings->vlan_protocol != wanted->vlan_protocol);
}

guint
vas_vf_settings_differ(const VasVfSettings *settings, const VasVfSettings *wanted)
{
    guint fields = 0;

    if (is_other(settings->spoof_check, wanted->spoof_check))
        fields |= VAS_VF_SPOOF_CHECK;
    if (is_other(settings->trust, wanted->trust))
        fields |= VAS_VF_TRUST;
    if (is_other(settings->link_state, wanted->link_state))
        fields |= VAS_VF_LINK_STATE;
    if (settings->min_rate != wanted->min_rate || settings->max_rate != wanted->max_rate)
        fields |= VAS_VF_RATE;
    if (is_other_vlan(settings, wanted))
        fields |= VAS_VF_VLAN;
    if (!vas_mac_address_equal(settings->mac, wanted->mac))
        fields |= VAS_VF_MAC;
    return fields;
}

guint
vas_vf_settings_unknown(const VasVfSettings *settings, guint fields)
{
    guint unknown = (settings->spoof_check < 0 ? VAS_VF_SPOOF_CHECK : 0) |
                    (settings->trust < 0 ? VAS_VF_TRUST : 0) |
                    (settings->link_state < 0 ? VAS_VF_LINK_STATE : 0);

    return unknown & fields;
}

static const char *
on_off(int value)
{
    return value < 0 ? "unknown" : value > 0 ? "on" : "off";
}

static void
append_rate(GString *text, const VasVfSettings *settings)
{
    if (settings->max_rate > 0)
        g_string_append_printf(text, "max rate %d Mbit/s", settings->max_rate);
    else
        g_string_append(text, "no max rate");
    if (settings->min_rate > 0)
        g_string_append_printf(text, " (min %d)", settings->min_rate);
}

static void
append_vlan(GString *text, const VasVfSettings *settings)
{
    if (settings->vlan == 0 && settings->qos == 0) {
        g_string_append(text, "no VLAN");
        return;
    }
    g_string_append_printf(text, "VLAN %d", settings->vlan);
    if (settings->qos > 0)
        g_string_append_printf(text, " with priority %d", settings->qos);
}

static void
append_field(GString *text, const VasVfSettings *settings, VasVfField field)
{
    switch (field) {
    case VAS_VF_SPOOF_CHECK:
        g_string_append_printf(text, "spoof check %s", on_off(settings->spoof_check));
        break;
    case VAS_VF_TRUST:
        g_string_append_printf(text, "trust %s", on_off(settings->trust));
        break;
    case VAS_VF_LINK_STATE:
        g_string_append_printf(text, "link state %s", vas_vf_link_state_name(settings->link_state));
        break;
    case VAS_VF_RATE:
        append_rate(text, settings);
        break;
    case VAS_VF_VLAN:
        append_vlan(text, settings);
        break;
    case VAS_VF_MAC:
        g_string_append_printf(text, "MAC %s", vas_mac_address_text(settings->mac).text);
        break;
    }
}

char *
vas_vf_settings_text(const VasVfSettings *settings, guint fields)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < VAS_VF_FIELDS; i++) {
        if ((fields & 1u << i) == 0)
            continue;
        if (text->len > 0)
            g_string_append(text, ", ");
        append_field(text, settings, (VasVfField) (1u << i));
    }
    return g_string_free(text, FALSE);
}

/* The tag itself is in libvirt's element, and so not in the wish. */
char *
vas_vf_wish_text(const VasVfWish *wish)
{
    const VasVfSettings nothing = {.spoof_check = -1, .trust = -1, .link_state = -1};
    const VasVfSettings wished = vas_vf_settings_with(&nothing, wish);
    g_autofree char *text =
        vas_vf_settings_text(&wished, vas_vf_wish_fields(wish) & ~(guint) VAS_VF_VLAN);

    if (wish->qos < 0)
        return g_steal_pointer(&text);
    return g_strdup_printf("%s%spriority %d", text, *text != '\0' ? ", " : "", wish->qos);
}

const char *
vas_vf_field_name(VasVfField field)
{
    switch (field) {
    case VAS_VF_SPOOF_CHECK:
        return "spoof check";
    case VAS_VF_TRUST:
        return "trust";
    case VAS_VF_LINK_STATE:
        return "link state";
    case VAS_VF_RATE:
        return "max rate";
    case VAS_VF_VLAN:
        return "VLAN";
    case VAS_VF_MAC:
        return "MAC";
    }
    return "unknown";
}

static const char *const link_states[] = {
    [VAS_VF_LINK_AUTO] = "auto",
    [VAS_VF_LINK_ENABLE] = "enable",
    [VAS_VF_LINK_DISABLE] = "disable",
};

const char *
vas_vf_link_state_name(int link_state)
{
    if (link_state < 0 || link_state >= (int) G_N_ELEMENTS(link_states))
        return "unknown";
    return link_states[link_state];
}

gboolean
vas_vf_link_state_parse(const char *text, int *ret_link_state, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(link_states); i++) {
        if (strcmp(text, link_states[i]) == 0) {
            *ret_link_state = (int) i;
            return TRUE;
        }
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" is not a link state: it is auto, enable or disable", text);
    return FALSE;
}
