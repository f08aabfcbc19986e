/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/detach.h"

#include "core/error.h"
#include "core/iommu-group.h"
#include "core/selector.h"
#include "core/step.h"
#include "engine/claim.h"
#include "engine/execute.h"
#include "engine/group-mates.h"
#include "engine/release.h"
#include "engine/scan.h"
#include "engine/vf-settings.h"
#include "engine/vfio-use.h"

/* What a user named. Borrowed from the inventory. */
typedef struct {
    const VasAssignment
        *live; /* to be taken out of the running guest; NULL: not there or not asked */
    const VasAssignment *config; /* the same for the config */
} Subject;

/* What the detach steps work on. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    VasRelease *release; /* NULL: nothing is live */
    VasClaim *claim; /* lent while it waits for the guest: the record of the request says enough */
    const GArray *subjects; /* Subject */
    GPtrArray *results;
    GPtrArray *vf_plans; /* VasVfPlan, one a subject; NULL: nothing on record */
} DetachRun;

static VasResult *
result_of(const DetachRun *run, const VasStep *step)
{
    return g_ptr_array_index(run->results, step->subject);
}

/* Behind a wait: what the guest has done by then is not lost. */
static gboolean
regain_locks(const DetachRun *run, GError **error)
{
    if (vas_claim_regain(run->claim, error))
        return TRUE;
    vas_error_set_hint(error, "run the same detach again: it goes on from here");
    return FALSE;
}

static gboolean
ask_release(gpointer data, const VasStep *step, GError **error)
{
    DetachRun *run = data;

    return regain_locks(run, error) &&
           vas_group_mates_check_idle(run->context, run->inventory, run->guest, VAS_SCOPE_LIVE,
                                      step->assignment, error) &&
           vas_release_ask(run->release, step->assignment, error);
}

static gboolean
await_release(gpointer data, const VasStep *step, GError **error)
{
    DetachRun *run = data;

    vas_claim_lend(run->claim);
    return vas_release_await(run->release, step->assignment, error);
}

static gboolean
prove_released(gpointer data, const VasStep *step, GError **error)
{
    DetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) locked = NULL;

    if (!regain_locks(run, &locked)) {
        *error = g_error_matches(locked, VAS_ERROR, VAS_ERROR_LOCKED)
                     ? vas_error_recode(locked, VAS_ERROR_PARTIAL)
                     : g_steal_pointer(&locked);
        g_prefix_error(error, "the running guest has let go of it, but: ");
        return FALSE;
    }
    g_clear_pointer(&result->driver, g_free);
    if (!vas_release_prove(run->release, step->assignment, &result->driver, error))
        return FALSE;
    result->live = FALSE;
    return TRUE;
}

/* Removes the element that the config has now: between the decision and this step the guest may
 * have taken its time, and libvirt reports success for an element of the wrong kind while removing
 * nothing (virDomainHostdevFind and virDomainNetFindIdx in src/conf/domain_conf.c). */
static gboolean
remove_from_config(const DetachRun *run, const VasStep *step, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    g_autoptr(VasGuest) before = vas_scan_guest(run->context, run->guest->uuid, error);
    g_autoptr(VasGuest) after = NULL;
    const VasAssignment *config = NULL;

    if (before == NULL)
        return FALSE;
    if (before->config != NULL)
        config = vas_guest_definition_counterpart(before->config, step->assignment);
    if (config == NULL)
        return TRUE;
    if (!hypervisor->detach(hypervisor, run->guest->uuid, config->element, VAS_SCOPE_CONFIG, error))
        return FALSE;
    after = vas_scan_guest(run->context, run->guest->uuid, error);
    if (after == NULL)
        return FALSE;
    if (after->config == NULL ||
        vas_guest_definition_counterpart(after->config, step->assignment) == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "libvirt reported success, but the config still has it");
    return FALSE;
}

static gboolean
detach_config(gpointer data, const VasStep *step, GError **error)
{
    DetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) failure = NULL;
    gboolean was_live = g_array_index(run->subjects, Subject, step->subject).live != NULL;

    if (!regain_locks(run, error) ||
        !vas_group_mates_check_idle(run->context, run->inventory, run->guest, VAS_SCOPE_CONFIG,
                                    step->assignment, error))
        return FALSE;
    if (remove_from_config(run, step, &failure)) {
        result->config = FALSE;
        return TRUE;
    }
    if (!was_live) {
        g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", step->text);
        return FALSE;
    }
    *error = vas_error_recode(failure, VAS_ERROR_PARTIAL);
    g_prefix_error(
        error, "released by the running guest, but not removed from its config: %s: ", step->text);
    vas_error_set_hint(error, "remove it with: virt-assign detach %s %s --config", run->guest->name,
                       vas_host_address_text(step->assignment->device).text);
    return FALSE;
}

