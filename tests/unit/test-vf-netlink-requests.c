/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-netlink.h"

#include "core/value/error.h"
#include "testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>

/* The kernel at the other end of the socket is the test's own: it has one PF with VFs 0 to 2, takes
 * down what is asked of it, and answers. */

#define PF "enp1s0f0"
#define VFS 3

typedef struct nl_msg Message;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, nlmsg_free)

static struct {
    GQueue answers; /* Message */
    Message *asked; /* the last change that was asked for; NULL: none */
    int reading;    /* errno of an answer to a question for the PF */
    int changing;   /* errno of an answer to a change */
} kernel;

static void
answer(Message *message)
{
    g_queue_push_tail(&kernel.answers, message);
}

static void
answer_status(struct nlmsghdr *request, int status)
{
    Message *message = nlmsg_alloc();
    struct nlmsgerr said = {.error = -status, .msg = *request};

    nlmsg_put(message, request->nlmsg_pid, request->nlmsg_seq, NLMSG_ERROR, 0, 0);
    nlmsg_append(message, &said, sizeof said, NLMSG_ALIGNTO);
    answer(message);
}

/* The kernel tells of a VF in rtnl_fill_vfinfo in net/core/rtnetlink.c. */
static void
put_vf(Message *message, guint32 vf)
{
    struct ifla_vf_mac mac = {vf, {0x52, 0x54, 0, 0, 0, (guint8) vf}};
    struct ifla_vf_vlan vlan = {vf, 100 + vf, 5};
    struct ifla_vf_vlan_info vlan_info = {vf, 100 + vf, 5, htons(ETH_P_8021AD)};
    struct ifla_vf_rate rate = {vf, 10, 2000};
    struct ifla_vf_spoofchk spoof_check = {vf, 1};
    struct ifla_vf_link_state link_state = {vf, IFLA_VF_LINK_STATE_DISABLE};
    struct ifla_vf_trust trust = {vf, G_MAXUINT32}; /* the driver does not tell */
    struct nlattr *info = nla_nest_start(message, IFLA_VF_INFO);
    struct nlattr *vlans = NULL;

    nla_put(message, IFLA_VF_MAC, sizeof mac, &mac);
    nla_put(message, IFLA_VF_VLAN, sizeof vlan, &vlan);
    nla_put(message, IFLA_VF_RATE, sizeof rate, &rate);
    nla_put(message, IFLA_VF_SPOOFCHK, sizeof spoof_check, &spoof_check);
    nla_put(message, IFLA_VF_LINK_STATE, sizeof link_state, &link_state);
    nla_put(message, IFLA_VF_TRUST, sizeof trust, &trust);
    vlans = nla_nest_start(message, IFLA_VF_VLAN_LIST);
    nla_put(message, IFLA_VF_VLAN_INFO, sizeof vlan_info, &vlan_info);
    nla_nest_end(message, vlans);
    nla_nest_end(message, info);
}

static void
answer_link(struct nlmsghdr *request)
{
    Message *message = nlmsg_alloc();
    struct ifinfomsg link = {.ifi_index = 7};
    struct nlattr *list = NULL;

    nlmsg_put(message, request->nlmsg_pid, request->nlmsg_seq, RTM_NEWLINK, 0, 0);
    nlmsg_append(message, &link, sizeof link, NLMSG_ALIGNTO);
    nla_put_string(message, IFLA_IFNAME, PF);
    nla_put_u32(message, IFLA_NUM_VF, VFS);
    list = nla_nest_start(message, IFLA_VFINFO_LIST);
    for (guint32 vf = 0; vf < VFS; vf++)
        put_vf(message, vf);
    nla_nest_end(message, list);
    answer(message);
}

static int
take_request(struct nl_sock *socket, Message *message)
{
    struct nlmsghdr *request = nlmsg_hdr(message);

    (void) socket;
    if (request->nlmsg_type == RTM_GETLINK) {
        if (kernel.reading == 0)
            answer_link(request);
        answer_status(request, kernel.reading);
        return (int) request->nlmsg_len;
    }
    g_clear_pointer(&kernel.asked, nlmsg_free);
    kernel.asked = nlmsg_convert(request);
    answer_status(request, kernel.changing);
    return (int) request->nlmsg_len;
}

