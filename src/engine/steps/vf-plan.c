/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/vf-plan.h"

#include "core/rules/rules-vf-settings.h"
#include "core/value/error.h"
#include "engine/journal/vf-note.h"
#include "host/sriov/sriov.h"

#define ALL_FIELDS ((1u << VAS_VF_FIELDS) - 1)

void
vas_vf_plan_free(VasVfPlan *plan)
{
    if (plan == NULL)
        return;
    g_free(plan->pf_interface);
    g_free(plan->identity);
    vas_vf_record_free(plan->record);
    vas_vf_record_free(plan->record_before);
    g_free(plan);
}

char *
vas_vf_plan_name(const VasVfPlan *plan)
{
    return g_strdup_printf("VF %d of %s", plan->vf.index, plan->pf_interface);
}

static VasVfPlan *
plan_new(const VasContext *context, VasHostAddress device, int index, const char *pf_interface,
         VasAssignmentType type)
{
    VasVfPlan *plan = g_new0(VasVfPlan, 1);

    plan->concerned =
        type == VAS_ASSIGNMENT_INTERFACE ? ALL_FIELDS : ALL_FIELDS & ~VAS_VF_OF_LIBVIRT;

    plan->pf_interface = g_strdup(pf_interface);
    plan->vf = (VasVf){.device = device, .pf_interface = plan->pf_interface, .index = index};
    plan->identity = vas_vf_state_identity(context->host, device);
    return plan;
}

/* A VF that has been made anew since is another VF, and libvirt puts back by itself what a record
 * has of one run: neither record counts. @guest is its guest; NULL: that is gone. */
static gboolean
is_over(const VasVfRecord *record, const VasGuest *guest, const char *identity)
{
    return g_strcmp0(record->identity, identity) != 0 ||
           (record->run_id >= 0 &&
            (guest == NULL || guest->live == NULL || guest->run_id != record->run_id));
}

/* A user who is not root cannot read what root has on record: nothing is, then. */
static gboolean
read_record(const VasContext *context, VasHostAddress device, VasVfRecord **ret_record,
            GError **error)
{
    g_autoptr(GError) refusal = NULL;

    *ret_record = NULL;
    if (vas_vf_note_read(context->host, device, ret_record, &refusal) ||
        (!context->must_lock && g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED)))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

/* libvirt will have set these when the guest has the VF. */
static void
expect_of_libvirt(VasVfPlan *plan, const VasAttachDecision *decision)
{
    const VasAssignment *assignment = decision->assignment;

    if (assignment->type != VAS_ASSIGNMENT_INTERFACE || (decision->missing & VAS_SCOPE_LIVE) == 0)
        return;
    plan->target.mac = assignment->mac;
    plan->target.vlan = MAX(assignment->vlan, 0);
    plan->target.qos = 0;
    plan->target.vlan_protocol = VAS_VLAN_PROTOCOL;
}

/* A record of another guest may still be to put back: that guest had the VF and ended with no
 * command of ours to see it. NULL: none is. Borrowed. */
static const VasVfRecord *
find_valid(const VasVfPlan *plan, const VasInventory *inventory, const VasGuest *guest)
{
    const VasVfRecord *record = plan->record_before;
    const VasGuest *owner = NULL;

    if (record == NULL)
        return NULL;
    owner = vas_inventory_find_guest(inventory, record->guest);
    return is_over(record, owner, plan->identity) ||
                   (owner != NULL && owner != guest &&
                    vas_guest_definition_has_device(owner->live, plan->vf.device))
               ? NULL
               : record;
}

/* The settings that a guest before had for the VF are not for this one. */
static void
decide_settings(VasVfPlan *plan, const VasVfRecord *valid, const VasGuest *guest,
                const VasAttachDecision *decision, const VasVfWish *wish)
{
    gboolean is_former = valid != NULL && !g_str_equal(valid->guest, guest->uuid);
    guint without_priority;

    plan->target = is_former ? valid->before : plan->current;
    expect_of_libvirt(plan, decision);
    without_priority = (guint) plan->target.qos;
    plan->target = vas_vf_settings_with(&plan->target, wish);
    plan->set = vas_vf_settings_differ(&plan->current, &plan->target) & ~VAS_VF_OF_LIBVIRT;
    plan->set_priority = wish->qos >= 0 && (guint) plan->target.qos != without_priority;
}

/* libvirt puts back at the end of the run what it set itself: what was before matters longer when
 * there is more to put back, or when the next run has the VF, too. */
