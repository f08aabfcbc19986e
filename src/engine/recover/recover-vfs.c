/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-vfs.h"

#include "core/rules/rules-vfs.h"
#include "core/value/error.h"
#include "engine/base/device-identity.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "engine/steps/vfs-steps.h"
#include "host/sriov/sriov.h"
#include "host/sriov/vf-state.h"

/* The command was to change these; each is set only if it is there. */
typedef struct {
    gboolean has_pf;
    VasSriovState sriov;
    VasVfRule *rule;
} Now;

static void
now_clear(Now *now)
{
    vas_vf_rule_free(now->rule);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Now, now_clear)

static const VasOperationDevice *
pf_of(const VasOperation *operation)
{
    return g_ptr_array_index(operation->devices, 0);
}

static gboolean
concerns_rule(const VasOperation *operation)
{
    return !vas_vf_rule_equal(operation->vfs_before.rule, operation->vfs_wished.rule);
}

static gboolean
concerns_autoprobe(const VasOperation *operation)
{
    return operation->vfs_before.autoprobe != operation->vfs_wished.autoprobe;
}

static gboolean
concerns_count(const VasOperation *operation)
{
    return operation->vfs_before.count != operation->vfs_wished.count;
}

static gboolean
read_rule(const VasHost *host, VasHostAddress pf, VasVfRule **ret_rule, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    const VasVfRule *rule = NULL;

    if (!vas_wish_file_read(host, &wish, error))
        return FALSE;
    rule = vas_host_wish_vfs(wish, pf);
    *ret_rule = rule != NULL ? vas_vf_rule_copy(rule) : NULL;
    return TRUE;
}

/* The wish is read only if it was to be changed: else a file that is malformed is in nobody's way.
 */
static gboolean
look(const VasContext *context, const VasOperation *operation, Now *now, GError **error)
{
    const VasOperationDevice *pf = pf_of(operation);
    g_autofree char *identity = vas_vf_state_identity(context->host, pf->device);

    now->has_pf = identity != NULL && (pf->identity == NULL || g_str_equal(identity, pf->identity));
    g_clear_pointer(&now->rule, vas_vf_rule_free);
    return (!now->has_pf || vas_sriov_read(context->host, pf->device, &now->sriov, error)) &&
           (!concerns_rule(operation) || read_rule(context->host, pf->device, &now->rule, error));
}

static gboolean
is_as(const VasOperation *operation, const Now *now, const VasVfsState *state)
{
    if (concerns_rule(operation) && !vas_vf_rule_equal(now->rule, state->rule))
        return FALSE;
    if (!now->has_pf)
        return TRUE;
    return (!concerns_autoprobe(operation) || !now->sriov.autoprobe == !state->autoprobe) &&
           (!concerns_count(operation) || now->sriov.now == state->count);
}

static gboolean
check_count(const VasContext *context, const VasInventory *inventory, const VasOperation *operation,
            const Now *now, GError **error)
{
    const VasDevice *pf = vas_inventory_find_device(inventory, pf_of(operation)->device);

    if (now->sriov.now == operation->vfs_before.count)
        return TRUE;
    if (pf == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "libvirt does not know the PF %s",
                    vas_host_address_text(pf_of(operation)->device).text);
        return FALSE;
    }
    if (!vas_rules_check_vf_count(inventory, pf, now->sriov.now, now->sriov.maximum,
                                  operation->vfs_before.count, error))
        return FALSE;
    for (guint i = 0; i < pf->vfs->len; i++) {
        VasHostAddress vf = g_array_index(pf->vfs, VasHostAddress, i);

        if (!vas_vfio_use_check(context, inventory, inventory, vf, error))
            return FALSE;
    }
    return TRUE;
}

/* Without the PF there is only its rule to put back. With it the rule says again which card it is
 * for: the record does not tell, and the PF is the one that the command was about. */
static gboolean
put_back(const VasContext *context, const VasInventory *inventory, const VasOperation *operation,
         const Now *now, GError **error)
{
    const VasDevice *pf = vas_inventory_find_device(inventory, pf_of(operation)->device);
    g_autoptr(VasIdentity) identity = NULL;
    VasVfsRun run = {.context = context,
                     .pf = pf_of(operation)->device,
                     .before = operation->vfs_before,
                     .wished = operation->vfs_wished};

    if (now->has_pf && pf != NULL && concerns_rule(operation) &&
        !vas_device_identity_read(context, inventory, pf, &identity, error))
        return FALSE;
    run.identity = identity;
    if (!now->has_pf) {
        run.wished.count = run.before.count;
        run.wished.autoprobe = run.before.autoprobe;
    }
    return vas_vfs_undo(&run, error);
}

static gboolean
prove(const VasContext *context, const VasOperation *operation, GError **error)
{
    g_auto(Now) now = {0};

    if (!look(context, operation, &now, error))
        return FALSE;
    if (is_as(operation, &now, &operation->vfs_before))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "%s was put back, and is not as it was: it has %u VFs, autoprobe %s",
                vas_host_address_text(pf_of(operation)->device).text, now.sriov.now,
                now.sriov.autoprobe ? "on" : "off");
    return FALSE;
}

gboolean
vas_recover_vfs(const VasContext *context, const VasInventory *inventory,
                const VasOperation *operation, VasRecoveryOutcome *ret_outcome, GError **error)
{
    g_auto(Now) now = {0};

    if ((concerns_rule(operation) && !vas_persist_refresh(context, error)) ||
        !look(context, operation, &now, error))
        return FALSE;
    if (!now.has_pf)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "the PF %s of an unfinished command is not there any more",
                             vas_host_address_text(pf_of(operation)->device).text);
    *ret_outcome = VAS_RECOVERY_FINISHED;
    if (is_as(operation, &now, &operation->vfs_wished))
        return TRUE;
    *ret_outcome = VAS_RECOVERY_UNDONE;
    if (is_as(operation, &now, &operation->vfs_before))
        return TRUE;
    if (concerns_count(operation) && now.has_pf &&
        !check_count(context, inventory, operation, &now, error))
        return FALSE;
    return put_back(context, inventory, operation, &now, error) && prove(context, operation, error);
}
