/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-saved-vfs.h"

#include "core/report/finding.h"
#include "core/value/shell-word.h"
#include "host/sriov/saved-vfs.h"
#include "host/sriov/vf-rule.h"

#define SUBJECT "host"

/* The number in our own rule is not always the number of VFs now, which a vfs without --persist or
 * another tool has set. */
static void
add_other_count(const VasMappedPf *pf, const char *name, const VasVfRule *rule, GPtrArray *findings)
{
    g_autofree char *path = vas_vf_rule_path(pf->address);
    g_autofree char *word = vas_shell_word(name);
    VasFinding *finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_WARNING, SUBJECT,
                                           "%s has %u VFs now, and gets %u at the next boot", name,
                                           pf->vfs->len, rule->count);

    vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/sriov_numvfs; %s",
                             vas_host_address_text(pf->address).text, path);
    vas_finding_set_advice(
        finding, "virt-assign vfs %s COUNT --persist, with the number that is to be", word);
}

/* Nothing is certain to make the VFs again; *@writer is what may. */
static void
add_unsure(const VasMappedPf *pf, const char *name, const VasVfWriter *writer, GPtrArray *findings)
{
    g_autofree char *place = vas_vf_writer_place(writer);
    VasFinding *finding = vas_findings_add(
        findings, "host.saved-vfs", VAS_FINDING_WARNING, SUBJECT,
        "whether the next boot makes the %u VFs of %s again cannot be told", pf->vfs->len, name);

    vas_finding_set_evidence(finding, "%s: %s (%s)", place, writer->text, writer->doubt);
    vas_finding_set_advice(finding,
                           "see that %s does it, or let virt-assign: virt-assign vfs %s %u "
                           "--persist",
                           writer->program, name, pf->vfs->len);
}

static void
add_kept(const VasMappedPf *pf, const char *name, const VasVfWriter *writer, GPtrArray *findings)
{
    g_autofree char *place = vas_vf_writer_place(writer);
    gboolean same = writer->count == pf->vfs->len;
    VasFinding *finding =
        same ? vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_OK, SUBJECT,
                                "the VFs of %s are made again at the next boot", name)
             : vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_WARNING, SUBJECT,
                                "%s has %u VFs now, and gets %u at the next boot", name,
                                pf->vfs->len, writer->count);

    vas_finding_set_evidence(finding, "%s: %s", place, writer->text);
    if (!same)
        vas_finding_set_advice(finding, "change %s to the number that is to be", place);
}

/* @rule is NULL when there is no rule of ours. */
static void
check_pf_saved(const VasMappedPf *pf, const VasVfRule *rule, const GPtrArray *writers,
               GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(pf->address);
    const char *name = pf->interface != NULL ? pf->interface : address.text;
    g_autofree char *word = vas_shell_word(name);
    const VasVfWriter *certain = vas_saved_vfs_certain(writers);
    g_autofree char *rule_path = vas_vf_rule_path(pf->address);
    VasFinding *finding = NULL;

    if (rule != NULL && rule->count != pf->vfs->len) {
        add_other_count(pf, name, rule, findings);
    } else if (rule != NULL) {
        finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_OK, SUBJECT,
                                   "the VFs of %s are made again at the next boot", name);
        vas_finding_set_evidence(finding, "%s", rule_path);
    } else if (certain != NULL) {
        add_kept(pf, name, certain, findings);
    } else if (writers->len > 0) {
        add_unsure(pf, word, g_ptr_array_index(writers, 0), findings);
    } else {
        finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_WARNING, SUBJECT,
                                   "the %u VFs of %s are gone after a reboot", pf->vfs->len, name);
        vas_finding_set_evidence(finding,
                                 "/sys/bus/pci/devices/%s/sriov_numvfs is %u, and no settings are "
                                 "known that set it",
                                 address.text, pf->vfs->len);
        vas_finding_set_advice(finding, "virt-assign vfs %s %u --persist", word, pf->vfs->len);
    }
}

void
vas_check_saved_vfs(const VasHost *host, const GPtrArray *pfs, GPtrArray *findings)
{
    guint before = findings->len;
    VasFinding *finding = NULL;

    for (guint i = 0; i < pfs->len; i++) {
        const VasMappedPf *pf = g_ptr_array_index(pfs, i);
        g_autoptr(GPtrArray) writers = vas_saved_vfs_list(host, pf);
        const VasVfWriter *certain = vas_saved_vfs_certain(writers);
        g_autoptr(VasVfRule) rule = NULL;

        (void) vas_vf_rule_read(host, pf->address, &rule, NULL);
        if (pf->vfs->len > 0 || rule != NULL || (certain != NULL && certain->count > 0))
            check_pf_saved(pf, rule, writers, findings);
    }
    if (findings->len > before)
        return;
    finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_OK, SUBJECT,
                               pfs->len > 0 ? "there are no VFs to be lost in a reboot"
                                            : "no device of this host can have VFs");
    vas_finding_set_evidence(finding, pfs->len > 0 ? "/sys/bus/pci/devices/*/sriov_numvfs is 0"
                                                   : "no /sys/bus/pci/devices/*/sriov_totalvfs");
}
