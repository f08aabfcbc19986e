/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/libvirt-daemon.h"

#include "core/value/error.h"
#include "host/system/sysfs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define PID_FILE "/run/libvirt/qemu/driver.pid"
#define HOOKS "/etc/libvirt/hooks/"

void
vas_libvirt_daemon_clear(VasLibvirtDaemon *daemon)
{
    g_clear_pointer(&daemon->name, g_free);
}

/* Reads /proc/@pid/@leaf. Returns full; NULL: the process is gone, or it is not told. */
static char *
read_proc(const VasHost *host, int pid, const char *leaf)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, leaf);

    return vas_sysfs_read(host, path, NULL);
}

/* Fields 4 and 22 of proc_pid_stat(5). The second may have any character, and ends at the last
 * bracket. */
static gboolean
read_stat(const VasHost *host, int pid, guint64 *ret_parent, guint64 *ret_start)
{
    g_autofree char *text = read_proc(host, pid, "stat");
    const char *behind = text != NULL ? strrchr(text, ')') : NULL;
    g_auto(GStrv) fields = behind != NULL ? g_strsplit(behind + 1, " ", 0) : NULL;

    return fields != NULL && g_strv_length(fields) > 20 &&
           g_ascii_string_to_unsigned(fields[2], 10, 0, G_MAXINT32, ret_parent, NULL) &&
           g_ascii_string_to_unsigned(fields[20], 10, 0, G_MAXUINT64, ret_start, NULL);
}

static gint64
boot_time(const VasHost *host)
{
    g_autofree char *text = vas_sysfs_read(host, "/proc/stat", NULL);
    const char *line = text != NULL ? strstr(text, "\nbtime ") : NULL;

    return line != NULL ? g_ascii_strtoll(line + strlen("\nbtime "), NULL, 10) : 0;
}

static gint64
time_of(const VasHost *host, guint64 start)
{
    return boot_time(host) + (gint64) (start / (guint64) sysconf(_SC_CLK_TCK));
}

static gboolean
is_daemon(const char *name)
{
    return g_strcmp0(name, "libvirtd") == 0 || g_strcmp0(name, "virtqemud") == 0;
}

void
vas_libvirt_daemon_find(const VasHost *host, VasLibvirtDaemon *ret_daemon)
{
    g_autofree char *text = vas_sysfs_read(host, PID_FILE, NULL);
    VasLibvirtDaemon daemon = {0};
    g_autofree char *name = NULL;
    g_autofree char *profile = NULL;
    guint64 parent;
    guint64 pid;

    *ret_daemon = daemon;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32, &pid, NULL))
        return;
    name = read_proc(host, (int) pid, "comm");
    if (!is_daemon(name) || !read_stat(host, (int) pid, &parent, &daemon.start))
        return;
    profile = read_proc(host, (int) pid, "attr/current");
    daemon.pid = (int) pid;
    daemon.name = g_steal_pointer(&name);
    daemon.started_at = time_of(host, daemon.start);
    daemon.is_confined = profile != NULL && g_str_has_suffix(profile, "(enforce)");
    *ret_daemon = daemon;
}

/* The descriptor keeps the process apart from a later one with its number. */
static int
signal_daemon(const VasHost *host, const VasLibvirtDaemon *daemon)
{
    int descriptor = pidfd_open(daemon->pid, 0);
    g_auto(VasLibvirtDaemon) again = {0};
    int failure = 0;

    if (descriptor < 0)
        return errno;
    vas_libvirt_daemon_find(host, &again);
    if (again.pid != daemon->pid || again.start != daemon->start)
        failure = ESRCH;
    else if (pidfd_send_signal(descriptor, SIGHUP, NULL, 0) != 0)
        failure = errno;
    close(descriptor);
    return failure;
}

gboolean
vas_libvirt_daemon_reload(const VasHost *host, GError **error)
{
    g_auto(VasLibvirtDaemon) daemon = {0};
    int failure;

    vas_libvirt_daemon_find(host, &daemon);
    failure = daemon.pid != 0 ? signal_daemon(host, &daemon) : 0;
    if (failure == 0 || failure == ESRCH)
        return TRUE;
    g_set_error(error, VAS_ERROR, failure == EPERM ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                "have %s (process %d) load its hooks anew: %s", daemon.name, daemon.pid,
                g_strerror(failure));
    vas_error_set_hint(error, "run as root: systemctl reload %s", daemon.name);
    return FALSE;
}

/* A script's first arguments are its interpreter's. Returns full; NULL: it is not a hook. */
static char *
hook_of(const VasHost *host, int pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/cmdline", pid);
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (!g_file_get_contents(full, &text, &length, NULL))
        return NULL;
    for (const char *word = text; word < text + length; word += strlen(word) + 1) {
        if (g_str_has_prefix(word, HOOKS))
            return g_strdup(word);
    }
    return NULL;
}

gboolean
vas_libvirt_daemon_find_hook(const VasHost *host, const VasLibvirtDaemon *daemon,
                             VasRunningHook *ret_hook)
{
    g_auto(GStrv) names = daemon->pid != 0 ? vas_sysfs_list(host, "/proc") : NULL;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    VasRunningHook found = {0};

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        guint64 parent = 0;
        guint64 start = 0;
        guint64 pid = 0;
        char *program = NULL;

        if (!g_ascii_string_to_unsigned(names[i], 10, 1, G_MAXINT32, &pid, NULL) ||
            !read_stat(host, (int) pid, &parent, &start) || (int) parent != daemon->pid)
            continue;
        program = hook_of(host, (int) pid);
        if (program == NULL)
            continue;
        if (found.program == NULL || now - time_of(host, start) > found.seconds) {
            g_free(found.program);
            found = (VasRunningHook){(int) pid, program, now - time_of(host, start)};
        } else {
            g_free(program);
        }
    }
    *ret_hook = found;
    return found.program != NULL;
}
