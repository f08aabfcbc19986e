/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "core/nic/nic-name-findings.h"
#include "core/place/machine.h"
#include "core/place/ports.h"
#include "core/place/slots-choose.h"
#include "core/rules/rules.h"
#include "core/rules/rules-host.h"
#include "core/value/error.h"
#include "engine/check/check-hook.h"
#include "engine/check/check-unfinished.h"
#include "engine/check/check-wish.h"
#include "host/system/qemu-process.h"

#include <string.h>

#define MIB (G_GUINT64_CONSTANT(1) << 20)
/* libvirt itself allows a guest with VFIO devices this much beyond the guest's memory, for the
 * devices' registers (qemuDomainGetMemLockLimitBytes in src/qemu/qemu_domain.c). */
#define DEVICE_REGISTERS (1024 * MIB)

/* One guest that is looked at; all of it borrowed. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    const VasGuestDefinition *definition; /* of the running guest if it runs, else its config */
    const char *command;                  /* shows the evidence */
    GPtrArray *findings;
} GuestCheck;

static VasFinding *
add(const GuestCheck *check, const char *id, VasFindingLevel level, const char *summary,
    const char *evidence)
{
    VasFinding *finding =
        vas_findings_add(check->findings, id, level, check->guest->name, "%s", summary);

    vas_finding_set_evidence(finding, "%s: %s", check->command, evidence);
    return finding;
}

static void
check_machine(const GuestCheck *check)
{
    const VasPciController *root = vas_slots_bus(check->definition, 0);
    const char *machine = check->definition->machine;
    g_autofree char *evidence = g_strdup_printf("machine='%s'", machine != NULL ? machine : "");
    VasFinding *finding = NULL;

    if (root != NULL && root->model == VAS_PCIE_ROOT) {
        (void) add(check, "guest.machine", VAS_FINDING_OK,
                   "its machine has PCI Express: devices go into root ports", evidence);
    } else if (root != NULL && root->model == VAS_PCI_ROOT) {
        finding = add(check, "guest.machine", VAS_FINDING_OK,
                      "its machine has conventional PCI: devices work in it, but the guest sees no "
                      "PCI Express",
                      evidence);
        if (vas_machine_is_x86(machine))
            vas_finding_set_advice(finding, "for drivers that want PCI Express use a q35 machine");
    } else {
        finding = add(check, "guest.machine", VAS_FINDING_PROBLEM,
                      "its machine has no PCI bus for a device", evidence);
        vas_finding_set_advice(finding, "give it a machine with PCI: virsh edit %s",
                               check->guest->word);
    }
}

static void
check_iommu(const GuestCheck *check)
{
    g_autoptr(GError) refusal = NULL;
    VasFinding *finding = NULL;

    if (vas_rules_check_guest_iommu(check->guest, check->definition, &refusal))
        return;
    finding =
        add(check, "guest.iommu", VAS_FINDING_PROBLEM, refusal->message, "<iommu model='intel'>");
    vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
}

/* A slot that is free in the running guest counts as taken when the config promises it to a device.
 */
static void
check_slots(const GuestCheck *check)
{
    g_autoptr(GPtrArray) ports = vas_ports_list(check->guest);
    g_autoptr(GError) refusal = NULL;
    VasSlotRequest request = {
        .live = check->definition, .config = check->guest->config, .scope = VAS_SCOPE_LIVE};
    VasGuestAddress address;
    VasFinding *finding = NULL;

    if (vas_slots_choose(&request, &address, &refusal)) {
        finding = vas_findings_add(check->findings, "guest.hotplug-slots", VAS_FINDING_OK,
                                   check->guest->name, "free slots for a hot-plug: %u",
                                   vas_ports_count_free(ports, check->guest));
        vas_finding_set_evidence(finding, "%s: first free guest address %s", check->command,
                                 vas_guest_address_text(address).text);
        return;
    }
    finding = add(check, "guest.hotplug-slots", VAS_FINDING_WARNING,
                  "no slot is free for a hot-plug: it cannot be given a device while it runs",
                  refusal->message);
    vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
}

/* The limit that the running QEMU has; empty where it cannot be told. Returns full. */
static char *
describe_running_limit(const GuestCheck *check)
{
    g_autofree char *evidence = NULL;
    guint64 bytes;

    if (check->guest->live == NULL || check->context->host == NULL ||
        !vas_qemu_memory_lock(check->context->host, check->guest->name, &bytes, &evidence, NULL))
        return g_strdup("");
    return g_strconcat("; ", evidence, NULL);
}

/* All of a guest's memory is locked as soon as it has a VFIO device, since the device may write
 * anywhere in it. libvirt sets the limit for QEMU as it needs to be, unless <hard_limit> sets it.
 */
