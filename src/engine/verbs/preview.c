/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/preview.h"

#include "core/inventory/selector.h"
#include "core/rules/rules-wish.h"
#include "engine/base/scan.h"
#include "engine/verbs/attach-decision.h"

/* Without a guest only what the user, the template and the device say is known. */
static VasAssignment *
assignment_without_guest(const VasDevice *device, const VasAssignmentWish *wish, GError **error)
{
    VasAssignment *assignment = NULL;

    if (!vas_rules_check_wish(device, wish, error))
        return NULL;
    assignment = vas_assignment_new(wish->type);
    assignment->has_device = TRUE;
    assignment->device = device->address;
    assignment->alias =
        wish->alias != NULL ? g_strdup(wish->alias) : vas_alias_for_device(device->address);
    assignment->has_guest_address = wish->has_guest_address;
    assignment->guest_address = wish->guest_address;
    assignment->has_mac = wish->has_mac;
    assignment->mac = wish->mac;
    assignment->vlan = wish->vlan;
    assignment->acpi_index = wish->acpi_index;
    assignment->boot_order = wish->boot_order;
    return assignment;
}

static VasAssignment *
assignment_for_guest(const VasContext *context, VasPreview *preview, const char *guest_name,
                     const VasAttachWish *request, GError **error)
{
    const VasGuest *guest = vas_selector_guest(preview->inventory, guest_name, error);
    g_autoptr(VasAttachDecision) decision = NULL;

    if (guest == NULL)
        return NULL;
    preview->definition = guest->live != NULL ? guest->live : guest->config;
    decision = vas_attach_decide(context, preview->inventory, guest, preview->device, request, 0,
                                 NULL, NULL, error);
    return decision == NULL ? NULL : g_steal_pointer(&decision->assignment);
}

void
vas_preview_free(VasPreview *preview)
{
    if (preview == NULL)
        return;
    vas_assignment_free(preview->assignment);
    vas_inventory_free(preview->inventory);
    g_free(preview->xml);
    g_free(preview);
}

VasPreview *
vas_attach_preview(const VasContext *context, const char *guest, const char *device_name,
                   const VasAssignmentWish *wish, GError **error)
{
    g_autoptr(VasPreview) preview = g_new0(VasPreview, 1);
    g_auto(VasAttachWish) request = {0};
    const char *const names[] = {device_name, NULL};
    const VasScanSubject subject = {.guest = guest, .names = names};

    preview->inventory = vas_scan_about(context, &subject, error);
    if (preview->inventory == NULL)
        return NULL;
    preview->device = vas_selector_device(preview->inventory, device_name, error);
    if (preview->device == NULL ||
        !vas_attach_wish_prepare(context, preview->device, wish, &request, error))
        return NULL;
    preview->assignment = guest == NULL
                              ? assignment_without_guest(preview->device, request.wish, error)
                              : assignment_for_guest(context, preview, guest, &request, error);
    if (preview->assignment == NULL)
        return NULL;
    preview->xml = vas_template_fill(request.template, preview->assignment, error);
    return preview->xml != NULL ? g_steal_pointer(&preview) : NULL;
}
