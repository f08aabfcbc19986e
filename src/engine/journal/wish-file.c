/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/wish-file.h"

#include "core/value/error.h"
#include "host/files/plain-file.h"
#include "host/files/replace-file.h"
#include "xml/host-wish-xml.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A wish has some 120 bytes: enough for every function of a large host. */
#define MAX_LENGTH ((gsize) 256 * 1024)

static gboolean
fail(const char *what, int failure, GError **error)
{
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                "%s " VAS_WISH_FILE ": %s", what, g_strerror(failure));
    if (denied && geteuid() != 0)
        vas_error_set_hint(error, "run as root");
    else if (failure == EPERM)
        vas_error_set_hint(error, "it has to be root's, writable for nobody else, and no link");
    return FALSE;
}

/* Root does what the file says, so that nobody else may have written it; others only show it. */
gboolean
vas_wish_file_read(const VasHost *host, VasHostWish **ret_wish, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    VasHostWish *wish = NULL;
    int number = vas_read_plain_file(host, VAS_WISH_FILE, MAX_LENGTH,
                                     geteuid() == 0 ? S_IWGRP | S_IWOTH : 0, &text);

    if (number != 0 && number != ENOENT)
        return fail("read", number, error);
    wish = text != NULL ? vas_host_wish_xml_parse(text, &failure) : vas_host_wish_new();
    if (wish != NULL) {
        *ret_wish = wish;
        return TRUE;
    }
    if (vas_error_hint(failure) == NULL)
        vas_error_set_hint(&failure, "mend the file, or move it away and wish anew (--persist)");
    g_propagate_prefixed_error(error, g_steal_pointer(&failure), VAS_WISH_FILE ": ");
    return FALSE;
}

static int
put(const VasHost *host, const VasHostWish *wish)
{
    g_autofree char *path = vas_host_path(host, VAS_WISH_FILE);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = vas_host_wish_xml_format(wish);

    if (strlen(text) > MAX_LENGTH)
        return EFBIG;
    if (g_mkdir_with_parents(folder, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) != 0)
        return errno;
    return vas_replace_file(host, VAS_WISH_FILE, text, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

static int
take_away(const VasHost *host)
{
    int failure = vas_remove_file(host, VAS_WISH_FILE);

    return failure == ENOENT ? 0 : failure;
}

gboolean
vas_wish_file_write(const VasHost *host, const VasHostWish *wish, GError **error)
{
    int failure = vas_host_wish_is_empty(wish) ? take_away(host) : put(host, wish);

    return failure == 0 || fail("write", failure, error);
}
