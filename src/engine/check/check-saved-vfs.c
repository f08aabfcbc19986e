/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-saved-vfs.h"

#include "core/device/device.h"
#include "core/report/finding.h"
#include "core/value/shell-word.h"
#include "engine/journal/wish-file.h"
#include "host/sriov/saved-vfs.h"

#define SUBJECT "host"

/* The number that is wished is not always the number of VFs now, which a vfs without --persist or
 * another tool has set. */
static void
add_other_count(const VasMappedPf *pf, const char *name, const VasVfRule *rule, GPtrArray *findings)
{
    g_autofree char *word = vas_shell_word(name);
    VasFinding *finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_WARNING, SUBJECT,
                                           "%s has %u VFs now, and gets %u at the next boot", name,
                                           pf->vfs->len, rule->count);

    vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/sriov_numvfs; %s",
                             vas_host_address_text(pf->address).text, VAS_WISH_FILE);
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

/* @rule is NULL when nothing is wished. */
static void
check_pf_saved(const VasMappedPf *pf, const VasVfRule *rule, const GPtrArray *writers,
               GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(pf->address);
    const char *name = pf->interface != NULL ? pf->interface : address.text;
    g_autofree char *word = vas_shell_word(name);
    const VasVfWriter *certain = vas_saved_vfs_certain(writers);
    VasFinding *finding = NULL;

    if (rule != NULL && rule->count != pf->vfs->len) {
        add_other_count(pf, name, rule, findings);
    } else if (rule != NULL) {
        finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_OK, SUBJECT,
                                   "the VFs of %s are made again at the next boot", name);
        vas_finding_set_evidence(finding, "%s", VAS_WISH_FILE);
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

/* Whether a guest has a VF of the PF, or one waits for a guest: it is on a VFIO driver. */
static gboolean
has_given_vfs(const VasMappedPf *pf)
{
    for (guint i = 0; i < pf->vfs->len; i++) {
        const VasMappedVf *vf = g_ptr_array_index(pf->vfs, i);

        if (vf->driver != NULL && vas_driver_is_vfio(vf->driver))
            return TRUE;
    }
    return FALSE;
}

/* Two of them for one PF: @places has them, "FILE:LINE (NUMBER)". */
static void
check_several(const char *name, const VasVfRule *rule, const GPtrArray *writers,
              GPtrArray *findings)
{
    g_autoptr(GString) places = g_string_new(NULL);
    guint count = rule != NULL ? rule->count : 0;
    guint keepers = rule != NULL;
    gboolean agree = TRUE;
    VasFinding *finding = NULL;

    if (rule != NULL)
        g_string_append_printf(places, "%s (%u)", VAS_WISH_FILE, rule->count);
    for (guint i = 0; i < writers->len; i++) {
        const VasVfWriter *writer = g_ptr_array_index(writers, i);
        g_autofree char *place = vas_vf_writer_place(writer);

        if (!vas_vf_writer_is_certain(writer))
            continue;
        agree = agree && (keepers == 0 || writer->count == count);
        count = writer->count;
        keepers++;
        g_string_append_printf(places, "%s%s (%u)", places->len > 0 ? ", " : "", place,
                               writer->count);
    }
    if (keepers < 2)
        return;
    finding = vas_findings_add(findings, "host.vf-writers",
                               agree ? VAS_FINDING_WARNING : VAS_FINDING_PROBLEM, SUBJECT,
                               "%u settings give %s its VFs at each boot%s", keepers, name,
                               agree ? "" : ", with different numbers");
    vas_finding_set_evidence(finding, "%s", places->str);
    vas_finding_set_advice(finding, "keep one of them%s",
                           rule != NULL ? ": the PF's element can be deleted from " VAS_WISH_FILE
                                          ", then: virt-assign boot"
                                        : "");
}

static void
set_evidence(VasFinding *finding, const VasVfWriter *writer)
{
    g_autofree char *place = vas_vf_writer_place(writer);

    vas_finding_set_evidence(finding, "%s: %s%s%s", place, writer->text,
                             writer->doubt != NULL ? "; " : "",
                             writer->doubt != NULL ? writer->doubt : "");
}

/* A number that differs is written by way of 0 (sr_iov_set_num_vfs in systemd's
 * src/shared/netif-sriov.c; nm-linux-platform.c of NetworkManager), and 0 takes the VFs of running
 * guests. */
static void
check_replacing(const VasMappedPf *pf, const char *name, const VasVfWriter *writer,
                GPtrArray *findings)
{
    VasFinding *finding = NULL;

    if (writer->replaces && writer->has_count && writer->count != pf->vfs->len) {
        finding = vas_findings_add(findings, "host.vf-writers", VAS_FINDING_PROBLEM, SUBJECT,
                                   "%s %s the VFs of %s from guests: it wants %u, and there are %u",
                                   writer->program, writer->doubt != NULL ? "may take" : "takes",
                                   name, writer->count, pf->vfs->len);
        set_evidence(finding, writer);
        vas_finding_set_advice(finding,
                               "write %u there, or remove the line, before %s reads it again",
                               pf->vfs->len, writer->program);
    }
    if (writer->zeroes) {
        finding = vas_findings_add(findings, "host.vf-writers", VAS_FINDING_WARNING, SUBJECT,
                                   "%s %s all VFs of %s, of guests too, when its profile goes down",
                                   writer->program,
                                   writer->doubt != NULL ? "may remove" : "removes", name);
        set_evidence(finding, writer);
        vas_finding_set_advice(finding,
                               "with NetworkManager 1.54 or later put preserve-on-down=1 into its "
                               "[sriov]; with an earlier one remove [sriov], and let virt-assign "
                               "keep the number");
    }
}

static void
check_writers(const VasMappedPf *pf, const VasVfRule *rule, const GPtrArray *writers,
              GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(pf->address);
    const char *name = pf->interface != NULL ? pf->interface : address.text;

    check_several(name, rule, writers, findings);
    for (guint i = 0; has_given_vfs(pf) && i < writers->len; i++)
        check_replacing(pf, name, g_ptr_array_index(writers, i), findings);
}

void
vas_check_saved_vfs(const VasHost *host, const GPtrArray *pfs, GPtrArray *findings)
{
    g_autoptr(VasHostWish) wish = NULL;
    guint before = findings->len;
    VasFinding *finding = NULL;

    (void) vas_wish_file_read(host, &wish, NULL);
    for (guint i = 0; i < pfs->len; i++) {
        const VasMappedPf *pf = g_ptr_array_index(pfs, i);
        g_autoptr(GPtrArray) writers = vas_saved_vfs_list(host, pf);
        const VasVfWriter *certain = vas_saved_vfs_certain(writers);
        const VasVfRule *rule = wish != NULL ? vas_host_wish_vfs(wish, pf->address) : NULL;

        if (pf->vfs->len > 0 || rule != NULL || (certain != NULL && certain->count > 0))
            check_pf_saved(pf, rule, writers, findings);
        check_writers(pf, rule, writers, findings);
    }
    if (findings->len > before)
        return;
    finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_OK, SUBJECT,
                               pfs->len > 0 ? "there are no VFs to be lost in a reboot"
                                            : "no device of this host can have VFs");
    vas_finding_set_evidence(finding, pfs->len > 0 ? "/sys/bus/pci/devices/*/sriov_numvfs is 0"
                                                   : "no /sys/bus/pci/devices/*/sriov_totalvfs");
}
