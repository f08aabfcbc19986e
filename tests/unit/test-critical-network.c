/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "fake-machine.h"
#include "host/need/critical.h"
#include "host/need/network.h"

#include <string.h>

#define NIC "pci0000:00/0000:01:00.0/net/enp1s0"
#define VF "pci0000:00/0000:02:10.0/net/enp2s0v0"
#define VIRTIO "pci0000:00/0000:00:03.0/virtio0/net/ens3"
#define TCP_HEADING                                                                                \
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid\n"
/* /proc/net/tcp has this line for 10.0.2.15:22 and 10.0.2.2:40000. */
#define TCP_LINE(state, inode)                                                                     \
    "   0: 0F02000A:0016 0202000A:9C40 " state " 00000000:00000000 02:000A 00000000     0        " \
    "0 " inode " 2 0000000000000000 20 4 29 10 -1\n"

static void
add_route(const FakeMachine *machine, const char *interface)
{
    vas_network_add(machine->network->default_routes, interface, "IPv4 default route");
}

static void
add_address(const FakeMachine *machine, const char *interface, const char *address)
{
    vas_network_add(machine->network->addresses, interface, address);
}

static void
set_environment(const FakeMachine *machine, guint process, const char *text, gsize length)
{
    g_autofree char *path = g_strdup_printf("%s/proc/%u/environ", machine->root->path, process);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, (gssize) length, &error);
    g_assert_no_error(error);
}

static void
test_nothing(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    add_address(machine, "enp1s0", "10.0.2.15");
    add_route(machine, "gone0");
    assert_critical(machine, (const char *const[]){NULL});
}

static void
test_default_routes(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VIRTIO);
    add_route(machine, "enp1s0");
    add_route(machine, "enp1s0");
    vas_network_add(machine->network->default_routes, "ens3", "IPv6 default route");
    assert_critical(
        machine, (const char *const[]){"0000:01:00.0 IPv4 default route (ip route: enp1s0)",
                                       "0000:00:03.0 IPv6 default route (ip route: ens3)", NULL});
}

/* The bridge is on a VLAN on a bond of a NIC and a VF; a guest's tap is on the bridge too. */
static void
test_stack(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    fake_interface(machine, "virtual/net/bond0");
    fake_interface(machine, "virtual/net/bond0.7");
    fake_interface(machine, "virtual/net/br0");
    fake_interface(machine, "virtual/net/vnet3");
    fake_lower(machine, "bond0", "enp1s0");
    fake_lower(machine, "bond0", "enp2s0v0");
    fake_lower(machine, "bond0.7", "bond0");
    fake_lower(machine, "br0", "bond0.7");
    fake_lower(machine, "br0", "vnet3");
    add_route(machine, "br0");
    assert_critical(
        machine,
        (const char *const[]){
            "0000:01:00.0 IPv4 default route (ip route: br0 on bond0.7 on bond0 on enp1s0)",
            "0000:02:10.0 IPv4 default route (ip route: br0 on bond0.7 on bond0 on enp2s0v0)",
            NULL});
}

static void
test_circle(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, "virtual/net/br0");
    fake_lower(machine, "br0", "br0");
    add_route(machine, "br0");
    assert_critical(machine, (const char *const[]){NULL});
}

/* Below sudo the environment is gone; the socket of sshd is not. */
static void
test_session_by_socket(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_process(machine, 100, "virt-assign", 90);
    fake_process(machine, 90, "a) S 7 (b", 80);
    fake_process(machine, 80, "sshd-session", 1);
    testing_scratch_link(machine->root, "/proc/80/fd/3", "/dev/null");
    testing_scratch_link(machine->root, "/proc/80/fd/4", "socket:[4711]");
    testing_scratch_write(machine->root, "/proc/net/tcp",
                          TCP_HEADING TCP_LINE("01", "4712") TCP_LINE("01", "4711") "\nx\n");
    add_address(machine, "ens9", "10.0.2.16");
    add_address(machine, "enp1s0", "10.0.2.15");
    assert_critical(machine,
                    (const char *const[]){"0000:01:00.0 current session from 10.0.2.2 "
                                          "(sshd-session, process 80, /proc/net/tcp: 10.0.2.15: "
                                          "enp1s0)",
                                          NULL});
}

