/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/device/device.h"

G_BEGIN_DECLS

/* Bridges of all kinds are not endpoints and cannot be assigned: VAS_ERROR_UNSUITABLE. */
gboolean vas_rules_check_endpoint(const VasDevice *device, GError **error);

/* The type a device gets when the user names none: interface for a VF of a network PF. */
VasAssignmentType vas_rules_default_type(const VasDevice *device);

/* The checks of @wish that need neither guest nor host: alias, MAC unicast, VLAN and acpi index
 * range; and those that need the device: endpoint, --as interface for a network VF only, MAC and
 * VLAN for an interface only. */
gboolean vas_rules_check_wish(const VasDevice *device, const VasAssignmentWish *wish,
                              GError **error);

G_END_DECLS
