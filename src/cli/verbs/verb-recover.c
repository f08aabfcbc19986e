/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/json-result.h"
#include "core/value/error.h"
#include "engine/verbs/recover.h"

/* A recovery that @failure, the error at the end, reports already is not told twice. */
static void
add_lines(VasInvocation *invocation, const GPtrArray *recoveries, const GError *failure)
{
    if (recoveries->len == 0 && failure == NULL)
        vas_terminal_add_line(invocation->text, &invocation->terminal,
                              "nothing to recover: every command has ended");
    for (guint i = 0; i < recoveries->len; i++) {
        const VasRecovery *recovery = g_ptr_array_index(recoveries, i);
        g_autofree char *line = vas_recovery_text(recovery);
        const char *hint = vas_error_hint(recovery->error);

        if (failure == NULL || !g_str_has_suffix(failure->message, line))
            vas_terminal_add_line(invocation->text, &invocation->terminal, "%s%s%s", line,
                                  hint != NULL ? "; " : "", hint != NULL ? hint : "");
    }
}

static gboolean
check_options(const VasOptions *options, const char *guest, GError **error)
{
    if (options->adopt && guest == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "--adopt is for one guest, whose metadata you have looked at: name it");
        return FALSE;
    }
    if (options->adopt || !options->dry_run)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "--dry-run goes with --adopt only");
    return FALSE;
}

static gboolean
run_recover(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    const VasRecoverRequest request = {
        .guest = arguments[0],
        .timeout = (guint) options->timeout,
        .force = options->force,
        .adopt = options->adopt,
        .dry_run = options->dry_run,
    };
    g_autoptr(GPtrArray) recoveries = NULL;
    GError *failure = NULL;

    if (!check_options(options, request.guest, error))
        return FALSE;
    (void) vas_recover(invocation->context, &request, &recoveries, &failure);
    if (recoveries != NULL) {
        vas_json_add_recoveries(invocation->json, recoveries);
        add_lines(invocation, recoveries, failure);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static const VasOption options[] = {
    VAS_FLAG_OPTION("adopt", adopt,
                    "also what is in GUEST's metadata without this host's seal: look at it first, "
                    "with --dry-run"),
    VAS_FLAG_OPTION("dry-run", dry_run, "with --adopt: say what would be done, but do nothing"),
    VAS_FLAG_OPTION("force", force,
                    "also what another user or machine began: only when it is at work no more"),
    VAS_NUMBER_OPTION(
        "timeout", timeout, 0, VAS_TIMEOUT_MAX, "S",
        "seconds to wait for a command that is still at work, and for a guest to release "
        "what is undone (60)"),
    {0},
};

static const char *const examples[] = {
    "virt-assign recover",
    "virt-assign recover db1",
    "virt-assign recover db1 --timeout 10",
    "virt-assign recover --adopt db1 --dry-run",
    NULL,
};

const VasVerb vas_verb_recover = {
    .name = "recover",
    .arguments = "[GUEST]",
    .min_arguments = 0,
    .max_arguments = 1,
    .summary = "finish or undo what killed commands left",
    .description =
        "A command that changes something puts on record, before its first step, what it is about "
        "to do and what was before, and takes the record away when it has ended: below "
        "/run/virt-assign, and, if it is about a guest, its devices in the metadata of the guest. "
        "What the metadata says counts if /run/virt-assign says so, too, or if it bears the seal "
        "of the host's key, /etc/virt-assign/key: then for devices that the guest has, with host "
        "drivers and VF settings left alone. What is still on record when no command is at work "
        "belongs to one that was killed, or that could not undo what it had done (exit status "
        "7).\n\n"
        "An attach that came to its end is finished; else all of it is undone, and the settings of "
        "VFs and the host drivers are as before. A detach is finished for what the guest has let "
        "go of; what it was asked for and has not released stays pending (exit status 5), and what "
        "it was not asked for stays where it is. New ports are all there, or taken out. vfs, "
        "host-detach and host-reattach are finished or undone. Settings that are on record of a "
        "guest which lost the VF with nobody looking are put back.\n\n"
        "Without GUEST it is done for all guests, up to five at a time, and for the host. attach, "
        "detach and ports --add "
        "do it themselves before they begin, for their guest; vfs, host-detach and host-reattach "
        "for what such a command left of their devices.",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_GUEST, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_recover,
};
