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
assignment_for_guest(const VasContext *context, const VasInventory *inventory,
                     const char *guest_name, const VasDevice *device, const VasAttachWish *request,
                     GError **error)
{
    const VasGuest *guest = vas_selector_guest(inventory, guest_name, error);
    g_autoptr(VasAttachDecision) decision = NULL;

    if (guest == NULL)
        return NULL;
    decision = vas_attach_decide(context, inventory, guest, device, request, 0, NULL, NULL, error);
    return decision == NULL ? NULL : g_steal_pointer(&decision->assignment);
}

char *
vas_attach_preview(const VasContext *context, const char *guest, const char *device_name,
                   const VasAssignmentWish *wish, VasAssignment **ret_assignment, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    g_auto(VasAttachWish) request = {0};
    g_autoptr(VasAssignment) assignment = NULL;
    const VasDevice *device = NULL;
    char *xml = NULL;

    if (inventory == NULL)
        return NULL;
    device = vas_selector_device(inventory, device_name, error);
    if (device == NULL || !vas_attach_wish_prepare(context, device, wish, &request, error))
        return NULL;
    assignment = guest == NULL
                     ? assignment_without_guest(device, request.wish, error)
                     : assignment_for_guest(context, inventory, guest, device, &request, error);
    if (assignment == NULL)
        return NULL;
    xml = vas_template_fill(request.template, assignment, error);
    if (xml != NULL)
        *ret_assignment = g_steal_pointer(&assignment);
    return xml;
}
