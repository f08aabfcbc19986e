/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/systemd-file.h"

#include "host/files/plain-file.h"
#include "host/sriov/systemd-match.h"
#include "host/system/settings-files.h"

/* NETWORK_DIRS of systemd's src/basic/path-lookup; without a merged /usr there is /lib, too. */
static const char *const folders[] = {
    "/etc/systemd/network",     "/run/systemd/network", "/usr/local/lib/systemd/network",
    "/usr/lib/systemd/network", "/lib/systemd/network", NULL,
};

static void
systemd_file_free(VasSystemdFile *file)
{
    g_free(file->path);
    g_ptr_array_unref(file->settings);
    g_ptr_array_unref(file->paths);
    g_ptr_array_unref(file->parts);
    g_clear_pointer(&file->drop_ins, g_ptr_array_unref);
    g_free(file->doubt);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasSystemdFile, systemd_file_free)

static VasSystemdFile *
systemd_file_new(const char *path)
{
    VasSystemdFile *file = g_new0(VasSystemdFile, 1);

    file->path = g_strdup(path);
    file->settings = g_ptr_array_new();
    file->paths = g_ptr_array_new();
    file->parts = g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref);
    return file;
}

static VasSettingsState
add_part(const VasHost *host, char *path, VasSystemdFile *file)
{
    g_autofree char *text = NULL;
    VasSettingsState state = vas_read_settings_file(host, path, &text);
    GPtrArray *part = NULL;

    if (state != VAS_SETTINGS_READ)
        return state;
    part = vas_setting_lines_parse(text, VAS_SETTING_LINES_JOINED);
    g_ptr_array_add(file->parts, part);
    for (guint i = 0; i < part->len; i++) {
        g_ptr_array_add(file->settings, g_ptr_array_index(part, i));
        g_ptr_array_add(file->paths, path);
    }
    return state;
}

/* link_load_one in systemd's src/udev/net/link-config.c, network_load_one in
 * src/network/networkd-network.c: "10-a.link", then "10-a.link.d/" + *.conf of all folders. Masked:
 * the drop-ins are not looked at either. */
static VasSettingsState
read_file(const VasHost *host, VasSystemdFile *file)
{
    const char *drop_in_folders[G_N_ELEMENTS(folders)] = {NULL};
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *name = g_path_get_basename(file->path);
    VasSettingsState state = add_part(host, file->path, file);

    if (state != VAS_SETTINGS_READ)
        return state;
    for (guint i = 0; folders[i] != NULL; i++) {
        g_ptr_array_add(names, g_strdup_printf("%s/%s.d", folders[i], name));
        drop_in_folders[i] = g_ptr_array_index(names, i);
    }
    file->drop_ins = vas_settings_files_list(host, drop_in_folders, ".conf");
    for (guint i = 0; i < file->drop_ins->len; i++) {
        if (add_part(host, g_ptr_array_index(file->drop_ins, i), file) == VAS_SETTINGS_UNREADABLE)
            state = VAS_SETTINGS_UNREADABLE;
    }
    return state;
}

/* Adds @file, if it may fit. *doubt (full): why a file before it may be the one that counts.
 * Returns whether no file behind this one counts. */
static gboolean
take_file(const VasHost *host, const VasMappedPf *pf, const char *interface, const char *path,
          char **doubt, GPtrArray *files)
{
    g_autoptr(VasSystemdFile) file = systemd_file_new(path);
    g_autofree char *unsure = NULL;
    VasSettingsState state = read_file(host, file);
    VasSystemdMatch match = VAS_SYSTEMD_MATCH_UNSURE;

    if (state == VAS_SETTINGS_MASKED)
        return FALSE;
    if (state == VAS_SETTINGS_UNREADABLE)
        unsure = g_strdup("not all of it can be read");
    else
        match = vas_systemd_match(host, pf, interface, file->settings, &unsure);
    if (match == VAS_SYSTEMD_MATCH_NO)
        return FALSE;
    file->doubt = g_strdup(*doubt != NULL ? *doubt : unsure);
    if (match == VAS_SYSTEMD_MATCH_UNSURE && *doubt == NULL)
        *doubt = g_strdup_printf("%s comes first, and %s", path, unsure);
    g_ptr_array_add(files, g_steal_pointer(&file));
    return match == VAS_SYSTEMD_MATCH_YES;
}

/* link_config_load and link_get_config; networkd does the same (network_get). */
GPtrArray *
vas_systemd_files_for(const VasHost *host, const VasMappedPf *pf, const char *interface,
                      const char *suffix)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify) systemd_file_free);
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, suffix);
    g_autofree char *doubt = NULL;

    for (guint i = 0; i < paths->len; i++) {
        if (take_file(host, pf, interface, g_ptr_array_index(paths, i), &doubt, files))
            break;
    }
    return files;
}
