/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/group-mates.h"

#include "core/inventory/iommu-group.h"
#include "core/report/result.h"
#include "core/report/step.h"
#include "core/rules/rules-group.h"
#include "core/rules/rules-host.h"
#include "core/value/error.h"
#include "engine/base/host-users.h"
#include "engine/base/scan-guest.h"
#include "engine/base/vfio-use.h"
#include "xml/mate-xml.h"

/* The plan for the mates stands here before it is joined with the rest. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    gboolean force;
    GPtrArray *steps; /* VasStep */
    GPtrArray *results;
} MatePlan;

static gboolean
is_planned(const MatePlan *plan, const VasDevice *mate)
{
    for (guint i = 0; i < plan->results->len; i++) {
        const VasResult *result = g_ptr_array_index(plan->results, i);

        if (result->has_device && vas_host_address_equal(result->device, mate->address))
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_fit(const MatePlan *plan, const VasDevice *mate, GPtrArray *overridden, GError **error)
{
    if (!vas_guest_definition_has_device(plan->guest->live, mate->address) &&
        (!vas_rules_check_host_detach(plan->inventory, mate, plan->force, overridden, error) ||
         !vas_host_users_check(plan->context, mate, plan->force, overridden, error)))
        return FALSE;
    vas_context_tell_overridden(plan->context, mate->address, overridden);
    return vas_vfio_use_check(plan->context, plan->inventory, plan->inventory, mate->address,
                              error);
}

static void
add_steps(MatePlan *plan, guint subject, const VasAssignment *assignment, VasScope missing)
{
    g_autofree char *xml = vas_mate_xml_format(assignment);
    const char *guest = plan->guest->name;

    if ((missing & VAS_SCOPE_LIVE) != 0) {
        g_ptr_array_add(plan->steps,
                        vas_step_new(VAS_STEP_ATTACH_LIVE, subject, assignment, xml, guest));
        g_ptr_array_add(plan->steps,
                        vas_step_new(VAS_STEP_PROVE_LIVE, subject, assignment, NULL, guest));
    }
    if ((missing & VAS_SCOPE_CONFIG) != 0) {
        g_ptr_array_add(plan->steps,
                        vas_step_new(VAS_STEP_ATTACH_CONFIG, subject, assignment, xml, guest));
        g_ptr_array_add(plan->steps,
                        vas_step_new(VAS_STEP_PROVE_CONFIG, subject, assignment, NULL, guest));
    }
}

static gboolean
plan_mate(MatePlan *plan, const VasDevice *mate, VasScope scope, GError **error)
{
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    gboolean live = vas_guest_definition_has_device(plan->guest->live, mate->address);
    gboolean config = vas_guest_definition_has_device(plan->guest->config, mate->address);
    VasScope missing = scope & ~((live ? VAS_SCOPE_LIVE : 0) | (config ? VAS_SCOPE_CONFIG : 0));
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    VasResult *result = NULL;

    if (missing == 0)
        return TRUE;
    if (!check_fit(plan, mate, overridden, error)) {
        g_prefix_error(error,
                       "hold %s for its IOMMU group: ", vas_host_address_text(mate->address).text);
        return FALSE;
    }
    assignment->has_device = TRUE;
    assignment->device = mate->address;
    assignment->alias = vas_alias_for_mate(mate->address);
    result = vas_result_new(plan->guest->name, assignment);
    result->driver = g_strdup(mate->driver);
    result->live = live;
    result->config = config;
    result->overridden = g_steal_pointer(&overridden);
    add_steps(plan, plan->results->len, assignment, missing);
    g_ptr_array_add(plan->results, result);
    return TRUE;
}

static gboolean
plan_group(MatePlan *plan, const VasAttachDecision *decision, const GPtrArray *decisions,
           GError **error)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(plan->inventory, decision->device);

    for (guint i = 0; i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);

        if (!vas_rules_is_decided(decisions, mate) && !is_planned(plan, mate) &&
            !plan_mate(plan, mate, decision->scope, error))
            return FALSE;
    }
    return TRUE;
}