static void
check_memory_lock(const GuestCheck *check)
{
    const VasGuestPlatform *platform = &check->definition->platform;
    guint64 wanted = platform->memory + DEVICE_REGISTERS;
    g_autofree char *running = describe_running_limit(check);
    g_autofree char *evidence = NULL;
    VasFinding *finding = NULL;

    if (platform->memory_limit == 0) {
        evidence = g_strdup_printf("no <hard_limit>%s%s",
                                   platform->memory_locked ? ", <locked/>" : "", running);
        (void) add(check, "guest.memory-lock", VAS_FINDING_OK,
                   platform->memory_locked
                       ? "it may lock any amount of memory"
                       : "libvirt lets it lock its memory when it gets a device",
                   evidence);
        return;
    }
    evidence = g_strdup_printf("<hard_limit> %" G_GUINT64_FORMAT " MiB, <memory> "
                               "%" G_GUINT64_FORMAT " MiB%s",
                               platform->memory_limit / MIB, platform->memory / MIB, running);
    if (platform->memory_limit >= wanted) {
        (void) add(check, "guest.memory-lock", VAS_FINDING_OK, "it may lock enough memory",
                   evidence);
        return;
    }
    finding = platform->memory_limit <= platform->memory
                  ? add(check, "guest.memory-lock", VAS_FINDING_PROBLEM,
                        "it may not lock all of its memory, which a device needs", evidence)
                  : add(check, "guest.memory-lock", VAS_FINDING_WARNING,
                        "it may lock its memory, but little more: a device with large registers "
                        "will not fit",
                        evidence);
    vas_finding_set_advice(
        finding,
        "remove <hard_limit> from its <memtune>, or raise it to %" G_GUINT64_FORMAT
        " MiB (virsh memtune %s --hard-limit %" G_GUINT64_FORMAT ")",
        wanted / MIB, check->guest->word, wanted / 1024);
}

/* Machines of other architectures have no ACPI, or need it neither for hot-plug nor for names. */
static void
check_acpi(const GuestCheck *check)
{
    VasFinding *finding = NULL;

    if (!vas_machine_is_x86(check->definition->machine))
        return;
    if (check->definition->acpi) {
        (void) add(check, "guest.acpi", VAS_FINDING_OK, "it has ACPI, for hot-plug and NIC names",
                   "<acpi/>");
        return;
    }
    finding = add(check, "guest.acpi", VAS_FINDING_WARNING,
                  "it has no ACPI: hot-plug may not be noticed, and --acpi-index names no NIC",
                  "no <acpi/> in <features>");
    vas_finding_set_advice(finding, "add <acpi/> to its <features>: virsh edit %s",
                           check->guest->word);
}

static void
check_agent(const GuestCheck *check)
{
    const VasGuestPlatform *platform = &check->definition->platform;
    VasFinding *finding = NULL;

    if (!platform->agent_channel) {
        finding = add(check, "guest.agent", VAS_FINDING_WARNING,
                      "it has no channel for a guest agent: nobody can ask it what its NICs are "
                      "called",
                      "no <channel> org.qemu.guest_agent.0");
        vas_finding_set_advice(finding,
                               "virt-xml %s --add-device --channel unix,target.type=virtio,"
                               "target.name=org.qemu.guest_agent.0",
                               check->guest->word);
    } else if (check->guest->live != NULL && !platform->agent_connected) {
        finding = add(check, "guest.agent", VAS_FINDING_WARNING,
                      "it has a channel for a guest agent, but no agent answers",
                      "<channel> org.qemu.guest_agent.0 is not connected");
        vas_finding_set_advice(finding, "install qemu-guest-agent in the guest and start it");
    } else {
        (void) add(check, "guest.agent", VAS_FINDING_OK,
                   check->guest->live != NULL ? "its guest agent is connected"
                                              : "it has a channel for a guest agent",
                   "<channel> org.qemu.guest_agent.0");
    }
}

/* The guest's system goes by libosinfo's names ("http://microsoft.com/win/2k8r2"), if it is known
 * at all. */
static gboolean
cannot_be_windows(const VasGuestPlatform *platform)
{
    return platform->system != NULL && strstr(platform->system, "microsoft.com") == NULL;
}

/* Windows up to 7 and Server 2008 R2 uses MSI and MSI-X by the CPU's family and model, and these
 * stand for a CPU of before PCI Express. A VF has no other interrupts. */
static gboolean
is_model_without_msi(const VasGuestPlatform *platform, const char *model)
{
    static const char *const models[] = {"qemu64", "qemu32", "kvm64", "kvm32", NULL};
    static const char *const architectures[] = {"x86_64", "i686", NULL};

    return (platform->architecture == NULL ||
            g_strv_contains(architectures, platform->architecture)) &&
           g_strv_contains(models, model);
}

