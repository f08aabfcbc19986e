/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/permanent-mac.h"

#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>

typedef struct nl_sock NlSocket;
typedef struct nl_msg NlMessage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlSocket, nl_socket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlMessage, nlmsg_free)

typedef struct {
    gboolean is_there;
    VasMacAddress mac;
} Answer;

/* libnl 3.7 has no function for it. An InfiniBand port has 20 bytes, and a MAC of its own making in
 * them. */
gboolean
vas_permanent_mac_from_link(struct nlmsghdr *link, VasMacAddress *ret_mac)
{
    struct nlattr *address = nlmsg_find_attr(link, sizeof(struct ifinfomsg), IFLA_PERM_ADDRESS);
    VasMacAddress mac;

    if (link->nlmsg_type != RTM_NEWLINK || address == NULL ||
        nla_len(address) != (int) sizeof mac.octets)
        return FALSE;
    memcpy(mac.octets, nla_data(address), sizeof mac.octets);
    if (!vas_mac_address_is_unicast(mac))
        return FALSE;
    *ret_mac = mac;
    return TRUE;
}

static int
take_message(struct nl_msg *message, void *data)
{
    Answer *answer = data;

    answer->is_there = vas_permanent_mac_from_link(nlmsg_hdr(message), &answer->mac);
    return NL_OK;
}

gboolean
vas_permanent_mac_read(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    g_autoptr(NlMessage) message = nlmsg_alloc_simple(RTM_GETLINK, 0);
    struct ifinfomsg about = {.ifi_family = AF_UNSPEC};
    Answer answer = {0};

    (void) data;
    if (socket == NULL || message == NULL ||
        nlmsg_append(message, &about, sizeof about, NLMSG_ALIGNTO) != 0 ||
        nla_put_string(message, IFLA_IFNAME, interface) != 0 ||
        nl_connect(socket, NETLINK_ROUTE) != 0 ||
        nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_message, &answer) != 0 ||
        nl_send_auto(socket, message) < 0 || nl_recvmsgs_default(socket) < 0 || !answer.is_there)
        return FALSE;
    *ret_mac = answer.mac;
    return TRUE;
}
