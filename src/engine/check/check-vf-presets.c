/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-vf-presets.h"

#include "core/report/finding.h"
#include "engine/base/scan.h"
#include "host/sriov/vf-preset.h"
#include "host/sriov/vf-state.h"

#define ID "host.vf-presets"
#define SUBJECT "host"

static void
add_difference(const VasMappedPf *pf, const VasVfPreset *preset, const VasGuest *guest,
               const VasVfSettings *has, guint fields, GPtrArray *findings)
{
    g_autofree char *written = vas_vf_settings_text(&preset->settings, fields);
    g_autofree char *lost = vas_vf_settings_text(has, fields);
    VasFinding *finding = vas_findings_add(
        findings, ID, preset->doubt != NULL ? VAS_FINDING_WARNING : VAS_FINDING_PROBLEM, SUBJECT,
        "%s %s %s over VF %d of %s, which guest %s has with %s", preset->program,
        preset->doubt != NULL ? "may write" : "writes", written, preset->index, pf->interface,
        guest->name, lost);

    vas_finding_set_evidence(finding, "%s:%u%s%s", preset->path, preset->line,
                             preset->doubt != NULL ? "; " : "",
                             preset->doubt != NULL ? preset->doubt : "");
    vas_finding_set_advice(finding,
                           "take that out there: a guest's VF is set by its definition, and by "
                           "virt-assign attach");
}

/* A guest that is shut off has no more than its definition says. A VF of which the PF's driver
 * tells nothing is passed over. */
static void
check_preset(const VasContext *context, const VasInventory *inventory, const VasMappedPf *pf,
             const VasVfPreset *preset, GPtrArray *findings)
{
    for (guint i = 0; i < pf->vfs->len; i++) {
        const VasMappedVf *mapped = g_ptr_array_index(pf->vfs, i);
        const VasDevice *device = vas_inventory_find_device(inventory, mapped->address);
        const VasVf vf = {mapped->address, pf->interface, preset->index};
        g_autoptr(GArray) holdings = NULL;
        VasVfSettings now;

        if (device == NULL || mapped->index != (guint) preset->index ||
            !vas_vf_state_read(context->host, &vf, &now, NULL))
            continue;
        holdings = vas_inventory_holdings(inventory, device);
        for (guint j = 0; j < holdings->len; j++) {
            const VasHolding *holding = &g_array_index(holdings, VasHolding, j);
            gboolean runs = holding->live != NULL;
            VasVfSettings has;
            guint fields =
                vas_vf_preset_differs(preset, &now, runs ? holding->live : holding->config, &has);

            if (!runs)
                fields &= VAS_VF_OF_LIBVIRT;
            if (fields != 0)
                add_difference(pf, preset, holding->guest, &has, fields, findings);
        }
    }
}

void
vas_check_vf_presets(const VasContext *context, GPtrArray *findings)
{
    g_autoptr(GPtrArray) pfs = vas_sriov_map_read(context->host);
    g_autoptr(VasInventory) inventory = NULL;

    for (guint i = 0; i < pfs->len; i++) {
        const VasMappedPf *pf = g_ptr_array_index(pfs, i);
        g_autoptr(GPtrArray) presets = vas_vf_presets_list(context->host, pf);

        if (presets->len > 0 && inventory == NULL) {
            g_autoptr(GError) refusal = NULL;

            inventory = vas_scan(context, &refusal);
            if (inventory == NULL) {
                VasFinding *finding = vas_findings_add(
                    findings, ID, VAS_FINDING_WARNING, SUBJECT,
                    "whether other programs write over the VFs of guests cannot be read");

                vas_finding_set_evidence(finding, "%s", refusal->message);
                return;
            }
        }
        for (guint j = 0; j < presets->len; j++)
            check_preset(context, inventory, pf, g_ptr_array_index(presets, j), findings);
    }
}
