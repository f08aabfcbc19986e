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

/* Whether the way down of one of @uses ends with this one: a mounted file system says more of it.
 */
static gboolean
is_told(const GPtrArray *uses, const char *chain)
{
    g_autofree char *end = g_strdup_printf(" %s)", chain);

    for (guint i = 0; i < uses->len; i++) {
        const VasCriticalUse *use = g_ptr_array_index(uses, i);

        if (g_str_has_suffix(use->reason, end))
            return TRUE;
    }
    return FALSE;
}

static void
add_stacked(const VasHost *host, const GPtrArray *mounts, const char *name, GPtrArray *uses)
{
    g_autofree char *node = g_build_filename("/dev", name, NULL);
    g_autoptr(GPtrArray) paths = vas_block_paths_of_node(host, mounts, node);

    for (guint i = 0; i < paths->len; i++) {
        const VasBlockPath *path = g_ptr_array_index(paths, i);
        g_autofree char *reason = g_strdup_printf(
            "storage that is active, mounted or not (/sys/class/block/%s/slaves: %s)", name,
            path->chain);

        if (!is_told(uses, path->chain))
            vas_critical_add(uses, path->functions, reason);
    }
}

/* The kernel holds the parts of whatever it has put together - LVM, RAID, multipath, dm-crypt - as
 * long as that is active; guests may have it as their disks. */
static void
find_stacked(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses)
{
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/class/block");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *below = g_build_filename("/sys/class/block", names[i], "slaves", NULL);
        g_autofree char *above = g_build_filename("/sys/class/block", names[i], "holders", NULL);
        g_auto(GStrv) parts = vas_sysfs_list(host, below);
        g_auto(GStrv) holders = vas_sysfs_list(host, above);

        if (parts[0] != NULL && holders[0] == NULL)
            add_stacked(host, mounts, names[i], uses);
    }
}

gboolean
vas_critical_find_storage(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses,
                          GError **error)
{
    find_mounted(host, mounts, uses);
    if (!find_swap(host, mounts, uses, error))
        return FALSE;
    find_stacked(host, mounts, uses);
    return TRUE;
}
