/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Variants of vfio-pci know one kind of device: they can do more for it, such as migrate it with
 * its guest. libvirt chooses the best one from 9.7 on when it moves a device from its host driver
 * (virPCIDeviceFindBestVFIOVariant in src/util/virpci.c), and vfio-pci before
 * (virPCIDeviceBindToStub); it reads the running kernel's modules.alias for that, as we do. */

/* The VFIO driver that libvirt moves @device to, where a variant is for it: the variant, or
 * "vfio-pci" by a libvirt that is too old to choose it, of which a NOTE tells. @model is what the
 * element names for libvirt to take (<driver model=>, known to it from 10.0 on); NULL: nothing.
 * NULL: vfio-pci, as for most devices; or it cannot be told before, as on another machine, without
 * libvirt or of a device that is on a VFIO driver already. Returns full. */
char *vas_vfio_variant_expected(const VasContext *context, const VasDevice *device,
                                const char *model);

G_END_DECLS
