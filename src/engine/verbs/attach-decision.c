/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/attach-decision.h"

#include "core/rules/rules-wish.h"
#include "core/rules/rules.h"
#include "core/value/error.h"
#include "engine/base/bar-room.h"
#include "engine/base/guest-uses.h"
#include "engine/base/vfio-use.h"
#include "engine/base/vfio-variant.h"
#include "engine/journal/pending.h"
#include "host/pci/endpoint.h"
#include "host/sriov/sriov.h"
#include "host/sriov/vf-preset.h"

void
vas_attach_wish_clear(VasAttachWish *request)
{
    vas_template_free(request->template);
    vas_assignment_wish_free(request->wish);
}

gboolean
vas_attach_wish_prepare(const VasContext *context, const VasDevice *device,
                        const VasAssignmentWish *wish, VasAttachWish *request, GError **error)
{
    request->wish = vas_assignment_wish_copy(wish);
    /* A template named without --as says itself what it is. */
    if (!wish->has_type && wish->template == NULL) {
        request->wish->has_type = TRUE;
        request->wish->type = vas_rules_default_type(device);
    }
    request->template =
        vas_template_load(context->template_folder, wish->template,
                          request->wish->has_type ? &request->wish->type : NULL, error);
    if (request->template == NULL)
        return FALSE;
    request->wish->has_type = TRUE;
    request->wish->type = vas_template_type(request->template);
    return vas_template_complete_wish(request->template, request->wish, error);
}

/* The rules judge an interface that is missing or down; one that cannot be read is an error. */
static gboolean
read_pf_link(const VasContext *context, const VasDevice *device, VasPfLink *ret_link,
             char **ret_interface, GError **error)
{
    ret_link->known = FALSE;
    if (context->host == NULL || device->kind != VAS_DEVICE_VF)
        return TRUE;
    if (!vas_sriov_read_link(context->host, device->pf, ret_interface, &ret_link->up, error))
        return FALSE;
    ret_link->interface = *ret_interface;
    ret_link->known = TRUE;
    return TRUE;
}

/* A device whose release is pending is neither in nor out. */
static gboolean
check_not_pending(const VasContext *context, const VasGuest *guest, const VasDevice *device,
                  GError **error)
{
    const VasAssignment *live = vas_guest_definition_find_device(guest->live, device->address);
    g_autoptr(GPtrArray) pending = NULL;

    if (live == NULL)
        return TRUE;
    pending = vas_pending_load(context, guest, FALSE, error);
    if (pending == NULL)
        return FALSE;
    if (vas_pending_find(pending, live) == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "guest %s was asked to release it (alias %s) and has not yet", guest->name,
                live->alias);
    vas_error_set_hint(error, "finish that first: virt-assign detach %s %s", guest->word,
                       vas_host_address_text(device->address).text);
    return FALSE;
}

/* A vendor's own VFIO driver has made @device what it is, such as a vGPU of a certain type:
 * vfio-pci would find nothing in it. */
static gboolean
check_vendor_driver(const VasContext *context, const VasDevice *device, const VasTemplate *template,
                    GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (context->host == NULL || !vas_template_is_managed(template) ||
        !vas_endpoint_is_vendors_own(context->host, device))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "the driver %s serves %s to guests itself, by VFIO, and managed='yes' would have "
                "libvirt move it to vfio-pci",
                device->driver, address.text);
    vas_error_set_hint(error, "take a template with <hostdev mode='subsystem' type='pci' "
                              "managed='no'/>: --template FILE");
    return FALSE;
}

/* Returns full. */
static char *
expected_driver(const VasContext *context, const VasDevice *device, const VasTemplate *template)
{
    g_autofree char *model = vas_template_driver_model(template);

    return vas_template_is_managed(template) ? vas_vfio_variant_expected(context, device, model)
                                             : NULL;
}

static void
note_preset(const VasContext *context, const VasVfPreset *preset, const VasVfSettings *settings,
            const VasAttachDecision *decision)
{
    VasVfSettings has;
    guint fields = vas_vf_preset_differs(preset, settings, decision->assignment, &has);
    g_autofree char *written = vas_vf_settings_text(&preset->settings, fields);
    g_autofree char *lost = vas_vf_settings_text(&has, fields);

    if (fields != 0)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s %s %s over %s: %s:%u%s%s",
                             preset->program, preset->doubt != NULL ? "may write" : "writes",
                             written, lost, preset->path, preset->line,
                             preset->doubt != NULL ? "; " : "",
                             preset->doubt != NULL ? preset->doubt : "");
}

/* Tells of other programs' files that have the VF otherwise than the guest gets it. */
static void
note_presets(const VasContext *context, const VasAttachDecision *decision, const VasPfLink *link,
             const VasVfPlan *plan)
{
    const VasDevice *device = decision->device;
    const VasVf vf = {device->address, link->interface, device->vf_index};
    g_autoptr(VasMappedPf) pf = NULL;
    g_autoptr(GPtrArray) presets = NULL;
    VasVfSettings settings;

    if (link->interface == NULL || !vas_device_in_class(device, VAS_CLASS_NET))
        return;
    pf = vas_mapped_pf_read(context->host, device->pf);
    presets = pf != NULL ? vas_vf_presets_list(context->host, pf) : g_ptr_array_new();
    for (guint i = 0; i < presets->len; i++) {
        const VasVfPreset *preset = g_ptr_array_index(presets, i);

        if (preset->index != device->vf_index)
            continue;
        if (plan != NULL)
            settings = plan->target;
        else if (!vas_vf_state_read(context->host, &vf, &settings, NULL))
            return;
        note_preset(context, preset, &settings, decision);
    }
}

VasAttachDecision *
vas_attach_decide(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                  const VasDevice *device, const VasAttachWish *request, VasScope scope,
                  const GPtrArray *earlier, VasVfPlan **ret_vf_plan, GError **error)
{
    g_autofree char *interface = NULL;
    VasPfLink link = {0};
    g_autoptr(VasAttachDecision) decision = NULL;

    if (!check_not_pending(context, guest, device, error) ||
        !read_pf_link(context, device, &link, &interface, error))
        return NULL;
    decision = vas_rules_decide_attach(inventory, guest, device, request->wish, scope, &link,
                                       earlier, error);
    if (decision == NULL ||
        (ret_vf_plan != NULL && !vas_vf_plan_attach(context, inventory, guest, decision,
                                                    &request->wish->vf, &link, ret_vf_plan, error)))
        return NULL;
    if (decision->missing != 0 && !check_vendor_driver(context, device, request->template, error))
        return NULL;
    if ((decision->missing & VAS_SCOPE_LIVE) != 0 &&
        !vas_vfio_use_check(context, inventory, inventory, device->address, error))
        return NULL;
    if (ret_vf_plan != NULL && decision->missing != 0) {
        vas_guest_uses_note(context, inventory, device);
        note_presets(context, decision, &link, *ret_vf_plan);
    }
    if (ret_vf_plan != NULL && (decision->missing & VAS_SCOPE_LIVE) != 0) {
        vas_bar_room_note(context, guest, device->address);
        decision->vfio_driver = expected_driver(context, device, request->template);
    }
    return g_steal_pointer(&decision);
}
