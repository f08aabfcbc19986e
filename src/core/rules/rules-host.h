/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* These rules know what speaks against moving a device from one host driver to another before it is
 * tried: an unbind in the wrong moment does not fail, it hangs in the kernel or takes VFs with
 * it. */

/* Whether @device is anything but a PF with VFs, held or not: the driver of a PF removes them as it
 * goes, or waits for ever for their users, and the process that unbinds it waits too. There is no
 * override. VAS_ERROR_NOT_READY. */
gboolean vas_rules_check_no_vfs(const VasDevice *device, GError **error);

/* Refuses a device that no IOMMU group has: VAS_ERROR_NOT_READY, with where it may be and what to
 * do as its hint. */
gboolean vas_rules_check_iommu_group(const VasInventory *inventory, const VasDevice *device,
                                     GError **error);

/* Whether @device may be taken from its host driver. Refused are a bridge (VAS_ERROR_UNSUITABLE), a
 * device of a running guest (VAS_ERROR_IN_USE), a critical one (vas_rules_check_critical, with
 * @force and @overridden), a PF that has VFs (vas_rules_check_no_vfs), and, with
 * VAS_ERROR_NOT_READY, a device without an IOMMU. */
gboolean vas_rules_check_host_detach(const VasInventory *inventory, const VasDevice *device,
                                     gboolean force, GPtrArray *overridden, GError **error);

/* Whether @device may be given back to a host driver. The rules are the same, except that a
 * critical device and one without an IOMMU may be; and no member of its IOMMU group may be in a
 * running guest (VAS_ERROR_IN_USE): the kernel lets no host driver into a group that user space
 * owns (iommu_device_use_default_domain in drivers/iommu/iommu.c). A PF whose driver left its VFs
 * behind is on no driver, and may have one. */
gboolean vas_rules_check_host_reattach(const VasInventory *inventory, const VasDevice *device,
                                       GError **error);

/* libvirt takes a device of managed='no' only from a VFIO driver, where the administrator has to
 * put it. VAS_ERROR_NOT_READY: @device is on a host driver; @remedy says in the hint how to have
 * libvirt manage it. */
gboolean vas_rules_check_unmanaged(const VasDevice *device, const char *remedy, GError **error);

G_END_DECLS
