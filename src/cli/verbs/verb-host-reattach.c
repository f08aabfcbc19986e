/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/keep-going.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "engine/verbs/host-driver.h"

static gboolean
run_host_reattach(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {
        .devices = arguments,
        .persist = options->persist,
        .clear_override = options->clear_override,
        .keep_going = options->keep_going,
        .timeout = (guint) options->timeout,
        .dry_run = options->dry_run,
    };
    gboolean ok = vas_host_reattach(invocation->context, &request, &results, &steps, error);

    if (steps != NULL && results != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (results != NULL) {
        vas_json_add_host_results(invocation->json, results);
        vas_result_text_host_reattached(invocation->text, &invocation->terminal, results);
    }
    return ok;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION(
        "clear-override", clear_override,
        "drop a driver_override that somebody else set, too, and let the kernel choose"),
    VAS_DRY_RUN_OPTION,
    VAS_KEEP_GOING_OPTION,
    VAS_FLAG_OPTION("persist", persist,
                    "at each boot, too: what host-detach --persist wished is dropped"),
    VAS_WAITING_OPTION("the devices"),
    {0},
};

static const char *const examples[] = {
    "virt-assign host-reattach 0000:03:00.0",
    "virt-assign host-reattach 0000:05:01.0 0000:05:02.0",
    NULL,
};

const VasVerb vas_verb_host_reattach = {
    .name = "host-reattach",
    .arguments = "DEVICE...",
    .min_arguments = 1,
    .max_arguments = -1,
    .summary = "give devices back to their host drivers",
    .description =
        "Gives devices back to the drivers that the kernel has for them, all of them or none - or, "
        "with --keep-going, each for itself -, however they were taken: by host-detach, virsh "
        "nodedev-detach, driver_override, new_id or "
        "pci-stub. A device that is on a host driver counts as done. That no installed driver "
        "knows a device is said, and no failure.\n\n"
        "A driver_override that names a host driver stays, a device that driverctl has a host "
        "driver for goes to that one, and one that it keeps from the host is left alone, unless "
        "--clear-override says otherwise. What host-detach took from a driver that somebody had "
        "bound by hand goes to that one again, unless --clear-override leaves it to the kernel.",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_DEVICE, VAS_COMPLETE_DEVICE},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_host_reattach,
};
