/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/attach-case.h"

G_BEGIN_DECLS

/* Gives @assignment its guest address: the one that it has on the other side, the one that is
 * wished, the one that gives it the wished name (with an acpi index where it takes one), or the
 * best that is free. VAS_ERROR_CONFLICT, VAS_ERROR_TAKEN, VAS_ERROR_UNUSABLE, VAS_ERROR_NO_SLOT. */
gboolean vas_rules_settle_place(const VasAttachCase *c, VasAssignment *assignment, GError **error);

G_END_DECLS
