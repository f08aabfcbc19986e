/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-sysfs.h"

#include "host/files/plain-file.h"
#include "host/sriov/numvfs-path.h"
#include "host/sriov/vf-writer.h"
#include "host/system/settings-files.h"

#include <string.h>

static const char *const sysfs_folders[] = {"/etc/sysfs.d", NULL};
static const char *const tmpfiles_folders[] = {
    "/etc/tmpfiles.d",     "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d",
    "/usr/lib/tmpfiles.d", "/lib/tmpfiles.d", NULL,
};

/* One form of line: a path and a value. */
typedef struct {
    const char *program;
    /* FALSE: the line does not write. Both are full. */
    gboolean (*split)(const char *line, char **ret_path, char **ret_value);
} Form;

/* "class/net/enp1s0/device/sriov_numvfs = 4", below /sys; lines that begin with "mode" or "owner"
 * have two words before the '=' (load_conffile in sysfsutils' debian/sysfsutils.init). */
static gboolean
split_sysfs(const char *line, char **ret_path, char **ret_value)
{
    g_auto(GStrv) parts = g_strsplit(line, "=", 2);
    const char *attribute = parts[0] != NULL ? g_strstrip(parts[0]) : "";

    if (attribute[0] == '\0' || parts[1] == NULL || strpbrk(attribute, " \t") != NULL)
        return FALSE;
    while (attribute[0] == '/')
        attribute++;
    *ret_path = g_strconcat("/sys/", attribute, NULL);
    *ret_value = g_strdup(g_strstrip(parts[1]));
    return TRUE;
}

/* "w /sys/class/net/enp1s0/device/sriov_numvfs - - - - 4" (parse_line in systemd's
 * src/tmpfiles/tmpfiles.c). */
static gboolean
split_tmpfiles(const char *line, char **ret_path, char **ret_value)
{
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    const char *fields[7] = {NULL};
    guint count = 0;

    for (guint i = 0; words[i] != NULL && count < G_N_ELEMENTS(fields); i++) {
        if (words[i][0] != '\0')
            fields[count++] = words[i];
    }
    if (count < G_N_ELEMENTS(fields) || fields[0][0] != 'w')
        return FALSE;
    *ret_path = g_strdup(fields[1]);
    *ret_value = g_strdup(fields[6]);
    return TRUE;
}

/* The last line of the file that writes the PF's number goes to *last. */
static void
look_at_file(const VasHost *host, const VasMappedPf *pf, const char *path, const Form *form,
             VasVfWriter **last)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (vas_read_settings_file(host, path, &text) != VAS_SETTINGS_READ)
        return;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        g_autofree char *attribute = NULL;
        g_autofree char *value = NULL;

        if (line[0] == '#' || !form->split(line, &attribute, &value) ||
            !vas_numvfs_path_fits(pf, attribute))
            continue;
        vas_vf_writer_free(*last);
        *last = vas_vf_writer_new(form->program, path, i + 1, line);
        vas_vf_writer_set_count(*last, value);
    }
}

void
vas_writer_sysfs_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    static const Form sysfs = {"sysfsutils", split_sysfs};
    static const Form tmpfiles = {"systemd-tmpfiles", split_tmpfiles};
    g_autoptr(GPtrArray) sysfs_paths = vas_settings_files_list(host, sysfs_folders, ".conf");
    g_autoptr(GPtrArray) tmpfiles_paths = vas_settings_files_list(host, tmpfiles_folders, ".conf");
    VasVfWriter *by_sysfs = NULL;
    VasVfWriter *by_tmpfiles = NULL;

    look_at_file(host, pf, "/etc/sysfs.conf", &sysfs, &by_sysfs);
    for (guint i = 0; i < sysfs_paths->len; i++)
        look_at_file(host, pf, g_ptr_array_index(sysfs_paths, i), &sysfs, &by_sysfs);
    for (guint i = 0; i < tmpfiles_paths->len; i++)
        look_at_file(host, pf, g_ptr_array_index(tmpfiles_paths, i), &tmpfiles, &by_tmpfiles);
    if (by_sysfs != NULL)
        g_ptr_array_add(writers, by_sysfs);
    if (by_tmpfiles != NULL)
        g_ptr_array_add(writers, by_tmpfiles);
}
