/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/preset-network-manager.h"

#include "host/sriov/network-manager-profile.h"
#include "host/sriov/vf-preset.h"

#include <string.h>

#define PROGRAM "NetworkManager"
#define VF_KEY "vf."

static void
read_number(const char *text, guint base, guint64 most, int *number)
{
    guint64 parsed;

    if (g_ascii_string_to_unsigned(text, base, 0, most, &parsed, NULL))
        *number = (int) parsed;
}

/* Decimal, or with 0x in front. */
static void
read_any_number(const char *text, guint64 most, int *number)
{
    gboolean is_hexadecimal = g_str_has_prefix(text, "0x");

    read_number(is_hexadecimal ? text + 2 : text, is_hexadecimal ? 16 : 10, most, number);
}

/* "85.0.q": ID, priority, protocol (_nm_sriov_vf_parse_vlans). */
static void
read_vlan(const char *text, VasVfSettings *settings)
{
    g_auto(GStrv) parts = g_strsplit(text, ".", 3);
    guint count = g_strv_length(parts);

    if (count > 0)
        read_any_number(parts[0], VAS_VLAN_MAX + 1, &settings->vlan);
    if (count > 1)
        read_any_number(parts[1], G_MAXINT, &settings->qos);
    if (count > 2 && g_str_equal(parts[2], "ad"))
        settings->vlan_protocol = VAS_VLAN_PROTOCOL_AD;
}

static void
take_attribute(const char *name, const char *value, VasVfPreset *preset)
{
    VasVfSettings *settings = &preset->settings;

    if (g_str_equal(name, "mac") && vas_mac_address_parse(value, &settings->mac, NULL)) {
        preset->fields |= VAS_VF_MAC;
    } else if (g_str_equal(name, "spoof-check")) {
        settings->spoof_check = g_str_equal(value, "true");
        preset->fields |= VAS_VF_SPOOF_CHECK;
    } else if (g_str_equal(name, "trust")) {
        settings->trust = g_str_equal(value, "true");
        preset->fields |= VAS_VF_TRUST;
    } else if (g_str_equal(name, "min-tx-rate")) {
        read_number(value, 10, G_MAXINT, &settings->min_rate);
    } else if (g_str_equal(name, "max-tx-rate")) {
        read_number(value, 10, G_MAXINT, &settings->max_rate);
    } else if (g_str_equal(name, "vlans")) {
        read_vlan(value, settings);
        if (strchr(value, ';') != NULL && preset->doubt == NULL)
            preset->doubt = g_strdup("NetworkManager sets no VF that has several VLANs");
    }
}

/* "vf.0=mac=52:54:00:aa:01:01 trust=true vlans=85" (sriov_vfs_parser). A VF that is named without a
 * VLAN loses the one it has (link_set_sriov_vfs in nm-linux-platform.c). NULL: the line is not for
 * a VF. Returns full. */
static VasVfPreset *
read_line(const VasNetworkManagerProfile *profile, const VasSettingLine *line)
{
    g_auto(GStrv) words = g_strsplit(line->value, " ", -1);
    VasVfPreset *preset = NULL;

    if (!g_str_equal(line->section, "sriov") || !g_str_has_prefix(line->key, VF_KEY))
        return NULL;
    preset = vas_vf_preset_new(PROGRAM, profile->path, line->line);
    read_number(line->key + strlen(VF_KEY), 10, G_MAXINT, &preset->index);
    preset->doubt = g_strdup(profile->doubt);
    preset->fields = VAS_VF_VLAN;
    for (guint i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], "=", 2);

        if (parts[0] != NULL && parts[1] != NULL)
            take_attribute(parts[0], parts[1], preset);
    }
    if (preset->settings.min_rate > 0 || preset->settings.max_rate > 0)
        preset->fields |= VAS_VF_RATE;
    return preset;
}

void
vas_preset_network_manager_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *presets)
{
    g_autoptr(GPtrArray) profiles = NULL;

    if (pf->interface == NULL)
        return;
    profiles = vas_network_manager_profiles(host, pf);
    for (guint i = 0; i < profiles->len; i++) {
        const VasNetworkManagerProfile *profile = g_ptr_array_index(profiles, i);
        g_autoptr(GPtrArray) of_file = vas_vf_presets_new();

        for (guint j = 0; j < profile->settings->len; j++) {
            VasVfPreset *preset = read_line(profile, g_ptr_array_index(profile->settings, j));

            if (preset != NULL)
                vas_vf_preset_add(preset, of_file);
        }
        vas_vf_presets_take(of_file, presets);
    }
}
