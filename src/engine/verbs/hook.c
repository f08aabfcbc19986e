/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook.h"

#include "core/value/error.h"
#include "core/value/hook-call.h"
#include "host/files/hook-heard.h"
#include "host/files/hook-link.h"
#include "xml/hook-probe-xml.h"

#include <sys/stat.h>
#include <unistd.h>

/* The daemon reloads in a thread of its own, some time after the signal. */
#define PATIENCE (10 * G_USEC_PER_SEC)
#define ASK_INTERVAL (G_USEC_PER_SEC / 4)

void
vas_hook_status_clear(VasHookStatus *status)
{
    g_clear_pointer(&status->program, g_free);
}

const char *
vas_hook_state_name(VasHookState state)
{
    static const char *const names[] = {"not-installed", "foreign", "broken", "unheard", "heard"};

    return names[state];
}

/* Debian's profile of libvirtd lets it run programs that stand directly in these folders without a
 * profile (/usr/bin/<name> PUx in /etc/apparmor.d/usr.sbin.libvirtd), and none elsewhere. */
static gboolean
check_profile(const VasHost *host, const char *program, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(program);
    g_auto(VasLibvirtDaemon) daemon = {0};

    vas_libvirt_daemon_find(host, &daemon);
    if (!daemon.is_confined || g_str_equal(folder, "/usr/bin") || g_str_equal(folder, "/usr/sbin"))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                "AppArmor lets %s run programs in /usr/bin and /usr/sbin only, not %s", daemon.name,
                program);
    vas_error_set_hint(error, "install virt-assign there: ./configure --prefix=/usr");
    return FALSE;
}

/* libvirt runs it as root. */
static gboolean
check_owner(const VasHost *host, const char *program, GError **error)
{
    g_autofree char *full = vas_host_path(host, program);
    struct stat status;

    if (stat(full, &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_uid == 0 || status.st_uid == geteuid()) &&
        (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                "libvirt would run %s as root, and others may write to it", program);
    vas_error_set_hint(error, "install virt-assign, and run the installed one: make install");
    return FALSE;
}

static gboolean
ask_once(const VasContext *context, const char *nonce, gboolean *ret_heard, GError **refusal)
{
    g_autofree char *name = vas_hook_call_probe(nonce);
    g_autofree char *xml = vas_hook_probe_xml_format(name);
    g_auto(VasLibvirtDaemon) daemon = {0};

    (void) context->hypervisor->try_start(context->hypervisor, name, xml, refusal);
    vas_libvirt_daemon_find(context->host, &daemon);
    *ret_heard = vas_hook_heard_read(context->host, &daemon, nonce);
    return *ret_heard || !(g_error_matches(*refusal, VAS_ERROR, VAS_ERROR_UNREACHABLE) ||
                           g_error_matches(*refusal, VAS_ERROR, VAS_ERROR_DENIED) ||
                           g_error_matches(*refusal, VAS_ERROR, VAS_ERROR_TIMED_OUT));
}

/* The start always fails: whether our hook was run, its note alone says. */
static gboolean
ask(const VasContext *context, gint64 deadline, gboolean *ret_heard, GError **error)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_auto(GStrv) parts = g_strsplit(uuid, "-", 0);
    g_autofree char *nonce = g_strjoinv("", parts);

    for (;;) {
        g_autoptr(GError) refusal = NULL;
        gint64 now;

        if (!ask_once(context, nonce, ret_heard, &refusal)) {
            g_propagate_error(error, g_steal_pointer(&refusal));
            g_prefix_error(error, "ask libvirt whether it runs the hook: ");
            return FALSE;
        }
        now = g_get_monotonic_time();
        if (*ret_heard || now >= deadline)
            return TRUE;
        if (!vas_interrupt_check(context->interrupt, error))
            return FALSE;
        vas_interrupt_sleep(context->interrupt, MIN(deadline, now + ASK_INTERVAL));
    }
}

/* The note of an earlier proof is about a link that is no more. */
static gboolean
reload(const VasContext *context, GError **error)
{
    vas_hook_heard_forget(context->host);
    return vas_libvirt_daemon_reload(context->host, error);
}

static gboolean
put_and_prove(const VasContext *context, const char *program, GError **error)
{
    gboolean is_heard = FALSE;

    if (!vas_hook_link_write(context->host, program, error) || !reload(context, error) ||
        !ask(context, g_get_monotonic_time() + PATIENCE, &is_heard, error))
        return FALSE;
    if (is_heard)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "libvirt does not run " VAS_HOOK_LINK " (%s)",
                program);
    vas_error_set_hint(error, "its journal may say why: journalctl -u libvirtd -u virtqemud");
    return FALSE;
}

/* Undoes what put_and_prove did. */
static void
take_back(const VasContext *context, const VasHookLink *before, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean is_back = before->program != NULL
                           ? vas_hook_link_write(context->host, before->program, &failure)
                           : vas_hook_link_remove(context->host, &failure);

    if (is_back && reload(context, &failure))
        return;
    g_prefix_error(error, "%s, and it could not be taken back: ", failure->message);
}

gboolean
vas_hook_install(const VasContext *context, const char *program, VasHookStatus *ret_status,
                 GError **error)
{
    g_auto(VasHookLink) before = {0};

    if (!vas_context_check_local(context, "hook", error) ||
        !check_owner(context->host, program, error) ||
        !check_profile(context->host, program, error) ||
        !vas_hook_link_read(context->host, &before, error))
        return FALSE;
    if (before.state == VAS_HOOK_LINK_FOREIGN)
        return vas_hook_link_write(context->host, program, error);
    if (!put_and_prove(context, program, error)) {
        take_back(context, &before, error);
        return FALSE;
    }
    *ret_status = (VasHookStatus){.state = VAS_HOOK_HEARD,
                                  .program = g_strdup(program),
                                  .is_changed = g_strcmp0(before.program, program) != 0};
    return TRUE;
}

gboolean
vas_hook_remove(const VasContext *context, VasHookStatus *ret_status, GError **error)
{
    g_auto(VasHookLink) before = {0};

    if (!vas_context_check_local(context, "hook", error) ||
        !vas_hook_link_read(context->host, &before, error) ||
        !vas_hook_link_remove(context->host, error) || !reload(context, error))
        return FALSE;
    *ret_status = (VasHookStatus){.state = VAS_HOOK_NOT_INSTALLED,
                                  .is_changed = before.state != VAS_HOOK_LINK_NONE};
    return TRUE;
}

gboolean
vas_hook_look(const VasContext *context, VasHookStatus *ret_status, GError **error)
{
    static const VasHookState states[] = {
        [VAS_HOOK_LINK_NONE] = VAS_HOOK_NOT_INSTALLED,
        [VAS_HOOK_LINK_SOUND] = VAS_HOOK_UNHEARD,
        [VAS_HOOK_LINK_BROKEN] = VAS_HOOK_BROKEN,
        [VAS_HOOK_LINK_FOREIGN] = VAS_HOOK_FOREIGN,
    };
    g_auto(VasHookLink) link = {0};
    gboolean is_heard = FALSE;

    if (!vas_context_check_local(context, "hook", error) ||
        !vas_hook_link_read(context->host, &link, error))
        return FALSE;
    if (link.state == VAS_HOOK_LINK_SOUND && !ask(context, 0, &is_heard, error))
        return FALSE;
    *ret_status = (VasHookStatus){.state = is_heard ? VAS_HOOK_HEARD : states[link.state],
                                  .program = g_steal_pointer(&link.program)};
    return TRUE;
}
