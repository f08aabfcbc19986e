/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/pf.h"

#include "core/inventory/selector.h"
#include "core/rules/rules-vfs.h"
#include "engine/journal/wish-file.h"
#include "host/sriov/vf-rule.h"

void
vas_pf_free(VasPf *pf)
{
    if (pf == NULL)
        return;
    g_ptr_array_unref(pf->vfs);
    g_ptr_array_unref(pf->writers);
    vas_inventory_free(pf->inventory);
    vas_vf_rule_free(pf->rule);
    g_clear_error(&pf->rule_error);
    g_free(pf);
}

static void
collect_vfs(VasPf *pf)
{
    pf->vfs = g_ptr_array_new();
    for (guint i = 0; i < pf->pf->vfs->len; i++) {
        VasDevice *vf =
            vas_inventory_find_device(pf->inventory, g_array_index(pf->pf->vfs, VasHostAddress, i));

        if (vf != NULL)
            g_ptr_array_add(pf->vfs, vf);
    }
}

static void
read_rule(const VasHost *host, VasPf *pf)
{
    g_autoptr(VasHostWish) wish = NULL;
    const VasVfRule *rule = NULL;

    if (!vas_wish_file_read(host, &wish, &pf->rule_error) ||
        !vas_vf_rules_check(host, &pf->rule_error))
        return;
    rule = vas_host_wish_vfs(wish, pf->pf->address);
    if (rule != NULL)
        pf->rule = vas_vf_rule_copy(rule);
}

static void
read_writers(const VasHost *host, VasPf *pf)
{
    g_autoptr(VasMappedPf) mapped = vas_mapped_pf_read(host, pf->pf->address);

    pf->writers = mapped != NULL ? vas_saved_vfs_list(host, mapped) : g_ptr_array_new();
}

gboolean
vas_pf_find(const VasContext *context, VasInventory **inventory, const char *name, VasPf **ret_pf,
            GError **error)
{
    const VasDevice *device = vas_selector_device(*inventory, name, error);
    VasSriovState sriov;
    VasPf *pf = NULL;

    if (device == NULL || !vas_rules_check_pf(device, error) ||
        !vas_sriov_read(context->host, device->address, &sriov, error))
        return FALSE;
    pf = g_new0(VasPf, 1);
    pf->inventory = g_steal_pointer(inventory);
    pf->pf = device;
    pf->sriov = sriov;
    collect_vfs(pf);
    read_rule(context->host, pf);
    read_writers(context->host, pf);
    *ret_pf = pf;
    return TRUE;
}

VasResult *
vas_pf_result(const VasPf *pf, gboolean is_so_already)
{
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    VasResult *result = NULL;

    subject->has_device = TRUE;
    subject->device = pf->pf->address;
    result = vas_result_new(NULL, subject);
    result->driver = g_strdup(pf->pf->driver);
    if (is_so_already)
        result->outcome = VAS_OUTCOME_ALREADY;
    return result;
}