/* The VF is out of the guest and stays so, whatever becomes of its settings: behind the config,
 * which would else bring it back. */
static gboolean
put_vf_back(gpointer data, const VasStep *step, GError **error)
{
    DetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) failure = NULL;

    if (!regain_locks(run, error))
        return FALSE;
    if (vas_vf_settings_put_back(run->context, run->guest,
                                 g_ptr_array_index(run->vf_plans, step->subject),
                                 &result->has_vf_settings, &result->vf_settings, &failure))
        return TRUE;
    *error = vas_error_recode(failure, VAS_ERROR_PARTIAL);
    g_prefix_error(error, "it was taken out, but: %s: ", step->text);
    vas_error_set_hint(error, "run the same detach again");
    return FALSE;
}

static const VasStepAction detach_actions[] = {
    {VAS_STEP_ASK_RELEASE, ask_release, NULL},       {VAS_STEP_AWAIT_RELEASE, await_release, NULL},
    {VAS_STEP_PROVE_RELEASED, prove_released, NULL}, {VAS_STEP_PUT_VF_BACK, put_vf_back, NULL},
    {VAS_STEP_DETACH_CONFIG, detach_config, NULL},
};

static void
add_step(GPtrArray *steps, VasStepKind kind, guint subject, const VasAssignment *assignment,
         const char *xml, const char *guest)
{
    g_ptr_array_add(steps, vas_step_new(kind, subject, assignment, xml, guest));
}

static gboolean
is_mate(const Subject *subject)
{
    const VasAssignment *side = subject->live != NULL ? subject->live : subject->config;

    return side != NULL && vas_assignment_is_mate(side);
}

/* Those that are mates (core/iommu-group.h), or those that are not. All requests go out before the
 * first wait: guests with native PCIe hot-plug take five seconds each (attention button, PCI
 * Express Base 6.7.1.5), together no longer. */
static void
plan_steps(GPtrArray *steps, const GArray *subjects, const GPtrArray *vf_plans, gboolean mates,
           const char *guest)
{
    for (guint i = 0; i < subjects->len; i++) {
        const Subject *subject = &g_array_index(subjects, Subject, i);

        if (subject->live != NULL && is_mate(subject) == mates)
            add_step(steps, VAS_STEP_ASK_RELEASE, i, subject->live, subject->live->element, guest);
    }
    for (guint i = 0; i < subjects->len; i++) {
        const Subject *subject = &g_array_index(subjects, Subject, i);

        if (is_mate(subject) != mates)
            continue;
        if (subject->live != NULL) {
            add_step(steps, VAS_STEP_AWAIT_RELEASE, i, subject->live, NULL, guest);
            add_step(steps, VAS_STEP_PROVE_RELEASED, i, subject->live, NULL, guest);
        }
        if (subject->config != NULL)
            add_step(steps, VAS_STEP_DETACH_CONFIG, i, subject->config, subject->config->element,
                     guest);
        vas_vf_plan_add_put_back(g_ptr_array_index(vf_plans, i), i, steps);
    }
}

/* What is not in the guest is detached already - unless it is in another one, where the user may
 * mean it. */
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
    if (vas_vfio_use_is_unexplained(context, device->address)) {
        vas_vfio_use_refuse(device->address, error);
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
             const char *name, VasScope scope, Subject *ret_subject, GError **error)
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
            const Subject *a = &g_array_index(subjects, Subject, i);
            const Subject *b = &g_array_index(subjects, Subject, k);

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

/* What is taken out of the guest's definitions, either of them. Returns full. */
static GPtrArray *
leaving(const GArray *subjects)
{
    GPtrArray *assignments = g_ptr_array_new();

    for (guint i = 0; i < subjects->len; i++) {
        const Subject *subject = &g_array_index(subjects, Subject, i);

        if (subject->live != NULL)
            g_ptr_array_add(assignments, (gpointer) subject->live);
        if (subject->config != NULL)
            g_ptr_array_add(assignments, (gpointer) subject->config);
    }
    return assignments;
}

