/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/session.h"

#include "core/value/error.h"
#include "core/value/shell-word.h"
#include "host/system/origin.h"
#include "host/this-machine.h"
#include "virt/libvirt-hypervisor.h"
#include "virt/libvirt-uri.h"

#include <unistd.h>

/* This many hexadecimal digits of the URI's digest tell one libvirt from another. */
#define REALM_DIGITS 16

/* Root's commands meet in /run, those of any other user in that user's own runtime folder
 * (pam_systemd(8)); no part of the path comes from the environment. */
static char *
find_lock_folder(void)
{
    uid_t user = geteuid();

    return user == 0 ? g_strdup("/run/virt-assign")
                     : g_strdup_printf("/run/user/%u/virt-assign", (unsigned int) user);
}

/* Another machine's devices have the same addresses as ours: a realm of its own keeps their locks
 * apart. */
static void
find_locks(VasSession *session)
{
    g_autofree char *uri = vas_libvirt_hypervisor_uri(session->hypervisor);
    g_autofree char *digest = NULL;
    g_autoptr(VasHost) own_machine = vas_host_new(NULL);

    /* libvirt's test driver lives in our process. */
    if (uri == NULL || g_str_has_prefix(uri, "test:"))
        return;
    session->lock_folder = find_lock_folder();
    session->origin = vas_origin(own_machine);
    if (session->host != NULL)
        return;
    digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, uri, -1);
    session->lock_realm = g_strdup_printf("%.*s-", REALM_DIGITS, digest);
}

/* A connection that never came about was not lost, though libvirt's error may say that: ssh's own
 * failure comes as "Connection reset by peer". libvirt's choice of the URI is in
 * virConnectOpenInternal (src/libvirt.c). */
static void
hint_for_remote(const char *uri, GError **error)
{
    const char *wanted = uri != NULL ? uri : g_getenv("LIBVIRT_DEFAULT_URI");
    g_autofree char *word = wanted != NULL ? vas_shell_word(wanted) : NULL;

    if (error != NULL && g_error_matches(*error, VAS_ERROR, VAS_ERROR_UNREACHABLE) &&
        wanted != NULL && *wanted != '\0' && !vas_libvirt_uri_is_local(wanted))
        vas_error_set_hint(error,
                           "see that libvirt runs there and that this machine gets there without "
                           "a question (keys, certificates, firewalls): virsh -c %s uri",
                           word);
}

/* virsh and this program choose the same libvirt where none is named. */
static char *
virsh_command(const char *uri)
{
    g_autofree char *word = uri != NULL ? vas_shell_word(uri) : NULL;

    return word != NULL ? g_strconcat("virsh -c ", word, NULL) : NULL;
}

static void
fill_context(VasSession *session)
{
    session->context.hypervisor = session->hypervisor;
    session->context.host = session->host;
    session->context.template_folder = VAS_TEMPLATE_FOLDER;
    session->context.virsh = session->virsh;
    session->context.lock_folder = session->lock_folder;
    session->context.must_lock = geteuid() == 0;
    session->context.lock_realm = session->lock_realm;
    session->context.origin = session->origin;
}

VasSession *
vas_session_open_host(void)
{
    VasSession *session = g_new0(VasSession, 1);
    g_autoptr(VasHost) own_machine = vas_host_new(NULL);

    session->host = vas_this_machine_new();
    session->lock_folder = find_lock_folder();
    session->origin = vas_origin(own_machine);
    fill_context(session);
    return session;
}

VasSession *
vas_session_open(const char *uri, gboolean read_only, GError **error)
{
    g_autoptr(VasSession) session = g_new0(VasSession, 1);

    session->hypervisor = vas_libvirt_hypervisor_open(uri, read_only, error);
    if (session->hypervisor == NULL) {
        hint_for_remote(uri, error);
        return NULL;
    }
    if (session->hypervisor->is_local(session->hypervisor))
        session->host = vas_this_machine_new();
    find_locks(session);
    session->virsh = virsh_command(uri);
    fill_context(session);
    return g_steal_pointer(&session);
}

void
vas_session_free(VasSession *session)
{
    if (session == NULL)
        return;
    if (session->hypervisor != NULL)
        vas_hypervisor_free(session->hypervisor);
    if (session->host != NULL)
        vas_host_free(session->host);
    g_free(session->lock_folder);
    g_free(session->lock_realm);
    g_free(session->origin);
    g_free(session->virsh);
    g_free(session);
}
