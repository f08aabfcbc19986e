/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/detach.h"

#include "core/inventory/selector.h"
#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/pools.h"
#include "engine/base/vfio-use.h"
#include "engine/command/command.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/steps/detach-steps.h"
#include "engine/steps/group-mates.h"
#include "engine/steps/vf-plan.h"
#include "engine/verbs/detach-unfinished.h"

typedef struct {
    const VasDetachRequest *request;
    GArray *subjects;    /* VasDetachSubject */
    GPtrArray *vf_plans; /* VasVfPlan, by subject; may be NULL */
    VasDetachRun run;
} Detach;

/* A device that is not in the guest is detached already - unless it is in another guest, where the
 * user may mean it. */
static VasResult *
result_of_absent(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                 const char *name, GError **error)
{
    const VasDevice *device = vas_selector_device(inventory, name, NULL);
    g_autoptr(VasAssignment) absent = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(GArray) holdings = NULL;
    VasResult *result = NULL;

    holdings = vas_inventory_holdings(inventory, device);
    if (holdings->len > 0) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, 0);

        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "detach %s from %s: guest %s has it",
                    vas_host_address_text(device->address).text, guest->name, holding->guest->name);
        return NULL;
    }
    if (!vas_vfio_use_check(context, inventory, inventory, device->address, error)) {
        g_prefix_error(error, "detach %s from %s: ", vas_host_address_text(device->address).text,
                       guest->name);
        return NULL;
    }
    absent->has_device = TRUE;
    absent->device = device->address;
    result = vas_result_new(guest->name, absent);
    result->driver = g_strdup(device->driver);
    result->outcome = VAS_OUTCOME_ALREADY;
    return result;
}

static VasResult *
result_of_present(const VasInventory *inventory, const VasGuest *guest, const VasAssignment *live,
                  const VasAssignment *config)
{
    VasResult *result = vas_result_new(guest->name, live != NULL ? live : config);
    const VasDevice *device = NULL;

    if (result->has_device)
        device = vas_inventory_find_device(inventory, result->device);
    if (device != NULL)
        result->driver = g_strdup(device->driver);
    result->live = live != NULL;
    result->config = config != NULL;
    return result;
}

/* libvirt unplugs no device that shares its slot (qemuDomainDetachDeviceLive in its
 * src/qemu/qemu_hotplug.c): the guest would lose all of the slot. */
static gboolean
check_alone_in_slot(const VasGuest *guest, const VasAssignment *live, GError **error)
{
    VasPciAddressText device;

    if (live == NULL || !live->has_guest_address ||
        !vas_guest_definition_is_shared_slot(guest->live, live->guest_address))
        return TRUE;
    device = vas_host_address_text(live->device);
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s is one of several functions in a slot of running %s, at %s: libvirt unplugs "
                "none of them",
                device.text, guest->name, vas_guest_address_text(live->guest_address).text);
    if (guest->config != NULL)
        vas_error_set_hint(error,
                           "virt-assign detach %s %s --config, then shut the guest off; or give "
                           "each function a slot of its own: virsh edit %s",
                           guest->word, device.text, guest->word);
    else
        vas_error_set_hint(error, "shut the guest off: virsh shutdown %s", guest->word);
    return FALSE;
}

static VasResult *
find_subject(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
             const char *name, VasScope scope, VasDetachSubject *ret_subject, GError **error)
{
    const VasAssignment *live = NULL;
    const VasAssignment *config = NULL;
    VasResult *result = NULL;
    g_autoptr(GError) failure = NULL;

    if (!vas_selector_assignment(inventory, guest, name, &live, &config, &failure)) {
        if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND) &&
            vas_selector_device(inventory, name, NULL) != NULL)
            return result_of_absent(context, inventory, guest, name, error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    if ((scope == 0 || (scope & VAS_SCOPE_LIVE) != 0) && !check_alone_in_slot(guest, live, error))
        return NULL;
    result = result_of_present(inventory, guest, live, config);
    /* 0: wherever it is. */
    if (scope == 0 || (scope & VAS_SCOPE_LIVE) != 0)
        ret_subject->live = live;
    if (scope == 0 || (scope & VAS_SCOPE_CONFIG) != 0)
        ret_subject->config = config;
    if (ret_subject->live == NULL && ret_subject->config == NULL)
        result->outcome = VAS_OUTCOME_ALREADY;
    return result;
}

