/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"
#include "engine/steps/vf-plan.h"
#include "xml/template.h"

G_BEGIN_DECLS

/* This is one device on its way from what the user asked to the element that libvirt gets. */
typedef struct {
    VasTemplate *template;
    VasAssignmentWish *wish; /* the user's, completed from the template */
} VasAttachWish;

void vas_attach_wish_clear(VasAttachWish *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasAttachWish, vas_attach_wish_clear)

/* Completes @wish, the user's, for @device from its template. VAS_ERROR of vas_template_load. */
gboolean vas_attach_wish_prepare(const VasContext *context, const VasDevice *device,
                                 const VasAssignmentWish *wish, VasAttachWish *request,
                                 GError **error);

/* Reads what the host knows of @device and decides its attach (vas_rules_decide_attach), refused
 * also while a release of it is pending and while a process holds it that is none of a guest.
 * *ret_vf_plan (may be NULL: nobody wants to know): what is to be done about its VF settings.
 * Returns full. */
VasAttachDecision *vas_attach_decide(const VasContext *context, const VasInventory *inventory,
                                     const VasGuest *guest, const VasDevice *device,
                                     const VasAttachWish *request, VasScope scope,
                                     const GPtrArray *earlier, VasVfPlan **ret_vf_plan,
                                     GError **error);

G_END_DECLS
