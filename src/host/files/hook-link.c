/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/hook-link.h"

#include "core/value/error.h"
#include "host/files/replace-file.h"
#include "host/system/sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "virt-assign"
/* libvirt would run a program of the folder itself while it is on its way to its name. */
#define ON_ITS_WAY "/etc/libvirt/hooks/." VAS_HOOK_NAME ".virt-assign-new"

void
vas_hook_link_clear(VasHookLink *link)
{
    g_clear_pointer(&link->program, g_free);
}

static gboolean
fail(const char *what, int failure, GError **error)
{
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                "%s " VAS_HOOK_LINK ": %s", what, g_strerror(failure));
    if (denied)
        vas_error_set_hint(error, "run as root, and see that /etc can be written");
    return FALSE;
}

/* libvirt looks for just this (virFileIsExecutable in src/util/virfile.c). */
static gboolean
can_be_run(const VasHost *host, const char *program)
{
    g_autofree char *full = vas_host_path(host, program);
    struct stat status;

    return g_path_is_absolute(program) && stat(full, &status) == 0 && S_ISREG(status.st_mode) &&
           access(full, X_OK) == 0;
}

static VasHookLinkState
judge(const VasHost *host, const char *program)
{
    g_autofree char *name = g_path_get_basename(program);

    if (!g_str_equal(name, PROGRAM))
        return VAS_HOOK_LINK_FOREIGN;
    return can_be_run(host, program) ? VAS_HOOK_LINK_SOUND : VAS_HOOK_LINK_BROKEN;
}

gboolean
vas_hook_link_read(const VasHost *host, VasHookLink *ret_link, GError **error)
{
    g_autofree char *full = vas_host_path(host, VAS_HOOK_LINK);
    VasHookLink link = {.state = VAS_HOOK_LINK_NONE};
    struct stat status;

    if (lstat(full, &status) != 0) {
        *ret_link = link;
        return errno == ENOENT || errno == ENOTDIR || fail("read", errno, error);
    }
    link.made_at = status.st_ctim.tv_sec;
    link.state = VAS_HOOK_LINK_FOREIGN;
    if (S_ISLNK(status.st_mode)) {
        link.program = vas_sysfs_read_link(host, VAS_HOOK_LINK, error);
        if (link.program == NULL)
            return FALSE;
        link.state = judge(host, link.program);
    }
    *ret_link = link;
    return TRUE;
}

static gboolean
check_ours(const VasHost *host, VasHookLinkState *ret_state, GError **error)
{
    g_auto(VasHookLink) link = {0};

    if (!vas_hook_link_read(host, &link, error))
        return FALSE;
    *ret_state = link.state;
    if (link.state != VAS_HOOK_LINK_FOREIGN)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                VAS_HOOK_LINK " is not virt-assign's%s%s: it is left alone",
                link.program != NULL ? ", but leads to " : "",
                link.program != NULL ? link.program : "");
    vas_error_set_hint(error, "look at it, and move it away");
    return FALSE;
}

gboolean
vas_hook_link_write(const VasHost *host, const char *program, GError **error)
{
    g_autofree char *full = vas_host_path(host, VAS_HOOK_LINK);
    g_autofree char *folder = vas_host_path(host, VAS_HOOK_FOLDER);
    g_autofree char *new = vas_host_path(host, ON_ITS_WAY);
    VasHookLinkState state;

    if (!check_ours(host, &state, error))
        return FALSE;
    if (g_mkdir_with_parents(folder, 0755) != 0)
        return fail("make the folder of", errno, error);
    (void) unlink(new);
    if (symlink(program, new) != 0 || rename(new, full) != 0) {
        int failure = errno;

        (void) unlink(new);
        return fail("write", failure, error);
    }
    return TRUE;
}

gboolean
vas_hook_link_remove(const VasHost *host, GError **error)
{
    VasHookLinkState state;
    int failure;

    if (!check_ours(host, &state, error))
        return FALSE;
    failure = state != VAS_HOOK_LINK_NONE ? vas_remove_file(host, VAS_HOOK_LINK) : 0;
    return failure == 0 || fail("remove", failure, error);
}
