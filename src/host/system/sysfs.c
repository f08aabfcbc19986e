/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/sysfs.h"

#include "core/value/error.h"

#include <errno.h>
#include <string.h>

/* A device that goes away while its attribute is open gives ENODEV (kernfs_fop_read_iter in
 * fs/kernfs/file.c). */
static VasError
code_of(const GError *refusal)
{
    if (g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
        g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_NOTDIR) ||
        g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_NODEV))
        return VAS_ERROR_NOT_FOUND;
    if (g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
        g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_PERM))
        return VAS_ERROR_DENIED;
    return VAS_ERROR_FAILED;
}

/* GLib's message has the path in it. */
static void
set_error(GError **error, const GError *refusal)
{
    g_set_error_literal(error, VAS_ERROR, (int) code_of(refusal), refusal->message);
}

char *
vas_sysfs_read(const VasHost *host, const char *path, GError **error)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autoptr(GError) refusal = NULL;
    char *text = NULL;
    gsize length;

    if (!g_file_get_contents(full, &text, &length, &refusal)) {
        set_error(error, refusal);
        return NULL;
    }
    if (length > 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    return text;
}

char *
vas_sysfs_read_link(const VasHost *host, const char *path, GError **error)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autoptr(GError) refusal = NULL;
    char *target = g_file_read_link(full, &refusal);

    if (target == NULL)
        set_error(error, refusal);
    return target;
}

char *
vas_sysfs_read_link_name(const VasHost *host, const char *path, GError **error)
{
    g_autofree char *target = vas_sysfs_read_link(host, path, error);

    return target == NULL ? NULL : g_path_get_basename(target);
}

static VasError
code_of_answer(int answer)
{
    switch (answer) {
    case ENOENT:
    case ENODEV:
    case ENOTDIR:
        return VAS_ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return VAS_ERROR_DENIED;
    case EBUSY:
        return VAS_ERROR_IN_USE;
    case EOPNOTSUPP:
    case ENOSYS:
        return VAS_ERROR_UNSUPPORTED;
    default:
        return VAS_ERROR_FAILED;
    }
}

gboolean
vas_sysfs_write(const VasHost *host, const char *path, const char *text, GError **error)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *shown = g_strchomp(g_strdup(text));
    int answer = host->write_attribute(full, text, host->writer_data);

    if (answer == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, (int) code_of_answer(answer), "write \"%s\" to %s: %s", shown,
                path, g_strerror(answer));
    return FALSE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

GStrv
vas_sysfs_list(const VasHost *host, const char *path)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autoptr(GDir) folder = g_dir_open(full, 0, NULL);
    GPtrArray *names = g_ptr_array_new();
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_free(names, FALSE);
}

gboolean
vas_sysfs_check_device(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "");
    g_autofree char *full = vas_host_path(host, path);

    if (g_file_test(full, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "device %s is not on this host",
                vas_host_address_text(device).text);
    return FALSE;
}

char *
vas_sysfs_device_path(VasHostAddress device, const char *leaf)
{
    return g_strdup_printf("/sys/bus/pci/devices/%s/%s", vas_host_address_text(device).text, leaf);
}
