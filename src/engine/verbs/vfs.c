/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/vfs.h"

#include "core/rules/rules-pool.h"
#include "core/rules/rules-vfs.h"
#include "core/value/error.h"
#include "engine/base/device-identity.h"
#include "engine/base/pools.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/command/command.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "engine/steps/vfs-steps.h"
#include "host/sriov/vf-removal.h"
#include "host/sriov/vf-state.h"
#include "host/system/boot-unit.h"

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

        if (!vas_vfio_use_check(context, pf->inventory, pf->inventory, vf->address, error))
            return FALSE;
    }
    return TRUE;
}

/* Two programs that give a PF different numbers at a boot would take VFs from guests. */
static gboolean
check_writers(const VasPf *pf, guint count, GError **error)
{
    for (guint i = 0; i < pf->writers->len; i++) {
        const VasVfWriter *writer = g_ptr_array_index(pf->writers, i);
        g_autofree char *place = vas_vf_writer_place(writer);

        if (!vas_vf_writer_is_certain(writer) || writer->count == count)
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                    "%s gives %s %u VFs at each boot, not %u: %s: %s", writer->program,
                    vas_host_address_text(pf->pf->address).text, writer->count, count, place,
                    writer->text);
        vas_error_set_hint(
            error,
            "write %u there, or remove the line and let virt-assign keep the number: "
            "the same command again",
            count);
        return FALSE;
    }
    return TRUE;
}

/* NULL: no other program keeps @count. Borrowed. */
static const VasVfWriter *
find_keeper(const VasPf *pf, guint count)
{
    const VasVfWriter *certain = vas_saved_vfs_certain(pf->writers);

    return certain != NULL && certain->count == count ? certain : NULL;
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
    if (request->persist && !check_writers(pf, request->count, error))
        return FALSE;
    /* VFs can be there without a driver of the PF; the rule is for one driver. */
    if (request->persist && request->count > 0 && !vas_rules_check_pf_driver(pf->pf, error))
        return FALSE;
    if (request->count == pf->sriov.now)
        return TRUE;
    return vas_vf_removal_check(context->host, NULL, error) &&
           (pf->sriov.now == 0 || check_no_other_users(context, pf, error));
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
                         VAS_WISH_FILE);
}

/* The number that another program keeps is not written twice. */
static void
note_keeper(const VasContext *context, const VasPf *pf, const VasVfsRequest *request)
{
    const VasVfWriter *keeper = find_keeper(pf, request->count);
    VasPciAddressText address = vas_host_address_text(pf->pf->address);
    g_autofree char *place = keeper != NULL ? vas_vf_writer_place(keeper) : NULL;

    if (keeper == NULL || pf->rule != NULL)
        return;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "%u VFs of %s are kept by %s already: virt-assign keeps nothing%s",
                         keeper->count, address.text, place,
                         request->autoprobe != VAS_AUTOPROBE_AS_IS ? ", nor the autoprobe" : "");
}

/* Says what the other programs do at the next boot that the user may not expect. */
static void
note_writers(const VasContext *context, const VasPf *pf, const VasVfsRequest *request)
{
    for (guint i = 0; i < pf->writers->len; i++) {
        const VasVfWriter *writer = g_ptr_array_index(pf->writers, i);
        VasPciAddressText address = vas_host_address_text(pf->pf->address);
        g_autofree char *place = vas_vf_writer_place(writer);

        if (writer->doubt != NULL)
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                                 "%s may set the VFs of %s at the next boot: %s (%s)", place,
                                 address.text, writer->text, writer->doubt);
        else if (writer->count != request->count)
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                                 "%s gets %u VFs again at the next boot, by %s", address.text,
                                 writer->count, place);
    }
}

static void
note_pools(const VasContext *context, const VasPf *pf, guint count)
{
    g_autoptr(GPtrArray) effects = vas_rules_pool_effects(pf->inventory, pf->pf, count);

    for (guint i = 0; i < effects->len; i++)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s",
                             (const char *) g_ptr_array_index(effects, i));
}

/* The udev rule alone waits for nothing, and tells nobody what it could not make. */
static void
note_unit(const VasContext *context, const VasVfsRequest *request, const VasVfRule *rule)
{
    if (request->persist && rule != NULL && !vas_boot_unit_is_enabled(context->host))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "to have the VFs seen to at each boot, before guests start: systemctl "
                             "enable " VAS_BOOT_UNIT);
}

static gboolean
wished_autoprobe(const VasPf *pf, VasAutoprobeWish wish)
{
    if (wish == VAS_AUTOPROBE_AS_IS)
        return pf->sriov.autoprobe;
    return wish == VAS_AUTOPROBE_ON;
}

typedef struct {
    const VasVfsRequest *request;
    VasPf *pf;             /* before, and in the end as it is then */
    VasIdentity *identity; /* of the PF, if the wish is to say it */
    VasVfRule rule;
    VasVfsRun run;
} Vfs;