static void
decide_record(VasVfPlan *plan, const VasVfRecord *valid, const VasGuest *guest,
              const VasAttachDecision *decision)
{
    gboolean beyond_libvirt = plan->set != 0 || plan->set_priority;
    gboolean outlives = beyond_libvirt || (decision->scope & VAS_SCOPE_CONFIG) != 0;
    gboolean goes_live = (decision->missing & VAS_SCOPE_LIVE) != 0 &&
                         decision->assignment->type == VAS_ASSIGNMENT_INTERFACE;
    gboolean is_own = valid != NULL && g_str_equal(valid->guest, guest->uuid);

    if ((!beyond_libvirt && !goes_live) || (is_own && (valid->run_id < 0 || !outlives)))
        return;
    plan->record = vas_vf_record_new(plan->vf.device, plan->identity, guest->uuid,
                                     outlives ? -1 : guest->run_id,
                                     valid != NULL ? &valid->before : &plan->current);
}

static gboolean
check_told(const VasVfPlan *plan, const VasVfWish *wish, GError **error)
{
    guint unknown = vas_vf_settings_unknown(&plan->current, vas_vf_wish_fields(wish));

    for (guint i = 0; i < VAS_VF_FIELDS; i++) {
        VasVfField field = (VasVfField) (1u << i);

        if ((unknown & field) == 0)
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                    "the driver of %s does not tell the %s of its VFs: it could be neither proven "
                    "nor put back",
                    plan->pf_interface, vas_vf_field_name(field));
        return FALSE;
    }
    return TRUE;
}

/* Not every PF's driver reports what it holds about its VFs; for a plain <hostdev> nobody has to
 * know. *ret_known FALSE: the driver does not report them. */
static gboolean
read_current(const VasContext *context, VasVfPlan *plan, const VasAttachDecision *decision,
             const VasVfWish *wish, gboolean *ret_known, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    *ret_known = vas_vf_state_read(context->host, &plan->vf, &plan->current, &refusal);
    if (*ret_known ||
        (decision->assignment->type == VAS_ASSIGNMENT_HOSTDEV && vas_vf_wish_is_empty(wish)))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean
vas_vf_plan_attach(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                   const VasAttachDecision *decision, const VasVfWish *wish,
                   const VasPfLink *pf_link, VasVfPlan **ret_plan, GError **error)
{
    g_autoptr(VasVfPlan) plan = NULL;
    const VasVfRecord *valid = NULL;
    gboolean known = FALSE;

    if (!vas_vf_wish_is_empty(wish) &&
        !vas_context_check_local(context, "setting what a PF holds about its VFs", error))
        return FALSE;
    if (!vas_rules_check_vf_wish(guest, decision, wish, pf_link, error))
        return FALSE;
    if (pf_link->interface == NULL || decision->device->vf_index < 0 ||
        !vas_device_in_class(decision->device, VAS_CLASS_NET) ||
        (decision->missing == 0 && vas_vf_wish_is_empty(wish))) {
        *ret_plan = NULL;
        return TRUE;
    }
    plan = plan_new(context, decision->device->address, decision->device->vf_index,
                    pf_link->interface, decision->assignment->type);
    plan->was_live = vas_guest_definition_has_device(guest->live, plan->vf.device);
    if (!read_current(context, plan, decision, wish, &known, error) ||
        (known && !check_told(plan, wish, error)))
        return FALSE;
    if (!known)
        return TRUE;
    if (!read_record(context, plan->vf.device, &plan->record_before, error))
        return FALSE;
    valid = find_valid(plan, inventory, guest);
    decide_settings(plan, valid, guest, decision, wish);
    decide_record(plan, valid, guest, decision);
    if (plan->set != 0 || plan->set_priority || plan->record != NULL ||
        (decision->missing & VAS_SCOPE_LIVE) != 0)
        *ret_plan = g_steal_pointer(&plan);
    return TRUE;
}

char *
vas_vf_plan_pf_interface(const VasContext *context, const VasDevice *device)
{
    char *interface = NULL;
    gboolean up = FALSE;

    if (context->host == NULL || device == NULL || device->kind != VAS_DEVICE_VF ||
        device->vf_index < 0 || !vas_device_in_class(device, VAS_CLASS_NET))
        return NULL;
    (void) vas_sriov_read_link(context->host, device->pf, &interface, &up, NULL);
    return interface;
}

VasVfPlan *
vas_vf_plan_release(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                    VasHostAddress address, VasAssignmentType type)
{
    const VasDevice *device = vas_inventory_find_device(inventory, address);
    g_autofree char *interface = NULL;
    g_autoptr(VasVfPlan) plan = NULL;
    g_autoptr(VasVfRecord) record = NULL;
    g_autoptr(GError) refusal = NULL;

    if (context->host != NULL && !read_record(context, address, &record, &refusal))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "the settings of %s stay as they are: %s",
                             vas_host_address_text(address).text, refusal->message);
    if (record == NULL || !g_str_equal(record->guest, guest->uuid))
        return NULL;
    interface = vas_vf_plan_pf_interface(context, device);
    plan = plan_new(context, address, interface != NULL ? device->vf_index : -1, interface, type);
    plan->is_outdated = is_over(record, guest, plan->identity);
    if (plan->is_outdated)
        return g_steal_pointer(&plan);
    if (interface == NULL) {
        vas_context_progress(
            context, VAS_PROGRESS_NOTE, 0, 0,
            "the PF of %s has no network interface here: its settings stay as they "
            "are, and noted",
            vas_host_address_text(address).text);
        return NULL;
    }
    plan->target = record->before;
    return g_steal_pointer(&plan);
}

