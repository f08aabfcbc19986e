/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical-storage.h"

#include "core/value/error.h"
#include "host/need/block-device.h"
#include "host/system/sysfs.h"

static void
add_paths(GPtrArray *uses, const GPtrArray *paths, const char *use, const char *evidence)
{
    for (guint i = 0; i < paths->len; i++) {
        const VasBlockPath *path = g_ptr_array_index(paths, i);
        g_autofree char *reason = g_strdup_printf("%s (%s: %s)", use, evidence, path->chain);

        vas_critical_add(uses, path->functions, reason);
    }
}

/* Adds one reason for a file system, however often it is mounted: by the shortest path. */
static void
find_mounted(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < mounts->len; i++) {
        const VasMount *mount = g_ptr_array_index(mounts, i);
        g_autoptr(GPtrArray) paths = NULL;
        g_autofree char *use = NULL;

        if (!g_hash_table_add(seen, mount->number))
            continue;
        paths = vas_block_paths_of_mount(host, mounts, mount);
        use = g_strdup_printf("mounted file system %s", mount->point);
        add_paths(uses, paths, use, "/proc/1/mountinfo");
    }
}

/* "Filename Type Size Used Priority", the first line a heading (swap_show in mm/swapfile.c). */
static gboolean
find_swap(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *text = vas_sysfs_read(host, "/proc/swaps", &refusal);
    g_auto(GStrv) lines = NULL;

    /* A kernel without swap does not have the file. */
    if (text == NULL && g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        return TRUE;
    if (text == NULL) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 1; i < g_strv_length(lines); i++) {
        g_auto(GStrv) fields = g_strsplit_set(lines[i], " \t", 2);
        g_autofree char *area = fields[0] != NULL ? g_strcompress(fields[0]) : NULL;
        g_autoptr(GPtrArray) paths = NULL;

        if (area == NULL || area[0] != '/')
            continue;
        paths = vas_block_paths_of_node(host, mounts, area);
        add_paths(uses, paths, "swap", "/proc/swaps");
    }
    return TRUE;
}

gboolean
vas_critical_find_storage(const VasHost *host, GPtrArray *uses, GError **error)
{
    g_autoptr(GPtrArray) mounts = vas_mounts_read(host, error);

    if (mounts == NULL)
        return FALSE;
    find_mounted(host, mounts, uses);
    return find_swap(host, mounts, uses, error);
}
