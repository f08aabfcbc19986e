/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/network-manager-profile.h"

#include "host/files/plain-file.h"
#include "host/system/network-manager.h"
#include "host/system/settings-files.h"

#include <string.h>

/* The folders read last come first (read_entire_config in src/core/nm-config.c). */
static const char *const last_conf[] = {"/etc/NetworkManager/conf.d", NULL};
static const char *const main_conf[] = {"/etc/NetworkManager", NULL};
static const char *const first_conf[] = {
    "/run/NetworkManager/conf.d",
    "/usr/lib/NetworkManager/conf.d",
    NULL,
};
/* src/core/settings/plugins/keyfile/nms-keyfile-plugin.c. */
static const char *const profile_folders[] = {
    "/etc/NetworkManager/system-connections",
    "/run/NetworkManager/system-connections",
    "/usr/lib/NetworkManager/system-connections",
    NULL,
};

static void
profile_free(VasNetworkManagerProfile *profile)
{
    g_free(profile->path);
    g_ptr_array_unref(profile->settings);
    g_free(profile->doubt);
    g_free(profile);
}

void
vas_network_manager_default_clear(VasNetworkManagerDefault *found)
{
    g_free(found->path);
    g_free(found->value);
    *found = (VasNetworkManagerDefault){0};
}

/* The last line of @key in the section that began at @section_line; NULL: none. Borrowed. */
static const VasSettingLine *
find_in(const GPtrArray *settings, guint section_line, const char *key)
{
    const VasSettingLine *found = NULL;

    for (guint i = 0; i < settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(settings, i);

        if (line->section_line == section_line && g_str_equal(line->key, key))
            found = line;
    }
    return found;
}

const VasSettingLine *
vas_network_manager_find(const GPtrArray *settings, const char *section, const char *key)
{
    const VasSettingLine *found = NULL;

    for (guint i = 0; i < settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(settings, i);

        if (g_str_equal(line->section, section) && (key == NULL || g_str_equal(line->key, key)))
            found = line;
    }
    return found;
}

static gboolean
is_true(const VasSettingLine *line)
{
    return line != NULL && line->value[0] != '\0' && strchr("1tyTY", line->value[0]) != NULL;
}

/* NULL: masked, or it cannot be read. Returns full. */
static GPtrArray *
read_lines(const VasHost *host, const char *path)
{
    g_autofree char *text = NULL;

    return vas_read_settings_file(host, path, &text) == VAS_SETTINGS_READ
               ? vas_setting_lines_parse(text, VAS_SETTING_LINES_SINGLE)
               : NULL;
}

/* Whether the device list fits an interface of the PF. */
static gboolean
is_listed(const VasMappedPf *pf, const char *list)
{
    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        if (vas_network_manager_lists(list, pf->interfaces[i], pf->driver, pf->mac))
            return TRUE;
    }
    return FALSE;
}

/* [.config] enable= can keep the whole file away (ignore_config_snippet). */
static gboolean
is_switched_off(const GPtrArray *settings, gboolean *ret_depends)
{
    const VasSettingLine *enable = vas_network_manager_find(settings, ".config", "enable");

    *ret_depends = enable != NULL && !is_true(enable) && strchr(enable->value, ':') != NULL;
    return enable != NULL && !is_true(enable) && !*ret_depends;
}

/* A default that is looked up. */
typedef struct {
    const VasMappedPf *pf;
    const char *prefix;
    const char *key;
    VasNetworkManagerDefault *found;
} Search;

/* Sections "device", "device-a" in a file, in their order; "device" itself is the last one of all
 * (_match_section_infos_construct in src/core/nm-config-data.c). Returns whether none behind it
 * counts. */
static gboolean
look_at_sections(const Search *search, const char *path, const GPtrArray *settings,
                 gboolean last_ones)
{
    gboolean depends = FALSE;
    guint section = 0;

    if (is_switched_off(settings, &depends))
        return FALSE;
    for (guint i = 0; i < settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(settings, i);
        const VasSettingLine *list = find_in(settings, line->section_line, "match-device");
        const VasSettingLine *wanted = find_in(settings, line->section_line, search->key);

        if (line->section_line == section || !g_str_has_prefix(line->section, search->prefix) ||
            g_str_equal(line->section, search->prefix) != last_ones)
            continue;
        section = line->section_line;
        if (list != NULL && !is_listed(search->pf, list->value))
            continue;
        if (wanted != NULL) {
            *search->found = (VasNetworkManagerDefault){g_strdup(path), wanted->line,
                                                        g_strdup(wanted->value), depends};
            return TRUE;
        }
        if (is_true(find_in(settings, section, "stop-match")))
            return TRUE;
    }
    return FALSE;
}

