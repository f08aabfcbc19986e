/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/hook-text.h"
#include "cli/output/json-result.h"
#include "core/value/error.h"

/* Finds the program that runs, wherever PATH found it. Returns full. */
static char *
own_program(GError **error)
{
    g_autoptr(GError) refusal = NULL;
    char *program = g_file_read_link("/proc/self/exe", &refusal);

    if (program == NULL)
        g_set_error_literal(error, VAS_ERROR, VAS_ERROR_FAILED, refusal->message);
    return program;
}

static gboolean
act(const VasContext *context, const char *what, VasHookStatus *ret_status, GError **error)
{
    g_autofree char *program = NULL;

    if (g_str_equal(what, "status"))
        return vas_hook_look(context, ret_status, error);
    if (g_str_equal(what, "remove"))
        return vas_hook_remove(context, ret_status, error);
    program = own_program(error);
    return program != NULL && vas_hook_install(context, program, ret_status, error);
}

static gboolean
run_hook(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    static const char *const words[] = {"install", "remove", "status", NULL};
    g_auto(VasHookStatus) status = {0};

    if (!g_strv_contains(words, arguments[0])) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "hook is to be followed by install, remove or status, not by \"%s\"",
                    arguments[0]);
        return FALSE;
    }
    if (!act(invocation->context, arguments[0], &status, error))
        return FALSE;
    vas_json_add_hook(invocation->json, &status);
    vas_hook_text_status(invocation->text, &invocation->terminal, &status);
    if (g_str_equal(arguments[0], "status") && status.state != VAS_HOOK_HEARD)
        invocation->status = 1;
    return TRUE;
}

static const char *const examples[] = {
    "virt-assign hook install",
    "virt-assign hook status",
    "virt-assign hook remove",
    NULL,
};

const VasVerb vas_verb_hook = {
    .name = "hook",
    .arguments = "install|remove|status",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "have libvirt call virt-assign whenever a guest starts",
    .description =
        "With the hook libvirt calls virt-assign at each start of a guest, whoever starts it. The "
        "wishes that attach keeps in the guest's config are seen to then: a guest does not start "
        "with another device than the wished one, and gets its VF settings, which are put back "
        "when it ends.\n\n"
        "install links /etc/libvirt/hooks/qemu.d/50-virt-assign to this program, has libvirt's "
        "daemon reload, and proves that it is heard: libvirt is asked to start a guest that "
        "cannot start. remove takes the link away. status tells whether the hook is heard; the "
        "exit status is 1 if not. check tells of a hook that is broken or stands still.",
    .examples = examples,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_HOOK, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_WRITE,
    .run = run_hook,
};
