/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/metrics-text.h"
#include "core/value/error.h"
#include "engine/check/metrics.h"
#include "host/files/metrics-file.h"
#include "host/this-machine.h"

static gboolean
check_options(const VasOptions *options, GError **error)
{
    if (options->output != NULL && !g_str_has_suffix(options->output, ".prom")) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "--output: \"%s\" does not end in .prom, and node_exporter reads no other file",
                    options->output);
        return FALSE;
    }
    if (!options->json)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "metrics has a format of its own: --json does not go with it");
    vas_error_set_hint(error, "virt-assign list --json has the devices and their guests");
    return FALSE;
}

static gboolean
write_file(const char *name, const char *text, GError **error)
{
    g_autoptr(VasHost) host = vas_this_machine_new();
    g_autofree char *path = g_canonicalize_filename(name, NULL);

    return vas_metrics_file_write(host, path, text, error);
}

/* A terminal gets the names in the text without what it would obey; a program gets them as they
 * are. */
static void
show(VasInvocation *invocation, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    if (!invocation->terminal.is_terminal) {
        g_string_append(invocation->text, text);
        return;
    }
    for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
        vas_terminal_add_line(invocation->text, &invocation->terminal, "%s", lines[i]);
}

static gboolean
run_metrics(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(GPtrArray) metrics = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    (void) arguments;
    if (!check_options(options, error))
        return FALSE;
    metrics = vas_metrics(invocation->context, error);
    if (metrics == NULL)
        return FALSE;
    vas_metrics_text(text, metrics);
    if (options->output != NULL)
        return write_file(options->output, text->str, error);
    show(invocation, text->str);
    return TRUE;
}

static const VasOption options[] = {
    VAS_TEXT_OPTION("output", output, "FILE.prom", VAS_COMPLETE_FILE,
                    "write them into this file, whole or not at all, instead of to standard "
                    "output"),
    {0},
};

static const char *const examples[] = {
    "virt-assign metrics",
    "virt-assign metrics --output /var/lib/prometheus/node-exporter/vfs.prom",
    NULL,
};

const VasVerb vas_verb_metrics = {
    .name = "metrics",
    .arguments = "",
    .summary = "tell Prometheus who has which device",
    .description =
        "Prints metrics in Prometheus' text format: the host's devices, which guests have them, "
        "VFs that are free and that the next boot makes, releases that are pending, running guests "
        "that differ from their config, and commands that did not end. The man page names each. "
        "What cannot be read is left out, with a note, and counted in virt_assign_unreadable.\n\n"
        "With --output they go into a file for node_exporter's textfile collector, which everybody "
        "can read and which is replaced as a whole; a file that metrics has not written stays, "
        "with exit status 4. On a failure the file stays as it was. The timer "
        "virt-assign-metrics.timer does so each minute (systemctl enable --now "
        "virt-assign-metrics.timer). --json does not go with this verb.",
    .examples = examples,
    .options = options,
    .completers = {VAS_COMPLETE_NOTHING, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_READ,
    .run = run_metrics,
};