/* A mate alone cannot go; before anything is asked of the guest. */
static gboolean
check_mates(const VasInventory *inventory, const VasGuest *guest, const GArray *subjects,
            GError **error)
{
    g_autoptr(GPtrArray) gone = leaving(subjects);

    for (guint i = 0; i < subjects->len; i++) {
        const Subject *subject = &g_array_index(subjects, Subject, i);

        if (!vas_group_mates_check_named(inventory, guest, subject->live, subject->config, gone,
                                         error))
            return FALSE;
    }
    return TRUE;
}

static void
add_mate(const VasInventory *inventory, const VasGuest *guest, Subject mate, GArray *subjects,
         GPtrArray *results)
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
        Subject mate = {.live = g_ptr_array_index(live, i)};

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
        Subject mate = {.config = g_ptr_array_index(config, i)};

        add_mate(inventory, guest, mate, subjects, results);
    }
}

/* What is to be put back of the VF settings of one subject; NULL: nothing, or it stays in the
 * running guest. Also of one that was out before: an earlier command may have ended before it was
 * done. Returns full. */
static VasVfPlan *
plan_vf(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
        const Subject *subject, const VasResult *result)
{
    const VasAssignment *side = subject->live != NULL ? subject->live : subject->config;
    gboolean stays = result->live && subject->live == NULL;

    if (!result->has_device || stays)
        return NULL;
    return vas_vf_plan_release(context, inventory, guest, result->device,
                               side != NULL ? side->type : VAS_ASSIGNMENT_INTERFACE);
}

/* The mates' steps come behind all others: they are held until the devices are out. */
static GPtrArray *
plan_all_steps(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
               GArray *subjects, GPtrArray *results, GPtrArray *vf_plans)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);

    add_mates(inventory, guest, subjects, results);
    for (guint i = 0; i < subjects->len; i++)
        g_ptr_array_add(vf_plans,
                        plan_vf(context, inventory, guest, &g_array_index(subjects, Subject, i),
                                g_ptr_array_index(results, i)));
    plan_steps(steps, subjects, vf_plans, FALSE, guest->name);
    plan_steps(steps, subjects, vf_plans, TRUE, guest->name);
    return steps;
}

static gboolean
any_is_live(const GArray *subjects)
{
    for (guint i = 0; i < subjects->len; i++) {
        if (g_array_index(subjects, Subject, i).live != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
run_steps(const VasContext *context, const VasDetachRequest *request, DetachRun *run,
          gboolean any_live, const GPtrArray *steps, GError **error)
{
    g_autoptr(VasRelease) release = NULL;
    VasExecution execution = {.context = context,
                              .steps = steps,
                              .actions = detach_actions,
                              .n_actions = G_N_ELEMENTS(detach_actions),
                              .mode = VAS_EXECUTE_EACH,
                              .run = run,
                              .results = run->results};

    if (any_live) {
        release = vas_release_new(context, run->guest, request->timeout, request->ask_again, error);
        if (release == NULL)
            return FALSE;
        run->release = release;
    }
    return vas_execute(&execution, error);
}

static gboolean
find_subjects(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
              const VasDetachRequest *request, GArray *subjects, GPtrArray *results, GError **error)
{
    VasScope scope = 0;

    if (!vas_guest_resolve_scope(guest, request->scope, &scope, error))
        return FALSE;
    for (guint i = 0; request->subjects[i] != NULL; i++) {
        Subject subject = {0};
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
    vas_claim_set_add_guest(set, guest);
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
    g_autoptr(GArray) subjects = g_array_new(FALSE, TRUE, sizeof(Subject));
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GPtrArray) vf_plans =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);
    g_autoptr(GPtrArray) steps = NULL;
    const VasGuest *guest = NULL;
    gboolean ok = TRUE;

    if (claim == NULL)
        return FALSE;
    guest = vas_selector_guest(inventory, request->guest, error);
    if (guest == NULL ||
        !find_subjects(context, inventory, guest, request, subjects, results, error) ||
        !check_mates(inventory, guest, subjects, error))
        return FALSE;
    steps = plan_all_steps(context, inventory, guest, subjects, results, vf_plans);
    if (request->dry_run) {
        *ret_steps = g_steal_pointer(&steps);
    } else {
        DetachRun run = {.context = context,
                         .inventory = inventory,
                         .guest = guest,
                         .claim = claim,
                         .subjects = subjects,
                         .results = results,
                         .vf_plans = vf_plans};

        ok = run_steps(context, request, &run, any_is_live(subjects), steps, error);
    }
    *ret_results = g_steal_pointer(&results);
    return ok;
}
