/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/detach.h"

#include "core/inventory/iommu-group.h"
#include "core/inventory/selector.h"
#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/recover/recover.h"
#include "engine/run/claim.h"
#include "engine/steps/detach-steps.h"
#include "engine/steps/group-mates.h"
#include "engine/steps/vf-plan.h"

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
    if (!vas_vfio_use_check(context, device->address, error)) {
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
    const VasAssignment *live =
        guest->live != NULL ? vas_guest_definition_find_device(guest->live, side->device) : NULL;
    const VasAssignment *config =
        guest->config != NULL ? vas_guest_definition_find_device(guest->config, side->device)
                              : NULL;

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

/* Whether something of the subject is still to be done, or to be waited for. @pending NULL: what is
 * on record of releases could not be read. A mate is to follow its device, which may be out. */
static gboolean
is_unfinished(const VasDetachRun *run, guint index, const GPtrArray *pending)
{
    const VasAssignment *live = g_array_index(run->subjects, VasDetachSubject, index).live;
    const VasAssignment *config = g_array_index(run->subjects, VasDetachSubject, index).config;
    const VasAssignment *side = live != NULL ? live : config;
    const VasResult *result = g_ptr_array_index(run->results, index);

    if (result->outcome == VAS_OUTCOME_PENDING ||
        g_error_matches(result->error, VAS_ERROR, VAS_ERROR_PARTIAL))
        return TRUE;
    if (result->error == NULL || side == NULL)
        return FALSE;
    if (vas_assignment_is_mate(side))
        return TRUE;
    return live != NULL && (pending == NULL || vas_pending_find(pending, live) != NULL);
}

/* Loads the releases on record by now, with the connection opened again if it is lost; NULL: they
 * cannot be read. Returns full. */
static GPtrArray *
load_pending(const VasDetachRun *run)
{
    g_autoptr(VasGuest) now = vas_scan_guest_for_undo(run->context, run->guest->uuid, NULL);

    if (now == NULL)
        return NULL;
    return now->live != NULL ? vas_pending_load(run->context, now, NULL) : g_ptr_array_new();
}

/* Every device that is not finished stays on record. Behind a wait that was given up the locks are
 * still lent: another command may be writing to the same metadata. */
static void
end_operation(const VasDetachRun *run, VasOperation *operation)
{
    g_autoptr(GPtrArray) pending = NULL;
    g_autoptr(GError) locked = NULL;

    if (!vas_claim_regain(run->claim, &locked)) {
        vas_operation_note_left(run->context, run->guest, locked);
        return;
    }
    pending = load_pending(run);
    for (guint i = 0; i < run->results->len; i++) {
        const VasResult *result = g_ptr_array_index(run->results, i);
        VasOperationDevice *device =
            result->has_device ? vas_operation_find_device(operation, result->device) : NULL;

        if (device != NULL && !is_unfinished(run, i, pending))
            g_ptr_array_remove(operation->devices, device);
    }
    (void) vas_operation_end(run->context, run->guest, operation);
}

/* A killed command may have left releases on record that have happened since. They are dropped
 * here, since nobody else looks at what this command finds out already. */
static gboolean
drop_old_releases(const VasDetachRun *run, GError **error)
{
    return run->guest->live == NULL || vas_pending_prune(run->context, run->guest, error);
}

static gboolean
run_steps(VasDetachRun *run, const GPtrArray *steps, GError **error)
{
    g_autoptr(VasOperation) operation =
        vas_operation_of_steps(VAS_OPERATION_DETACH, run->context, steps, run->results);
    g_autoptr(GError) failure = NULL;
    gboolean ok;

    if (!drop_old_releases(run, &failure) ||
        !vas_operation_begin(run->context, run->guest, operation, &failure)) {
        vas_results_fail(run->results, failure);
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    run->operation = operation->id;
    ok = vas_detach_execute(run, steps, &failure);
    end_operation(run, operation);
    if (ok)
        return TRUE;
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

/* A VasClaimFinder. With a device the mates that are held for it may go. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasDetachRequest *request = data;
    const VasGuest *guest = vas_selector_guest(inventory, request->guest, NULL);

    if (guest == NULL)
        return;
    vas_recover_add_things(inventory, guest, set);
    for (guint i = 0; request->subjects[i] != NULL; i++) {
        const char *name = request->subjects[i];
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

gboolean
vas_detach(const VasContext *context, const VasDetachRequest *request, GPtrArray **ret_results,
           GPtrArray **ret_steps, GError **error)
{
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim = vas_claim_take(context, find_things, request, request->timeout,
                                               request->dry_run, &inventory, error);
    g_autoptr(GArray) subjects = g_array_new(FALSE, TRUE, sizeof(VasDetachSubject));
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GPtrArray) vf_plans = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasDetachRun run = {.context = context,
                        .timeout = request->timeout,
                        .ask_again = request->ask_again,
                        .claim = claim,
                        .subjects = subjects,
                        .results = results};
    gboolean ok = TRUE;

    if (claim == NULL || !vas_recover_first(context, request->guest, request->subjects,
                                            request->timeout, request->dry_run, &inventory, error))
        return FALSE;
    run.inventory = inventory;
    run.guest = vas_selector_guest(inventory, request->guest, error);
    if (run.guest == NULL ||
        !find_subjects(context, inventory, run.guest, request, subjects, results, error) ||
        !check_mates(inventory, run.guest, subjects, error))
        return FALSE;
    add_mates(inventory, run.guest, subjects, results);
    vf_plans = plan_vfs(context, inventory, run.guest, subjects, results);
    run.vf_plans = vf_plans;
    steps = vas_detach_plan_steps(&run);
    if (request->dry_run)
        *ret_steps = g_steal_pointer(&steps);
    else
        ok = run_steps(&run, steps, error);
    *ret_results = g_steal_pointer(&results);
    return ok;
}
