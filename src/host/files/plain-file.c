/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/plain-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
int
vas_read_plain_file(const VasHost *host, const char *path, gsize limit, mode_t forbidden,
                    char **ret_text)
{
    g_autofree char *full = vas_host_path(host, path);
    int descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int failure;

    if (descriptor < 0)
        return errno == ELOOP ? EPERM : errno;
    failure = read_plain(descriptor, limit, forbidden, ret_text);
    close(descriptor);
    return failure;
}
