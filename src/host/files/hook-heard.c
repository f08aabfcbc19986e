/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/hook-heard.h"

#include "host/files/run-folder.h"

#define NAME "hook-heard"
#define MAX_LENGTH 200

static char *
name_run(const VasLibvirtDaemon *daemon)
{
    return g_strdup_printf("%d/%" G_GUINT64_FORMAT, daemon->pid, daemon->start);
}

int
vas_hook_heard_write(const VasHost *host, const VasLibvirtDaemon *daemon, const char *nonce)
{
    g_autofree char *run = name_run(daemon);
    g_autofree char *text = g_strconcat(run, " ", nonce, "\n", NULL);

    return vas_run_file_write(host, NAME, text);
}

gboolean
vas_hook_heard_read(const VasHost *host, const VasLibvirtDaemon *daemon, const char *nonce)
{
    g_autofree char *run = name_run(daemon);
    g_autofree char *text = NULL;
    g_auto(GStrv) words = NULL;

    if (daemon->pid == 0 || vas_run_file_read(host, NAME, MAX_LENGTH, &text) != 0)
        return FALSE;
    words = g_strsplit(g_strchomp(text), " ", 0);
    return g_strv_length(words) == 2 && g_str_equal(words[0], run) &&
           (nonce == NULL || g_str_equal(words[1], nonce));
}

void
vas_hook_heard_forget(const VasHost *host)
{
    (void) vas_run_file_remove(host, NAME);
}
