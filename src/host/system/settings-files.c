/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/settings-files.h"

#include "host/system/sysfs.h"

#include <string.h>

static int
compare_base_names(gconstpointer a, gconstpointer b)
{
    const char *left = *(const char *const *) a;
    const char *right = *(const char *const *) b;

    return strcmp(strrchr(left, '/'), strrchr(right, '/'));
}

static gboolean
has_same_name(const char *path, const GPtrArray *paths)
{
    for (guint i = 0; i < paths->len; i++) {
        if (g_str_equal(strrchr(path, '/'), strrchr(g_ptr_array_index(paths, i), '/')))
            return TRUE;
    }
    return FALSE;
}

GPtrArray *
vas_settings_files_list(const VasHost *host, const char *const *folders, const char *suffix)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; folders[i] != NULL; i++) {
        g_auto(GStrv) files = vas_sysfs_list(host, folders[i]);

        for (guint j = 0; files[j] != NULL; j++) {
            g_autofree char *path = g_build_filename(folders[i], files[j], NULL);

            if (g_str_has_suffix(files[j], suffix) && !has_same_name(path, paths))
                g_ptr_array_add(paths, g_steal_pointer(&path));
        }
    }
    g_ptr_array_sort(paths, compare_base_names);
    return paths;
}
