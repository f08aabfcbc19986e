/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/session.h"
#include "cli/output/check-text.h"
#include "cli/output/json-guest.h"
#include "cli/output/json-result.h"
#include "cli/output/nic-table.h"
#include "engine/check/names.h"

static gboolean
run_names(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(VasSession) session = NULL;
    g_autoptr(VasNames) names = NULL;

    /* libvirt asks an agent for a read-write connection only. */
    session = vas_session_open(options->uri, !options->verify, error);
    if (session == NULL)
        return FALSE;
    names = vas_names(&session->context, arguments[0], options->scheme, options->verify, error);
    if (names == NULL)
        return FALSE;
    vas_json_add_guest(invocation->json, names->inventory, names->guest, names->nics);
    vas_json_add_findings(invocation->json, names->findings);
    vas_nic_table_append(invocation->text, &invocation->terminal, names->nics, options->verify);
    vas_check_text_findings(invocation->text, &invocation->terminal, names->findings);
    if (vas_findings_count(names->findings, VAS_FINDING_PROBLEM) > 0)
        invocation->status = 1;
    return TRUE;
}

static const VasOption options[] = {
    VAS_TEXT_OPTION(
        "scheme", scheme, "SCHEME", VAS_COMPLETE_SCHEME,
        "the naming scheme of the guest's systemd: v238 to v261, rhel-8.0 to rhel-10.1; "
        "without it the newest, and what differs"),
    VAS_FLAG_OPTION(
        "verify", verify,
        "ask the guest's agent what they really are; exit status 1 if not as predicted"),
    {0},
};

static const char *const examples[] = {
    "virt-assign names db1",
    "virt-assign names db1 --verify",
    "virt-assign names db1 --scheme rhel-9.4",
    NULL,
};

const VasVerb vas_verb_names = {
    .name = "names",
    .arguments = "GUEST",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what the guest calls its NICs, and why",
    .description =
        "Lists all NICs of the guest, virtual ones and VFs alike, with the name that "
        "systemd-udevd gives them there, and what it follows from: acpi index, slot number, or "
        "the guest's own bus number. What makes a name less than sure is said below: two NICs "
        "that claim one name, a name that another systemd gives otherwise, one that changes at "
        "the next start.\n\n"
        "With --verify the guest's agent is asked, and what it says stands beside the prediction. "
        "The exit status is 1 if they differ, or if there is another problem, else 0.",
    .examples = examples,
    .options = options,
    .completers = {VAS_COMPLETE_GUEST, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_NONE,
    .run = run_names,
};