static gboolean
look_at_files(const VasHost *host, const Search *search, const char *const *folders,
              const char *suffix, gboolean last_ones)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, suffix);

    for (guint i = paths->len; i > 0; i--) {
        const char *path = g_ptr_array_index(paths, i - 1);
        g_autoptr(GPtrArray) settings = read_lines(host, path);

        if (settings != NULL && look_at_sections(search, path, settings, last_ones))
            return TRUE;
    }
    return FALSE;
}

void
vas_network_manager_find_default(const VasHost *host, const VasMappedPf *pf, const char *prefix,
                                 const char *key, VasNetworkManagerDefault *ret_found)
{
    const Search search = {pf, prefix, key, ret_found};

    *ret_found = (VasNetworkManagerDefault){0};
    for (guint last_ones = 0; last_ones <= 1; last_ones++) {
        if (look_at_files(host, &search, last_conf, ".conf", last_ones) ||
            look_at_files(host, &search, main_conf, "NetworkManager.conf", last_ones) ||
            look_at_files(host, &search, first_conf, ".conf", last_ones))
            break;
    }
}

char *
vas_network_manager_absence(const VasHost *host, const VasMappedPf *pf)
{
    g_autofree char *unmanaged = NULL;

    if (!vas_network_manager_is_running(host, VAS_NETWORK_MANAGER))
        return g_strdup("NetworkManager does not run");
    (void) vas_network_manager_takes(host, VAS_NETWORK_MANAGER, pf->interface, pf->driver,
                                     &unmanaged);
    return unmanaged != NULL
               ? g_strdup_printf("NetworkManager leaves %s alone by %s", pf->interface, unmanaged)
               : NULL;
}

/* Whether the profile can be one of the PF's. *doubt (full): what cannot be told about it. */
static gboolean
is_for_pf(const VasMappedPf *pf, const GPtrArray *settings, char **doubt)
{
    const VasSettingLine *name = vas_network_manager_find(settings, "connection", "interface-name");
    const VasSettingLine *mac = vas_network_manager_find(settings, "ethernet", "mac-address");

    if (mac == NULL)
        mac = vas_network_manager_find(settings, "802-3-ethernet", "mac-address");
    if (name != NULL && name->value[0] != '\0' &&
        !g_strv_contains((const char *const *) pf->interfaces, name->value))
        return FALSE;
    if (mac != NULL && mac->value[0] != '\0' &&
        (pf->mac == NULL || g_ascii_strcasecmp(mac->value, pf->mac) != 0))
        return FALSE;
    if (vas_network_manager_find(settings, "match", NULL) != NULL)
        *doubt = g_strdup("its [match] is not looked at");
    else if (name == NULL && mac == NULL)
        *doubt = g_strdup("it is not bound to an interface");
    else if (vas_network_manager_find(settings, "connection", "autoconnect") != NULL &&
             !is_true(vas_network_manager_find(settings, "connection", "autoconnect")))
        *doubt = g_strdup("it is activated by hand only");
    return TRUE;
}

GPtrArray *
vas_network_manager_profiles(const VasHost *host, const VasMappedPf *pf)
{
    GPtrArray *profiles = g_ptr_array_new_with_free_func((GDestroyNotify) profile_free);
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, profile_folders, "");

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GPtrArray) settings = read_lines(host, path);
        g_autofree char *doubt = NULL;
        VasNetworkManagerProfile *profile = NULL;

        if (settings == NULL || vas_network_manager_find(settings, "sriov", NULL) == NULL ||
            !is_for_pf(pf, settings, &doubt))
            continue;
        profile = g_new0(VasNetworkManagerProfile, 1);
        profile->path = g_strdup(path);
        profile->settings = g_steal_pointer(&settings);
        profile->doubt =
            doubt != NULL ? g_steal_pointer(&doubt) : vas_network_manager_absence(host, pf);
        g_ptr_array_add(profiles, profile);
    }
    return profiles;
}
