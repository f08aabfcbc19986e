/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/qemu-process.h"

#include "core/value/error.h"
#include "host/system/sysfs.h"

#include <string.h>

#define LIMIT "Max locked memory"

/* The soft limit: the first column (proc_pid_limits in fs/proc/base.c). */
static gboolean
read_limit(const char *text, guint64 *ret_bytes)
{
    const char *line = strstr(text, LIMIT);
    g_autofree char *rest = line != NULL ? g_strchug(g_strdup(line + strlen(LIMIT))) : NULL;

    if (rest == NULL)
        return FALSE;
    rest[strcspn(rest, " \n")] = '\0';
    if (g_str_equal(rest, "unlimited")) {
        *ret_bytes = G_MAXUINT64;
        return TRUE;
    }
    return g_ascii_string_to_unsigned(rest, 10, 0, G_MAXUINT64, ret_bytes, NULL);
}

gboolean
vas_qemu_memory_lock(const VasHost *host, const char *name, guint64 *ret_bytes, char **ret_evidence,
                     GError **error)
{
    g_autofree char *pid_file = g_strdup_printf("/run/libvirt/qemu/%s.pid", name);
    g_autofree char *pid = vas_sysfs_read(host, pid_file, error);
    g_autofree char *limits = NULL;
    g_autofree char *text = NULL;
    guint64 number;

    if (pid == NULL)
        return FALSE;
    if (!g_ascii_string_to_unsigned(pid, 10, 1, G_MAXINT32, &number, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" is not a process", pid_file,
                    pid);
        return FALSE;
    }
    limits = g_strdup_printf("/proc/%s/limits", pid);
    text = vas_sysfs_read(host, limits, error);
    if (text == NULL)
        return FALSE;
    if (!read_limit(text, ret_bytes)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s has no \"%s\"", limits, LIMIT);
        return FALSE;
    }
    *ret_evidence =
        *ret_bytes == G_MAXUINT64
            ? g_strdup_printf("%s: %s: unlimited", limits, LIMIT)
            : g_strdup_printf("%s: %s: %" G_GUINT64_FORMAT " bytes", limits, LIMIT, *ret_bytes);
    return TRUE;
}
