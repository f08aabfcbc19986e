/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/record-text.h"

#include "core/value/error.h"
#include "host/files/run-folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A device has some 250 bytes: enough for every function of a large host. */
#define MAX_LENGTH ((gsize) 256 * 1024)

char *
vas_record_text_name(const char *prefix, VasHostAddress device)
{
    return g_strconcat(prefix, vas_host_address_text(device).text, NULL);
}

/* EPERM comes from host/files/run-folder, too, not only from the kernel. */
static void
hint_at_denial(int failure, GError **error)
{
    if (geteuid() != 0 && (failure == EACCES || failure == EPERM))
        vas_error_set_hint(error, "run as root");
    else if (failure == EPERM)
        vas_error_set_hint(error, "it has to be root's, open to nobody else, and no link: see who "
                                  "made it so");
}

static gboolean
fail(const char *what, const char *name, int failure, GError **error)
{
    g_autofree char *path = vas_run_file_path(name);
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED, "%s %s: %s", what,
                path, g_strerror(failure));
    hint_at_denial(failure, error);
    return FALSE;
}

gboolean
vas_record_text_write(const VasHost *host, const char *name, const char *text, GError **error)
{
    int failure = strlen(text) <= MAX_LENGTH ? vas_run_file_write(host, name, text) : EFBIG;

    return failure == 0 || fail("write", name, failure, error);
}

gboolean
vas_record_text_read(const VasHost *host, const char *name, char **ret_text, GError **error)
{
    char *text = NULL;
    int failure = vas_run_file_read(host, name, MAX_LENGTH, &text);

    if (failure != 0 && failure != ENOENT)
        return fail("read", name, failure, error);
    *ret_text = text;
    return TRUE;
}

gboolean
vas_record_text_parse(const VasHost *host, const char *prefix, VasHostAddress device,
                      VasRecordParser parse, const char *meaning, gpointer *ret_record,
                      GError **error)
{
    g_autofree char *name = vas_record_text_name(prefix, device);
    g_autofree char *path = vas_run_file_path(name);
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    gpointer record = NULL;

    if (!vas_record_text_read(host, name, &text, error))
        return FALSE;
    if (text != NULL)
        record = parse(text, device, &failure);
    if (failure == NULL) {
        *ret_record = record;
        return TRUE;
    }
    if (vas_error_hint(failure) == NULL)
        vas_error_set_hint(&failure, "see that %s is as it should be, then remove the file",
                           vas_host_address_text(device).text);
    g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s cannot be read as %s: ", path,
                               meaning);
    return FALSE;
}

gboolean
vas_record_text_remove(const VasHost *host, const char *name, GError **error)
{
    int failure = vas_run_file_remove(host, name);

    return failure == 0 || failure == ENOENT || fail("remove", name, failure, error);
}

GArray *
vas_record_text_list(const VasHost *host, const char *prefix, GError **error)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    g_auto(GStrv) files = NULL;
    int failure = vas_run_file_list(host, prefix, &files);

    if (failure != 0) {
        g_autofree char *folder = vas_run_file_path("");

        g_set_error(error, VAS_ERROR,
                    failure == EACCES || failure == EPERM ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                    "look for unfinished commands in %s: %s", folder, g_strerror(failure));
        hint_at_denial(failure, error);
        return NULL;
    }
    /* A file that was being written has an ending (vas_replace_file) and counts for nothing. */
    for (guint i = 0; files[i] != NULL; i++) {
        const char *address = files[i] + strlen(prefix);
        VasHostAddress device;

        if (vas_host_address_parse(address, &device, NULL) &&
            g_str_equal(vas_host_address_text(device).text, address))
            g_array_append_val(devices, device);
    }
    return g_steal_pointer(&devices);
}