/* IPv4 over an IPv6 socket; through a bridge. */
static void
test_session_over_ipv6(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, "virtual/net/br0");
    fake_lower(machine, "br0", "enp1s0");
    testing_scratch_link(machine->root, "/proc/100/fd/4", "socket:[4711]");
    testing_scratch_link(machine->root, "/proc/100/fd/5", "socket:[4713]");
    testing_scratch_write(machine->root, "/proc/net/tcp6",
                          TCP_HEADING " 0: 0000000000000000FFFF00000F02000A:0016 "
                                      "0000000000000000FFFF00000202000A:9C40 01 0:0 0:0 "
                                      "0 0 0 4711 1\n"
                                      " 1: B80D0120000000000000000002000000:0016 "
                                      "B80D0120000000000000000003000000:9C40 01 0:0 0:0 "
                                      "0 0 0 4713 1\n");
    add_address(machine, "br0", "10.0.2.15");
    add_address(machine, "enp1s0", "2001:db8::2");
    assert_critical(machine,
                    (const char *const[]){
                        "0000:01:00.0 current session from 10.0.2.2 (virt-assign, process 100, "
                        "/proc/net/tcp6: 10.0.2.15: br0 on enp1s0)",
                        "0000:01:00.0 current session from 2001:db8::3 (virt-assign, process 100, "
                        "/proc/net/tcp6: 2001:db8::2: enp1s0)",
                        NULL});
}

/* These sockets do not count: not established, loopback, process 1's, malformed. */
static void
test_no_session(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    testing_scratch_link(machine->root, "/proc/100/fd/4", "socket:[4711]");
    testing_scratch_link(machine->root, "/proc/1/fd/4", "socket:[1]");
    testing_scratch_write(machine->root, "/proc/1/stat", "1 (systemd) S 0 1 1\n");
    testing_scratch_write(
        machine->root, "/proc/net/tcp",
        TCP_HEADING TCP_LINE("06", "4711")
            TCP_LINE("01", "1") " 0: 0100007F:0016 0100007F:9C40 01 0:0 0:0 0 0 0 4711 1\n"
                                " 0: 0F02000A 01\n"
                                " 0: 0F02:0016 0F0200:9C40 01 0:0 0:0 0 0 0 4711 1\n"
                                " 0: 0F02000X:0016 0202000A:9C40 01 0:0 0:0 0 0 0 4711 1\n");
    add_address(machine, "enp1s0", "10.0.2.15");
    add_address(machine, "lo", "127.0.0.1");
    assert_critical(machine, (const char *const[]){NULL});
}

/* A caller who may not look at the sockets of sshd still has sshd's word in the environment. */
static void
test_session_by_environment(void)
{
    static const char environment[] = "HOME=/root\0SSH_CONNECTION=fe80::9%enp1s0 4000 "
                                      "fe80::1%enp1s0 22\0TERM=x";
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_process(machine, 100, "virt-assign", 90);
    fake_process(machine, 90, "bash", 1);
    set_environment(machine, 90, environment, sizeof environment - 1);
    add_address(machine, "enp1s0", "fe80::1");
    assert_critical(
        machine, (const char *const[]){"0000:01:00.0 current session from fe80::9 (SSH_CONNECTION, "
                                       "/proc/90/environ: fe80::1: enp1s0)",
                                       NULL});
}

static void
test_bad_environment(gconstpointer data)
{
    const char *value = data;
    g_autoptr(FakeMachine) machine = fake_machine_new();
    g_autofree char *text = g_strconcat("SSH_CONNECTION=", value, NULL);

    fake_interface(machine, NIC);
    set_environment(machine, 100, text, strlen(text));
    add_address(machine, "enp1s0", "10.0.2.15");
    assert_critical(machine, (const char *const[]){NULL});
}

static gboolean
refuse(VasNetwork *network, gpointer data, GError **error)
{
    (void) network;
    g_set_error_literal(error, VAS_ERROR, VAS_ERROR_DENIED, "no netlink");
    return FALSE;
}

static void
test_unreadable(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();
    g_autoptr(GError) error = NULL;

    machine->host->read_network = refuse;
    g_assert_null(vas_critical_find(machine->host, &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "no netlink");
}

static void
test_bridge_of_guests(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, "virtual/net/br0");
    fake_interface(machine, "virtual/net/vnet0");
    fake_lower(machine, "br0", "enp1s0");
    fake_lower(machine, "br0", "vnet0");
    testing_scratch_link(machine->root, "/sys/devices/virtual/net/br0/brif/vnet0",
                         "../../vnet0/brport");
    assert_critical(machine, (const char *const[]){NULL});
    testing_scratch_write(machine->root, "/sys/devices/virtual/net/vnet0/tun_flags", "0x5002\n");
    assert_critical(machine, (const char *const[]){"0000:01:00.0 network of a running guest "
                                                   "(/sys/class/net/br0/brif/vnet0: br0 on enp1s0)",
                                                   NULL});
}

