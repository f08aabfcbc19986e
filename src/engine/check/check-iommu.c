/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-iommu.h"

#include "engine/check/check-advice.h"
#include "host/pci/iommu.h"
#include "host/system/kernel.h"
#include "host/system/sysfs.h"

#include <string.h>

#define SUBJECT "host"
#define NO_COMMAND_LINE "(not readable)"

/* All of these checks look at this. */
typedef struct {
    const VasHost *host;
    VasDistribution distribution;
    VasIommu *iommu;
    char *command_line; /* never NULL */
    GPtrArray *findings;
} HostCheck;

/* The words of the command line that have the parameters @names as the running kernel takes them:
 * "intel_iommu=off". NULL: none has @value. Returns full. */
static char *
parameter_with(const HostCheck *check, const char *const *names, const char *value)
{
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *given = vas_kernel_parameter(check->command_line, names[i]);

        if (g_strcmp0(given, value) != 0)
            continue;
        return value[0] == '\0' ? g_strdup(names[i]) : g_strdup_printf("%s=%s", names[i], value);
    }
    return NULL;
}

static void
add_no_firmware(HostCheck *check)
{
    VasFinding *finding = vas_findings_add(check->findings, "host.iommu", VAS_FINDING_PROBLEM,
                                           SUBJECT, "the firmware offers the kernel no IOMMU");
    const char *what = check->iommu->cpu == VAS_CPU_INTEL ? "Intel VT-d (VT for Directed I/O)"
                       : check->iommu->cpu == VAS_CPU_AMD ? "the IOMMU (AMD-Vi)"
                                                          : "the IOMMU or SMMU";

    vas_finding_set_evidence(finding, "/sys/firmware/acpi/tables has no DMAR, IVRS or IORT; "
                                      "/sys/kernel/iommu_groups is empty");
    vas_finding_set_advice(finding,
                           "turn on %s in the firmware's setup; if this is a virtual machine, "
                           "give it a virtual IOMMU",
                           what);
}

static void
add_iommu_off(HostCheck *check)
{
    static const char *const switches[] = {"intel_iommu", "amd_iommu", "iommu", NULL};
    static const char *const intel[] = {"intel_iommu", NULL};
    const char *table = vas_iommu_firmware_table(check->iommu->firmware);
    gboolean is_intel = check->iommu->firmware == VAS_IOMMU_FIRMWARE_DMAR;
    g_autofree char *off = parameter_with(check, switches, "off");
    g_autofree char *on = is_intel ? parameter_with(check, intel, "on") : NULL;
    /* An IOMMU that is off is the exception with AMD and Arm, and the default with Intel in most
     * kernels (CONFIG_INTEL_IOMMU_DEFAULT_ON). */
    const char *wanted = is_intel && on == NULL ? "intel_iommu=on" : NULL;
    g_autofree char *advice = NULL;
    VasFinding *finding = vas_findings_add(
        check->findings, "host.iommu", VAS_FINDING_PROBLEM, SUBJECT,
        "the IOMMU is not in use, though the firmware has one (ACPI table %s)", table);

    vas_finding_set_evidence(finding, "/sys/kernel/iommu_groups is empty; /proc/cmdline: %s",
                             check->command_line);
    if (off != NULL || wanted != NULL) {
        advice = vas_advice_kernel_parameter(check->distribution, wanted, off);
        vas_finding_set_advice(finding, "%s", advice);
    } else {
        vas_finding_set_advice(finding, "the kernel did not bring it up; it says why: dmesg | grep "
                                        "-e DMAR -e AMD-Vi -e IOMMU -e smmu");
    }
}

static void
check_iommu(HostCheck *check)
{
    VasFinding *finding = NULL;

    if (check->iommu->n_groups == 0) {
        if (check->iommu->firmware == VAS_IOMMU_FIRMWARE_NONE)
            add_no_firmware(check);
        else
            add_iommu_off(check);
        return;
    }
    finding = vas_findings_add(check->findings, "host.iommu", VAS_FINDING_OK, SUBJECT,
                               "the IOMMU is on, with %u groups", check->iommu->n_groups);
    vas_finding_set_evidence(finding, "/sys/kernel/iommu_groups; /sys/class/iommu: %s",
                             check->iommu->units != NULL ? check->iommu->units : "no unit");
}

static gboolean
allows_unsafe_interrupts(const HostCheck *check)
{
    g_autofree char *value = vas_sysfs_read(
        check->host, "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", NULL);

    return g_strcmp0(value, "Y") == 0;
}

/* Without interrupt remapping a device could send any interrupt to the host:
 * vfio_iommu_type1_attach_group in drivers/vfio/vfio_iommu_type1.c refuses with EPERM unless told
 * to allow it. */
static void
add_no_remapping(HostCheck *check)
{
    static const char *const intremap[] = {"intremap", NULL};
    static const char *const nointremap[] = {"nointremap", NULL};
    gboolean unsafe = allows_unsafe_interrupts(check);
    g_autofree char *off = parameter_with(check, intremap, "off");
    g_autofree char *advice = NULL;
    VasFinding *finding = vas_findings_add(
        check->findings, "host.interrupt-remapping",
        unsafe ? VAS_FINDING_WARNING : VAS_FINDING_PROBLEM, SUBJECT,
        unsafe
            ? "interrupts are not remapped, and VFIO was told to allow it: a guest with a device "
              "can send the host any interrupt"
            : "interrupts are not remapped, without which VFIO refuses to work");

    if (off == NULL)
        off = parameter_with(check, nointremap, "");
    vas_finding_set_evidence(finding, "/proc/interrupts has no IR- line; /proc/cmdline: %s",
                             check->command_line);
    if (off != NULL) {
        advice = vas_advice_kernel_parameter(check->distribution, NULL, off);
        vas_finding_set_advice(finding, "%s", advice);
    } else if (!unsafe) {
        vas_finding_set_advice(
            finding, "turn on interrupt remapping (x2APIC) in the firmware's setup; on hardware "
                     "without it, and only if all guests are trusted, put \"options "
                     "vfio_iommu_type1 allow_unsafe_interrupts=1\" into /etc/modprobe.d/vfio.conf");
    }
}

