/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* The element that vas_attach would send for @device: with @guest complete, without it (NULL) what
 * only a guest can decide (address, MAC) is left out unless @wish has it. Returns full. */
char *vas_attach_preview(const VasContext *context, const char *guest, const char *device,
                         const VasAssignmentWish *wish, VasAssignment **ret_assignment,
                         GError **error);

G_END_DECLS
