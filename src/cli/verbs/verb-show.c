/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/json-device.h"
#include "cli/output/json-guest.h"
#include "cli/output/json-result.h"
#include "cli/output/show-text.h"
#include "core/inventory/selector.h"
#include "engine/base/device-identity.h"
#include "engine/base/device-names.h"
#include "engine/base/pools.h"
#include "engine/base/scan.h"
#include "engine/check/check-unfinished.h"
#include "engine/check/wish-state.h"
#include "engine/steps/vf-settings.h"

static gboolean
show_device(VasInvocation *invocation, VasInventory *inventory, const VasDevice *device,
            GError **error)
{
    g_autoptr(VasIdentity) identity = NULL;
    VasVfSettings settings;
    gboolean known = FALSE;

    if (!vas_pools_read_about(invocation->context, inventory, device, error) ||
        !vas_device_identity_read(invocation->context, inventory, device, &identity, error) ||
        !vas_vf_settings_read(invocation->context, device, &known, &settings, error))
        return FALSE;
    vas_device_names_complete(inventory);
    vas_json_add_device(invocation->json, inventory, device);
    vas_json_add_pools(invocation->json, inventory, device);
    vas_json_add_vf_settings(invocation->json, known ? &settings : NULL);
    vas_json_add_identity(invocation->json, identity);
    vas_show_text_device(invocation->text, &invocation->terminal, inventory, device, identity,
                         known ? &settings : NULL);
    return TRUE;
}

/* Tells what is on record of commands that did not end, or that nothing vouches for. */
static void
tell_records(VasInvocation *invocation, const VasGuest *guest)
{
    g_autoptr(GPtrArray) findings = vas_findings_new();

    vas_check_unfinished_of_guest(invocation->context, guest, findings);
    vas_json_add_findings(invocation->json, findings);
    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        vas_context_progress(invocation->context, VAS_PROGRESS_NOTE, 0, 0, "%s%s%s",
                             finding->summary, finding->advice != NULL ? "; " : "",
                             finding->advice != NULL ? finding->advice : "");
    }
}

static gboolean
run_show(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasScanSubject subject = {arguments[0], arguments, .may_name_other = TRUE};
    g_autoptr(VasInventory) inventory = vas_scan_about(invocation->context, &subject, error);
    VasDevice *device = NULL;
    VasGuest *guest = NULL;
    g_autoptr(GPtrArray) nics = NULL;
    g_autoptr(GArray) wishes = NULL;

    if (inventory == NULL || !vas_selector_any(inventory, arguments[0], &device, &guest, error))
        return FALSE;
    if (device != NULL)
        return show_device(invocation, inventory, device, error);
    if (!vas_pools_read_for(invocation->context, inventory, guest, FALSE, error))
        return FALSE;
    nics = vas_guest_nics(guest, NULL);
    wishes = vas_wish_states(invocation->context, inventory, guest);
    vas_json_add_guest(invocation->json, inventory, guest, nics);
    vas_show_text_guest(invocation->text, &invocation->terminal, inventory, guest, nics);
    vas_json_add_wishes(invocation->json, wishes);
    vas_show_text_wishes(invocation->text, &invocation->terminal, wishes);
    tell_records(invocation, guest);
    return TRUE;
}

static const char *const examples[] = {
    "virt-assign show enp1s0/vf0",
    "virt-assign show 0000:01:10.0 --json",
    "virt-assign show db1",
    NULL,
};

const VasVerb vas_verb_show = {
    .name = "show",
    .arguments = "DEVICE|GUEST",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "show all about one device or guest",
    .description = "Of a device: what it is, its host driver, PF and VFs, what the PF holds about "
                   "it if it is a VF, by which keys and which place it is known again, and the "
                   "guests that have it. Of a guest: its devices, the running guest beside the "
                   "config with what differs, what is kept for each start beside what is, and its "
                   "NICs with the names that the guest will give "
                   "them, and why.",
    .examples = examples,
    .completers = {VAS_COMPLETE_DEVICE_OR_GUEST, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_READ,
    .run = run_show,
};
