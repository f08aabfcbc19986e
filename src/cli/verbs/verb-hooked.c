/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/time-budget.h"
#include "core/value/error.h"
#include "engine/verbs/hook-run.h"

#include <errno.h>
#include <syslog.h>
#include <unistd.h>

/* libvirt waits for the hook without end, with the guest locked. */
#define BUDGET_SECONDS 1

/* A guest's XML has some ten thousand bytes. */
#define XML_MAX ((gsize) 16 * 1024 * 1024)

#define TOO_LATE                                                                                   \
    "virt-assign: the settings that the guest requires could not be set within a second: it is "   \
    "not to start\n"

/* Nobody but libvirt's log reads what a hook prints that ends well. */
static void
log_note(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    (void) elapsed;
    (void) limit;
    (void) data;
    if (kind == VAS_PROGRESS_NOTE)
        syslog(LOG_DAEMON | LOG_WARNING, "%s", text);
}

/* Returns full; NULL: it is too long. */
static char *
read_input(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char part[4096];
    ssize_t length;

    while ((length = read(STDIN_FILENO, part, sizeof part)) != 0) {
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 || text->len > XML_MAX)
            return NULL;
        g_string_append_len(text, part, length);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
see_to(const VasContext *context, VasHookPhase phase, const char *guest, GError **error)
{
    g_autofree char *xml = read_input();
    g_autoptr(GError) failure = NULL;
    g_autoptr(VasHookRun) run =
        xml != NULL ? vas_hook_run_new(context, phase, guest, xml, &failure) : NULL;

    if (run == NULL) {
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "guest %s: its XML: %s", guest,
                             failure != NULL ? failure->message : "cannot be read");
        return TRUE;
    }
    if (vas_hook_run_is_required(run))
        vas_time_budget_fail_with(TOO_LATE);
    return vas_hook_run(run, error);
}

/* libvirt calls hooks for much that is not our business, and a failure there may cost a guest: at
 * "reconnect" it is killed. */
static gboolean
run_hooked(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    VasHookPhase phase = vas_hook_call_phase(arguments);
    VasContext context = *invocation->context;

    vas_time_budget_begin(BUDGET_SECONDS);
    context.progress = log_note;
    context.only_looks = TRUE;
    if (phase == VAS_HOOK_NOTHING)
        return TRUE;
    openlog("virt-assign", LOG_PID, LOG_DAEMON);
    if (phase == VAS_HOOK_PROBE)
        return vas_hook_answer(&context, arguments[0], error);
    return see_to(&context, phase, arguments[0], error);
}

static const VasOption options[] = {{0}};

const VasVerb vas_verb_hooked = {
    .name = "__hooked",
    .arguments = "",
    .max_arguments = -1,
    .options = options,
    .is_hidden = TRUE,
    .completers = {VAS_COMPLETE_NOTHING, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_HOST,
    .run = run_hooked,
};
