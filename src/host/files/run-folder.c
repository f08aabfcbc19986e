/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/run-folder.h"

#include "host/files/plain-file.h"
#include "host/files/replace-file.h"
#include "host/system/sysfs.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/run/virt-assign"

char *
vas_run_file_path(const char *name)
{
    return g_strconcat(FOLDER "/", name, NULL);
}

/* The folder has to be ours alone: we would take for our own words what others write there. */
static int
check_folder(const VasHost *host)
{
    g_autofree char *full = vas_host_path(host, FOLDER);
    struct stat status;

    if (lstat(full, &status) != 0)
        return errno;
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return EPERM;
    return 0;
}

int
vas_run_file_write(const VasHost *host, const char *name, const char *text)
{
    g_autofree char *path = vas_run_file_path(name);
    g_autofree char *full = vas_host_path(host, FOLDER);
    int failure = g_mkdir_with_parents(full, S_IRWXU) == 0 ? check_folder(host) : errno;

    return failure != 0 ? failure : vas_replace_file(host, path, text, S_IRUSR | S_IWUSR);
}

int
vas_run_file_read(const VasHost *host, const char *name, gsize limit, char **ret_text)
{
    g_autofree char *path = vas_run_file_path(name);
    int failure = check_folder(host);

    return failure != 0 ? failure : vas_read_plain_file(host, path, limit, 0, ret_text);
}

int
vas_run_file_remove(const VasHost *host, const char *name)
{
    g_autofree char *path = vas_run_file_path(name);
    int failure = check_folder(host);

    return failure != 0 ? failure : vas_remove_file(host, path);
}

int
vas_run_file_list(const VasHost *host, const char *prefix, GStrv *ret_names)
{
    g_autofree char *full = vas_host_path(host, FOLDER);
    g_autoptr(GStrvBuilder) fitting = g_strv_builder_new();
    g_auto(GStrv) names = NULL;
    int failure = check_folder(host);

    if (failure != 0 && failure != ENOENT)
        return failure;
    if (failure == 0 && access(full, R_OK | X_OK) != 0)
        return errno;
    names = vas_sysfs_list(host, FOLDER);
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_str_has_prefix(names[i], prefix))
            g_strv_builder_add(fitting, names[i]);
    }
    *ret_names = g_strv_builder_end(fitting);
    return 0;
}