/* The NIC is a port of a bridge, and the host reaches its network by the bridge's address. */
static void
test_bridge_with_address(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    fake_interface(machine, "virtual/net/br0");
    fake_lower(machine, "br0", "enp1s0");
    testing_scratch_link(machine->root, "/sys/devices/virtual/net/br0/brif/enp1s0",
                         "../../../../" NIC "/brport");
    add_address(machine, "br0", "fe80::1");
    add_address(machine, "br0", "169.254.3.4");
    add_address(machine, "enp2s0v0", "10.0.0.2");
    assert_critical(machine, (const char *const[]){NULL});
    add_address(machine, "br0", "10.1.0.1");
    assert_critical(machine, (const char *const[]){"0000:01:00.0 the host's address 10.1.0.1 on a "
                                                   "bridge (ip address: br0 on enp1s0)",
                                                   NULL});
}

static void
test_open_vswitch(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    testing_scratch_link(machine->root, "/sys/devices/" NIC "/upper_ovs-system",
                         "../../../../virtual/net/ovs-system");
    assert_critical(machine,
                    (const char *const[]){"0000:01:00.0 a port of Open vSwitch "
                                          "(/sys/class/net/enp1s0/upper_ovs-system: enp1s0)",
                                          NULL});
}

static void
add_way(const FakeMachine *machine, const char *address, const char *interface)
{
    g_hash_table_insert(machine->routes, (gpointer) address, (gpointer) interface);
}

static void
test_network_file_systems(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    add_way(machine, "10.0.0.5", "enp1s0");
    add_way(machine, "fd00::6", "enp2s0v0");
    add_way(machine, "10.0.0.7", "enp2s0v0");
    testing_scratch_write(machine->root, "/proc/1/mountinfo",
                          "31 1 0:50 / /srv rw - nfs4 nas:/srv rw,vers=4.2,clientaddr=10.0.0.1,"
                          "addr=10.0.0.5\n"
                          "32 1 0:51 / /gone rw - nfs nas:/gone rw,addr=10.9.9.9\n"
                          "33 1 0:52 / /local rw - nfs nas:/local rw,addr6=10.0.0.5\n"
                          "34 1 0:53 / /win rw - cifs //nas/win rw,addr=fe80::9%enp1s0\n"
                          "35 1 0:54 / /old rw - ceph 10.9.9.9:6789,[fd00::6]:6789:/10.0.0.5 rw\n"
                          "36 1 0:55 / /new rw - ceph a@b.c=/ rw,mon_addr=10.9.9.9:1/10.0.0.7:1\n"
                          "37 1 0:56 / /fuse rw - fuse.sshfs 10.0.0.5:/ rw\n");
    assert_critical(
        machine,
        (const char *const[]){
            "0000:01:00.0 network file system /srv from 10.0.0.5 (/proc/1/mountinfo: enp1s0)",
            "0000:01:00.0 network file system /win from fe80::9%enp1s0 (/proc/1/mountinfo: enp1s0)",
            "0000:02:10.0 network file system /old from fd00::6 (/proc/1/mountinfo: enp2s0v0)",
            "0000:02:10.0 network file system /new from 10.0.0.7 (/proc/1/mountinfo: enp2s0v0)",
            NULL});
}

/* The connection's own address tells which of two NICs has it, where the route does not. */
static void
test_iscsi(void)
{
    static const char own[] =
        "platform/host7/session1/connection1:0/iscsi_connection/connection1:0";
    static const char other[] =
        "platform/host8/session2/connection2:0/iscsi_connection/connection2:0";
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    add_address(machine, "enp2s0v0", "10.0.0.2");
    add_way(machine, "10.0.0.5", "enp1s0");
    fake_class(machine, "iscsi_connection", own);
    fake_class(machine, "iscsi_host", "platform/host7/iscsi_host/host7");
    testing_scratch_write(machine->root, "/sys/devices/platform/host7/iscsi_host/host7/ipaddress",
                          "10.0.0.2\n");
    fake_class(machine, "iscsi_connection", other);
    testing_scratch_write(machine->root,
                          "/sys/class/iscsi_connection/connection1:0/persistent_address",
                          "10.0.0.5\n");
    testing_scratch_write(machine->root,
                          "/sys/class/iscsi_connection/connection2:0/persistent_address",
                          "10.0.0.5\n");
    assert_critical(machine,
                    (const char *const[]){"0000:02:10.0 iSCSI session with 10.0.0.5 "
                                          "(/sys/class/iscsi_connection/connection1:0: enp2s0v0)",
                                          "0000:01:00.0 iSCSI session with 10.0.0.5 "
                                          "(/sys/class/iscsi_connection/connection2:0: enp1s0)",
                                          NULL});
}