static gboolean
check_distinct(const GArray *subjects, const char *const *names, GError **error)
{
    for (guint i = 0; i < subjects->len; i++) {
        for (guint k = 0; k < i; k++) {
            const VasDetachSubject *a = &g_array_index(subjects, VasDetachSubject, i);
            const VasDetachSubject *b = &g_array_index(subjects, VasDetachSubject, k);

            if ((a->live == NULL || a->live != b->live) &&
                (a->config == NULL || a->config != b->config))
                continue;
            g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s and %s name the same device",
                        names[k], names[i]);
            return FALSE;
        }
    }
    return TRUE;
}

/* Collects what is taken out of the guest's definitions, either of them. Returns full. */
static GPtrArray *
leaving(const GArray *subjects)
{
    GPtrArray *assignments = g_ptr_array_new();

    for (guint i = 0; i < subjects->len; i++) {
        const VasDetachSubject *subject = &g_array_index(subjects, VasDetachSubject, i);

        if (subject->live != NULL)
            g_ptr_array_add(assignments, (gpointer) subject->live);
        if (subject->config != NULL)
            g_ptr_array_add(assignments, (gpointer) subject->config);
    }
    return assignments;
}

/* A mate alone cannot go, which is said before anything is asked of the guest. */
static gboolean
check_mates(const VasInventory *inventory, const VasGuest *guest, const GArray *subjects,
            GError **error)
{
    g_autoptr(GPtrArray) gone = leaving(subjects);

    for (guint i = 0; i < subjects->len; i++) {
        const VasDetachSubject *subject = &g_array_index(subjects, VasDetachSubject, i);

        if (!vas_group_mates_check_named(inventory, guest, subject->live, subject->config, gone,
                                         error))
            return FALSE;
    }
    return TRUE;
}

static void
add_mate(const VasInventory *inventory, const VasGuest *guest, VasDetachSubject mate,
         GArray *subjects, GPtrArray *results)
{
    const VasAssignment *side = mate.live != NULL ? mate.live : mate.config;
    const VasAssignment *live = vas_guest_definition_find_device(guest->live, side->device);
    const VasAssignment *config = vas_guest_definition_find_device(guest->config, side->device);

    g_array_append_val(subjects, mate);
    g_ptr_array_add(results, result_of_present(inventory, guest, live, config));
}

/* With the last member of an IOMMU group go the mates that were held for it. */
static void
add_mates(const VasInventory *inventory, const VasGuest *guest, GArray *subjects,
          GPtrArray *results)
{
    g_autoptr(GPtrArray) gone = leaving(subjects);
    g_autoptr(GPtrArray) live = vas_group_mates_left_by(inventory, guest->live, gone);
    g_autoptr(GPtrArray) config = vas_group_mates_left_by(inventory, guest->config, gone);

    for (guint i = 0; i < live->len; i++) {
        VasDetachSubject mate = {.live = g_ptr_array_index(live, i)};

        for (guint k = config->len; k > 0; k--) {
            const VasAssignment *other = g_ptr_array_index(config, k - 1);

            if (!vas_host_address_equal(other->device, mate.live->device))
                continue;
            mate.config = other;
            g_ptr_array_remove_index(config, k - 1);
        }
        add_mate(inventory, guest, mate, subjects, results);
    }
    for (guint i = 0; i < config->len; i++) {
        VasDetachSubject mate = {.config = g_ptr_array_index(config, i)};

        add_mate(inventory, guest, mate, subjects, results);
    }
}

/* Plans what is to be put back of the VF settings of one subject; NULL: nothing, or it stays in the
 * running guest. A subject that was out before is planned for, too: an earlier command may have
 * ended before it was done. Returns full. */
static VasVfPlan *
plan_vf(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
        const VasDetachSubject *subject, const VasResult *result)
{
    const VasAssignment *side = subject->live != NULL ? subject->live : subject->config;
    gboolean stays = result->live && subject->live == NULL;

    if (!result->has_device || stays)
        return NULL;
    return vas_vf_plan_release(context, inventory, guest, result->device,
                               side != NULL ? side->type : VAS_ASSIGNMENT_INTERFACE);
}

/* Plans for every subject, the mates that were added to them included. Returns full. */
static GPtrArray *
plan_vfs(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
         const GArray *subjects, const GPtrArray *results)
{
    GPtrArray *vf_plans = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);

    for (guint i = 0; i < subjects->len; i++)
        g_ptr_array_add(vf_plans, plan_vf(context, inventory, guest,
                                          &g_array_index(subjects, VasDetachSubject, i),
                                          g_ptr_array_index(results, i)));
    return vf_plans;
}

/* Every device that is not finished stays on record. */
static void
cut(VasCommand *command)
{
    const Detach *detach = command->data;

    vas_detach_cut_finished(&detach->run, command->operation);
}

