/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/boot-vfs.h"

#include "core/rules/rules-vfs.h"
#include "core/value/error.h"
#include "engine/command/command.h"
#include "engine/steps/pf.h"
#include "engine/steps/vfs-steps.h"

typedef struct {
    const char *name;
    const VasVfRule *rule;
    guint timeout;
    VasPf *pf;
    VasVfsRun run;
} BootVfs;

static gboolean
check_number(const VasPf *pf, const VasVfRule *rule, GError **error)
{
    VasPciAddressText address = vas_host_address_text(pf->pf->address);

    if (pf->sriov.now == 0 || pf->sriov.now == rule->count)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s has %u VFs, and %u are wished: VFs that are there are left alone", address.text,
                pf->sriov.now, rule->count);
    vas_error_set_hint(error,
                       "virt-assign vfs %s %u changes the number, when no guest has one; see "
                       "who made the others: virt-assign check",
                       address.text, rule->count);
    return FALSE;
}

static gboolean
check_ready(const VasContext *context, const VasPf *pf, const VasVfRule *rule, GError **error)
{
    g_autoptr(GArray) listed = vas_sriov_list_vfs(context->host, pf->pf->address);
    VasPciAddressText address = vas_host_address_text(pf->pf->address);

    if (pf->sriov.now == 0 && g_strcmp0(pf->pf->driver, rule->driver) != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY, "%s is on %s, and %s is to make its VFs",
                    address.text, pf->pf->driver != NULL ? pf->pf->driver : "no driver",
                    rule->driver);
        return FALSE;
    }
    if (listed->len == pf->sriov.now)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY, "%s has %u VFs, and the kernel lists %u",
                address.text, pf->sriov.now, listed->len);
    return FALSE;
}

static gboolean
decide(VasCommand *command, GError **error)
{
    BootVfs *boot = command->data;
    const VasVfRule *rule = boot->rule;
    VasPf *pf = NULL;

    if (!vas_pf_find(command->context, &command->inventory, boot->name, &boot->pf, error))
        return FALSE;
    pf = boot->pf;
    if (!check_number(pf, rule, error) || !check_ready(command->context, pf, rule, error) ||
        !vas_rules_check_vf_count(pf->inventory, pf->pf, pf->sriov.now, pf->sriov.maximum,
                                  rule->count, error))
        return FALSE;
    boot->run = (VasVfsRun){.context = command->context,
                            .pf = pf->pf->address,
                            .before = {pf->sriov.now, pf->sriov.autoprobe, NULL},
                            .wished = {rule->count, rule->autoprobe, NULL},
                            .driver = pf->pf->driver,
                            .vfs = pf->pf->vfs,
                            .timeout = boot->timeout,
                            .only_adds = TRUE};
    vas_vfs_plan(&boot->run, command->steps);
    g_ptr_array_add(command->results, vas_pf_result(pf, command->steps->len == 0));
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    BootVfs *boot = command->data;

    return vas_vfs_execute(&boot->run, command->steps, command->results, error);
}

static const VasCommandClass class = {
    .name = "boot",
    .leaves_records = TRUE,
    .decide = decide,
    .execute = execute,
};

gboolean
vas_boot_vfs(const VasContext *context, const char *pf, const VasVfRule *rule, guint timeout,
             gboolean dry_run, GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    const char *const names[] = {pf, NULL};
    BootVfs boot = {.name = pf, .rule = rule, .timeout = timeout};
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &boot,
                          .devices = names,
                          .timeout = timeout,
                          .dry_run = dry_run};
    gboolean ok = vas_command_run(&command, ret_results, ret_steps, error);

    vas_pf_free(boot.pf);
    return ok;
}
