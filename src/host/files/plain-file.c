/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/plain-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SETTINGS_LENGTH ((gsize) 256 * 1024)

static gboolean
is_accepted(const struct stat *status, mode_t forbidden)
{
    return S_ISREG(status->st_mode) &&
           (forbidden == 0 || (status->st_uid == geteuid() && (status->st_mode & forbidden) == 0));
}

static int
read_plain(int descriptor, gsize limit, mode_t forbidden, char **ret_text)
{
    g_autofree char *text = g_malloc0(limit + 2);
    struct stat status;
    ssize_t length;

    if (fstat(descriptor, &status) != 0)
        return errno;
    if (!is_accepted(&status, forbidden))
        return EPERM;
    length = read(descriptor, text, limit + 1);
    if (length < 0)
        return errno;
    if ((gsize) length > limit)
        return EFBIG;
    *ret_text = g_steal_pointer(&text);
    return 0;
}

/* NONBLOCK: opening a FIFO that somebody put there would wait for its other end. */
static int
read_at(const VasHost *host, const char *path, int flags, gsize limit, mode_t forbidden,
        char **ret_text)
{
    g_autofree char *full = vas_host_path(host, path);
    int descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    int failure;

    if (descriptor < 0)
        return errno == ELOOP ? EPERM : errno;
    failure = read_plain(descriptor, limit, forbidden, ret_text);
    close(descriptor);
    return failure;
}

int
vas_read_plain_file(const VasHost *host, const char *path, gsize limit, mode_t forbidden,
                    char **ret_text)
{
    return read_at(host, path, O_NOFOLLOW, limit, forbidden, ret_text);
}

/* null_or_empty in systemd's src/basic/stat-util.c. */
static gboolean
is_masked(const VasHost *host, const char *path)
{
    g_autofree char *full = vas_host_path(host, path);
    struct stat status;

    return stat(full, &status) == 0 &&
           (S_ISCHR(status.st_mode) || (S_ISREG(status.st_mode) && status.st_size == 0));
}

VasSettingsState
vas_read_settings_file(const VasHost *host, const char *path, char **ret_text)
{
    *ret_text = NULL;
    if (is_masked(host, path))
        return VAS_SETTINGS_MASKED;
    return read_at(host, path, 0, MAX_SETTINGS_LENGTH, 0, ret_text) == 0 ? VAS_SETTINGS_READ
                                                                         : VAS_SETTINGS_UNREADABLE;
}