static int
give_answer(struct nl_sock *socket, struct sockaddr_nl *from, unsigned char **ret_answer,
            struct ucred **ret_credentials)
{
    g_autoptr(Message) message = g_queue_pop_head(&kernel.answers);
    struct nlmsghdr *header = NULL;

    (void) socket;
    (void) ret_credentials;
    g_assert_nonnull(message);
    header = nlmsg_hdr(message);
    *from = (struct sockaddr_nl){.nl_family = AF_NETLINK};
    *ret_answer = malloc(header->nlmsg_len); /* libnl frees it */
    memcpy(*ret_answer, header, header->nlmsg_len);
    return (int) header->nlmsg_len;
}

struct nl_sock *
nl_socket_alloc(void)
{
    struct nl_cb *handlers = nl_cb_alloc(NL_CB_DEFAULT);
    struct nl_sock *socket = NULL;

    nl_cb_overwrite_send(handlers, take_request);
    nl_cb_overwrite_recv(handlers, give_answer);
    socket = nl_socket_alloc_cb(handlers);
    nl_cb_put(handlers);
    return socket;
}

static void
set_up(void)
{
    g_queue_clear_full(&kernel.answers, (GDestroyNotify) nlmsg_free);
    g_clear_pointer(&kernel.asked, nlmsg_free);
    kernel.reading = 0;
    kernel.changing = 0;
}

