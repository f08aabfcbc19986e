/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "core/inventory/iommu-group.h"
#include "core/rules/rules-critical.h"
#include "core/rules/rules-host.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"
#include "core/value/shell-word.h"
#include "engine/base/bar-room.h"
#include "engine/check/check-advice.h"
#include "engine/check/check-holders.h"
#include "engine/check/check-pools.h"
#include "host/pci/endpoint.h"
#include "host/sriov/sriov.h"
#include "host/system/kernel.h"

#include <string.h>

/* One device that is looked at; all of it borrowed. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasDevice *device;
    const char *subject; /* its address */
    GPtrArray *findings;
} DeviceCheck;

static VasFinding *
add(const DeviceCheck *check, const char *id, VasFindingLevel level, const char *summary)
{
    return vas_findings_add(check->findings, id, level, check->subject, "%s", summary);
}

static void
check_endpoint(const DeviceCheck *check)
{
    g_autoptr(VasAssignmentWish) nothing_special = vas_assignment_wish_new();
    g_autoptr(GError) refusal = NULL;
    VasFinding *finding = NULL;

    if (vas_rules_check_wish(check->device, nothing_special, &refusal)) {
        finding = add(check, "device.endpoint", VAS_FINDING_OK, "it is an endpoint");
    } else {
        finding = add(check, "device.endpoint", VAS_FINDING_PROBLEM, refusal->message);
        vas_finding_set_advice(finding, "assign the devices behind it");
    }
    vas_finding_set_evidence(finding, "class %06x (lspci -n -s %s)", check->device->class_code,
                             check->subject);
}

static void
check_sriov(const DeviceCheck *check)
{
    const VasDevice *device = check->device;
    g_autofree char *name =
        vas_shell_word(device->interface != NULL ? device->interface : check->subject);
    VasFinding *finding = NULL;

    switch (device->kind) {
    case VAS_DEVICE_PF:
        finding =
            vas_findings_add(check->findings, "device.sriov", VAS_FINDING_OK, check->subject,
                             "it is a PF and has %u of %u VFs", device->vfs->len, device->max_vfs);
        vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/sriov_totalvfs", check->subject);
        vas_finding_set_advice(finding,
                               device->vfs->len == 0
                                   ? "to make some: virt-assign vfs %s COUNT"
                                   : "before a guest can have the PF itself: virt-assign vfs %s 0",
                               name);
        break;
    case VAS_DEVICE_VF:
        finding = vas_findings_add(check->findings, "device.sriov", VAS_FINDING_OK, check->subject,
                                   "it is a VF of %s", vas_host_address_text(device->pf).text);
        vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/physfn", check->subject);
        break;
    case VAS_DEVICE_FUNCTION:
        finding = add(check, "device.sriov", VAS_FINDING_OK,
                      "it has no SR-IOV: one guest at a time can have it");
        vas_finding_set_evidence(finding, "no /sys/bus/pci/devices/%s/sriov_totalvfs",
                                 check->subject);
        break;
    }
}

/* libvirt sets up a VF that goes in as an interface through its PF's interface. */
static void
add_pf_link(const DeviceCheck *check, VasHostAddress pf, const char *interface, gboolean up)
{
    g_autofree char *word = NULL;
    VasFinding *finding = NULL;

    if (interface == NULL) {
        finding =
            vas_findings_add(check->findings, "device.pf-up", VAS_FINDING_WARNING, check->subject,
                             "the PF %s has no network interface: its VFs can be assigned as "
                             "plain hostdev only",
                             vas_host_address_text(pf).text);
        vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/net is empty",
                                 vas_host_address_text(pf).text);
        vas_finding_set_advice(finding,
                               "give the PF back to its host driver: virt-assign "
                               "host-reattach %s",
                               vas_host_address_text(pf).text);
        return;
    }
    finding = vas_findings_add(check->findings, "device.pf-up",
                               up ? VAS_FINDING_OK : VAS_FINDING_PROBLEM, check->subject,
                               up ? "the PF %s is up"
                                  : "the PF %s is down, and its VFs cannot be "
                                    "assigned as interfaces then",
                               interface);
    word = vas_shell_word(interface);
    vas_finding_set_evidence(finding, "/sys/class/net/%s/flags (ip link show %s)", interface, word);
    if (!up)
        vas_finding_set_advice(finding, "ip link set %s up", word);
}

/* A guest's driver brings no port up whose GUIDs are zero, as they are until the PF's owner sets
 * them. */
