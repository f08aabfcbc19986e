/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/module.h"

#include "core/value/error.h"

#include <unistd.h>

/* modprobe gets nothing of the caller's environment: it takes options from MODPROBE_OPTIONS, such
 * as -C with a file that has commands to run (modprobe(8)), and these find their programs by
 * PATH. */
static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};

/* modprobe has a process group of its own: Ctrl-C at the terminal is for the command, which comes
 * to its end in an orderly way, and not for a module that is half loaded. */
static void
leave_process_group(gpointer data)
{
    (void) data;
    (void) setpgid(0, 0);
}

/* libvirt loads a module in this way (virKModLoad in src/util/virkmod.c): with -b also where the
 * module is named itself. No shell takes part. */
gboolean
vas_module_load(const char *name, gpointer data, GError **error)
{
    const char *const command[] = {"/sbin/modprobe", "-b", "--", name, NULL};
    g_autofree char *complaint = NULL;
    g_autoptr(GError) refusal = NULL;
    int status = 0;

    (void) data;
    if (g_spawn_sync("/", (char **) command, (char **) environment, G_SPAWN_STDOUT_TO_DEV_NULL,
                     leave_process_group, NULL, NULL, &complaint, &status, &refusal) &&
        g_spawn_check_wait_status(status, &refusal))
        return TRUE;
    if (complaint != NULL)
        g_strdelimit(g_strstrip(complaint), "\n", ' ');
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "load the kernel module %s: %s", name,
                complaint != NULL && *complaint != '\0' ? complaint : refusal->message);
    return FALSE;
}
