/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/taken-driver.h"

#include "core/value/error.h"
#include "host/files/record-text.h"
#include "host/files/run-folder.h"

#include <errno.h>
#include <string.h>

/* modprobe and the kernel take these names (MODULE_NAME_LEN in include/linux/moduleparam.h). */
#define NAME_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"
#define MAX_NAME 56
/* A name and its newline. */
#define MAX_LENGTH (MAX_NAME + 1)

#define PREFIX "driver-"

static char *
note_name(VasHostAddress device)
{
    return vas_record_text_name(PREFIX, device);
}

char *
vas_taken_driver_read(const VasHost *host, VasHostAddress device)
{
    g_autofree char *name = note_name(device);
    g_autofree char *driver = NULL;

    if (vas_run_file_read(host, name, MAX_LENGTH, &driver) != 0)
        return NULL;
    if (g_str_has_suffix(driver, "\n"))
        driver[strlen(driver) - 1] = '\0';
    if (*driver == '\0' || driver[strspn(driver, NAME_CHARACTERS)] != '\0')
        return NULL;
    return g_steal_pointer(&driver);
}

gboolean
vas_taken_driver_note(const VasHost *host, VasHostAddress device, const char *driver,
                      GError **error)
{
    g_autofree char *name = note_name(device);
    g_autofree char *path = vas_run_file_path(name);
    g_autofree char *line = g_strconcat(driver, "\n", NULL);
    int failure = vas_run_file_write(host, name, line);

    if (failure == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR,
                failure == EACCES || failure == EPERM || failure == EROFS ? VAS_ERROR_DENIED
                                                                          : VAS_ERROR_FAILED,
                "note in %s that %s is on %s: %s", path, vas_host_address_text(device).text, driver,
                g_strerror(failure));
    return FALSE;
}

void
vas_taken_driver_forget(const VasHost *host, VasHostAddress device)
{
    g_autofree char *name = note_name(device);

    (void) vas_run_file_remove(host, name);
}

GArray *
vas_taken_driver_list(const VasHost *host)
{
    GArray *devices = vas_record_text_list(host, PREFIX, NULL);

    return devices != NULL ? devices : g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
}
