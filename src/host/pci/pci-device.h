/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* The PCI function as the kernel describes it: its subsystem, and all that libvirt's node device
 * says of it but the names of vendor and product, which the kernel does not have, and its network
 * interface (host/pci/pci-interfaces). Reads no configuration space, and wakes no sleeping device
 * by it; reads nothing that waits for the device's lock, which a driver that does not let go holds.
 * VAS_ERROR_NOT_FOUND: no such device, or it went away meanwhile. Safe to call from several
 * threads. Returns full. */
VasDevice *vas_pci_device_read(const VasHost *host, VasHostAddress address, GError **error);

/* The PCI functions in the IOMMU group of the function at @address, itself included:
 * VasHostAddress. Empty: it is in none, or they are not told. Returns full. */
GArray *vas_pci_group_members(const VasHost *host, VasHostAddress address);

G_END_DECLS