/* The mates' steps come first: the group has to be whole when QEMU opens it. */
static void
put_first(GPtrArray *steps, GPtrArray *first)
{
    for (guint i = 0; i < first->len; i++)
        g_ptr_array_insert(steps, (gint) i, g_ptr_array_index(first, i));
    g_ptr_array_set_free_func(first, NULL);
}

gboolean
vas_group_mates_plan_attach(const VasContext *context, const VasInventory *inventory,
                            const VasGuest *guest, const GPtrArray *decisions, gboolean whole_group,
                            gboolean force, GPtrArray *steps, GPtrArray *results, GError **error)
{
    g_autoptr(GPtrArray) first = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    MatePlan plan = {context, inventory, guest, force, first, results};

    for (guint i = 0; i < decisions->len; i++) {
        const VasAttachDecision *decision = g_ptr_array_index(decisions, i);

        if (vas_rules_check_group(inventory, guest, decision, decisions, whole_group, error) &&
            (!whole_group || plan_group(&plan, decision, decisions, error)))
            continue;
        g_prefix_error(error,
                       "attach %s to %s: ", vas_host_address_text(decision->device->address).text,
                       guest->name);
        return FALSE;
    }
    put_first(steps, first);
    return TRUE;
}

GPtrArray *
vas_group_mates_left_by(const VasInventory *inventory, const VasGuestDefinition *definition,
                        const GPtrArray *leaving)
{
    GPtrArray *mates = g_ptr_array_new();

    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        VasAssignment *mate = g_ptr_array_index(definition->assignments, i);
        gboolean concerned = FALSE;

        if (!vas_assignment_is_mate(mate) || g_ptr_array_find((GPtrArray *) leaving, mate, NULL))
            continue;
        for (guint k = 0; k < leaving->len; k++)
            concerned = concerned ||
                        vas_iommu_group_is_shared(inventory, mate, g_ptr_array_index(leaving, k));
        if (concerned &&
            vas_iommu_group_mate_needed_for(inventory, definition, mate, leaving) == NULL)
            g_ptr_array_add(mates, mate);
    }
    return mates;
}

/* @named is of @definition; nothing is taken out there if either is NULL. */
static gboolean
check_side(const VasInventory *inventory, const VasGuest *guest,
           const VasGuestDefinition *definition, const VasAssignment *named,
           const GPtrArray *leaving, GError **error)
{
    const VasAssignment *member = NULL;

    if (definition == NULL || named == NULL || !vas_assignment_is_mate(named))
        return TRUE;
    member = vas_iommu_group_mate_needed_for(inventory, definition, named, leaving);
    if (member == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "detach %s from %s: it is held as long as the guest has %s, of the same IOMMU "
                "group",
                vas_host_address_text(named->device).text, guest->name,
                vas_host_address_text(member->device).text);
    vas_error_set_hint(error, "it goes with that one: virt-assign detach %s %s", guest->word,
                       vas_host_address_text(member->device).text);
    return FALSE;
}

gboolean
vas_group_mates_check_named(const VasInventory *inventory, const VasGuest *guest,
                            const VasAssignment *live, const VasAssignment *config,
                            const GPtrArray *leaving, GError **error)
{
    return check_side(inventory, guest, guest->live, live, leaving, error) &&
           check_side(inventory, guest, guest->config, config, leaving, error);
}

gboolean
vas_group_mates_check_idle(const VasContext *context, const VasInventory *inventory,
                           const VasGuest *guest, VasScope scope, const VasAssignment *mate,
                           GError **error)
{
    g_autoptr(VasGuestDefinition) now = NULL;

    if (!vas_assignment_is_mate(mate))
        return TRUE;
    now = vas_scan_definition(context, guest, scope, error);
    if (now == NULL)
        return FALSE;
    if ((scope == VAS_SCOPE_LIVE && now->run_id < 0) ||
        vas_iommu_group_mate_needed_for(inventory, now, mate, NULL) == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT,
                "%s stays held for guest %s, which still has another member of its IOMMU group",
                vas_host_address_text(mate->device).text, guest->name);
    vas_error_set_hint(error, "it goes with the last of them");
    return FALSE;
}
