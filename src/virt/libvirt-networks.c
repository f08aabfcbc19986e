/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-networks.h"

#include "core/value/error.h"
#include "virt/libvirt-objects.h"
#include "virt/virt-error.h"

typedef virNetwork VasVirNetwork;

static void
network_free(VasVirNetwork *network)
{
    if (network != NULL)
        virNetworkFree(network);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVirNetwork, network_free)

/* Where libvirt's daemons are split, virtqemud asks virtnetworkd. If that does not run, the reason
 * looks like a lost connection, though virtqemud still answers (remoteGetNetworkConn in
 * src/remote/remote_daemon_dispatch.c). @name NULL: the networks were to be listed. */
static void
set_error(virConnectPtr connection, const char *name, GError **error)
{
    g_autoptr(GError) failure = NULL;
    unsigned long version;

    if (name != NULL)
        vas_virt_error_set(&failure, "network %s", name);
    else
        vas_virt_error_set(&failure, "list libvirt's networks");
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE) &&
        virConnectGetLibVersion(connection, &version) >= 0)
        g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_UNSUPPORTED));
    else
        g_propagate_error(error, g_steal_pointer(&failure));
}

GStrv
vas_libvirt_networks_list(virConnectPtr connection, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autofree virNetworkPtr *networks = NULL;
    int n = virConnectListAllNetworks(connection, &networks, 0);

    if (n < 0) {
        set_error(connection, NULL, error);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        g_autoptr(VasVirNetwork) network = networks[i];

        g_strv_builder_add(names, virNetworkGetName(network));
    }
    return g_strv_builder_end(names);
}

static VasVirNetwork *
find_network(virConnectPtr connection, const char *name, GError **error)
{
    VasVirNetwork *network = virNetworkLookupByName(connection, name);

    if (network == NULL)
        set_error(connection, name, error);
    return network;
}

char *
vas_libvirt_network_xml(virConnectPtr connection, const char *name, GError **error)
{
    g_autoptr(VasVirNetwork) network = find_network(connection, name, error);
    char *xml = network != NULL ? virNetworkGetXMLDesc(network, 0) : NULL;

    if (network != NULL && xml == NULL)
        vas_libvirt_set_reply_error(connection, "network", name, error);
    return xml;
}

gboolean
vas_libvirt_network_state(virConnectPtr connection, const char *name, gboolean *ret_active,
                          gboolean *ret_autostarted, GError **error)
{
    g_autoptr(VasVirNetwork) network = find_network(connection, name, error);
    int active = network != NULL ? virNetworkIsActive(network) : -1;
    int autostart = 0;

    if (network == NULL)
        return FALSE;
    if (active < 0 || virNetworkGetAutostart(network, &autostart) < 0) {
        vas_virt_error_set(error, "state of network %s", name);
        return FALSE;
    }
    *ret_active = active > 0;
    *ret_autostarted = autostart != 0;
    return TRUE;
}