static void
check_guids(const DeviceCheck *check)
{
    const VasDevice *device = check->device;
    const VasDevice *pf = vas_inventory_pf_of(check->inventory, device);
    g_autofree char *name = NULL;
    VasFinding *finding = NULL;

    if (device->kind != VAS_DEVICE_VF || !vas_device_is_fabric(device))
        return;
    name = vas_shell_word(pf != NULL && pf->interface != NULL ? pf->interface : "PF");
    finding = add(check, "device.guids", VAS_FINDING_WARNING,
                  "it is an InfiniBand VF, which needs a node and a port GUID from its PF");
    vas_finding_set_evidence(finding, "class %06x; ip link show %s", device->class_code, name);
    vas_finding_set_advice(finding,
                           "where they are zero: ip link set %s vf %d node_guid GUID, and the same "
                           "with port_guid",
                           name, MAX(device->vf_index, 0));
}

static void
check_pf_link(const DeviceCheck *check)
{
    const VasDevice *device = check->device;
    VasHostAddress pf = device->kind == VAS_DEVICE_VF ? device->pf : device->address;
    g_autofree char *interface = NULL;
    g_autoptr(GError) refusal = NULL;
    gboolean up = FALSE;

    if (device->kind == VAS_DEVICE_FUNCTION || !vas_device_in_class(device, VAS_CLASS_NET) ||
        vas_device_is_fabric(device))
        return;
    if (!vas_sriov_read_link(check->context->host, pf, &interface, &up, &refusal)) {
        VasFinding *finding =
            add(check, "device.pf-up", VAS_FINDING_WARNING, "whether its PF is up cannot be read");

        vas_finding_set_evidence(finding, "%s", refusal->message);
        return;
    }
    add_pf_link(check, pf, interface, up);
}

/* Where a member of the group is: "0000:05:02.0 on ahci". Returns full. */
static char *
describe_place(const VasDevice *member)
{
    return g_strdup_printf("%s on %s", vas_host_address_text(member->address).text,
                           member->driver != NULL ? member->driver : "no driver");
}

/* The members of a group, each with who has it. */
typedef struct {
    GString *all;
    GString *in_the_way;         /* keep the group from any guest, or from any but one that runs */
    GString *reserved;           /* in a config: keep it from any other guest */
    const VasGuest *reserved_by; /* the last of @reserved, for an example */
    const VasDevice *reserved_member;
} GroupSurvey;

static void
append_place(GString *list, const char *place)
{
    g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", place);
}

/* Whether @guest has the device itself: it may have the other members as well. */
static gboolean
is_own_guest(const DeviceCheck *check, const VasGuest *guest)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(check->inventory, check->device);

    for (guint i = 0; i < holdings->len; i++) {
        if (g_array_index(holdings, VasHolding, i).guest == guest)
            return TRUE;
    }
    return FALSE;
}

/* Counts a member of the group by the rule that attach follows (vas_rules_check_group). */
static void
survey_member(const DeviceCheck *check, const VasDevice *member, GroupSurvey *survey)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(check->inventory, member);
    g_autofree char *place = describe_place(member);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);
        g_autofree char *held = g_strdup_printf(
            "%s %s %s", vas_host_address_text(member->address).text,
            holding->live != NULL ? "in guest" : "in the config of", holding->guest->name);

        append_place(survey->all, held);
        if (is_own_guest(check, holding->guest))
            continue;
        append_place(holding->live != NULL ? survey->in_the_way : survey->reserved, held);
        if (holding->live == NULL) {
            survey->reserved_by = holding->guest;
            survey->reserved_member = member;
        }
    }
    if (holdings->len == 0)
        append_place(survey->all, place);
    if (vas_iommu_group_is_blocked_by(member))
        append_place(survey->in_the_way, place);
}

static VasFinding *
add_group(const DeviceCheck *check, const GroupSurvey *survey)
{
    int group = check->device->iommu_group;
    VasFinding *finding = NULL;

    if (survey->in_the_way->len > 0) {
        finding =
            vas_findings_add(check->findings, "device.group", VAS_FINDING_PROBLEM, check->subject,
                             "its IOMMU group %d has members that are used otherwise: %s", group,
                             survey->in_the_way->str);
        vas_finding_set_advice(finding,
                               "all of a group go together: take it as a whole (attach --group), "
                               "or put the device into a slot with a group of its own");
    } else if (survey->reserved->len > 0) {
        finding = vas_findings_add(
            check->findings, "device.group", VAS_FINDING_WARNING, check->subject,
            "its IOMMU group %d goes to one guest only, and members are reserved: %s", group,
            survey->reserved->str);
        vas_finding_set_advice(finding,
                               "give it to that guest, or take them out of its config: "
                               "virt-assign detach %s %s",
                               survey->reserved_by->word,
                               vas_host_address_text(survey->reserved_member->address).text);
    } else if (survey->all->len > 0) {
        finding = vas_findings_add(check->findings, "device.group", VAS_FINDING_OK, check->subject,
                                   "its IOMMU group %d has other members, none in the way: %s",
                                   group, survey->all->str);
    } else {
        finding = vas_findings_add(check->findings, "device.group", VAS_FINDING_OK, check->subject,
                                   "it is alone in its IOMMU group %d", group);
    }
    return finding;
}