VasVfPlan *
vas_vf_plan_restore(const VasContext *context, const VasInventory *inventory,
                    const VasOperationDevice *device)
{
    const VasDevice *known = vas_inventory_find_device(inventory, device->device);
    g_autofree char *interface = vas_vf_plan_pf_interface(context, known);
    g_autoptr(VasVfPlan) plan = NULL;

    if (!device->has_settings || interface == NULL)
        return NULL;
    plan = plan_new(context, device->device, known->vf_index, interface, VAS_ASSIGNMENT_INTERFACE);
    if (g_strcmp0(plan->identity, device->identity) != 0)
        return NULL;
    plan->current = device->before;
    plan->target = device->target;
    plan->concerned = device->concerned;
    /* The MAC of a VF that a guest has is not changed under it. */
    plan->set = device->concerned & ~(guint) VAS_VF_MAC;
    plan->was_live = (device->scope & VAS_SCOPE_LIVE) == 0;
    return g_steal_pointer(&plan);
}

void
vas_vf_plans_keep(const GPtrArray *vf_plans, VasOperation *operation)
{
    for (guint i = 0; i < vf_plans->len; i++) {
        const VasVfPlan *plan = g_ptr_array_index(vf_plans, i);
        VasOperationDevice *device =
            plan != NULL ? vas_operation_find_device(operation, plan->vf.device) : NULL;

        if (device == NULL)
            continue;
        device->has_settings = TRUE;
        device->identity = g_strdup(plan->identity);
        device->before = plan->current;
        device->target = plan->target;
        device->concerned = plan->concerned;
    }
}

/* A plain <hostdev> changes nothing but what is asked for. */
static gboolean
changes_settings(const VasVfPlan *plan)
{
    return plan->record != NULL || plan->set != 0 || plan->set_priority ||
           (plan->concerned & VAS_VF_OF_LIBVIRT) != 0;
}

void
vas_vf_plan_add_first(const VasVfPlan *plan, guint subject, GPtrArray *steps)
{
    g_autofree char *name = NULL;
    g_autofree char *settings = NULL;

    if (plan == NULL || !changes_settings(plan))
        return;
    name = vas_vf_plan_name(plan);
    vas_step_add_on_host(steps, VAS_STEP_RECORD_VF, subject, plan->vf.device,
                         plan->record != NULL ? "note the settings of %s as they are"
                                              : "keep the settings of %s as they are noted",
                         name);
    if (plan->set == 0)
        return;
    settings = vas_vf_settings_text(&plan->target, plan->set);
    vas_step_add_on_host(steps, VAS_STEP_SET_VF, subject, plan->vf.device, "set %s: %s", name,
                         settings);
}

void
vas_vf_plan_add_priority(const VasVfPlan *plan, guint subject, GPtrArray *steps)
{
    g_autofree char *name = NULL;
    g_autofree char *settings = NULL;

    if (plan == NULL || !plan->set_priority)
        return;
    name = vas_vf_plan_name(plan);
    settings = vas_vf_settings_text(&plan->target, VAS_VF_VLAN);
    vas_step_add_on_host(steps, VAS_STEP_SET_VF_PRIORITY, subject, plan->vf.device, "set %s: %s",
                         name, settings);
}

void
vas_vf_plan_add_put_back(const VasVfPlan *plan, guint subject, GPtrArray *steps)
{
    g_autofree char *name = NULL;

    if (plan == NULL)
        return;
    if (plan->is_outdated) {
        vas_step_add_on_host(steps, VAS_STEP_PUT_VF_BACK, subject, plan->vf.device,
                             "drop what is noted of the settings of %s: it is out of date",
                             vas_host_address_text(plan->vf.device).text);
        return;
    }
    name = vas_vf_plan_name(plan);
    vas_step_add_on_host(steps, VAS_STEP_PUT_VF_BACK, subject, plan->vf.device,
                         "put the settings of %s back as they were", name);
}
