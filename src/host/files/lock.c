/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/lock.h"

#include "core/value/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record is cut to this: its reader needs no more. */
#define MAX_RECORD 512
/* PID_MAX_LIMIT in include/linux/threads.h. */
#define MAX_PROCESS (4 * 1024 * 1024)

struct VasLock {
    int descriptor;
};

void
vas_lock_holder_free(VasLockHolder *holder)
{
    if (holder == NULL)
        return;
    g_free(holder->command);
    g_free(holder);
}

/* Closes @descriptor while errno still says why, and keeps errno. */
static void
close_quietly(int descriptor)
{
    int saved = errno;

    close(descriptor);
    errno = saved;
}

static gboolean
refuse(const char *path, const char *why, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_DENIED, "%s cannot be trusted with a lock: %s", path,
                why);
    vas_error_set_hint(error, "see who put it there, and remove it");
    return FALSE;
}

/* ENOTDIR or ELOOP means a link, which O_NOFOLLOW does not follow (open(2)). */
static gboolean
fail_open(const char *path, GError **error)
{
    if (errno == ELOOP || errno == ENOTDIR || errno == EISDIR)
        return refuse(path, "it is of another kind, or a link", error);
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED, "no lock can be had in %s: %s", path,
                g_strerror(errno));
    vas_error_set_hint(error,
                       "see that its file system can be written and has room: "
                       "findmnt -T %s; df -i %s",
                       path, path);
    return FALSE;
}

/* Others who could write there could take the lock away, or have us write into a file that is not
 * ours. */
static gboolean
check_ours(int descriptor, const char *path, mode_t kind, GError **error)
{
    struct stat status;

    if (fstat(descriptor, &status) < 0)
        return fail_open(path, error);
    if ((status.st_mode & S_IFMT) != kind)
        return refuse(path, "it is of another kind", error);
    if (status.st_uid != geteuid())
        return refuse(path, "it belongs to another user", error);
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(path, "others may write to it", error);
    return TRUE;
}

static int
open_folder(const char *folder, GError **error)
{
    int descriptor;

    if (mkdir(folder, S_IRWXU) < 0 && errno != EEXIST) {
        fail_open(folder, error);
        return -1;
    }
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        fail_open(folder, error);
        return -1;
    }
    if (check_ours(descriptor, folder, S_IFDIR, error))
        return descriptor;
    close(descriptor);
    return -1;
}

static gboolean
check_name(const char *name, GError **error)
{
    if (name[0] != '.' && name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-:.")] == '\0')
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not the name of a lock", name);
    return FALSE;
}

/* NONBLOCK: opening a FIFO that somebody put there would wait for its other end. */
static int
open_file(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int parent = open_folder(folder, error);
    int descriptor;

    if (parent < 0)
        return -1;
    descriptor = openat(parent, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                        S_IRUSR | S_IWUSR);
    close_quietly(parent);
    if (descriptor < 0) {
        fail_open(path, error);
        return -1;
    }
    if (check_ours(descriptor, path, S_IFREG, error))
        return descriptor;
    close(descriptor);
    return -1;
}

/* Makes one line of printable characters of @text, whatever the file holds. */
static char *
printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) line = g_string_new(NULL);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        g_string_append_unichar(line, g_unichar_isprint(character) ? character : '?');
    }
    return g_strdup(line->str);
}

/* The whole line, without its end; NULL: there is none. */
static char *
read_record(int descriptor)
{
    char buffer[MAX_RECORD + 1];
    ssize_t length = pread(descriptor, buffer, MAX_RECORD, 0);
    char *end;

    if (length <= 0)
        return NULL;
    buffer[length] = '\0';
    end = strchr(buffer, '\n');
    if (end != NULL)
        *end = '\0';
    return g_strdup(buffer);
}

/* A record is "PROCESS SECONDS COMMAND"; any other text tells nothing. */
static VasLockHolder *
read_holder(int descriptor)
{
    VasLockHolder *holder = g_new0(VasLockHolder, 1);
    g_autofree char *record = read_record(descriptor);
    g_auto(GStrv) parts = record == NULL ? NULL : g_strsplit(record, " ", 3);
    guint64 process;
    guint64 since;

    if (parts == NULL || g_strv_length(parts) != 3 ||
        !g_ascii_string_to_unsigned(parts[0], 10, 1, MAX_PROCESS, &process, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 0, G_MAXINT64, &since, NULL))
        return holder;
    holder->process = (int) process;
    holder->since = (gint64) since;
    holder->command = printable(parts[2]);
    return holder;
}

/* A record that cannot be written is not a failure: only a command that waits would miss it. */
static void
write_record(int descriptor, const char *command)
{
    g_autofree char *line = printable(command);
    g_autofree char *record = g_strdup_printf("%d %" G_GINT64_FORMAT " %s", (int) getpid(),
                                              g_get_real_time() / G_USEC_PER_SEC, line);
    size_t length = MIN(strlen(record), MAX_RECORD - 1);

    record[length] = '\n';
    if (ftruncate(descriptor, 0) == 0)
        (void) !pwrite(descriptor, record, length + 1, 0);
}

gboolean
vas_lock_try(const char *folder, const char *name, gboolean shared, const char *command,
             VasLock **ret_lock, VasLockHolder **ret_holder, GError **error)
{
    int descriptor;

    if (!check_name(name, error))
        return FALSE;
    descriptor = open_file(folder, name, error);
    if (descriptor < 0)
        return FALSE;
    if (flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) {
        write_record(descriptor, command);
        *ret_lock = g_new0(VasLock, 1);
        (*ret_lock)->descriptor = descriptor;
        *ret_holder = NULL;
        return TRUE;
    }
    if (errno != EWOULDBLOCK) {
        fail_open(folder, error);
        close(descriptor);
        return FALSE;
    }
    *ret_lock = NULL;
    *ret_holder = read_holder(descriptor);
    close(descriptor);
    return TRUE;
}

/* The record of a shared lock may be another holder's by now, and then stays. */
void
vas_lock_free(VasLock *lock)
{
    g_autoptr(VasLockHolder) holder = NULL;

    if (lock == NULL)
        return;
    holder = read_holder(lock->descriptor);
    if (holder->process == getpid())
        (void) !ftruncate(lock->descriptor, 0);
    close(lock->descriptor);
    g_free(lock);
}