/* A killed command may have left releases on record that have happened since. They are dropped
 * here, since nobody else looks at what this command finds out already. */
static gboolean
record(VasCommand *command, GError **error)
{
    Detach *detach = command->data;

    if (command->guest->live != NULL && !vas_pending_prune(command->context, command->guest, error))
        return FALSE;
    command->operation = vas_operation_of_steps(VAS_OPERATION_DETACH, command->context,
                                                command->steps, command->results);
    detach->run.operation = command->operation->id;
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    Detach *detach = command->data;
    g_autoptr(GError) failure = NULL;

    if (vas_detach_execute(&detach->run, command->steps, &failure))
        return TRUE;
    if (vas_detach_settle_mates(&detach->run)) {
        g_clear_error(&failure);
        failure = vas_results_error(command->results);
    }
    if (vas_error_hint(failure) == NULL && !g_error_matches(failure, VAS_ERROR, VAS_ERROR_CONFLICT))
        vas_error_set_hint(&failure, "run the same detach again: it goes on from here");
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean
find_subjects(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
              const VasDetachRequest *request, GArray *subjects, GPtrArray *results, GError **error)
{
    VasScope scope = 0;

    if (!vas_guest_resolve_scope(guest, request->scope, &scope, error))
        return FALSE;
    for (guint i = 0; request->subjects[i] != NULL; i++) {
        VasDetachSubject subject = {0};
        VasResult *result = find_subject(context, inventory, guest, request->subjects[i],
                                         request->scope, &subject, error);

        if (result == NULL)
            return FALSE;
        g_ptr_array_add(results, result);
        g_array_append_val(subjects, subject);
    }
    return check_distinct(subjects, request->subjects, error);
}

/* With a device the mates that are held for it may go. */
static void
find(const VasCommand *command, const VasInventory *inventory, VasClaimSet *set)
{
    const VasGuest *guest = vas_selector_guest(inventory, command->guest_name, NULL);

    for (guint i = 0; guest != NULL && command->devices[i] != NULL; i++) {
        const char *name = command->devices[i];
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;
        const VasDevice *device = NULL;

        if (!vas_selector_assignment(inventory, guest, name, &live, &config, NULL))
            device = vas_selector_device(inventory, name, NULL);
        else if ((live != NULL ? live : config)->has_device)
            device = vas_inventory_find_device(inventory, (live != NULL ? live : config)->device);
        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, TRUE);
    }
}

static gboolean
decide(VasCommand *command, GError **error)
{
    Detach *detach = command->data;
    const VasContext *context = command->context;
    const VasInventory *inventory = command->inventory;
    const VasGuest *guest = command->guest;

    if (!vas_pools_read_for(context, command->inventory, guest,
                            detach->request->scope != VAS_SCOPE_LIVE, error) ||
        !find_subjects(context, inventory, guest, detach->request, detach->subjects,
                       command->results, error) ||
        !check_mates(inventory, guest, detach->subjects, error))
        return FALSE;
    add_mates(inventory, guest, detach->subjects, command->results);
    detach->vf_plans = plan_vfs(context, inventory, guest, detach->subjects, command->results);
    detach->run = (VasDetachRun){.context = context,
                                 .inventory = inventory,
                                 .guest = guest,
                                 .timeout = detach->request->timeout,
                                 .ask_again = detach->request->ask_again,
                                 .claim = command->claim,
                                 .subjects = detach->subjects,
                                 .results = command->results,
                                 .vf_plans = detach->vf_plans};
    vas_detach_plan_steps(&detach->run, command->steps);
    return TRUE;
}

static const VasCommandClass class = {
    .name = "detach",
    .goes_on = TRUE,
    .names_assignments = TRUE,
    .find = find,
    .decide = decide,
    .record = record,
    .execute = execute,
    .cut = cut,
};

gboolean
vas_detach(const VasContext *context, const VasDetachRequest *request, GPtrArray **ret_results,
           GPtrArray **ret_steps, GError **error)
{
    g_autoptr(GArray) subjects = g_array_new(FALSE, TRUE, sizeof(VasDetachSubject));
    Detach detach = {.request = request, .subjects = subjects};
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &detach,
                          .guest_name = request->guest,
                          .devices = request->subjects,
                          .timeout = request->timeout,
                          .dry_run = request->dry_run};
    gboolean ok = vas_command_run(&command, ret_results, ret_steps, error);

    g_clear_pointer(&detach.vf_plans, g_ptr_array_unref);
    return ok;
}
