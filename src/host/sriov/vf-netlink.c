/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-netlink.h"

#include "core/value/error.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netlink/addr.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/sriov.h>
#include <string.h>
#include <sys/socket.h>

typedef struct nl_sock NlSocket;
typedef struct rtnl_link RtnlLink;
typedef struct rtnl_link_vf RtnlLinkVf;
typedef struct nl_vf_vlans NlVfVlans;
typedef struct nl_addr NlAddr;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlSocket, nl_socket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlLink, rtnl_link_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlLinkVf, rtnl_link_vf_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlVfVlans, rtnl_link_vf_vlan_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlAddr, nl_addr_put)

/* An interface that is not there, or a name longer than one can be. */
static VasError
code_of(int refusal)
{
    switch (-refusal) {
    case NLE_NODEV:
    case NLE_OBJ_NOTFOUND:
    case NLE_RANGE:
        return VAS_ERROR_NOT_FOUND;
    case NLE_PERM:
    case NLE_NOACCESS:
        return VAS_ERROR_DENIED;
    case NLE_OPNOTSUPP:
        return VAS_ERROR_UNSUPPORTED;
    default:
        return VAS_ERROR_FAILED;
    }
}

/* libnl asks for the VFs along with the link (RTEXT_FILTER_VF in rtnl_link_build_get_request),
 * since the kernel leaves them out otherwise. */
static RtnlLink *
read_link(const char *interface, GError **error)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    RtnlLink *link = NULL;
    int status = socket != NULL ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

    if (status == 0)
        status = rtnl_link_get_kernel(socket, 0, interface, &link);
    if (status < 0) {
        g_set_error(error, VAS_ERROR, (int) code_of(status), "interface %s: %s", interface,
                    nl_geterror(status));
        return NULL;
    }
    return link;
}

/* rtnl_link_vf_get walks into NULL when the link came without VFs. */
static RtnlLinkVf *
find_vf(RtnlLink *link, int vf_index)
{
    if (vf_index < 0 || !rtnl_link_has_vf_list(link))
        return NULL;
    return rtnl_link_vf_get(link, (uint32_t) vf_index);
}

/* The kernel lists exactly one VLAN, tag 0 for none (rtnl_fill_vfinfo in net/core/rtnetlink.c). */
static void
read_vlan(RtnlLinkVf *vf, VasVfSettings *settings)
{
    g_autoptr(NlVfVlans) vlans = NULL; /* libnl hands out a reference, unlike that of the MAC */

    settings->vlan_protocol = VAS_VLAN_PROTOCOL;
    if (rtnl_link_vf_get_vlans(vf, &vlans) < 0 || vlans->size < 1)
        return;
    settings->vlan = (int) vlans->vlans[0].vf_vlan;
    settings->qos = (int) vlans->vlans[0].vf_vlan_qos;
    if (vlans->vlans[0].vf_vlan_proto != 0)
        settings->vlan_protocol = vlans->vlans[0].vf_vlan_proto;
}

static void
read_rate(RtnlLinkVf *vf, VasVfSettings *settings)
{
    struct nl_vf_rate rate = {0};

    if (rtnl_link_vf_get_rate(vf, &rate) < 0)
        return;
    settings->min_rate = (int) MIN(rate.min_tx_rate, G_MAXINT);
    settings->max_rate = (int) MIN(
        rate.api == RTNL_LINK_VF_RATE_API_NEW ? rate.max_tx_rate : rate.rate, (uint32_t) G_MAXINT);
}

/* A driver that does not tell leaves the kernel's -1 (rtnl_fill_vfinfo), which libnl leaves out. */
static int
value_of(RtnlLinkVf *vf, int (*get)(RtnlLinkVf *, uint32_t *))
{
    uint32_t value = 0;

    return get(vf, &value) < 0 || value > INT8_MAX ? -1 : (int) value;
}

gboolean
vas_vf_netlink_from_link(struct rtnl_link *pf_link, int vf_index, VasVfSettings *ret_settings,
                         GError **error)
{
    g_autoptr(RtnlLinkVf) vf = find_vf(pf_link, vf_index);
    struct nl_addr *address = NULL;
    VasVfSettings settings = {0};

    if (vf == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "interface %s has no VF %d",
                    rtnl_link_get_name(pf_link), vf_index);
        return FALSE;
    }
    if (rtnl_link_vf_get_addr(vf, &address) < 0 ||
        nl_addr_get_len(address) != sizeof settings.mac.octets) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "the kernel gives no MAC for VF %d of interface %s", vf_index,
                    rtnl_link_get_name(pf_link));
        return FALSE;
    }
    memcpy(settings.mac.octets, nl_addr_get_binary_addr(address), sizeof settings.mac.octets);
    read_vlan(vf, &settings);
    read_rate(vf, &settings);
    settings.spoof_check = value_of(vf, rtnl_link_vf_get_spoofchk);
    settings.trust = value_of(vf, rtnl_link_vf_get_trust);
    settings.link_state = value_of(vf, rtnl_link_vf_get_linkstate);
    *ret_settings = settings;
    return TRUE;
}

