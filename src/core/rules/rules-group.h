/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* Whether the IOMMU group of @decision's device can go to @guest: libvirt does not look at it, and
 * QEMU refuses when the device is off the host already (vfio_get_group, "group is not viable").
 * VAS_ERROR_IN_USE, with a list, for members that other guests have, running or in their configs;
 * VAS_ERROR_NOT_READY, with the ways out, for members on host drivers - unless @whole_group, whose
 * caller holds the members that are not in @decisions (GPtrArray of VasAttachDecision) as well. */
gboolean vas_rules_check_group(const VasInventory *inventory, const VasGuest *guest,
                               const VasAttachDecision *decision, const GPtrArray *decisions,
                               gboolean whole_group, GError **error);

/* Whether @device is one of @decisions. */
gboolean vas_rules_is_decided(const GPtrArray *decisions, const VasDevice *device);

G_END_DECLS
