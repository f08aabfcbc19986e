/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "core/value/error.h"
#include "engine/check/check-advice.h"
#include "engine/check/check-boot.h"
#include "engine/check/check-hook.h"
#include "engine/check/check-iommu.h"
#include "engine/check/check-pools.h"
#include "engine/check/check-returned-vfs.h"
#include "engine/check/check-unfinished.h"
#include "engine/check/check-vf-presets.h"
#include "xml/capabilities-xml.h"

#define SUBJECT "host"

static void
check_libvirt(const VasContext *context, const GError *refusal, GPtrArray *findings)
{
    VasFinding *finding = NULL;
    const char *hint = refusal != NULL ? vas_error_hint(refusal) : NULL;

    if (context->hypervisor != NULL) {
        finding =
            vas_findings_add(findings, "host.libvirt", VAS_FINDING_OK, SUBJECT, "libvirt answers");
        vas_finding_set_evidence(finding, "virsh version");
        return;
    }
    finding = vas_findings_add(findings, "host.libvirt", VAS_FINDING_PROBLEM, SUBJECT,
                               "libvirt cannot be reached");
    vas_finding_set_evidence(finding, "%s", refusal != NULL ? refusal->message : "no connection");
    vas_finding_set_advice(finding, "%s",
                           hint != NULL ? hint
                                        : "see that its daemon runs: systemctl status libvirtd "
                                          "virtqemud, and check the URI (-c)");
}

/* libvirt did not say what it can do. */
static void
add_no_capabilities(const GError *refusal, GPtrArray *findings)
{
    gboolean is_refused = g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED) ||
                          g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNSUPPORTED);
    VasFinding *finding = vas_findings_add(
        findings, "host.assignment", is_refused ? VAS_FINDING_WARNING : VAS_FINDING_PROBLEM,
        SUBJECT, "libvirt does not say whether it can assign PCI devices");

    vas_finding_set_evidence(finding, "%s", refusal->message);
    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED))
        vas_finding_set_advice(finding, "run it as a user who may manage libvirt, such as root");
    else
        vas_finding_set_advice(finding, "use libvirt's QEMU driver: -c qemu:///system");
}

static void
check_assignment(const VasContext *context, GPtrArray *findings)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *xml = context->hypervisor->domain_capabilities(context->hypervisor, &refusal);
    g_auto(VasAssignmentCapabilities) capabilities = {0};
    VasFinding *finding = NULL;

    if (xml == NULL || !vas_capabilities_xml_parse(xml, &capabilities, &refusal)) {
        add_no_capabilities(refusal, findings);
        return;
    }
    if (!capabilities.has_hostdev) {
        finding = vas_findings_add(findings, "host.assignment", VAS_FINDING_PROBLEM, SUBJECT,
                                   "libvirt's hypervisor cannot assign PCI devices");
        vas_finding_set_advice(finding, "use libvirt's QEMU driver, and a QEMU with vfio-pci: -c "
                                        "qemu:///system");
    } else if (!capabilities.has_vfio) {
        finding = vas_findings_add(findings, "host.assignment", VAS_FINDING_PROBLEM, SUBJECT,
                                   "libvirt finds no VFIO to assign PCI devices with");
        vas_finding_set_advice(finding, "it needs an IOMMU that is on, and /dev/vfio/vfio: see "
                                        "host.iommu and host.vfio");
    } else {
        finding =
            vas_findings_add(findings, "host.assignment", VAS_FINDING_OK, SUBJECT,
                             "libvirt can assign PCI devices to %s guests",
                             capabilities.domain_type != NULL ? capabilities.domain_type : "its");
    }
    vas_finding_set_evidence(finding, "virsh domcapabilities: <hostdev>, pciBackend %s",
                             capabilities.has_vfio ? "vfio" : "without vfio");
}

GPtrArray *
vas_check_host(const VasContext *context, const GError *refusal)
{
    GPtrArray *findings = vas_findings_new();

    if (context->host != NULL)
        vas_check_iommu(context->host, findings);
    else
        vas_advice_add_remote(findings, "host.local", SUBJECT,
                              "IOMMU, interrupt remapping, vfio-pci, network managers, saved VFs",
                              "check");
    check_libvirt(context, refusal, findings);
    if (context->hypervisor != NULL) {
        check_assignment(context, findings);
        vas_check_pools_of_host(context, findings);
    }
    if (context->host != NULL) {
        vas_check_returned_vfs(context->host, findings);
        if (context->hypervisor != NULL)
            vas_check_vf_presets(context, findings);
        vas_check_boot(context, findings);
        vas_check_hook_of_host(context->host, findings);
        vas_check_unfinished_of_host(context, findings);
    }
    return findings;
}
