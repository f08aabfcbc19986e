/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

typedef struct {
    const char *const *devices; /* as the user named them; NULL-terminated, at least one */
    const char *driver;         /* detach: the VFIO driver; NULL: libvirt's choice */
    gboolean whole_group;       /* detach: all endpoints of their IOMMU groups, too */
    gboolean force;             /* detach: what is critical, too; it is said what for */
    gboolean persist;           /* it is wished for each boot, too; reattach: no more */
    gboolean clear_override;    /* a driver_override that somebody else set may go */
    gboolean keep_going;        /* each device or nothing of it; not with @whole_group */
    guint timeout;              /* seconds to wait for other commands */
    gboolean dry_run;
} VasHostDriverRequest;

/* Moves devices from their host drivers to a VFIO driver, all or none (with @keep_going each for
 * itself, as in vas_attach), and proves it by the kernel's driver link. What speaks against it is
 * found first (core/rules/rules-host.h; a process that holds one). A device that is on a VFIO
 * driver, however it got there, is "already"; pci-stub is not a VFIO driver. Refused with
 * VAS_ERROR_CONFLICT, unless @clear_override: a driver_override that names a host driver.
 * VAS_ERROR_INVALID, VAS_ERROR_NOT_FOUND: @driver is not a VFIO driver, or not there. Results and
 * steps as in vas_attach, with the driver before. */
gboolean vas_host_detach(const VasContext *context, const VasHostDriverRequest *request,
                         GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

/* Moves devices back: to the driver that the kernel finds for them, also where new_id would give
 * them to VFIO once more, or to the host driver that driverctl has for them, unless
 * @clear_override. None is a success only if no installed driver knows the device. A
 * driver_override that names a host driver stays, and a device that driverctl keeps from the host
 * is VAS_ERROR_CONFLICT, unless @clear_override. */
gboolean vas_host_reattach(const VasContext *context, const VasHostDriverRequest *request,
                           GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

/* Does the same as vas_host_detach for one device as a part of boot: for its wish, which is on
 * record already. */
gboolean vas_host_driver_boot(const VasContext *context, const VasHostDriverRequest *request,
                              GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

G_END_DECLS
