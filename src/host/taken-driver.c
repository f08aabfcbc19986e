/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/taken-driver.h"

#include "core/error.h"
#include "host/replace-file.h"
#include "host/sysfs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER "/run/virt-assign"
/* As modprobe and the kernel have it (MODULE_NAME_LEN in include/linux/moduleparam.h). */
#define NAME_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"
#define MAX_NAME 56

static char *
note_path(VasHostAddress device)
{
    return g_strdup_printf(FOLDER "/driver-%s", vas_host_address_text(device).text);
}

char *
vas_taken_driver_read(const VasHost *host, VasHostAddress device)
{
    g_autofree char *path = note_path(device);
    g_autofree char *driver = vas_sysfs_read(host, path, NULL);

    if (driver == NULL || *driver == '\0' || strlen(driver) > MAX_NAME ||
        driver[strspn(driver, NAME_CHARACTERS)] != '\0')
        return NULL;
    return g_steal_pointer(&driver);
}

static gboolean
make_folder(const VasHost *host)
{
    g_autofree char *full = vas_host_path(host, FOLDER);

    return g_mkdir_with_parents(full, S_IRWXU) == 0;
}

gboolean
vas_taken_driver_note(const VasHost *host, VasHostAddress device, const char *driver,
                      GError **error)
{
    g_autofree char *path = note_path(device);
    g_autofree char *line = g_strconcat(driver, "\n", NULL);
    int failure = make_folder(host) ? vas_replace_file(host, path, line, S_IRUSR | S_IWUSR) : errno;

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
    g_autofree char *path = note_path(device);

    (void) vas_remove_file(host, path);
}
