/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/frame/help.h"
#include "cli/frame/invocation.h"
#include "cli/frame/progress.h"
#include "cli/frame/session.h"
#include "cli/frame/signals.h"
#include "cli/print/json.h"
#include "core/value/error.h"
#include "core/value/hook-call.h"
#include "virt/libvirt-hypervisor.h"
#include "virt/libvirt-version.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* The command is done, which a script that would run it again has to know. */
#define EXIT_DONE_UNPRINTED 8

/* Seconds that libvirt has for a call, however short --timeout is: some calls take it a while. */
#define MIN_PATIENCE 10

/* A closed standard stream is filled with one that fails: else the connection to libvirt would get
 * its number, and results would be written into it. */
static void
fill_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0)
            (void) open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

static void
say_version(VasInvocation *invocation)
{
    g_autofree char *libvirt = vas_libvirt_library_version();

    vas_json_add_text(invocation->json, "version", PACKAGE_VERSION);
    vas_json_add_text(invocation->json, "libvirt", libvirt);
    g_string_append_printf(invocation->text, "virt-assign %s (libvirt %s)\n", PACKAGE_VERSION,
                           libvirt);
}

static void
say_help(VasInvocation *invocation)
{
    g_autofree char *text = vas_help_text(invocation->verb);

    vas_json_add_text(invocation->json, "help", text);
    g_string_append(invocation->text, text);
}

static VasProgressLevel
progress_level(const VasOptions *options)
{
    if (options->quiet)
        return VAS_PROGRESS_QUIET;
    return options->verbose ? VAS_PROGRESS_VERBOSE : VAS_PROGRESS_NORMAL;
}

/* A signal makes the verb undo what it did, from here on only: while the connection is opened,
 * which may take its time, there is nothing to undo. */
static gboolean
run_interruptibly(VasInvocation *invocation, VasSession *session, const char *const *arguments,
                  GError **error)
{
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(session->hypervisor);
    g_autoptr(VasSignals) signals G_GNUC_UNUSED = vas_signals_new(interrupt);
    gboolean ok;

    session->context.interrupt = interrupt;
    ok = invocation->verb->run(invocation, arguments, error);
    /* libvirt may have left unanswered what the verb read before it came to change anything. */
    vas_interrupt_claim(interrupt, error);
    session->context.interrupt = NULL;
    invocation->signal = vas_interrupt_signal(interrupt);
    return ok;
}

/* Does the verb, as it is called, show what there is or would be, and change nothing? */
static gboolean
only_shows(const VasInvocation *invocation)
{
    const VasOptions *options = invocation->options;

    return options->dry_run || (invocation->verb->connection == VAS_CONNECTION_ADD &&
                                options->add == 0 && options->free_places == 0);
}

static gboolean
run_connected(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    const VasVerb *verb = invocation->verb;
    gboolean read_only = verb->connection == VAS_CONNECTION_READ || only_shows(invocation);
    g_autoptr(VasProgress) progress =
        vas_progress_new(stderr, vas_terminal_of(STDERR_FILENO), progress_level(options));
    g_autoptr(VasSession) session = verb->connection == VAS_CONNECTION_HOST
                                        ? vas_session_open_host()
                                        : vas_session_open(options->uri, read_only, error);

    if (session == NULL)
        return FALSE;
    session->context.progress = vas_progress_report;
    session->context.progress_data = progress;
    session->context.command = invocation->command;
    if (session->hypervisor != NULL)
        vas_libvirt_hypervisor_set_patience(session->hypervisor,
                                            MAX((guint) options->timeout, MIN_PATIENCE));
    session->context.only_looks = only_shows(invocation);
    invocation->context = &session->context;
    invocation->has_changed = verb->changes && !only_shows(invocation);
    if (verb->changes && !options->dry_run)
        return run_interruptibly(invocation, session, arguments, error);
    return verb->run(invocation, arguments, error);
}

static gboolean
dispatch(VasInvocation *invocation, GError **error)
{
    const char *const *arguments = (const char *const *) invocation->arguments->pdata;

    if (invocation->options->version) {
        say_version(invocation);
        return TRUE;
    }
    if (invocation->options->help) {
        say_help(invocation);
        return TRUE;
    }
    if (invocation->verb->connection == VAS_CONNECTION_NONE)
        return invocation->verb->run(invocation, arguments, error);
    return run_connected(invocation, arguments, error);
}

/* A broken pipe is not a failure, since nobody is left to read; any other error is. */
static gboolean
write_result(const char *text, GError **error)
{
    if (text[0] == '\0' || (fputs(text, stdout) >= 0 && fflush(stdout) == 0) || errno == EPIPE)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "standard output: %s", g_strerror(errno));
    return FALSE;
}

static void
say_error(const VasInvocation *invocation, const GError *error)
{
    g_autofree char *message = vas_terminal_text(error->message, invocation->terminal.utf8);
    const char *hint = vas_error_hint(error);
    g_autofree char *advice =
        hint != NULL ? vas_terminal_text(hint, invocation->terminal.utf8) : NULL;

    fprintf(stderr, "virt-assign: %s%s%s\n", message, advice != NULL ? "; " : "",
            advice != NULL ? advice : "");
}

/* Shells report a program that a signal ended in the same way: a fixed number plus the signal's. */
static int
exit_status_of(const VasInvocation *invocation, const GError *error)
{
    int status = vas_error_exit_status(error);

    return g_error_matches(error, VAS_ERROR, VAS_ERROR_INTERRUPTED) ? status + invocation->signal
                                                                    : status;
}

/* Returns the exit status. @error NULL: all is well. */
static int
report(VasInvocation *invocation, const GError *error)
{
    g_autofree char *json = NULL;
    g_autoptr(GError) write_error = NULL;

    if (invocation->options->json) {
        if (error != NULL)
            vas_json_add_error(invocation->json, error);
        json = vas_json_end(invocation->json);
        (void) write_result(json, &write_error);
    } else if (error == NULL) {
        (void) write_result(invocation->text->str, &write_error);
    } else {
        fputs(invocation->text->str, stderr);
    }
    if (error != NULL) {
        say_error(invocation, error);
        return exit_status_of(invocation, error);
    }
    if (write_error == NULL)
        return invocation->status;
    if (!invocation->has_changed) {
        say_error(invocation, write_error);
        return vas_error_exit_status(write_error);
    }
    g_prefix_error(&write_error, "done, but could not be printed: ");
    say_error(invocation, write_error);
    return EXIT_DONE_UNPRINTED;
}

/* libvirt calls the program by the name of its hook, with words that are not ours. */
static const char *const *
words_of(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argc > 0 ? argv[0] : "");

    if (!g_str_equal(name, VAS_HOOK_NAME))
        return (const char *const *) argv + MIN(argc, 1);
    argv[0] = (char *) vas_verb_hooked.name;
    return (const char *const *) argv;
}

int
main(int argc, char **argv)
{
    g_autoptr(VasInvocation) invocation = NULL;
    g_autoptr(GError) error = NULL;
    const char *const *words = words_of(argc, argv);

    /* The locale decides about characters only: messages, ours and libvirt's, stay English and can
     * be told apart. */
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    fill_standard_streams();

    invocation = vas_invocation_new(vas_terminal_of(STDOUT_FILENO));
    if (vas_invocation_parse(invocation, words, &error))
        (void) dispatch(invocation, &error);
    else
        invocation->options->json = invocation->options->json || g_strv_contains(words, "--json");
    return report(invocation, error);
}
