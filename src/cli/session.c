/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/session.h"

#include "virt/libvirt-hypervisor.h"

VasSession *
vas_session_open(const char *uri, gboolean read_only, GError **error)
{
    g_autoptr(VasSession) session = g_new0(VasSession, 1);

    session->hypervisor = vas_libvirt_hypervisor_open(uri, read_only, error);
    if (session->hypervisor == NULL)
        return NULL;
    if (session->hypervisor->is_local(session->hypervisor))
        session->host = vas_host_new(NULL);
    session->context.hypervisor = session->hypervisor;
    session->context.host = session->host;
    session->context.template_folder = VAS_TEMPLATE_FOLDER;
    return g_steal_pointer(&session);
}

void
vas_session_free(VasSession *session)
{
    if (session == NULL)
        return;
    vas_hypervisor_free(session->hypervisor);
    if (session->host != NULL)
        vas_host_free(session->host);
    g_free(session);
}
