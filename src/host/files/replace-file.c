/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/replace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
fill(int descriptor, const char *text, mode_t mode)
{
    size_t length = strlen(text);
    ssize_t written = write(descriptor, text, length);

    if (written < 0)
        return errno;
    if ((size_t) written != length)
        return ENOSPC;
    if (fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0)
        return errno;
    return 0;
}

/* The rename has to be on the disk before anybody is told that it outlives a reboot. */
static void
sync_folder(const char *full)
{
    g_autofree char *folder = g_path_get_dirname(full);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (descriptor < 0)
        return;
    (void) fsync(descriptor);
    close(descriptor);
}

/* The file on its way has another ending: udevd, say, reads *.rules only (udev_rules_load). */
int
vas_replace_file(const VasHost *host, const char *path, const char *text, mode_t mode)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *temporary = g_strconcat(full, ".XXXXXX", NULL);
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    int failure;

    if (descriptor < 0)
        return errno;
    failure = fill(descriptor, text, mode);
    close(descriptor);
    if (failure == 0 && rename(temporary, full) != 0)
        failure = errno;
    if (failure != 0) {
        (void) unlink(temporary);
        return failure;
    }
    sync_folder(full);
    return 0;
}

int
vas_remove_file(const VasHost *host, const char *path)
{
    g_autofree char *full = vas_host_path(host, path);

    if (unlink(full) != 0)
        return errno;
    sync_folder(full);
    return 0;
}