gboolean
vas_vf_netlink_read(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                    gpointer data, GError **error)
{
    g_autoptr(RtnlLink) link = read_link(pf_interface, error);

    (void) data;
    return link != NULL && vas_vf_netlink_from_link(link, vf_index, ret_settings, error);
}

static gboolean
put_mac(RtnlLinkVf *vf, VasMacAddress mac)
{
    g_autoptr(NlAddr) address = nl_addr_build(AF_LLC, mac.octets, sizeof mac.octets);

    if (address == NULL)
        return FALSE;
    rtnl_link_vf_set_addr(vf, address);
    return TRUE;
}

/* libnl reads the protocol in our byte order and sends it as it is, but the kernel takes the
 * network's (sriov_fill_vf_vlan_list in its sriov.c). That of 802.1Q it knows and does not send. */
static gboolean
put_vlan(RtnlLinkVf *vf, const VasVfSettings *settings)
{
    g_autoptr(NlVfVlans) vlans = NULL;

    if (rtnl_link_vf_vlan_alloc(&vlans, 1) < 0)
        return FALSE;
    vlans->vlans[0].vf_vlan = (uint32_t) settings->vlan;
    vlans->vlans[0].vf_vlan_qos = (uint32_t) settings->qos;
    vlans->vlans[0].vf_vlan_proto = settings->vlan_protocol == VAS_VLAN_PROTOCOL
                                        ? VAS_VLAN_PROTOCOL
                                        : htons(settings->vlan_protocol);
    rtnl_link_vf_set_vlans(vf, vlans);
    return TRUE;
}

static void
put_rate(RtnlLinkVf *vf, const VasVfSettings *settings)
{
    struct nl_vf_rate rate = {.api = RTNL_LINK_VF_RATE_API_NEW,
                              .max_tx_rate = (uint32_t) settings->max_rate,
                              .min_tx_rate = (uint32_t) settings->min_rate};

    rtnl_link_vf_set_rate(vf, &rate);
}

/* FALSE: no memory. */
static gboolean
put_field(RtnlLinkVf *vf, VasVfField field, const VasVfSettings *settings)
{
    switch (field) {
    case VAS_VF_SPOOF_CHECK:
        rtnl_link_vf_set_spoofchk(vf, (uint32_t) settings->spoof_check);
        return TRUE;
    case VAS_VF_TRUST:
        rtnl_link_vf_set_trust(vf, (uint32_t) settings->trust);
        return TRUE;
    case VAS_VF_LINK_STATE:
        rtnl_link_vf_set_linkstate(vf, (uint32_t) settings->link_state);
        return TRUE;
    case VAS_VF_RATE:
        put_rate(vf, settings);
        return TRUE;
    case VAS_VF_VLAN:
        return put_vlan(vf, settings);
    case VAS_VF_MAC:
        return put_mac(vf, settings->mac);
    }
    g_assert_not_reached();
}

/* One setting a request: the kernel takes several in one, and does not say which was refused. */
static int
send_field(RtnlLink *pf_link, int vf_index, VasVfField field, const VasVfSettings *settings)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    g_autoptr(RtnlLink) changes = rtnl_link_alloc();
    g_autoptr(RtnlLinkVf) vf = rtnl_link_vf_alloc();
    int status = 0;

    if (socket == NULL || changes == NULL || vf == NULL)
        return -NLE_NOMEM;
    rtnl_link_vf_set_index(vf, (uint32_t) vf_index);
    if (!put_field(vf, field, settings))
        return -NLE_NOMEM;
    status = rtnl_link_vf_add(changes, vf);
    if (status == 0)
        status = nl_connect(socket, NETLINK_ROUTE);
    return status < 0 ? status : rtnl_link_change(socket, pf_link, changes, 0);
}

gboolean
vas_vf_netlink_write(const char *pf_interface, int vf_index, VasVfField field,
                     const VasVfSettings *settings, gpointer data, GError **error)
{
    g_autoptr(RtnlLink) link = read_link(pf_interface, error);
    g_autofree char *wanted = NULL;
    int status = 0;

    (void) data;
    if (link == NULL)
        return FALSE;
    status = send_field(link, vf_index, field, settings);
    if (status >= 0)
        return TRUE;
    wanted = vas_vf_settings_text(settings, field);
    g_set_error(error, VAS_ERROR, (int) code_of(status), "set %s for VF %d of %s: %s", wanted,
                vf_index, pf_interface, nl_geterror(status));
    return FALSE;
}
