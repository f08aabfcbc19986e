/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/driver.h"

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

VasVfioGroupUse
vas_vfio_group_use(const VasHost *host, VasHostAddress device)
{
    g_autofree char *link = vas_sysfs_device_path(device, "iommu_group");
    g_autofree char *group = vas_sysfs_read_link_name(host, link, NULL);
    g_autofree char *path = NULL;
    g_autofree char *full = NULL;
    int descriptor;

    if (group == NULL)
        return VAS_VFIO_GROUP_UNKNOWN;
    path = g_build_filename("/dev/vfio", group, NULL);
    full = vas_host_path(host, path);
    descriptor = open(full, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return errno == EBUSY ? VAS_VFIO_GROUP_HELD : VAS_VFIO_GROUP_UNKNOWN;
    close(descriptor);
    return VAS_VFIO_GROUP_FREE;
}
