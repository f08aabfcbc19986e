/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/assignment-options.h"
#include "cli/frame/change-options.h"
#include "cli/frame/invocation.h"
#include "cli/frame/keep-going.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "engine/verbs/attach.h"

/* Seconds that a guest gets to release what is undone, however little patience there is: a native
 * PCIe slot alone takes 5 (BTN_PRESSED in drivers/pci/hotplug/pciehp_ctrl.c), several one after the
 * other. */
#define MIN_UNDO_TIMEOUT 30

/* Two PFs can sit on one card: when both options are given, the card counts. */
static VasDistinct
distinct_of(const VasOptions *options)
{
    if (options->distinct_card)
        return VAS_DISTINCT_CARD;
    return options->distinct_pf ? VAS_DISTINCT_PF : VAS_DISTINCT_NONE;
}

static gboolean
run_attach(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_options_wish(invocation->options, error);
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasAttachRequest request = {
        .guest = arguments[0],
        .devices = arguments + 1,
        .wish = wish,
        .scope = vas_change_options_scope(invocation->options),
        .timeout = (guint) invocation->options->timeout,
        .undo_timeout = MIN_UNDO_TIMEOUT,
        .whole_group = invocation->options->group,
        .distinct = distinct_of(invocation->options),
        .required = invocation->options->required,
        .keep_going = invocation->options->keep_going,
        .dry_run = invocation->options->dry_run,
        .force = invocation->options->force,
    };
    gboolean ok;

    if (wish == NULL || !vas_keep_going_check("attach", invocation->options, error))
        return FALSE;
    ok = vas_attach(invocation->context, &request, &results, &steps, error);
    if (steps != NULL && results != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (results != NULL) {
        vas_json_add_results(invocation->json, results);
        vas_result_text_attached(invocation->text, &invocation->terminal, results);
    }
    return ok;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION("distinct-card", distinct_card,
                    "refuse a device of a card that the guest has another function or VF of"),
    VAS_FLAG_OPTION(
        "distinct-pf", distinct_pf,
        "refuse a VF of a PF that the guest has another VF of: for a bond in the guest"),
    VAS_FLAG_OPTION(
        "force", force,
        "take a device that the host needs, or rename other NICs of the guest; says what "
        "for"),
    VAS_FLAG_OPTION("group", group,
                    "hold the rest of the IOMMU group for the guest, too, without showing it"),
    VAS_KEEP_GOING_OPTION,
    VAS_FLAG_OPTION("required", required,
                    "what is asked for of a VF and kept for each start is so, or the start fails"),
    VAS_GUEST_TIMEOUT_OPTION(
        "seconds to wait for another command that has a device or the guest (60), and for the "
        "guest to release what has to be taken back: for that 30 at least"),
    {0},
};

static const char *const examples[] = {
    "virt-assign attach db1 enp1s0/vf0",
    "virt-assign attach db1 0000:01:10.0 --guest-address 0000:02:00.0 --vlan 100",
    "virt-assign attach db1 enp1s0/vf0 --vlan 100 --qos 3 --trust on",
    "virt-assign attach db1 enp1s0/vf0 --guest-name enp2s0",
    "virt-assign attach db1 01:10.0 01:10.2 --dry-run",
    "virt-assign attach db1 enp1s0/vf0 enp2s0/vf0 --distinct-pf",
    "virt-assign attach db1 01:10.0 01:10.2 --keep-going",
    NULL,
};

const VasVerb vas_verb_attach = {
    .name = "attach",
    .arguments = "GUEST DEVICE...",
    .min_arguments = 2,
    .max_arguments = -1,
    .summary = "give devices to a guest",
    .description =
        "Gives host devices to a guest, at fixed PCI addresses of the guest: to the running guest "
        "by hot-plug, to its config for the next starts, or both. Without --live and --config it "
        "is whatever the guest has: both if it runs, config if it is shut off, live if it is "
        "transient.\n\n"
        "Everything that can be checked is checked before anything is touched. Afterwards it is "
        "proven: the guest's live XML has the device at that address, its host driver is a VFIO "
        "one, and the PF shows the MAC, the VLAN and the other settings of the VF. If something "
        "fails, all devices of the command are taken back; with --keep-going only the one that it "
        "is about, and the exit status is 6 if others are attached. What is already attached that "
        "way counts as done; attached otherwise it is a conflict.\n\n"
        "What libvirt does not set of a VF - priority, spoof check, trust, link state, rate - is "
        "set at the PF before the guest sees the VF, and put back with all the rest when the guest "
        "has let go of it.\n\n"
        "Refused is a device that the host itself needs: for a mounted file system, swap, a "
        "default route, the session this command came in by, or the only display with a console; "
        "and a PF while guests hold its VFs. A running guest gets no PF that has VFs, by --force "
        "neither: they would go with its driver. Refused, too, is an attach after which another "
        "NIC of the guest would have another name.",
    .examples = examples,
    .options = options,
    .takes_change_options = TRUE,
    .takes_assignment_options = TRUE,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_GUEST, VAS_COMPLETE_FREE_DEVICE},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_attach,
};
