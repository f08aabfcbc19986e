/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/metrics-file.h"

#include "core/value/error.h"
#include "host/files/plain-file.h"
#include "host/files/replace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE "# Written by virt-assign metrics: what is changed here is lost.\n"
/* A device of a guest takes some 500 bytes. */
#define MAX_LENGTH ((gsize) 16 * 1024 * 1024)

static gboolean
fail(const char *path, int failure, GError **error)
{
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;
    g_autofree char *folder = g_path_get_dirname(path);

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED, "write %s: %s",
                path, g_strerror(failure));
    if (failure == ENOENT)
        vas_error_set_hint(error, "make the folder %s first", folder);
    else if (denied && geteuid() != 0)
        vas_error_set_hint(error, "run as root");
    return FALSE;
}

static gboolean
check_ours(const VasHost *host, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    int failure = vas_read_plain_file(host, path, MAX_LENGTH, 0, &text);

    if (failure == ENOENT ||
        (failure == 0 && (text[0] == '\0' || g_str_has_prefix(text, FIRST_LINE))))
        return TRUE;
    if (failure != 0 && failure != EPERM && failure != EFBIG)
        return fail(path, failure, error);
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s is not a file that virt-assign metrics has written", path);
    vas_error_set_hint(error, "move it away, or choose another name");
    return FALSE;
}

/* The folder itself is the lock of all files in it: nothing is left there, and the kernel unlocks
 * it however the command ends. Returns a descriptor, -1: with @error. */
static int
lock_folder(const VasHost *host, const char *path, GError **error)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *folder = g_path_get_dirname(full);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (descriptor < 0) {
        (void) fail(path, errno, error);
        return -1;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor;
    g_set_error(error, VAS_ERROR, VAS_ERROR_LOCKED, "write %s: %s", path,
                errno == EWOULDBLOCK ? "another command writes there" : g_strerror(errno));
    vas_error_set_hint(error, "try again");
    close(descriptor);
    return -1;
}

gboolean
vas_metrics_file_write(const VasHost *host, const char *path, const char *text, GError **error)
{
    g_autofree char *whole = g_strconcat(FIRST_LINE, text, NULL);
    int lock = lock_folder(host, path, error);
    gboolean ok;
    int failure;

    if (lock < 0)
        return FALSE;
    ok = check_ours(host, path, error);
    failure = ok ? vas_replace_file(host, path, whole, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) : 0;
    close(lock);
    return ok && (failure == 0 || fail(path, failure, error));
}