static void
check_cpu_model(const GuestCheck *check)
{
    const VasGuestPlatform *platform = &check->definition->platform;
    gboolean is_host_cpu = platform->cpu_mode != NULL && !g_str_equal(platform->cpu_mode, "custom");
    /* Without a model in the XML libvirt leaves the choice to QEMU, whose default is this one. */
    const char *model = platform->cpu_model != NULL ? platform->cpu_model : "qemu64";
    g_autofree char *evidence = NULL;
    VasFinding *finding = NULL;

    evidence = g_strdup_printf("<cpu> %s; libosinfo: %s", is_host_cpu ? platform->cpu_mode : model,
                               platform->system != NULL ? platform->system : "not noted");
    if (is_host_cpu || !is_model_without_msi(platform, model)) {
        (void) add(check, "guest.cpu-model", VAS_FINDING_OK,
                   "its CPU model is not an obstacle to MSI-X", evidence);
        return;
    }
    if (cannot_be_windows(platform)) {
        (void) add(check, "guest.cpu-model", VAS_FINDING_OK,
                   "its CPU model keeps old Windows from MSI-X, which this guest is not", evidence);
        return;
    }
    finding = add(check, "guest.cpu-model", VAS_FINDING_WARNING,
                  "with its CPU model Windows up to 7 and Server 2008 R2 has no MSI-X, and VFs do "
                  "not work there; other systems do not mind",
                  evidence);
    vas_finding_set_advice(finding,
                           "if it is such a Windows: <cpu mode='host-model'/> with virsh "
                           "edit %s",
                           check->guest->word);
}

static void
report_missing(const GuestCheck *check, const VasGuestDefinition *definition, const char *where)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);
        VasFinding *finding = NULL;

        if (!assignment->has_device ||
            vas_inventory_find_device(check->inventory, assignment->device) != NULL)
            continue;
        finding =
            vas_findings_add(check->findings, "guest.devices", VAS_FINDING_PROBLEM,
                             check->guest->name, "%s has device %s (%s), which the host has not",
                             where, vas_host_address_text(assignment->device).text,
                             assignment->alias != NULL ? assignment->alias : "no alias");
        vas_finding_set_evidence(finding, "virsh nodedev-list --cap pci lacks %s",
                                 vas_pci_address_nodedev(assignment->device.pci).text);
        vas_finding_set_advice(finding,
                               "make it again if it is a VF (virt-assign vfs), or take it out: "
                               "virt-assign detach %s %s",
                               check->guest->word, vas_host_address_text(assignment->device).text);
    }
}

/* The running guest has what it needs: its next start is in question. */
static void
report_unmanaged(const GuestCheck *check)
{
    const VasGuestDefinition *config = check->guest->config;
    g_autofree char *remedy =
        g_strdup_printf("managed='yes' with virsh edit %s", check->guest->word);

    for (guint i = 0; config != NULL && i < config->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(config->assignments, i);
        const VasDevice *device =
            assignment->has_device ? vas_inventory_find_device(check->inventory, assignment->device)
                                   : NULL;
        g_autoptr(GError) refusal = NULL;
        VasFinding *finding = NULL;

        if (!assignment->unmanaged || device == NULL ||
            vas_rules_check_unmanaged(device, remedy, &refusal))
            continue;
        finding = add(check, "guest.devices", VAS_FINDING_PROBLEM, refusal->message,
                      "managed='no', or no word of it");
        vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
    }
}

static void
check_devices(const GuestCheck *check)
{
    const VasGuest *guest = check->guest;
    guint before = check->findings->len;
    g_autofree char *evidence = NULL;

    report_missing(check, guest->live, "the running guest");
    report_missing(check, guest->config, "its config");
    report_unmanaged(check);
    if (check->findings->len > before)
        return;
    evidence = g_strdup_printf("host devices: %u", check->definition->assignments->len);
    (void) add(check, "guest.devices", VAS_FINDING_OK,
               check->definition->assignments->len > 0 ? "the host has all of its devices"
                                                       : "it has no devices of the host",
               evidence);
}

static VasFinding *
add_different(const GuestCheck *check, const VasAssignment *assignment, const char *what)
{
    const char *name = assignment->alias != NULL ? assignment->alias : "without alias";
    VasFinding *finding = NULL;

    if (assignment->has_device)
        finding = vas_findings_add(check->findings, "guest.live-config", VAS_FINDING_WARNING,
                                   check->guest->name, "device %s (%s): %s",
                                   vas_host_address_text(assignment->device).text, name, what);
    else
        finding = vas_findings_add(check->findings, "guest.live-config", VAS_FINDING_WARNING,
                                   check->guest->name, "device of network %s (%s): %s",
                                   assignment->network, name, what);
    vas_finding_set_evidence(finding, "virsh dumpxml %s, with and without --inactive",
                             check->guest->word);
    return finding;
}