static void
test_read(void)
{
    static const VasVfSettings expected = {.mac = {{0x52, 0x54, 0, 0, 0, 2}},
                                           .vlan = 102,
                                           .qos = 5,
                                           .vlan_protocol = ETH_P_8021AD,
                                           .min_rate = 10,
                                           .max_rate = 2000,
                                           .spoof_check = 1,
                                           .trust = -1,
                                           .link_state = VAS_VF_LINK_DISABLE};
    g_autoptr(GError) error = NULL;
    VasVfSettings settings;

    set_up();
    g_assert_true(vas_vf_netlink_read(PF, 2, &settings, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(vas_vf_settings_differ(&settings, &expected), ==, 0);
    g_assert_cmpint(settings.trust, ==, -1);
    g_assert_false(vas_vf_netlink_read(PF, VFS, &settings, NULL, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "interface " PF " has no VF 3");
}

static const VasVfSettings wanted = {.mac = {{0x52, 0x54, 0, 0x12, 0x34, 0x56}},
                                     .vlan = 42,
                                     .qos = 3,
                                     .vlan_protocol = ETH_P_8021AD,
                                     .min_rate = 20,
                                     .max_rate = 3000,
                                     .spoof_check = 0,
                                     .trust = 1,
                                     .link_state = VAS_VF_LINK_ENABLE};

/* The one attribute in @parent, which is of @type. */
static struct nlattr *
only_attribute(struct nlattr *parent, int type)
{
    struct nlattr *attribute = nla_data(parent);
    int left = nla_len(parent);

    g_assert_true(nla_ok(attribute, left));
    g_assert_cmpint(nla_type(attribute), ==, type);
    attribute = nla_next(attribute, &left);
    g_assert_cmpint(left, ==, 0);
    return nla_data(parent);
}

/* The kernel is asked for just one setting of just the one VF. */
static void
test_write(void)
{
    static const struct ifla_vf_mac mac = {2, {0x52, 0x54, 0, 0x12, 0x34, 0x56}};
    const struct ifla_vf_vlan_info vlan = {2, 42, 3, htons(ETH_P_8021AD)};
    static const struct ifla_vf_rate rate = {2, 20, 3000};
    static const struct ifla_vf_spoofchk spoof_check = {2, 0};
    static const struct ifla_vf_trust trust = {2, 1};
    static const struct ifla_vf_link_state link_state = {2, IFLA_VF_LINK_STATE_ENABLE};
    const struct {
        VasVfField field;
        int type;
        const void *value;
        gsize size;
    } rows[] = {
        {VAS_VF_SPOOF_CHECK, IFLA_VF_SPOOFCHK, &spoof_check, sizeof spoof_check},
        {VAS_VF_TRUST, IFLA_VF_TRUST, &trust, sizeof trust},
        {VAS_VF_LINK_STATE, IFLA_VF_LINK_STATE, &link_state, sizeof link_state},
        {VAS_VF_RATE, IFLA_VF_RATE, &rate, sizeof rate},
        {VAS_VF_VLAN, IFLA_VF_VLAN_LIST, &vlan,
         G_STRUCT_OFFSET(struct ifla_vf_vlan_info, vlan_proto) + sizeof vlan.vlan_proto},
        {VAS_VF_MAC, IFLA_VF_MAC, &mac, sizeof mac},
    };

    g_assert_cmpuint(G_N_ELEMENTS(rows), ==, VAS_VF_FIELDS);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        struct nlattr *attribute = NULL;

        set_up();
        g_assert_true(vas_vf_netlink_write(PF, 2, rows[i].field, &wanted, NULL, &error));
        g_assert_no_error(error);
        g_assert_nonnull(kernel.asked);
        g_assert_cmpint(((const struct ifinfomsg *) nlmsg_data(nlmsg_hdr(kernel.asked)))->ifi_index,
                        ==, 7);
        attribute =
            nlmsg_find_attr(nlmsg_hdr(kernel.asked), sizeof(struct ifinfomsg), IFLA_VFINFO_LIST);
        g_assert_nonnull(attribute);
        attribute = only_attribute(only_attribute(attribute, IFLA_VF_INFO), rows[i].type);
        if (rows[i].type == IFLA_VF_VLAN_LIST)
            attribute = only_attribute(attribute, IFLA_VF_VLAN_INFO);
        g_assert_cmpint(nla_len(attribute), >=, (int) rows[i].size); /* and padding */
        g_assert_cmpmem(nla_data(attribute), rows[i].size, rows[i].value, rows[i].size);
    }
}

/* libnl has an attribute for the usual protocol, and the kernel takes that of any driver. */
static void
test_write_usual_vlan(void)
{
    static const struct ifla_vf_vlan vlan = {2, 42, 3};
    VasVfSettings usual = wanted;
    g_autoptr(GError) error = NULL;
    struct nlattr *attribute = NULL;

    usual.vlan_protocol = VAS_VLAN_PROTOCOL;
    set_up();
    g_assert_true(vas_vf_netlink_write(PF, 2, VAS_VF_VLAN, &usual, NULL, &error));
    g_assert_no_error(error);
    attribute =
        nlmsg_find_attr(nlmsg_hdr(kernel.asked), sizeof(struct ifinfomsg), IFLA_VFINFO_LIST);
    attribute = only_attribute(only_attribute(attribute, IFLA_VF_INFO), IFLA_VF_VLAN);
    g_assert_cmpmem(nla_data(attribute), nla_len(attribute), &vlan, sizeof vlan);
}

static void
test_refused(void)
{
    static const struct {
        int status;
        VasError code;
    } rows[] = {
        {EPERM, VAS_ERROR_DENIED},           {EACCES, VAS_ERROR_DENIED},
        {ENODEV, VAS_ERROR_NOT_FOUND},       {ERANGE, VAS_ERROR_NOT_FOUND},
        {EOPNOTSUPP, VAS_ERROR_UNSUPPORTED}, {EBUSY, VAS_ERROR_FAILED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        VasVfSettings settings;

        set_up();
        kernel.changing = rows[i].status;
        g_assert_false(vas_vf_netlink_write(PF, 2, VAS_VF_TRUST, &wanted, NULL, &error));
        testing_assert_error(&error, (int) rows[i].code, "set trust on for VF 2 of " PF ": ");
        set_up();
        kernel.reading = rows[i].status;
        g_assert_false(vas_vf_netlink_read(PF, 2, &settings, NULL, &error));
        testing_assert_error(&error, (int) rows[i].code, "interface " PF ": ");
        g_assert_false(vas_vf_netlink_write(PF, 2, VAS_VF_TRUST, &wanted, NULL, &error));
        testing_assert_error(&error, (int) rows[i].code, "interface " PF ": ");
        g_assert_null(kernel.asked);
    }
    set_up();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vf-netlink-requests/read", test_read);
    g_test_add_func("/vf-netlink-requests/write", test_write);
    g_test_add_func("/vf-netlink-requests/write-usual-vlan", test_write_usual_vlan);
    g_test_add_func("/vf-netlink-requests/refused", test_refused);
    return g_test_run();
}
