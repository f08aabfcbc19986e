/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

/* Whether a process holds @device through VFIO though no running guest has it or a member of its
 * IOMMU group, as libvirt has it now: a QEMU whose libvirtd died before it noted what it had given
 * it, a guest of another libvirt (qemu:///session), a DPDK program. The kernel knows. FALSE as well
 * where it cannot be told: on another machine, or without /dev/vfio. */
gboolean vas_vfio_use_is_unexplained(const VasContext *context, VasHostAddress device);

/* The error for it, with the way out as its hint. Returns FALSE. */
gboolean vas_vfio_use_refuse(VasHostAddress device, GError **error);

G_END_DECLS
