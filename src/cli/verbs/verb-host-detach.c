/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/keep-going.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "core/value/error.h"
#include "engine/verbs/host-driver.h"

static gboolean
run_host_detach(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {
        .devices = arguments,
        .driver = options->driver,
        .whole_group = options->group,
        .force = options->force,
        .persist = options->persist,
        .clear_override = options->clear_override,
        .keep_going = options->keep_going,
        .timeout = (guint) options->timeout,
        .dry_run = options->dry_run,
    };
    gboolean ok;

    if (!vas_keep_going_check("host-detach", options, error))
        return FALSE;
    if (options->force && options->persist) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "host-detach: --force and --persist exclude each other: at a boot nothing "
                    "overrides what the host needs");
        return FALSE;
    }
    ok = vas_host_detach(invocation->context, &request, &results, &steps, error);
    if (steps != NULL && results != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (results != NULL) {
        vas_json_add_host_results(invocation->json, results);
        vas_result_text_host_detached(invocation->text, &invocation->terminal, results);
    }
    return ok;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION("clear-override", clear_override,
                    "go on where a driver_override, set by somebody else, names a host driver"),
    VAS_TEXT_OPTION("driver", driver, "NAME", VAS_COMPLETE_NOTHING,
                    "the VFIO driver; without it the one that libvirt finds best"),
    VAS_DRY_RUN_OPTION,
    VAS_FLAG_OPTION("force", force, "though the host itself needs it"),
    VAS_FLAG_OPTION("group", group, "all other endpoints of the IOMMU group as well"),
    VAS_KEEP_GOING_OPTION,
    VAS_FLAG_OPTION("persist", persist,
                    "at each boot, too: boot puts them on the driver that they get now"),
    VAS_WAITING_OPTION("the devices"),
    {0},
};

static const char *const examples[] = {
    "virt-assign host-detach 0000:03:00.0",
    "virt-assign host-detach 0000:05:01.0 --group --persist",
    "virt-assign host-detach enp3s0f0/vf2 --driver mlx5_vfio_pci",
    NULL,
};

const VasVerb vas_verb_host_detach = {
    .name = "host-detach",
    .arguments = "DEVICE...",
    .min_arguments = 1,
    .max_arguments = -1,
    .summary = "take devices from their host drivers, for guests",
    .description =
        "Takes devices from their host drivers and puts them on a VFIO driver, all of them or "
        "none - or, with --keep-going, each for itself -, so that no host driver touches them "
        "until host-reattach. Attach and detach do so by "
        "themselves for as long as a guest has the device; this is for longer.\n\n"
        "The kernel's word on the driver is what counts. A device that is on a VFIO driver "
        "counts as done, however it got there. Refused are bridges, devices that a running guest "
        "or another process holds, and PFs that have VFs.",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_DEVICE, VAS_COMPLETE_DEVICE},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_host_detach,
};
