/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-link.h"

#include "host/files/plain-file.h"
#include "host/sriov/systemd-match.h"
#include "host/sriov/vf-writer.h"
#include "host/system/setting-lines.h"
#include "host/system/settings-files.h"

#define PROGRAM "systemd-udevd"

/* NETWORK_DIRS of systemd's src/basic/path-lookup; without a merged /usr there is /lib, too. */
static const char *const folders[] = {
    "/etc/systemd/network",     "/run/systemd/network", "/usr/local/lib/systemd/network",
    "/usr/lib/systemd/network", "/lib/systemd/network", NULL,
};

/* A .link file with its drop-ins. */
typedef struct {
    GPtrArray *settings; /* VasSettingLine, in their order; borrowed from @parts */
    GPtrArray *paths;    /* char*, of the setting with the same index; borrowed */
    GPtrArray *parts;    /* GPtrArray of VasSettingLine */
    GPtrArray *drop_ins; /* char* */
} LinkFile;

static void
link_file_clear(LinkFile *file)
{
    g_ptr_array_unref(file->settings);
    g_ptr_array_unref(file->paths);
    g_ptr_array_unref(file->parts);
    g_ptr_array_unref(file->drop_ins);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LinkFile, link_file_clear)

static VasSettingsState
add_part(const VasHost *host, char *path, LinkFile *file)
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

/* link_load_one in systemd's src/udev/net/link-config.c: "10-a.link", then "10-a.link.d/" + *.conf
 * of all folders. Masked: the drop-ins are not looked at either. */
static VasSettingsState
read_link_file(const VasHost *host, char *path, LinkFile *file)
{
    const char *drop_in_folders[G_N_ELEMENTS(folders)] = {NULL};
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *name = g_path_get_basename(path);
    VasSettingsState state = add_part(host, path, file);

    if (state != VAS_SETTINGS_READ)
        return state;
    for (guint i = 0; folders[i] != NULL; i++) {
        g_ptr_array_add(names, g_strdup_printf("%s/%s.d", folders[i], name));
        drop_in_folders[i] = g_ptr_array_index(names, i);
    }
    g_ptr_array_unref(file->drop_ins);
    file->drop_ins = vas_settings_files_list(host, drop_in_folders, ".conf");
    for (guint i = 0; i < file->drop_ins->len; i++) {
        if (add_part(host, g_ptr_array_index(file->drop_ins, i), file) == VAS_SETTINGS_UNREADABLE)
            state = VAS_SETTINGS_UNREADABLE;
    }
    return state;
}

static char *
line_text(const VasSettingLine *line)
{
    return g_strdup_printf("%s=%s", line->key, line->value);
}

/* Without a count, systemd makes as many as the highest number of a [SR-IOV] section needs
 * (sr_iov_set_num_vfs in src/shared/netif-sriov.c). NULL: the file does not make any. Returns
 * full. */
static VasVfWriter *
find_count(const LinkFile *file)
{
    g_autoptr(VasVfWriter) counted = NULL;
    g_autoptr(VasVfWriter) numbered = NULL;

    for (guint i = 0; i < file->settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(file->settings, i);
        gboolean counts =
            g_str_equal(line->section, "Link") && g_str_equal(line->key, "SR-IOVVirtualFunctions");
        g_autofree char *text = line_text(line);
        g_autoptr(VasVfWriter) writer =
            vas_vf_writer_new(PROGRAM, g_ptr_array_index(file->paths, i), line->line, text);

        if (counts)
            g_clear_pointer(&counted, vas_vf_writer_free);
        if (line->value[0] == '\0')
            continue;
        vas_vf_writer_set_count(writer, line->value);
        if (counts) {
            counted = g_steal_pointer(&writer);
        } else if (g_str_equal(line->section, "SR-IOV") &&
                   g_str_equal(line->key, "VirtualFunction") && writer->has_count) {
            writer->count++;
            if (numbered != NULL && numbered->count >= writer->count)
                continue;
            vas_vf_writer_free(numbered);
            numbered = g_steal_pointer(&writer);
        }
    }
    return counted != NULL ? g_steal_pointer(&counted) : g_steal_pointer(&numbered);
}

/* Adds what @file says, if it fits. *doubt (full): why it or a file before it may be the one that
 * counts. Returns whether no file behind this one counts. */
static gboolean
look_at_file(const VasHost *host, const VasMappedPf *pf, const char *interface, char *path,
             char **doubt, GPtrArray *writers)
{
    g_auto(LinkFile)
        file = {.settings = g_ptr_array_new(),
                .paths = g_ptr_array_new(),
                .parts = g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref),
                .drop_ins = g_ptr_array_new()};
    g_autoptr(VasVfWriter) writer = NULL;
    g_autofree char *unsure = NULL;
    VasSettingsState state = read_link_file(host, path, &file);
    VasSystemdMatch match = VAS_SYSTEMD_MATCH_UNSURE;

    if (state == VAS_SETTINGS_MASKED)
        return FALSE;
    if (state == VAS_SETTINGS_UNREADABLE)
        unsure = g_strdup("not all of it can be read");
    else
        match = vas_systemd_match(host, pf, interface, file.settings, &unsure);
    if (match == VAS_SYSTEMD_MATCH_NO)
        return FALSE;
    writer = find_count(&file);
    if (writer != NULL) {
        writer->replaces = TRUE;
        if (*doubt != NULL || unsure != NULL)
            vas_vf_writer_doubt(writer, "%s", *doubt != NULL ? *doubt : unsure);
        g_ptr_array_add(writers, g_steal_pointer(&writer));
    }
    if (match == VAS_SYSTEMD_MATCH_UNSURE && *doubt == NULL)
        *doubt = g_strdup_printf("%s comes first, and %s", path, unsure);
    return match == VAS_SYSTEMD_MATCH_YES;
}

/* link_config_load and link_get_config: all files by name, the first that fits. */
static void
find_for(const VasHost *host, const VasMappedPf *pf, const char *interface, GPtrArray *writers)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, ".link");
    g_autofree char *doubt = NULL;

    for (guint i = 0; i < paths->len; i++) {
        if (look_at_file(host, pf, interface, g_ptr_array_index(paths, i), &doubt, writers))
            return;
    }
}

/* A line that fits two interfaces of the PF sets its one number twice. */
static gboolean
has_line(const GPtrArray *writers, const VasVfWriter *writer)
{
    for (guint i = 0; i < writers->len; i++) {
        const VasVfWriter *other = g_ptr_array_index(writers, i);

        if (other->line == writer->line && g_str_equal(other->path, writer->path))
            return TRUE;
    }
    return FALSE;
}

void
vas_writer_link_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        g_autoptr(GPtrArray) found =
            g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_writer_free);

        find_for(host, pf, pf->interfaces[i], found);
        while (found->len > 0) {
            VasVfWriter *writer = g_ptr_array_steal_index(found, 0);

            if (has_line(writers, writer))
                vas_vf_writer_free(writer);
            else
                g_ptr_array_add(writers, writer);
        }
    }
}
