/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/vf-settings.h"

#include "core/error.h"

#include <linux/netlink.h>
#include <netlink/addr.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/sriov.h>
#include <string.h>

typedef struct nl_sock NlSocket;
typedef struct rtnl_link RtnlLink;
typedef struct rtnl_link_vf RtnlLinkVf;
typedef struct nl_vf_vlans NlVfVlans;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlSocket, nl_socket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlLink, rtnl_link_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlLinkVf, rtnl_link_vf_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlVfVlans, rtnl_link_vf_vlan_put)

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

/* The kernel lists exactly one, tag 0 for none (rtnl_fill_vfinfo in net/core/rtnetlink.c). */
static int
vlan_of(RtnlLinkVf *vf)
{
    g_autoptr(NlVfVlans) vlans = NULL; /* libnl hands out a reference, unlike that of the MAC */

    if (rtnl_link_vf_get_vlans(vf, &vlans) < 0 || vlans->size < 1)
        return 0;
    return (int) vlans->vlans[0].vf_vlan;
}

gboolean
vas_vf_settings_from_link(struct rtnl_link *pf_link, int vf_index, VasVfSettings *ret_settings,
                          GError **error)
{
    g_autoptr(RtnlLinkVf) vf = find_vf(pf_link, vf_index);
    struct nl_addr *address = NULL;
    VasVfSettings settings;

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
    settings.vlan = vlan_of(vf);
    *ret_settings = settings;
    return TRUE;
}

gboolean
vas_vf_settings_read_netlink(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                             gpointer data, GError **error)
{
    g_autoptr(RtnlLink) link = read_link(pf_interface, error);

    (void) data;
    return link != NULL && vas_vf_settings_from_link(link, vf_index, ret_settings, error);
}
