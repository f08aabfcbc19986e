/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/session.h"
#include "cli/output/check-text.h"
#include "cli/output/json-result.h"
#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/pools.h"
#include "engine/base/scan.h"
#include "engine/check/check.h"
#include "host/this-machine.h"
#include "virt/libvirt-uri.h"

/* libvirt says only on a read-write connection what it can do here; all other checks work without.
 */
static VasSession *
open_session(const char *uri, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    VasSession *session = vas_session_open(uri, FALSE, &refusal);

    if (session != NULL)
        return session;
    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED))
        return vas_session_open(uri, TRUE, error);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return NULL;
}

/* Does the URI mean this machine? Without a URI it does. */
static gboolean
is_local(const char *uri)
{
    const char *wanted = uri != NULL ? uri : g_getenv("LIBVIRT_DEFAULT_URI");

    return wanted == NULL || wanted[0] == '\0' || vas_libvirt_uri_is_local(wanted);
}

static GPtrArray *
check_host_without_libvirt(const char *uri, const GError *refusal)
{
    g_autoptr(VasHost) host = is_local(uri) ? vas_this_machine_new() : NULL;
    const VasContext context = {.host = host};

    return vas_check_host(&context, refusal);
}

/* Checks @device with the pools that may have it. Returns full. */
static GPtrArray *
check_device(const VasContext *context, VasInventory *inventory, const VasDevice *device,
             const VasGuest *guest, GError **error)
{
    gboolean has_pools = device->kind != VAS_DEVICE_FUNCTION;

    return !has_pools || vas_pools_read(context, inventory, error)
               ? vas_check_device(context, inventory, device, guest)
               : NULL;
}

/* @names: a device or a guest, or a device and a guest. */
static GPtrArray *
check_subject(const VasContext *context, const char *const *names, GError **error)
{
    const char *const devices[] = {names[0], NULL};
    const VasScanSubject subject = {.guest = names[1] != NULL ? names[1] : names[0],
                                    .names = devices,
                                    .may_name_other = names[1] == NULL};
    g_autoptr(VasInventory) inventory = vas_scan_about(context, &subject, error);
    VasDevice *device = NULL;
    VasGuest *guest = NULL;

    if (inventory == NULL)
        return NULL;
    if (names[1] != NULL) {
        device = vas_selector_device(inventory, names[0], error);
        guest = device != NULL ? vas_selector_guest(inventory, names[1], error) : NULL;
        return guest != NULL ? check_device(context, inventory, device, guest, error) : NULL;
    }
    if (!vas_selector_any(inventory, names[0], &device, &guest, error))
        return NULL;
    if (device != NULL)
        return check_device(context, inventory, device, NULL, error);
    return vas_pools_read_for(context, inventory, guest, FALSE, error)
               ? vas_check_guest(context, inventory, guest)
               : NULL;
}

static gboolean
run_check(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const char *uri = invocation->options->uri;
    g_autoptr(GError) refusal = NULL;
    g_autoptr(VasSession) session = open_session(uri, &refusal);
    g_autoptr(GPtrArray) findings = NULL;

    if (arguments[0] != NULL && session == NULL) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (arguments[0] != NULL)
        findings = check_subject(&session->context, arguments, error);
    else if (session != NULL)
        findings = vas_check_host(&session->context, NULL);
    else
        findings = check_host_without_libvirt(uri, refusal);
    if (findings == NULL)
        return FALSE;
    vas_json_add_findings(invocation->json, findings);
    vas_check_text(invocation->text, &invocation->terminal, findings);
    if (vas_findings_count(findings, VAS_FINDING_PROBLEM) > 0)
        invocation->status = 1;
    return TRUE;
}

static const char *const examples[] = {
    "virt-assign check",
    "virt-assign check enp1s0/vf0",
    "virt-assign check db1 --json",
    NULL,
};

const VasVerb vas_verb_check = {
    .name = "check",
    .arguments = "[DEVICE [GUEST]|GUEST]",
    .max_arguments = 2,
    .summary = "check whether host, device or guest is ready, and what to do",
    .description =
        "Without an argument it checks the host: IOMMU, interrupt remapping, VFIO, KVM, libvirt, "
        "network managers, the VFs that a reboot would lose or that other programs write over, and "
        "what killed commands left. Of a "
        "device: whether it can be assigned as things are, who has it, and whether GUEST has room "
        "for its memory. Of a guest: its machine, room for a hot-plug, memory lock, the devices it "
        "has, and what killed commands left.\n\n"
        "Each finding is ok, a warning or a problem; for the latter two it says what shows it and "
        "what to do. Nothing is changed. The exit status is 1 if there is a problem, else 0.",
    .examples = examples,
    .completers = {VAS_COMPLETE_DEVICE_OR_GUEST, VAS_COMPLETE_GUEST},
    .connection = VAS_CONNECTION_NONE,
    .run = run_check,
};