static void
report_live_differences(const GuestCheck *check)
{
    const VasGuest *guest = check->guest;

    for (guint i = 0; i < guest->live->assignments->len; i++) {
        const VasAssignment *live = g_ptr_array_index(guest->live->assignments, i);
        const VasAssignment *config = vas_guest_counterpart(guest, live);
        g_autofree char *difference =
            config != NULL ? vas_assignment_difference(live, config) : NULL;
        VasFinding *finding = NULL;

        if (config == NULL) {
            finding = add_different(check, live, "in the running guest, not in the config");
            vas_finding_set_advice(finding,
                                   "it is gone when the guest stops; to keep it: virt-assign "
                                   "attach %s %s --config",
                                   guest->word, vas_host_address_text(live->device).text);
        } else if (difference != NULL) {
            finding = add_different(check, live, difference);
            vas_finding_set_advice(finding,
                                   "the next start takes the config; if it is wrong: detach and "
                                   "attach the device again with --config");
        }
    }
}

static void
report_config_only(const GuestCheck *check)
{
    const VasGuest *guest = check->guest;

    for (guint i = 0; i < guest->config->assignments->len; i++) {
        const VasAssignment *config = g_ptr_array_index(guest->config->assignments, i);
        VasFinding *finding = NULL;

        if (vas_guest_counterpart(guest, config) != NULL)
            continue;
        finding = add_different(check, config, "in the config, not in the running guest");
        if (config->has_device)
            vas_finding_set_advice(finding,
                                   "it comes at the guest's next start, or now: virt-assign "
                                   "attach %s %s --live",
                                   guest->word, vas_host_address_text(config->device).text);
        else
            vas_finding_set_advice(finding, "it comes at the guest's next start");
    }
}

static void
check_live_config(const GuestCheck *check)
{
    const VasGuest *guest = check->guest;
    guint before = check->findings->len;

    if (guest->live == NULL || guest->config == NULL) {
        (void) add(check, "guest.live-config", VAS_FINDING_OK,
                   guest->live == NULL ? "it is shut off: there is only its config"
                                       : "it is transient: there is only the running guest",
                   "one definition");
        return;
    }
    report_live_differences(check);
    report_config_only(check);
    if (check->findings->len == before)
        (void) add(check, "guest.live-config", VAS_FINDING_OK,
                   "the running guest and its config have the same devices",
                   "the same with --inactive");
}

/* The verb names tells each finding; here it is only said that there is something to be told. */
static void
check_nic_names(const GuestCheck *check)
{
    g_autoptr(GPtrArray) unsure = vas_findings_new();
    g_autofree char *nics = g_strdup_printf("NICs: %u", check->definition->nics->len);
    gboolean fails = FALSE;
    const VasFinding *first = NULL;
    VasFinding *finding = NULL;

    vas_nic_name_find(unsure, check->guest, NULL);
    if (unsure->len == 0) {
        (void) add(check, "guest.nic-names", VAS_FINDING_OK, "the names of its NICs are sure",
                   nics);
        return;
    }
    first = g_ptr_array_index(unsure, 0);
    fails = vas_findings_count(unsure, VAS_FINDING_PROBLEM) > 0;
    finding = add(check, "guest.nic-names", fails ? VAS_FINDING_PROBLEM : VAS_FINDING_WARNING,
                  first->summary, nics);
    vas_finding_set_advice(finding, "%s: virt-assign names %s",
                           unsure->len > 1 ? "there is more, and what to do" : "what to do",
                           check->guest->word);
}

GPtrArray *
vas_check_guest(const VasContext *context, const VasInventory *inventory, const VasGuest *guest)
{
    g_autofree char *command = g_strdup_printf("virsh dumpxml %s", guest->word);
    const GuestCheck check = {
        .context = context,
        .inventory = inventory,
        .guest = guest,
        .definition = guest->live != NULL ? guest->live : guest->config,
        .command = command,
        .findings = vas_findings_new(),
    };

    if (check.definition == NULL)
        return check.findings;
    check_machine(&check);
    check_iommu(&check);
    check_slots(&check);
    check_memory_lock(&check);
    check_acpi(&check);
    check_agent(&check);
    check_cpu_model(&check);
    check_devices(&check);
    check_live_config(&check);
    check_nic_names(&check);
    vas_check_unfinished_of_guest(context, guest, check.findings);
    vas_check_hook_of_guest(context, guest, check.findings);
    vas_check_wishes(context, inventory, guest, check.findings);
    return check.findings;
}
