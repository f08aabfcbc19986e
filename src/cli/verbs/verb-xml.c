/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/assignment-options.h"
#include "cli/frame/invocation.h"
#include "cli/output/json-result.h"
#include "core/value/error.h"
#include "engine/verbs/preview.h"

/* A user who gives one of these options would look for it in the element. */
static gboolean
check_has_effect(const VasAssignmentWish *wish, GError **error)
{
    if (vas_vf_wish_is_empty(&wish->vf))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "xml: --link-state, --max-rate, --qos, --spoof-check and --trust are not part of "
                "the XML");
    vas_error_set_hint(error, "attach sets them at the VF's PF");
    return FALSE;
}

static gboolean
run_xml(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_options_wish(invocation->options, error);
    g_autoptr(VasAssignment) assignment = NULL;
    g_autofree char *xml = NULL;

    if (wish == NULL || !check_has_effect(wish, error))
        return FALSE;
    if (wish->guest_name != NULL && invocation->options->guest == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "xml: --guest-name goes with --guest");
        vas_error_set_hint(error, "see virt-assign xml --help");
        return FALSE;
    }
    xml = vas_attach_preview(invocation->context, invocation->options->guest, arguments[0], wish,
                             &assignment, error);
    if (xml == NULL)
        return FALSE;
    vas_json_add_preview(invocation->json, xml, assignment);
    g_string_append(invocation->text, xml);
    return TRUE;
}

static const VasOption options[] = {
    VAS_TEXT_OPTION("guest", guest, "GUEST", VAS_COMPLETE_GUEST,
                    "the guest it is for: chooses the guest address and MAC as attach would"),
    {0},
};

static const char *const examples[] = {
    "virt-assign xml enp1s0/vf0 --guest db1",
    "virt-assign xml 0000:01:10.0 --guest-address 0000:02:00.0 --vlan 100",
    NULL,
};

const VasVerb vas_verb_xml = {
    .name = "xml",
    .arguments = "DEVICE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "print the XML that attach would give to libvirt",
    .description = "Prints the device element that attach would send, and touches nothing. Without "
                   "--guest what only a guest can decide, its PCI address and an unused MAC, is "
                   "left out unless it is given. VF settings that libvirt does not know are not "
                   "part of the XML, and refused: attach sets them at the PF.",
    .examples = examples,
    .options = options,
    .takes_assignment_options = TRUE,
    .completers = {VAS_COMPLETE_DEVICE, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_READ,
    .run = run_xml,
};
