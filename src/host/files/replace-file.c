/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/replace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

/* The file has another ending until it is renamed: udevd, say, reads *.rules only
 * (udev_rules_load). The ending is always the same: the next change of that file clears what a
 * killed command left. */
static char *
name_on_its_way(const char *full)
{
    return g_strconcat(full, ".virt-assign-new", NULL);
}

int
vas_replace_file(const VasHost *host, const char *path, const char *text, mode_t mode)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *temporary = name_on_its_way(full);
    int descriptor;
    int failure;

    (void) unlink(temporary);
    descriptor =
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
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
vas_create_file(const VasHost *host, const char *path, const char *text, mode_t mode)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *temporary = g_strconcat(full, ".XXXXXX", NULL);
    int descriptor = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    int failure;

    if (descriptor < 0)
        return errno;
    failure = fill(descriptor, text, mode);
    close(descriptor);
    if (failure == 0 && link(temporary, full) != 0)
        failure = errno;
    (void) unlink(temporary);
    if (failure == 0)
        sync_folder(full);
    return failure;
}

int
vas_remove_file(const VasHost *host, const char *path)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *left = name_on_its_way(full);

    (void) unlink(left);
    if (unlink(full) != 0)
        return errno;
    sync_folder(full);
    return 0;
}
