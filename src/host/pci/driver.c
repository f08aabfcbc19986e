/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/driver.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "host/system/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
vas_driver_read(const VasHost *host, VasHostAddress device, char **ret_driver, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "driver");
    g_autoptr(GError) refusal = NULL;
    char *driver = vas_sysfs_read_link_name(host, path, &refusal);

    if (driver == NULL && !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (driver == NULL && !vas_sysfs_check_device(host, device, error))
        return FALSE;
    *ret_driver = driver;
    return TRUE;
}

gboolean
vas_driver_serves_vfio(const VasHost *host, VasHostAddress device, const char *driver)
{
    g_autofree char *path = vas_sysfs_device_path(device, "vfio-dev");
    g_autofree char *full = vas_host_path(host, path);

    return vas_driver_is_vfio(driver) || (driver != NULL && g_file_test(full, G_FILE_TEST_IS_DIR));
}

/* Returns full; NULL: it has no IOMMU group, or that cannot be read (@error). */
static char *
group_path(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *link = vas_sysfs_device_path(device, "iommu_group");
    g_autoptr(GError) refusal = NULL;
    g_autofree char *group = vas_sysfs_read_link_name(host, link, &refusal);

    if (group != NULL)
        return g_build_filename("/dev/vfio", group, NULL);
    if (!g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        g_propagate_error(error, g_steal_pointer(&refusal));
    return NULL;
}

gboolean
vas_vfio_group_use(const VasHost *host, VasHostAddress device, VasVfioGroupUse *ret_use,
                   GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *path = group_path(host, device, &failure);
    g_autofree char *full = NULL;
    int descriptor;

    if (path == NULL && failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *ret_use = VAS_VFIO_GROUP_UNKNOWN;
    if (path == NULL)
        return TRUE;
    full = vas_host_path(host, path);
    descriptor = open(full, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor >= 0) {
        close(descriptor);
        *ret_use = VAS_VFIO_GROUP_FREE;
        return TRUE;
    }
    switch (errno) {
    case EBUSY:
        *ret_use = VAS_VFIO_GROUP_HELD;
        return TRUE;
    case ENOENT: /* without the group's own node, or the driver for it */
    case ENODEV:
    case ENXIO:
    case EACCES: /* whoever may not open it may not write to sysfs either */
    case EPERM:
        return TRUE;
    default:
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        return FALSE;
    }
}

/* FALSE: its files may not be looked at. A process may end meanwhile. */
static gboolean
find_open_file(const VasHost *host, const char *process, const char *path, gboolean *ret_open)
{
    g_autofree char *folder = g_build_filename("/proc", process, "fd", NULL);
    g_autofree char *full = vas_host_path(host, folder);
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GDir) files = g_dir_open(full, 0, &refusal);
    const char *name = NULL;

    *ret_open = FALSE;
    if (files == NULL)
        return g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    while (!*ret_open && (name = g_dir_read_name(files)) != NULL) {
        g_autofree char *link = g_build_filename(full, name, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);

        *ret_open = g_strcmp0(target, path) == 0;
    }
    return TRUE;
}

static gboolean
is_process(const char *name)
{
    return g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, NULL, NULL);
}

VasVfioGroupUse
vas_vfio_group_look(const VasHost *host, VasHostAddress device)
{
    g_autofree char *path = group_path(host, device, NULL);
    g_autofree char *processes = vas_host_path(host, "/proc");
    g_autoptr(GDir) folder = path != NULL ? g_dir_open(processes, 0, NULL) : NULL;
    VasVfioGroupUse use = VAS_VFIO_GROUP_FREE;
    const char *name = NULL;

    if (folder == NULL)
        return VAS_VFIO_GROUP_UNKNOWN;
    while ((name = g_dir_read_name(folder)) != NULL) {
        gboolean is_open = FALSE;

        if (!is_process(name))
            continue;
        if (!find_open_file(host, name, path, &is_open))
            use = VAS_VFIO_GROUP_UNKNOWN;
        if (is_open)
            return VAS_VFIO_GROUP_HELD;
    }
    return use;
}
