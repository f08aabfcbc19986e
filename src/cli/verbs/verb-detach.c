/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/change-options.h"
#include "cli/frame/invocation.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "engine/verbs/detach.h"

static gboolean
run_detach(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasDetachRequest request = {
        .guest = arguments[0],
        .subjects = arguments + 1,
        .scope = vas_change_options_scope(invocation->options),
        .timeout = (guint) invocation->options->timeout,
        .ask_again = invocation->options->ask_again,
        .dry_run = invocation->options->dry_run,
    };
    gboolean ok = vas_detach(invocation->context, &request, &results, &steps, error);

    if (steps != NULL && results != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (results != NULL) {
        vas_json_add_results(invocation->json, results);
        vas_result_text_detached(invocation->text, &invocation->terminal, results);
    }
    return ok;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION("ask-again", ask_again,
                    "send another request though one is pending: to a guest that was still booting "
                    "and missed it"),
    VAS_GUEST_TIMEOUT_OPTION(
        "seconds to wait for another command that has a device or the guest, and for the guest to "
        "release the devices (60); 0: ask, do not wait"),
    {0},
};

static const char *const examples[] = {
    "virt-assign detach db1 0000:01:10.0",
    "virt-assign detach db1 ua-pci_0000_01_10_0 --timeout 120",
    "virt-assign detach db1 0000:02:00.0 --live",
    NULL,
};

const VasVerb vas_verb_detach = {
    .name = "detach",
    .arguments = "GUEST DEVICE|ALIAS|GUEST-ADDRESS...",
    .min_arguments = 2,
    .max_arguments = -1,
    .summary = "take devices from a guest",
    .description =
        "Asks the running guest to let go of devices, waits until it has, and removes them from "
        "the config. Without --live and --config a device is removed wherever it is.\n\n"
        "A release is believed when the event, the guest's live XML and the host driver agree. "
        "Only then the config is touched. A device that is not released in time stays asked for: "
        "exit status 5. A later detach of it does not ask again but goes on waiting.\n\n"
        "Several devices are each for themselves: what a guest has let go of is not given back to "
        "it because another one fails. Exit status 6: some are out, some failed.\n\n"
        "An address that both an assignment's device and another one's guest address have is "
        "ambiguous, and so is one of a guest address that on the host is a VF or a device set "
        "aside for guests: name the assignment by its alias.",
    .examples = examples,
    .options = options,
    .takes_change_options = TRUE,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_GUEST, VAS_COMPLETE_ASSIGNMENT},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_detach,
};
