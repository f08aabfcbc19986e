/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/host-key.h"

#include "core/value/error.h"
#include "host/files/plain-file.h"
#include "host/files/replace-file.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/etc/virt-assign"
#define FILE_PATH FOLDER "/key"
#define RANDOM_BYTES 32
/* An administrator may put another text there: none that can be guessed. */
#define MIN_LENGTH 32
#define MAX_LENGTH 4096

static void
fail(const char *what, int failure, GError **error)
{
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                "%s the host's key " FILE_PATH ": %s", what, g_strerror(failure));
    if (geteuid() != 0 && denied)
        vas_error_set_hint(error, "run as root");
    else if (failure == EPERM)
        vas_error_set_hint(error, "it has to be root's, open to nobody else, and no link: see who "
                                  "has read it, and make another if need be");
}

gboolean
vas_host_key_read(const VasHost *host, char **ret_key, GError **error)
{
    g_autofree char *key = NULL;
    int failure = vas_read_plain_file(host, FILE_PATH, MAX_LENGTH, S_IRWXG | S_IRWXO, &key);

    if (failure != 0 && failure != ENOENT) {
        fail("read", failure, error);
        return FALSE;
    }
    if (key != NULL && strlen(g_strchomp(key)) < MIN_LENGTH) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "the host's key " FILE_PATH " has fewer than %d characters", MIN_LENGTH);
        vas_error_set_hint(error, "remove it, and the next command makes a good one");
        return FALSE;
    }
    *ret_key = g_steal_pointer(&key);
    return TRUE;
}

/* Returns full. NULL: with errno. */
static char *
random_text(void)
{
    unsigned char bytes[RANDOM_BYTES];
    GString *text = g_string_new(NULL);

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t) sizeof bytes) {
        g_string_free(text, TRUE);
        return NULL;
    }
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

static int
make(const VasHost *host)
{
    g_autofree char *folder = vas_host_path(host, FOLDER);
    g_autofree char *text = random_text();
    int failure;

    if (text == NULL ||
        g_mkdir_with_parents(folder, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) != 0)
        return errno;
    failure = vas_create_file(host, FILE_PATH, text, S_IRUSR | S_IWUSR);
    return failure == EEXIST ? 0 : failure;
}

char *
vas_host_key_have(const VasHost *host, GError **error)
{
    char *key = NULL;
    int failure;

    if (!vas_host_key_read(host, &key, error) || key != NULL)
        return key;
    failure = make(host);
    if (failure == 0)
        return vas_host_key_read(host, &key, error) ? key : NULL;
    fail("make", failure, error);
    return NULL;
}