static void
check_interrupt_remapping(HostCheck *check)
{
    VasFinding *finding = NULL;

    if (check->iommu->remaps_interrupts) {
        finding = vas_findings_add(check->findings, "host.interrupt-remapping", VAS_FINDING_OK,
                                   SUBJECT, "interrupts are remapped");
        vas_finding_set_evidence(finding, "/proc/interrupts has IR- lines");
    } else if (check->iommu->cpu == VAS_CPU_OTHER) {
        finding = vas_findings_add(check->findings, "host.interrupt-remapping", VAS_FINDING_WARNING,
                                   SUBJECT,
                                   "whether interrupts are isolated cannot be told on this kind "
                                   "of machine");
        vas_finding_set_advice(finding, "see what the kernel says: dmesg | grep -i -e its -e msi");
    } else {
        add_no_remapping(check);
    }
}

static void
add_vfio_unavailable(HostCheck *check, VasModuleState state, const char *evidence)
{
    g_autofree char *advice = vas_advice_kernel_modules(check->distribution);
    VasFinding *finding = vas_findings_add(
        check->findings, "host.vfio", VAS_FINDING_PROBLEM, SUBJECT, "%s",
        state == VAS_MODULE_PROHIBITED ? "the module vfio-pci must not be loaded"
        : state == VAS_MODULE_MISSING  ? "the running kernel has no module vfio-pci"
                                       : "the modules of the running kernel are gone, vfio-pci "
                                         "with them");

    vas_finding_set_evidence(finding, "%s", evidence);
    if (state == VAS_MODULE_PROHIBITED)
        vas_finding_set_advice(finding, "remove that setting, then: modprobe vfio-pci");
    else if (state == VAS_MODULE_MISSING)
        vas_finding_set_advice(finding, "%s", advice);
    else
        vas_finding_set_advice(finding, "reboot into the kernel that is installed");
}

/* libvirt takes a host without /dev/vfio/vfio for one that cannot assign devices
 * (virHostdevHostSupportsPassthroughVFIO). udev makes the node for a module that can be loaded. */
static void
check_vfio(HostCheck *check)
{
    g_autofree char *evidence = NULL;
    VasModuleState state = vas_kernel_module(check->host, "vfio_pci", &evidence);
    g_autofree char *node = vas_host_path(check->host, "/dev/vfio/vfio");
    VasFinding *finding = NULL;

    if (state != VAS_MODULE_ACTIVE && state != VAS_MODULE_AVAILABLE) {
        add_vfio_unavailable(check, state, evidence);
    } else if (!g_file_test(node, G_FILE_TEST_EXISTS)) {
        finding = vas_findings_add(check->findings, "host.vfio", VAS_FINDING_PROBLEM, SUBJECT,
                                   "VFIO is not there: libvirt needs /dev/vfio/vfio");
        vas_finding_set_evidence(finding, "no /dev/vfio/vfio; %s", evidence);
        vas_finding_set_advice(finding, "modprobe vfio-pci; for every boot: echo vfio-pci "
                                        ">/etc/modules-load.d/vfio-pci.conf");
    } else {
        finding = vas_findings_add(check->findings, "host.vfio", VAS_FINDING_OK, SUBJECT,
                                   state == VAS_MODULE_ACTIVE ? "vfio-pci is loaded"
                                                              : "vfio-pci can be loaded");
        vas_finding_set_evidence(finding, "/dev/vfio/vfio is there; %s", evidence);
    }
}

static void
check_kvm(HostCheck *check)
{
    g_autofree char *node = vas_host_path(check->host, "/dev/kvm");
    VasFinding *finding = NULL;

    if (g_file_test(node, G_FILE_TEST_EXISTS)) {
        finding =
            vas_findings_add(check->findings, "host.kvm", VAS_FINDING_OK, SUBJECT, "KVM is there");
        vas_finding_set_evidence(finding, "/dev/kvm");
        return;
    }
    finding = vas_findings_add(check->findings, "host.kvm", VAS_FINDING_WARNING, SUBJECT,
                               "KVM is not there: guests run, but slowly");
    if (check->iommu->cpu == VAS_CPU_OTHER || check->iommu->has_virtualization) {
        vas_finding_set_evidence(finding, "no /dev/kvm");
        vas_finding_set_advice(finding, "load its module: modprobe kvm_intel, or kvm_amd; dmesg "
                                        "says what keeps it from loading");
    } else {
        vas_finding_set_evidence(finding, "no /dev/kvm; /proc/cpuinfo has neither vmx nor svm");
        vas_finding_set_advice(finding, "turn on %s in the firmware's setup",
                               check->iommu->cpu == VAS_CPU_INTEL ? "Intel VT-x" : "SVM (AMD-V)");
    }
}

void
vas_check_iommu(const VasHost *host, GPtrArray *findings)
{
    g_autoptr(VasIommu) iommu = vas_iommu_read(host);
    g_autofree char *command_line = vas_kernel_command_line(host, NULL);
    HostCheck check = {
        .host = host,
        .distribution = vas_distribution_read(host),
        .iommu = iommu,
        .findings = findings,
    };

    if (command_line == NULL)
        command_line = g_strdup(NO_COMMAND_LINE);
    check.command_line = command_line;
    check_iommu(&check);
    check_interrupt_remapping(&check);
    check_vfio(&check);
    check_kvm(&check);
}
