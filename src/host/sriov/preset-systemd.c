/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/preset-systemd.h"

#include "host/sriov/systemd-file.h"
#include "host/sriov/vf-preset.h"
#include "host/system/network-manager.h"

/* parse_boolean in systemd's src/basic/parse-util.c. @unset: there is none. */
static int
read_boolean(const char *value, int unset)
{
    static const char *const yes[] = {"1", "yes", "y", "true", "t", "on"};
    static const char *const no[] = {"0", "no", "n", "false", "f", "off"};

    for (gsize i = 0; i < G_N_ELEMENTS(yes); i++) {
        if (g_ascii_strcasecmp(value, yes[i]) == 0)
            return 1;
        if (g_ascii_strcasecmp(value, no[i]) == 0)
            return 0;
    }
    return value[0] == '\0' ? -1 : unset;
}

static int
read_link_state(const char *value, int unset)
{
    int enabled = read_boolean(value, -2);

    if (g_str_equal(value, "auto"))
        return VAS_VF_LINK_AUTO;
    if (enabled < 0)
        return enabled == -1 ? -1 : unset;
    return enabled > 0 ? VAS_VF_LINK_ENABLE : VAS_VF_LINK_DISABLE;
}

/* Any separators will do (parse_ether_addr). */
static void
read_mac(const char *value, VasMacAddress *mac)
{
    g_autoptr(GString) text = g_string_new(NULL);
    VasMacAddress parsed;

    if (value[0] == '\0')
        *mac = (VasMacAddress){{0}};
    for (guint digits = 0; value[0] != '\0'; value++) {
        if (!g_ascii_isxdigit(value[0]))
            continue;
        g_string_append_printf(text, "%s%c", digits > 0 && digits % 2 == 0 ? ":" : "", value[0]);
        digits++;
    }
    if (vas_mac_address_parse(text->str, &parsed, NULL))
        *mac = parsed;
}

/* config_parse_sr_iov_uint32: what is not a number leaves it as it is, and nothing unsets it. */
static void
read_number(const char *value, guint64 least, guint64 most, int unset, int *number)
{
    guint64 parsed;

    if (value[0] == '\0')
        *number = unset;
    else if (g_ascii_string_to_unsigned(value, 10, least, most, &parsed, NULL))
        *number = (int) parsed;
}

/* config_parse_sr_iov_* in src/shared/netif-sriov.c, the same in 252 and 257.
 * QueryReceiveSideScaling= is passed over: nothing here reads or sets it. */
static void
take_line(const VasSettingLine *line, VasVfPreset *preset)
{
    VasVfSettings *settings = &preset->settings;
    const char *value = line->value;

    if (g_str_equal(line->key, "VirtualFunction")) {
        read_number(value, 0, G_MAXINT - 1, -1, &preset->index);
    } else if (g_str_equal(line->key, "VLANId")) {
        read_number(value, 1, VAS_VLAN_MAX + 1, 0, &settings->vlan);
    } else if (g_str_equal(line->key, "QualityOfService")) {
        read_number(value, 0, G_MAXINT, 0, &settings->qos);
    } else if (g_str_equal(line->key, "VLANProtocol")) {
        if (g_str_equal(value, "802.1ad"))
            settings->vlan_protocol = VAS_VLAN_PROTOCOL_AD;
        else if (value[0] == '\0' || g_str_equal(value, "802.1Q"))
            settings->vlan_protocol = VAS_VLAN_PROTOCOL;
    } else if (g_str_equal(line->key, "MACSpoofCheck")) {
        settings->spoof_check = read_boolean(value, settings->spoof_check);
    } else if (g_str_equal(line->key, "Trust")) {
        settings->trust = read_boolean(value, settings->trust);
    } else if (g_str_equal(line->key, "LinkState")) {
        settings->link_state = read_link_state(value, settings->link_state);
    } else if (g_str_equal(line->key, "MACAddress")) {
        read_mac(value, &settings->mac);
    }
}

/* sr_iov_has_config: a section cannot take a VLAN away. */
static guint
fields_of(const VasVfSettings *settings)
{
    return (settings->spoof_check >= 0 ? VAS_VF_SPOOF_CHECK : 0) |
           (settings->trust >= 0 ? VAS_VF_TRUST : 0) |
           (settings->link_state >= 0 ? VAS_VF_LINK_STATE : 0) |
           (settings->vlan > 0 ? VAS_VF_VLAN : 0) |
           (vas_mac_address_is_zero(settings->mac) ? 0 : VAS_VF_MAC);
}

/* Sections for VFs that a .link file's own number does not make are dropped
 * (sr_iov_section_verify). G_MAXINT: there is no number. */
static int
count_of(const VasSystemdFile *file)
{
    int count = G_MAXINT;

    for (guint i = 0; i < file->settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(file->settings, i);

        if (g_str_equal(line->section, "Link") && g_str_equal(line->key, "SR-IOVVirtualFunctions"))
            read_number(line->value, 0, G_MAXINT, G_MAXINT, &count);
    }
    return count;
}

static void
end_section(VasVfPreset *preset, int count, GPtrArray *of_file)
{
    preset->fields = fields_of(&preset->settings);
    if (preset->index >= count)
        preset->index = -1;
    vas_vf_preset_add(preset, of_file);
}

/* The last of two sections for one VF counts (sr_iov_drop_invalid_sections). */
static void
add_sections(const char *program, const VasSystemdFile *file, const char *doubt, GPtrArray *presets)
{
    int count = count_of(file);
    g_autoptr(GPtrArray) of_file = vas_vf_presets_new();
    VasVfPreset *preset = NULL;

    for (guint i = 0; i < file->settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(file->settings, i);
        const char *path = g_ptr_array_index(file->paths, i);

        if (!g_str_equal(line->section, "SR-IOV"))
            continue;
        if (preset != NULL &&
            (preset->line != line->section_line || !g_str_equal(preset->path, path)))
            end_section(g_steal_pointer(&preset), count, of_file);
        if (preset == NULL)
            preset = vas_vf_preset_new(program, path, line->section_line);
        if (preset->doubt == NULL)
            preset->doubt = g_strdup(file->doubt != NULL ? file->doubt : doubt);
        take_line(line, preset);
    }
    if (preset != NULL)
        end_section(preset, count, of_file);
    vas_vf_presets_take(of_file, presets);
}

static void
find_for(const VasHost *host, const VasMappedPf *pf, const char *interface, GPtrArray *presets)
{
    g_autoptr(GPtrArray) links = vas_systemd_files_for(host, pf, interface, ".link");
    g_autoptr(GPtrArray) networks = vas_systemd_files_for(host, pf, interface, ".network");
    const char *absence = vas_network_manager_is_running(host, VAS_SYSTEMD_NETWORKD)
                              ? NULL
                              : "systemd-networkd does not run";

    for (guint i = 0; i < links->len; i++)
        add_sections("systemd-udevd", g_ptr_array_index(links, i), NULL, presets);
    for (guint i = 0; i < networks->len; i++)
        add_sections("systemd-networkd", g_ptr_array_index(networks, i), absence, presets);
}

void
vas_preset_systemd_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *presets)
{
    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++)
        find_for(host, pf, pf->interfaces[i], presets);
}