static void
check_group(const DeviceCheck *check)
{
    int group = check->device->iommu_group;
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(check->inventory, check->device);
    g_autoptr(GString) all = g_string_new(NULL);
    g_autoptr(GString) in_the_way = g_string_new(NULL);
    g_autoptr(GString) reserved = g_string_new(NULL);
    GroupSurvey survey = {.all = all, .in_the_way = in_the_way, .reserved = reserved};
    g_autoptr(GError) refusal = NULL;
    VasFinding *finding = NULL;

    if (group < 0) {
        (void) vas_rules_check_iommu_group(check->inventory, check->device, &refusal);
        finding = add(check, "device.group", VAS_FINDING_PROBLEM, refusal->message);
        vas_finding_set_evidence(finding, "no /sys/bus/pci/devices/%s/iommu_group", check->subject);
        vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
        return;
    }
    for (guint i = 0; i < mates->len; i++)
        survey_member(check, g_ptr_array_index(mates, i), &survey);
    finding = add_group(check, &survey);
    if (all->len > 0)
        vas_finding_set_evidence(finding, "/sys/kernel/iommu_groups/%d/devices: %s", group,
                                 all->str);
    else
        vas_finding_set_evidence(finding, "/sys/kernel/iommu_groups/%d/devices", group);
}

static void
check_reset(const DeviceCheck *check)
{
    g_autofree char *methods =
        vas_endpoint_reset_methods(check->context->host, check->device->address);
    VasFinding *finding = NULL;

    if (methods != NULL) {
        finding = vas_findings_add(check->findings, "device.reset", VAS_FINDING_OK, check->subject,
                                   "it can be reset between guests: %s", methods);
        vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/reset_method", check->subject);
        return;
    }
    finding = add(check, "device.reset", VAS_FINDING_WARNING,
                  "the kernel cannot reset it: what one guest did to it stays for the next, and it "
                  "may not work until the host is restarted");
    vas_finding_set_evidence(finding, "no /sys/bus/pci/devices/%s/reset_method", check->subject);
    vas_finding_set_advice(finding,
                           "give it to one guest only, and try that guest's restart before "
                           "it counts");
}

static void
check_numa(const DeviceCheck *check)
{
    VasFinding *finding = NULL;

    if (check->device->numa_node >= 0)
        finding = vas_findings_add(check->findings, "device.numa", VAS_FINDING_OK, check->subject,
                                   "it is on NUMA node %d: a guest with its memory there is "
                                   "nearest",
                                   check->device->numa_node);
    else
        finding = add(check, "device.numa", VAS_FINDING_OK, "it is tied to no NUMA node");
    vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/numa_node: %d", check->subject,
                             check->device->numa_node);
}

/* "igb, vfio_pci"; NULL: none. Returns full. */
static char *
matching_drivers(const DeviceCheck *check, const char *family)
{
    g_autofree char *modalias =
        vas_endpoint_modalias(check->context->host, check->device->address, NULL);
    g_autoptr(GPtrArray) modules = NULL;

    if (modalias == NULL)
        return NULL;
    modules = vas_kernel_modules_for(check->context->host, family, modalias);
    if (modules->len == 0)
        return NULL;
    g_ptr_array_add(modules, NULL);
    return g_strjoinv(", ", (char **) modules->pdata);
}

