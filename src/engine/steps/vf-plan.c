/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/vf-plan.h"

#include "core/rules/rules-vf-settings.h"
#include "core/value/error.h"
#include "host/sriov/sriov.h"

#define ALL_FIELDS ((1u << VAS_VF_FIELDS) - 1)

void
vas_vf_plan_free(VasVfPlan *plan)
{
    if (plan == NULL)
        return;
    g_free(plan->pf_interface);
    g_free(plan->identity);
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

/* A VF that has been made anew since is another VF: the record does not count for it. */
static const VasVfRecord *
find_in(const VasGuestDefinition *definition, VasHostAddress device, const char *identity)
{
    const VasVfRecord *record =
        definition != NULL ? vas_guest_record_find_vf(definition->record, device) : NULL;

    return record != NULL && g_strcmp0(record->identity, identity) == 0 ? record : NULL;
}

static const VasVfRecord *
find_record(const VasGuest *guest, VasHostAddress device, const char *identity)
{
    const VasVfRecord *live = find_in(guest->live, device, identity);

    return live != NULL ? live : find_in(guest->config, device, identity);
}

/* A record of any VF at that address counts, whatever its identity. */
static gboolean
is_recorded(const VasGuestDefinition *definition, VasHostAddress device)
{
    return definition != NULL && vas_guest_record_find_vf(definition->record, device) != NULL;
}

static gboolean
is_live_in(const VasGuest *guest, VasHostAddress device)
{
    return guest->live != NULL && vas_guest_definition_find_device(guest->live, device) != NULL;
}

/* Another guest's record may still be to put back: that guest had the VF and ended with no command
 * of ours to see it. */
static const VasVfRecord *
find_former_record(VasVfPlan *plan, const VasInventory *inventory, const VasGuest *guest)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *other = g_ptr_array_index(inventory->guests, i);
        const VasVfRecord *record = NULL;

        if (other == guest || is_live_in(other, plan->vf.device))
            continue;
        record = find_record(other, plan->vf.device, plan->identity);
        if (record == NULL)
            continue;
        plan->former = other;
        return record;
    }
    return NULL;
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

/* The settings that a guest before had for the VF are not for this one. */
static void
decide_settings(VasVfPlan *plan, const VasInventory *inventory, const VasGuest *guest,
                const VasAttachDecision *decision, const VasVfWish *wish)
{
    const VasVfRecord *own = find_record(guest, plan->vf.device, plan->identity);
    const VasVfRecord *former = own == NULL ? find_former_record(plan, inventory, guest) : NULL;
    guint without_priority;

    plan->before = own != NULL ? own->before : former != NULL ? former->before : plan->current;
    plan->target = former != NULL ? former->before : plan->current;
    expect_of_libvirt(plan, decision);
    without_priority = (guint) plan->target.qos;
    plan->target = vas_vf_settings_with(&plan->target, wish);
    plan->set = vas_vf_settings_differ(&plan->current, &plan->target) & ~VAS_VF_OF_LIBVIRT;
    plan->set_priority = wish->qos >= 0 && (guint) plan->target.qos != without_priority;
}

/* The live record is gone when the guest ends, and libvirt puts back what it set itself: the config
 * has to keep the rest. */
static void
decide_record(VasVfPlan *plan, const VasGuest *guest, const VasAttachDecision *decision)
{
    gboolean beyond_libvirt = plan->set != 0 || plan->set_priority;
    gboolean goes_live = (decision->missing & VAS_SCOPE_LIVE) != 0 &&
                         decision->assignment->type == VAS_ASSIGNMENT_INTERFACE;
    VasScope wanted = 0;

    if (!beyond_libvirt && !goes_live)
        return;
    if (guest->live != NULL &&
        (goes_live || plan->was_live || (decision->missing & VAS_SCOPE_LIVE) != 0))
        wanted |= VAS_SCOPE_LIVE;
    if (guest->config != NULL && (beyond_libvirt || (decision->scope & VAS_SCOPE_CONFIG) != 0))
        wanted |= VAS_SCOPE_CONFIG;
    if (find_in(guest->live, plan->vf.device, plan->identity) != NULL)
        wanted &= ~(guint) VAS_SCOPE_LIVE;
    if (find_in(guest->config, plan->vf.device, plan->identity) != NULL)
        wanted &= ~(guint) VAS_SCOPE_CONFIG;
    plan->record_in = wanted;
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
    plan->was_live = is_live_in(guest, plan->vf.device);
    if (!read_current(context, plan, decision, wish, &known, error) ||
        (known && !check_told(plan, wish, error)))
        return FALSE;
    if (!known)
        return TRUE;
    decide_settings(plan, inventory, guest, decision, wish);
    decide_record(plan, guest, decision);
    if (plan->set != 0 || plan->set_priority || plan->record_in != 0 ||
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
    const VasVfRecord *record = NULL;

    if (context->host == NULL ||
        (!is_recorded(guest->live, address) && !is_recorded(guest->config, address)))
        return NULL;
    interface = vas_vf_plan_pf_interface(context, device);
    plan = plan_new(context, address, interface != NULL ? device->vf_index : -1, interface, type);
    record = find_record(guest, address, plan->identity);
    plan->is_outdated = record == NULL;
    if (record == NULL)
        return g_steal_pointer(&plan);
    if (interface == NULL) {
        vas_context_progress(
            context, VAS_PROGRESS_NOTE, 0, 0,
            "the PF of %s has no network interface here: its settings stay as they "
            "are, and noted",
            vas_host_address_text(address).text);
        return NULL;
    }
    plan->before = record->before;
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
    plan->before = device->before;
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
    return plan->record_in != 0 || plan->set != 0 || plan->set_priority ||
           (plan->concerned & VAS_VF_OF_LIBVIRT) != 0;
}

void
vas_vf_plan_add_first(const VasVfPlan *plan, guint subject, const char *guest, GPtrArray *steps)
{
    g_autofree char *name = NULL;
    g_autofree char *settings = NULL;

    if (plan == NULL || !changes_settings(plan))
        return;
    name = vas_vf_plan_name(plan);
    vas_step_add_on_host(steps, VAS_STEP_RECORD_VF, subject, plan->vf.device,
                         plan->record_in != 0
                             ? "note the settings of %s as they are in the metadata of %s"
                             : "keep the settings of %s as noted in the metadata of %s",
                         name, guest);
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
                             "drop what is noted of the settings of %s: that VF is no more",
                             vas_host_address_text(plan->vf.device).text);
        return;
    }
    name = vas_vf_plan_name(plan);
    vas_step_add_on_host(steps, VAS_STEP_PUT_VF_BACK, subject, plan->vf.device,
                         "put the settings of %s back as they were", name);
}
