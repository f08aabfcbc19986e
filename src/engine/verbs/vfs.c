/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/vfs.h"

#include "core/inventory/selector.h"
#include "core/rules/rules-vfs.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/host-operation.h"
#include "engine/recover/recover-host.h"
#include "engine/run/claim.h"
#include "engine/steps/vfs-steps.h"
#include "host/sriov/vf-state.h"

gboolean
vas_vfs_read(const VasContext *context, const char *name, VasPf **ret_pf, GError **error)
{
    g_autoptr(VasInventory) inventory = NULL;

    if (!vas_context_check_local(context, "vfs", error))
        return FALSE;
    inventory = vas_scan(context, error);
    return inventory != NULL && vas_pf_find(context, &inventory, name, ret_pf, error);
}

/* A DPDK program, or a guest of another libvirt: the kernel would wait for it, without end. */
static gboolean
check_no_other_users(const VasContext *context, const VasPf *pf, GError **error)
{
    for (guint i = 0; i < pf->vfs->len; i++) {
        const VasDevice *vf = g_ptr_array_index(pf->vfs, i);

        if (!vas_vfio_use_check(context, vf->address, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_request(const VasContext *context, const VasPf *pf, const VasVfsRequest *request,
              GError **error)
{
    if (!vas_rules_check_vf_count(pf->inventory, pf->pf, pf->sriov.now, pf->sriov.maximum,
                                  request->count, error))
        return FALSE;
    if (request->persist && pf->rule_error != NULL) {
        g_propagate_error(error, g_error_copy(pf->rule_error));
        return FALSE;
    }
    /* VFs can be there without a driver of the PF; the rule is for one driver. */
    if (request->persist && request->count > 0 && !vas_rules_check_pf_driver(pf->pf, error))
        return FALSE;
    return request->count == pf->sriov.now || pf->sriov.now == 0 ||
           check_no_other_users(context, pf, error);
}

/* Without --persist a rule stays as it is, and says something else than the user does now. */
static void
note_rule(const VasContext *context, const VasPf *pf, const VasVfsRequest *request)
{
    if (request->persist || pf->rule == NULL || pf->rule->count == request->count)
        return;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "%s gets %u VFs again at the next boot, by %s; --persist changes that",
                         vas_host_address_text(pf->pf->address).text, pf->rule->count,
                         pf->rule_path);
}

static void
note_undone(const VasContext *context, const VasPf *before)
{
    VasSriovState now;

    if (!vas_sriov_read(context->host, before->pf->address, &now, NULL) ||
        now.now != before->sriov.now)
        return;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s has %u VFs, as before",
                         vas_host_address_text(before->pf->address).text, now.now);
}

static GPtrArray *
new_results(const VasPf *pf, gboolean is_so_already)
{
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    VasResult *result = NULL;

    subject->has_device = TRUE;
    subject->device = pf->pf->address;
    result = vas_result_new(NULL, subject);
    result->driver = g_strdup(pf->pf->driver);
    if (is_so_already)
        result->outcome = VAS_OUTCOME_ALREADY;
    g_ptr_array_add(results, result);
    return results;
}

static gboolean
wished_autoprobe(const VasPf *pf, VasAutoprobeWish wish)
{
    if (wish == VAS_AUTOPROBE_AS_IS)
        return pf->sriov.autoprobe;
    return wish == VAS_AUTOPROBE_ON;
}

/* A VasClaimFinder. Commands for its VFs share the PF: this keeps all of them off. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasVfsRequest *request = data;
    const VasDevice *pf = vas_selector_device(inventory, request->pf, NULL);

    if (pf != NULL)
        vas_claim_set_add_device(set, inventory, pf, FALSE);
}

/* Finds the PF, with the locks on it held. */
static VasClaim *
claim_pf(const VasContext *context, const VasVfsRequest *request, VasPf **ret_pf, GError **error)
{
    const char *const names[] = {request->pf, NULL};
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim = NULL;

    if (!vas_context_check_local(context, "vfs", error) ||
        !vas_recover_host_first(context, names, FALSE, request->timeout, request->dry_run, error))
        return NULL;
    claim = vas_claim_take(context, find_things, request, request->timeout, request->dry_run,
                           &inventory, error);
    if (claim == NULL || !vas_pf_find(context, &inventory, request->pf, ret_pf, error))
        return NULL;
    return g_steal_pointer(&claim);
}

static VasHostOperation *
describe_operation(const VasVfsRun *run)
{
    VasHostOperation *operation = vas_host_operation_new(VAS_HOST_OPERATION_VFS);
    const VasPf *before = run->before;
    VasHostOperationDevice *pf = vas_host_operation_add(operation, before->pf->address);

    pf->identity = vas_vf_state_identity(run->context->host, before->pf->address);
    pf->driver = g_strdup(before->pf->driver);
    vas_vfs_state_set(&operation->before, before->sriov.now, before->sriov.autoprobe, before->rule);
    vas_vfs_state_set(&operation->wished, run->count, run->autoprobe, run->rule);
    return operation;
}

static gboolean
run_steps(VasVfsRun *run, const GPtrArray *steps, GPtrArray *results, GError **error)
{
    g_autoptr(VasHostOperation) operation = describe_operation(run);
    gboolean recorded = steps->len > 0 && vas_host_operation_begin(run->context, operation);
    g_autoptr(GError) failure = NULL;
    gboolean ok = vas_vfs_execute(run, steps, results, &failure);

    if (recorded)
        vas_host_operation_end(run->context, operation, &failure);
    if (ok)
        return TRUE;
    if (run->disturbed)
        note_undone(run->context, run->before);
    g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%u VFs for %s: ", run->count,
                               vas_host_address_text(run->before->pf->address).text);
    return FALSE;
}

gboolean
vas_vfs_set(const VasContext *context, const VasVfsRequest *request, VasPf **ret_pf,
            GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    g_autoptr(VasPf) before = NULL;
    g_autoptr(VasClaim) claim = claim_pf(context, request, &before, error);
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(VasInventory) inventory = NULL;
    VasVfRule rule = {0};
    VasVfsRun run = {.context = context, .count = request->count, .timeout = request->timeout};

    if (claim == NULL || !check_request(context, before, request, error))
        return FALSE;
    run.before = before;
    run.autoprobe = wished_autoprobe(before, request->autoprobe);
    rule = (VasVfRule){request->count, run.autoprobe, before->pf->driver};
    run.rule = request->persist ? (request->count > 0 ? &rule : NULL) : before->rule;
    steps = vas_vfs_plan(&run);
    results = new_results(before, steps->len == 0);
    if (request->dry_run) {
        *ret_steps = g_steal_pointer(&steps);
        *ret_pf = g_steal_pointer(&before);
    } else {
        if (!run_steps(&run, steps, results, error))
            return FALSE;
        note_rule(context, before, request);
        inventory = vas_scan_behind_change(context, error);
        if (inventory == NULL || !vas_pf_find(context, &inventory, request->pf, ret_pf, error)) {
            g_prefix_error(error, "%u VFs for %s: ", request->count,
                           vas_host_address_text(before->pf->address).text);
            return FALSE;
        }
    }
    *ret_results = g_steal_pointer(&results);
    return TRUE;
}