static void
check_drivers(const DeviceCheck *check)
{
    const char *driver = check->device->driver;
    g_autofree char *own = matching_drivers(check, "pci");
    g_autofree char *vfio = matching_drivers(check, "vfio_pci");
    VasFinding *finding = NULL;

    if (driver == NULL && own == NULL) {
        finding = add(check, "device.drivers", VAS_FINDING_WARNING,
                      "it is on no driver, and no module of the host is for it");
        vas_finding_set_advice(finding, "guests can have it; for the host its driver has to be "
                                        "installed");
    } else if (driver == NULL) {
        finding = vas_findings_add(check->findings, "device.drivers", VAS_FINDING_WARNING,
                                   check->subject, "it is on no driver, though %s is for it", own);
        vas_finding_set_advice(finding, "virt-assign host-reattach %s, if the host is to have it",
                               check->subject);
    } else {
        finding = vas_findings_add(check->findings, "device.drivers", VAS_FINDING_OK,
                                   check->subject, "it is on %s; the host's own driver: %s", driver,
                                   own != NULL                            ? own
                                   : vas_device_is_on_vfio(check->device) ? "none"
                                                                          : driver);
    }
    vas_finding_set_evidence(finding, "modules.alias: %s; VFIO drivers: %s%s",
                             own != NULL ? own : "none", vfio != NULL ? vfio : "none",
                             vfio != NULL && strchr(vfio, ',') != NULL
                                 ? " (libvirt takes the first, before 9.7 vfio-pci)"
                                 : "");
}

/* The host's own needs are not for us to see when @context->host is NULL, but the guests of the
 * device's VFs are. */
static void
check_critical(const DeviceCheck *check)
{
    g_autoptr(GPtrArray) reasons = vas_rules_critical_reasons(check->inventory, check->device);
    gboolean can_be_forced = vas_device_is_endpoint(check->device) && check->device->vfs->len == 0;
    VasFinding *finding = NULL;

    if (reasons->len == 0) {
        finding = add(check, "device.critical", VAS_FINDING_OK,
                      "nothing is known to need it on the host");
        vas_finding_set_evidence(finding, "mounts, swap, routes, this session, displays, VFs");
        return;
    }
    for (guint i = 0; i < reasons->len; i++) {
        finding = vas_findings_add(check->findings, "device.critical", VAS_FINDING_PROBLEM,
                                   check->subject, "it is needed where it is");
        vas_finding_set_evidence(finding, "%s", (char *) g_ptr_array_index(reasons, i));
        vas_finding_set_advice(finding, can_be_forced
                                            ? "end that use first; attach --force takes it "
                                              "nevertheless"
                                            : "end that use first");
    }
}

static void
check_bar_room(const DeviceCheck *check, const VasGuest *guest)
{
    const VasGuestDefinition *definition = guest->live != NULL ? guest->live : guest->config;
    VasBarRoom room;
    g_autofree char *text = NULL;
    g_autofree char *advice = NULL;
    VasFinding *finding = NULL;

    if (definition == NULL ||
        !vas_bar_room_measure(check->context, definition, check->device->address, &room))
        return;
    if (vas_bar_room_suffices(&room)) {
        finding = add(
            check, "device.bar-room", VAS_FINDING_OK,
            room.bars == 0 ? "it has no BARs that need room above 4 GiB"
            : vas_bar_window_of_port_stays(definition)
                ? "the guest's machine has room for its BARs; hot-plugged they have to fit "
                  "the port's own window, too, which the firmware sets at a start: a card "
                  "with large ones is better attached with --config"
                : "the guest's machine has room for its BARs, hot-plugged into a root port, too");
    } else {
        text = vas_bar_room_describe(&room);
        advice = vas_bar_room_advice(definition, &room);
        finding = add(check, "device.bar-room", VAS_FINDING_WARNING, text);
        vas_finding_set_advice(finding, "%s", advice);
    }
    vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/resource; %s", check->subject,
                             definition->platform.has_pci_hole64
                                 ? "<pcihole64> of the guest's root bus"
                                 : "no <pcihole64> in the guest, so what QEMU gives by itself");
}

GPtrArray *
vas_check_device(const VasContext *context, const VasInventory *inventory, const VasDevice *device,
                 const VasGuest *guest)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    const DeviceCheck check = {
        .context = context,
        .inventory = inventory,
        .device = device,
        .subject = address.text,
        .findings = vas_findings_new(),
    };

    check_endpoint(&check);
    check_sriov(&check);
    vas_check_holders(context, inventory, device, check.findings);
    vas_check_pools(inventory, device, check.findings);
    check_guids(&check);
    check_critical(&check);
    check_group(&check);
    check_numa(&check);
    if (context->host == NULL) {
        g_autofree char *command = g_strconcat("check ", address.text, NULL);

        vas_advice_add_remote(check.findings, "device.local", address.text,
                              "whether its PF is up, its reset methods, the drivers for it",
                              command);
        return check.findings;
    }
    check_pf_link(&check);
    check_reset(&check);
    check_drivers(&check);
    if (guest != NULL)
        check_bar_room(&check, guest);
    return check.findings;
}
