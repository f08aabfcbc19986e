/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* May the device that @assignment is to be in @guest have the acpi index it says?
 * VAS_ERROR_UNUSABLE where the guest is not shown it by every QEMU, in a scope of @missing;
 * VAS_ERROR_TAKEN where any other device has it, live or config. @own is what the guest has of the
 * device already. */
gboolean vas_rules_check_acpi_index(const VasGuest *guest, VasScope missing, const VasHolding *own,
                                    const VasAssignment *assignment, GError **error);

G_END_DECLS