static gboolean
decide(VasCommand *command, GError **error)
{
    Vfs *vfs = command->data;
    const VasVfsRequest *request = vfs->request;
    const VasDevice *pf = NULL;
    VasVfRule *rule = NULL;
    gboolean autoprobe;

    if (!vas_pf_find(command->context, &command->inventory, request->pf, &vfs->pf, error) ||
        !vas_pools_read(command->context, vfs->pf->inventory, error) ||
        !check_request(command->context, vfs->pf, request, error))
        return FALSE;
    command->phrase = g_strdup_printf("%u VFs for %s", request->count,
                                      vas_host_address_text(vfs->pf->pf->address).text);
    pf = vfs->pf->pf;
    if (request->persist &&
        !vas_device_identity_read(command->context, vfs->pf->inventory, pf, &vfs->identity, error))
        return FALSE;
    autoprobe = wished_autoprobe(vfs->pf, request->autoprobe);
    vfs->rule = (VasVfRule){request->count, autoprobe, pf->driver};
    if (request->persist && vfs->pf->rule == NULL && find_keeper(vfs->pf, request->count) != NULL)
        rule = NULL;
    else if (request->persist)
        rule = request->count > 0 ? &vfs->rule : NULL;
    else
        rule = vfs->pf->rule;
    vfs->run = (VasVfsRun){.context = command->context,
                           .pf = pf->address,
                           .before = {vfs->pf->sriov.now, vfs->pf->sriov.autoprobe, vfs->pf->rule},
                           .wished = {request->count, autoprobe, rule},
                           .identity = vfs->identity,
                           .driver = pf->driver,
                           .vfs = pf->vfs,
                           .timeout = request->timeout};
    vas_vfs_plan(&vfs->run, command->steps);
    if (request->count != vfs->pf->sriov.now)
        note_pools(command->context, vfs->pf, request->count);
    g_ptr_array_add(command->results, vas_pf_result(vfs->pf, command->steps->len == 0));
    return TRUE;
}

static gboolean
record(VasCommand *command, GError **error)
{
    const Vfs *vfs = command->data;
    const VasVfsState *before = &vfs->run.before;
    const VasVfsState *wished = &vfs->run.wished;
    VasOperation *operation = vas_operation_new(VAS_OPERATION_VFS, command->context->origin);
    VasOperationDevice *pf = vas_operation_add(operation, vfs->run.pf);

    (void) error;
    pf->identity = vas_vf_state_identity(command->context->host, vfs->run.pf);
    pf->driver = g_strdup(vfs->run.driver);
    vas_vfs_state_set(&operation->vfs_before, before->count, before->autoprobe, before->rule);
    vas_vfs_state_set(&operation->vfs_wished, wished->count, wished->autoprobe, wished->rule);
    command->operation = operation;
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    Vfs *vfs = command->data;

    return vas_vfs_execute(&vfs->run, command->steps, command->results, error);
}

/* The wish is fulfilled and on record: without the identity it is as good as one by hand. */
static void
identify(const VasContext *context, const Vfs *vfs)
{
    g_autoptr(GError) failure = NULL;

    if (vfs->identity != NULL &&
        !vas_persist_identity(context, TRUE, vfs->run.pf, vfs->identity, &failure))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "the wish does not say which card it is for: %s", failure->message);
}

static gboolean
conclude(VasCommand *command, GError **error)
{
    Vfs *vfs = command->data;
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasPf) before = NULL;

    if (vfs->request->persist)
        note_keeper(command->context, vfs->pf, vfs->request);
    note_writers(command->context, vfs->pf, vfs->request);
    if (command->dry_run)
        return TRUE;
    identify(command->context, vfs);
    note_rule(command->context, vfs->pf, vfs->request);
    note_unit(command->context, vfs->request, vfs->run.wished.rule);
    inventory = vas_scan_behind_change(command->context, NULL, error);
    if (inventory == NULL)
        return FALSE;
    before = g_steal_pointer(&vfs->pf);
    return vas_pf_find(command->context, &inventory, vfs->request->pf, &vfs->pf, error);
}

static const VasCommandClass class = {
    .name = "vfs",
    .decide = decide,
    .record = record,
    .execute = execute,
    .conclude = conclude,
};

gboolean
vas_vfs_set(const VasContext *context, const VasVfsRequest *request, VasPf **ret_pf,
            GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    /* Commands for its VFs share the PF: that it is claimed keeps all of them off. */
    const char *const names[] = {request->pf, NULL};
    Vfs vfs = {.request = request};
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &vfs,
                          .devices = names,
                          .timeout = request->timeout,
                          .dry_run = request->dry_run};

    gboolean ok = vas_command_run(&command, ret_results, ret_steps, error);

    vas_identity_free(vfs.identity);
    if (ok)
        *ret_pf = vfs.pf;
    else
        vas_pf_free(vfs.pf);
    return ok;
}
