/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slots-accept.h"

G_BEGIN_DECLS

/* Works like vas_slots_accept; the hint of a refusal lists some free addresses. */
gboolean vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address,
                         gboolean hot, GError **error);

G_END_DECLS
