/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/verbs/boot.h"

static gboolean
run_boot(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    const VasBootRequest request = {.timeout = (guint) options->timeout,
                                    .dry_run = options->dry_run};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    gboolean ok;

    (void) arguments;
    if (options->uri != NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "boot works on the machine that it runs on, without libvirt: -c does not go "
                    "with it");
        return FALSE;
    }
    ok = vas_boot(invocation->context, &request, &results, &steps, error);
    if (steps != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (results != NULL) {
        vas_json_add_boot_results(invocation->json, results);
        vas_result_text_booted(invocation->text, &invocation->terminal, results);
    }
    if (results != NULL && results->len == 0)
        vas_terminal_add_line(invocation->text, &invocation->terminal,
                              "nothing is wished for each boot: there is no wish in %s",
                              VAS_WISH_FILE);
    return ok;
}

static const VasOption options[] = {
    VAS_DRY_RUN_OPTION,
    VAS_NUMBER_OPTION(
        "timeout", timeout, 1, VAS_TIMEOUT_MAX, "S",
        "seconds for all of it: for PFs that come up late, and for other commands (60)"),
    {0},
};

static const char *const examples[] = {
    "virt-assign boot",
    "virt-assign boot --dry-run",
    NULL,
};

const VasVerb vas_verb_boot = {
    .name = "boot",
    .arguments = "",
    .summary = "make what is wished for each boot",
    .description =
        "Sees that the host has what /etc/virt-assign/host.xml wishes (vfs --persist, "
        "host-detach --persist): VFs of PFs, "
        "and devices on a VFIO driver. It makes what is not there, and says what cannot be had: "
        "exit status 0 if all is there, 6 if a part of it. A PF that makes no VFs before its "
        "interface is up is tried again when it is.\n\n"
        "VFs that are there are never removed: another number than the wished one is reported. "
        "libvirt is not asked, since this runs before it: the unit virt-assign-boot.service does "
        "so at each boot (systemctl enable virt-assign-boot).",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_NOTHING, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_HOST,
    .run = run_boot,
};
