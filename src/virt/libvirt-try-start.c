/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-try-start.h"

#include "virt/virt-error.h"

/* The call owns all that it works with, which may outlive the connection's owner. */
typedef struct {
    virConnectPtr connection;
    char *xml;
} Try;

static void
try_free(gpointer data)
{
    Try *try = data;

    virConnectClose(try->connection);
    g_free(try->xml);
    g_free(try);
}

static gboolean
start(gpointer data, GError **error)
{
    const Try *try = data;
    virDomainPtr domain = virDomainCreateXML(
        try->connection, try->xml, VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY);
    gboolean is_ended;

    if (domain == NULL) {
        vas_virt_error_set(error, "libvirt");
        return FALSE;
    }
    is_ended = virDomainDestroy(domain) == 0;
    if (!is_ended)
        vas_virt_error_set(error, "libvirt");
    virDomainFree(domain);
    return is_ended;
}

gboolean
vas_libvirt_try_start(VasBoundedCalls *calls, virConnectPtr connection, const char *name,
                      const char *xml, GError **error)
{
    g_autofree char *what = g_strconcat("guest ", name, NULL);
    Try *try = g_new0(Try, 1);

    virConnectRef(connection);
    try->connection = connection;
    try->xml = g_strdup(xml);
    return vas_bounded_calls_run(calls, name, what, start, try, try_free, error);
}