static void
add_nvme(const FakeMachine *machine, const char *name, const char *transport, const char *address)
{
    g_autofree char *device = g_strdup_printf("virtual/nvme-fabrics/ctl/%s", name);
    g_autofree char *kind = g_strdup_printf("/sys/devices/%s/transport", device);
    g_autofree char *file = g_strdup_printf("/sys/devices/%s/address", device);

    fake_class(machine, "nvme", device);
    testing_scratch_write(machine->root, kind, transport);
    testing_scratch_write(machine->root, file, address);
}

static void
test_nvme_over_network(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    add_address(machine, "enp2s0v0", "10.0.0.2");
    add_way(machine, "10.0.0.5", "enp1s0");
    add_nvme(machine, "nvme1", "tcp\n", "traddr=10.0.0.5,trsvcid=4420,src_addr=10.0.0.2\n");
    add_nvme(machine, "nvme2", "rdma\n", "traddr=10.0.0.5,trsvcid=4420\n");
    add_nvme(machine, "nvme3", "fc\n", "traddr=10.0.0.5\n");
    add_nvme(machine, "nvme4", "pcie\n", "0000:05:00.0\n");
    assert_critical(machine,
                    (const char *const[]){"0000:02:10.0 NVMe over tcp: nvme1 from 10.0.0.5 "
                                          "(/sys/class/nvme/nvme1/address: enp2s0v0)",
                                          "0000:01:00.0 NVMe over rdma: nvme2 from 10.0.0.5 "
                                          "(/sys/class/nvme/nvme2/address: enp1s0)",
                                          NULL});
}

/* The default route goes through a tunnel, whose packets go through a NIC; the route to the other
 * tunnel's end goes into that tunnel. */
static void
test_tunnels(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_interface(machine, NIC);
    fake_interface(machine, VF);
    fake_interface(machine, "virtual/net/gre1");
    fake_interface(machine, "virtual/net/gre2");
    fake_interface(machine, "virtual/net/vxlan7");
    vas_network_add(machine->network->tunnels, "gre1", "192.0.2.9");
    vas_network_add(machine->network->tunnels, "gre2", "192.0.2.10");
    vas_network_add(machine->network->tunnels, "vxlan7", "10.0.0.2");
    add_address(machine, "enp2s0v0", "10.0.0.2");
    add_way(machine, "192.0.2.9", "enp1s0");
    add_way(machine, "192.0.2.10", "gre2");
    add_way(machine, "10.0.0.2", "enp1s0");
    add_route(machine, "gre1");
    add_route(machine, "gre2");
    add_route(machine, "vxlan7");
    assert_critical(machine,
                    (const char *const[]){
                        "0000:01:00.0 IPv4 default route (ip route: gre1 on enp1s0)",
                        "0000:02:10.0 IPv4 default route (ip route: vxlan7 on enp2s0v0)", NULL});
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/critical-network/nothing", test_nothing);
    g_test_add_func("/critical-network/default-routes", test_default_routes);
    g_test_add_func("/critical-network/stack", test_stack);
    g_test_add_func("/critical-network/circle", test_circle);
    /* The kernel's tables have addresses as they lie in memory; those here are little-endian. */
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN) {
        g_test_add_func("/critical-network/session/socket", test_session_by_socket);
        g_test_add_func("/critical-network/session/ipv6", test_session_over_ipv6);
    }
    g_test_add_func("/critical-network/session/none", test_no_session);
    g_test_add_func("/critical-network/session/environment", test_session_by_environment);
    g_test_add_data_func("/critical-network/session/bad/empty", "", test_bad_environment);
    g_test_add_data_func("/critical-network/session/bad/short", "10.0.2.2 1 10.0.2.15",
                         test_bad_environment);
    g_test_add_data_func("/critical-network/session/bad/path", "10.0.2.2 1 ../10.0.2.15 2",
                         test_bad_environment);
    g_test_add_data_func("/critical-network/session/bad/loopback", "127.0.0.1 1 127.0.0.1 2",
                         test_bad_environment);
    g_test_add_func("/critical-network/unreadable", test_unreadable);
    g_test_add_func("/critical-network/bridge-of-guests", test_bridge_of_guests);
    g_test_add_func("/critical-network/bridge-with-address", test_bridge_with_address);
    g_test_add_func("/critical-network/open-vswitch", test_open_vswitch);
    g_test_add_func("/critical-network/tunnels", test_tunnels);
    g_test_add_func("/critical-network/network-file-systems", test_network_file_systems);
    g_test_add_func("/critical-network/iscsi", test_iscsi);
    g_test_add_func("/critical-network/nvme-over-network", test_nvme_over_network);
    return g_test_run();
}
