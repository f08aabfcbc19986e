/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* An assignment that is looked at beforehand; the members that are const are borrowed from
 * @inventory. */
typedef struct {
    VasInventory *inventory;
    const VasDevice *device;
    const VasGuestDefinition *definition; /* of the running guest if it runs; NULL: no guest */
    VasAssignment *assignment;
    char *xml; /* the element that vas_attach would send */
} VasPreview;

void vas_preview_free(VasPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPreview, vas_preview_free)

/* Looks at the assignment of @device: with @guest it is complete, without it (NULL) what only a
 * guest can decide (address, MAC) is left out unless @wish has it. Returns full. */
VasPreview *vas_attach_preview(const VasContext *context, const char *guest, const char *device,
                               const VasAssignmentWish *wish, GError **error);

G_END_DECLS
