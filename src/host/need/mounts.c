/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/mounts.h"

#include "core/value/error.h"
#include "host/system/sysfs.h"

#include <string.h>

static void
mount_free(gpointer data)
{
    VasMount *mount = data;

    g_free(mount->number);
    g_free(mount->point);
    g_free(mount->type);
    g_free(mount->source);
    g_free(mount->options);
    g_free(mount);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the optional fields end with
 * the hyphen. NULL: not of that form. */
static VasMount *
mount_from_line(const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, " ", -1);
    guint count = g_strv_length(fields);
    guint hyphen = 6;
    VasMount *mount;

    while (hyphen < count && !g_str_equal(fields[hyphen], "-"))
        hyphen++;
    if (hyphen + 2 >= count)
        return NULL;
    mount = g_new0(VasMount, 1);
    mount->number = g_strdup(fields[2]);
    /* Spaces and the like are octal escapes (mangle in fs/proc_namespace.c). */
    mount->point = g_strcompress(fields[4]);
    mount->type = g_strdup(fields[hyphen + 1]);
    mount->source = g_strcompress(fields[hyphen + 2]);
    mount->options = g_strcompress(hyphen + 3 < count ? fields[hyphen + 3] : "");
    return mount;
}

static int
compare_mounts(gconstpointer a, gconstpointer b)
{
    const VasMount *first = *(const VasMount *const *) a;
    const VasMount *second = *(const VasMount *const *) b;
    gsize lengths[] = {strlen(first->point), strlen(second->point)};

    return lengths[0] < lengths[1] ? -1 : lengths[0] > lengths[1];
}

static char *
read_table(const VasHost *host, GError **error)
{
    char *text = vas_sysfs_read(host, "/proc/1/mountinfo", NULL);

    /* hidepid= hides the processes of others. */
    return text != NULL ? text : vas_sysfs_read(host, "/proc/self/mountinfo", error);
}

GPtrArray *
vas_mounts_read(const VasHost *host, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *text = read_table(host, &refusal);
    g_autoptr(GPtrArray) mounts = g_ptr_array_new_with_free_func(mount_free);
    g_auto(GStrv) lines = NULL;

    if (text == NULL && !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return NULL;
    }
    lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (guint i = g_strv_length(lines); i > 0; i--) {
        VasMount *mount = mount_from_line(lines[i - 1]);

        if (mount != NULL)
            g_ptr_array_add(mounts, mount);
    }
    g_ptr_array_sort(mounts, compare_mounts); /* stable */
    return g_steal_pointer(&mounts);
}

static gboolean
is_below(const char *path, const char *folder)
{
    gsize length = strlen(folder);

    return g_str_equal(folder, "/") ||
           (g_str_has_prefix(path, folder) && (path[length] == '/' || path[length] == '\0'));
}

const VasMount *
vas_mounts_find(const GPtrArray *mounts, const char *path)
{
    const VasMount *found = NULL;

    for (guint i = 0; i < mounts->len; i++) {
        const VasMount *mount = g_ptr_array_index(mounts, i);

        if (is_below(path, mount->point) &&
            (found == NULL || strlen(mount->point) > strlen(found->point)))
            found = mount;
    }
    return found;
}
