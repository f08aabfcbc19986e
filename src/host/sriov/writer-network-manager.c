/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-network-manager.h"

#include "host/files/plain-file.h"
#include "host/sriov/vf-writer.h"
#include "host/system/network-manager.h"
#include "host/system/setting-lines.h"
#include "host/system/settings-files.h"

#include <string.h>

#define PROGRAM "NetworkManager"

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

/* The last line of @key in a section of this name. @key NULL: any line. Borrowed. */
static const VasSettingLine *
find(const GPtrArray *settings, const char *section, const char *key)
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

static VasVfWriter *
new_writer(const char *path, const VasSettingLine *line)
{
    g_autofree char *text = g_strdup_printf("%s=%s", line->key, line->value);

    return vas_vf_writer_new(PROGRAM, path, line->line, text);
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
    const VasSettingLine *enable = find(settings, ".config", "enable");

    *ret_depends = enable != NULL && !is_true(enable) && strchr(enable->value, ':') != NULL;
    return enable != NULL && !is_true(enable) && !*ret_depends;
}

/* Sections "device", "device-a" in a file, in their order; "device" itself is the last one of all
 * (_match_section_infos_construct in src/core/nm-config-data.c). Returns whether none behind it
 * counts; what it says goes to *found (full). */
static gboolean
look_at_sections(const VasMappedPf *pf, const char *path, const GPtrArray *settings,
                 gboolean last_ones, VasVfWriter **found)
{
    gboolean depends = FALSE;
    guint section = 0;

    if (is_switched_off(settings, &depends))
        return FALSE;
    for (guint i = 0; i < settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(settings, i);
        const VasSettingLine *list = find_in(settings, line->section_line, "match-device");
        const VasSettingLine *count = find_in(settings, line->section_line, "sriov-num-vfs");

        if (line->section_line == section || !g_str_has_prefix(line->section, "device") ||
            g_str_equal(line->section, "device") != last_ones)
            continue;
        section = line->section_line;
        if (list != NULL && !is_listed(pf, list->value))
            continue;
        if (count != NULL) {
            *found = new_writer(path, count);
            vas_vf_writer_set_count(*found, count->value);
            if (depends)
                vas_vf_writer_doubt(*found, "its [.config] enable= is not looked at");
            return TRUE;
        }
        if (is_true(find_in(settings, section, "stop-match")))
            return TRUE;
    }
    return FALSE;
}

static gboolean
look_at_files(const VasHost *host, const VasMappedPf *pf, const char *const *folders,
              const char *suffix, gboolean last_ones, VasVfWriter **found)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, suffix);

    for (guint i = paths->len; i > 0; i--) {
        const char *path = g_ptr_array_index(paths, i - 1);
        g_autoptr(GPtrArray) settings = read_lines(host, path);

        if (settings != NULL && look_at_sections(pf, path, settings, last_ones, found))
            return TRUE;
    }
    return FALSE;
}

/* device_init_static_sriov_num_vfs in src/core/devices/nm-device.c. NULL: none. Returns full. */
static VasVfWriter *
find_in_configuration(const VasHost *host, const VasMappedPf *pf)
{
    VasVfWriter *found = NULL;

    for (guint last_ones = 0; last_ones <= 1; last_ones++) {
        if (look_at_files(host, pf, last_conf, ".conf", last_ones, &found) ||
            look_at_files(host, pf, main_conf, "NetworkManager.conf", last_ones, &found) ||
            look_at_files(host, pf, first_conf, ".conf", last_ones, &found))
            break;
    }
    return found;
}

/* Whether the profile can be one of the PF's. *doubt (full): what cannot be told about it. */
static gboolean
is_for_pf(const VasMappedPf *pf, const GPtrArray *settings, char **doubt)
{
    const VasSettingLine *name = find(settings, "connection", "interface-name");
    const VasSettingLine *mac = find(settings, "ethernet", "mac-address");

    if (mac == NULL)
        mac = find(settings, "802-3-ethernet", "mac-address");
    if (name != NULL && name->value[0] != '\0' &&
        !g_strv_contains((const char *const *) pf->interfaces, name->value))
        return FALSE;
    if (mac != NULL && mac->value[0] != '\0' &&
        (pf->mac == NULL || g_ascii_strcasecmp(mac->value, pf->mac) != 0))
        return FALSE;
    if (find(settings, "match", NULL) != NULL)
        *doubt = g_strdup("its [match] is not looked at");
    else if (name == NULL && mac == NULL)
        *doubt = g_strdup("it is not bound to an interface");
    else if (find(settings, "connection", "autoconnect") != NULL &&
             !is_true(find(settings, "connection", "autoconnect")))
        *doubt = g_strdup("it is activated by hand only");
    return TRUE;
}

/* A profile that has [sriov] without total-vfs removes all VFs: 0 is the default. So does its
 * deactivation, without preserve-on-down of 1.54 (nm-device.c, NM_DEVICE_STATE_DEACTIVATING). NULL:
 * it does not touch them. Returns full. */
static VasVfWriter *
look_at_profile(const VasMappedPf *pf, const char *path, const GPtrArray *settings)
{
    const VasSettingLine *any = find(settings, "sriov", NULL);
    const VasSettingLine *count = find(settings, "sriov", "total-vfs");
    const VasSettingLine *preserve = find(settings, "sriov", "preserve-on-down");
    g_autofree char *doubt = NULL;
    VasVfWriter *writer = NULL;

    if (any == NULL || !is_for_pf(pf, settings, &doubt))
        return NULL;
    writer = new_writer(path, count != NULL ? count : any);
    vas_vf_writer_set_count(writer, count != NULL ? count->value : "0");
    if (doubt != NULL)
        vas_vf_writer_doubt(writer, "%s", doubt);
    writer->zeroes = preserve == NULL || !g_str_equal(preserve->value, "1");
    return writer;
}

void
vas_writer_network_manager_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    g_autoptr(GPtrArray) paths = NULL;
    g_autofree char *unmanaged = NULL;
    VasVfWriter *configured = NULL;
    guint before = writers->len;
    gboolean runs = vas_network_manager_is_running(host, VAS_NETWORK_MANAGER);

    if (pf->interface == NULL)
        return;
    paths = vas_settings_files_list(host, profile_folders, "");
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GPtrArray) settings = read_lines(host, path);
        VasVfWriter *writer = settings != NULL ? look_at_profile(pf, path, settings) : NULL;

        if (writer != NULL)
            g_ptr_array_add(writers, writer);
    }
    /* A profile with [sriov] has the last word (config_changed in nm-device.c). */
    configured = writers->len == before ? find_in_configuration(host, pf) : NULL;
    if (configured != NULL)
        g_ptr_array_add(writers, configured);
    (void) vas_network_manager_takes(host, VAS_NETWORK_MANAGER, pf->interface, pf->driver,
                                     &unmanaged);
    for (guint i = before; i < writers->len; i++) {
        VasVfWriter *writer = g_ptr_array_index(writers, i);

        writer->replaces = TRUE;
        if (!runs)
            vas_vf_writer_doubt(writer, "NetworkManager does not run");
        else if (unmanaged != NULL)
            vas_vf_writer_doubt(writer, "NetworkManager leaves %s alone by %s", pf->interface,
                                unmanaged);
    }
}
