/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/device-table.h"
#include "cli/output/json-device.h"
#include "cli/verbs/device-filter.h"
#include "engine/base/device-names.h"
#include "engine/base/scan.h"

static gboolean
run_list(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    VasDeviceFilter filter = {0};
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(GPtrArray) chosen = NULL;
    g_autofree char *text = NULL;

    (void) arguments;
    if (!vas_device_filter_read(&filter, options, error))
        return FALSE;
    inventory = vas_scan(invocation->context, error);
    if (inventory == NULL || !vas_device_filter_find(&filter, inventory, error))
        return FALSE;
    vas_device_names_complete(inventory);
    chosen = vas_device_filter_choose(&filter, inventory);
    if (chosen->len == 0)
        vas_context_progress(invocation->context, VAS_PROGRESS_NOTE, 0, 0, "no such device");
    vas_json_add_devices(invocation->json, inventory, chosen);
    text = vas_device_table_format(inventory, chosen, options->tree, &invocation->terminal);
    g_string_append(invocation->text, text);
    return TRUE;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION("assigned", assigned, "only devices of a guest, running or in its config"),
    VAS_TEXT_OPTION("class", class_name, "CLASS", VAS_COMPLETE_CLASS,
                    "net, storage, usb, display, or all: bridges and the chipset too"),
    VAS_FLAG_OPTION("free", free, "only devices of no guest, neither running nor in its config"),
    VAS_TEXT_OPTION("guest", guest, "GUEST", VAS_COMPLETE_GUEST, "only devices of this guest"),
    VAS_TEXT_OPTION("id", id, "VVVV[:DDDD]", VAS_COMPLETE_NOTHING,
                    "only this vendor, or vendor and product, in hexadecimal"),
    VAS_TEXT_OPTION("pf", pf, "DEVICE", VAS_COMPLETE_PF, "only the VFs of this PF"),
    VAS_FLAG_OPTION("tree", tree, "print below each device the guests it is in"),
    {0},
};

static const char *const examples[] = {
    "virt-assign list",
    "virt-assign list --free --class net",
    "virt-assign list --pf enp1s0 --json",
    NULL,
};

const VasVerb vas_verb_list = {
    .name = "list",
    .arguments = "",
    .summary = "list the host's PCI devices and who has them",
    .description = "Lists the host's PCI devices, VFs below their PF. Bridges and functions of the "
                   "chipset are left out, unless --class says all. Of a guest, \"config only\" "
                   "means that it gets the device at its next start, \"live only\" that it has it "
                   "until it stops. CRIT marks a device that the host itself needs, or whose VFs "
                   "are held: attach refuses it, show says why. An empty list is not a failure.",
    .examples = examples,
    .options = options,
    .completers = {VAS_COMPLETE_NOTHING, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_READ,
    .run = run_list,
};
