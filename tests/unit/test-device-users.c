/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/device-users.h"

#include "fake-machine.h"

#define CARD "pci0000:00/0000:02:00.0"

typedef struct {
    FakeMachine *machine;
    VasDevice *device;
} Fixture;

static void
fixture_set_up(Fixture *fixture, gconstpointer data)
{
    fixture->machine = fake_machine_new();
    fixture->device = vas_device_new();
    fixture->device->address = (VasHostAddress){.pci = {.bus = 2}};
    testing_scratch_link(fixture->machine->root, "/sys/bus/pci/devices/0000:02:00.0",
                         "../../../devices/" CARD);
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/drm/card0/dev", "226:0\n");
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/drm/card0/uevent",
                          "MAJOR=226\nDEVNAME=dri/card0\nDEVTYPE=drm_minor\n");
    fake_process(fixture->machine, 812, "Xorg", 1);
    testing_scratch_write(fixture->machine->root, "/proc/812/comm", "Xorg\n");
}

static void
fixture_tear_down(Fixture *fixture, gconstpointer data)
{
    vas_device_free(fixture->device);
    fake_machine_free(fixture->machine);
}

static void
open_file(const Fixture *fixture, const char *descriptor, const char *target)
{
    g_autofree char *path = g_strdup_printf("/proc/812/fd/%s", descriptor);

    testing_scratch_link(fixture->machine->root, path, target);
}

static void
assert_users(const Fixture *fixture, const char *expected)
{
    gboolean are_all = FALSE;
    g_autoptr(GPtrArray) users =
        vas_device_users_find(fixture->machine->host, fixture->device, &are_all);
    g_autofree char *found = NULL;

    g_ptr_array_add(users, NULL);
    found = g_strjoinv(", ", (char **) users->pdata);
    g_assert_cmpstr(found, ==, expected);
    g_assert_true(are_all);
}

static void
test_node(Fixture *fixture, gconstpointer data)
{
    open_file(fixture, "3", "/dev/dri/card1");
    open_file(fixture, "4", "socket:[17]");
    assert_users(fixture, "");
    open_file(fixture, "5", "/dev/dri/card0");
    open_file(fixture, "6", "/dev/dri/card0");
    assert_users(fixture, "Xorg (812) has /dev/dri/card0 open");
}

/* The node is gone from /dev, or it is another machine's: the number is what makes a folder one. */
static void
test_no_node_without_a_number(Fixture *fixture, gconstpointer data)
{
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/drm/card9/uevent",
                          "DEVNAME=dri/card9\n");
    open_file(fixture, "5", "/dev/dri/card9");
    assert_users(fixture, "");
}

/* The kernel takes an input device from its readers without waiting for them. */
static void
test_input_does_not_count(Fixture *fixture, gconstpointer data)
{
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/usb1/input/event3/dev",
                          "13:67\n");
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/usb1/input/event3/uevent",
                          "DEVNAME=input/event3\n");
    open_file(fixture, "5", "/dev/input/event3");
    assert_users(fixture, "");
}

static void
test_nvidia(Fixture *fixture, gconstpointer data)
{
    testing_scratch_write(fixture->machine->root,
                          "/proc/driver/nvidia/gpus/0000:02:00.0/information",
                          "Model: \t\t Tesla T4\nDevice Minor: \t 3\n");
    open_file(fixture, "5", "/dev/nvidia3");
    assert_users(fixture, "Xorg (812) has /dev/nvidia3 open");
}

#define PACKET_HEADING "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
#define PACKET_LINE(protocol, interface, inode)                                                    \
    "00000000aabbccdd 3      3    " protocol "   " interface "     1 0      0      " inode "\n"

static void
test_packet_socket(Fixture *fixture, gconstpointer data)
{
    fake_interface(fixture->machine, CARD "/net/enp2s0");
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/net/enp2s0/ifindex",
                          "7\n");
    testing_scratch_write(fixture->machine->root, "/proc/net/packet",
                          PACKET_HEADING PACKET_LINE("0003", "3", "16")
                              PACKET_LINE("0003", "7", "17") PACKET_LINE("0800", "7", "18"));
    fixture->device->interface = g_strdup("enp2s0");
    open_file(fixture, "5", "socket:[16]");
    open_file(fixture, "7", "socket:[18]");
    assert_users(fixture, "");
    open_file(fixture, "6", "socket:[17]");
    assert_users(fixture, "Xorg (812) has a packet socket for all of enp2s0 open");
}

static gboolean
claim_partition(const char *path, gpointer data)
{
    g_assert_true(g_str_has_prefix(path, data));
    return g_str_has_suffix(path, "/dev/nvme0n1p1");
}

static void
add_block(const Fixture *fixture, const char *folder, const char *name)
{
    g_autofree char *number = g_strdup_printf("/sys/devices/" CARD "/%s/dev", folder);
    g_autofree char *size = g_strdup_printf("/sys/devices/" CARD "/%s/size", folder);
    g_autofree char *event = g_strdup_printf("/sys/devices/" CARD "/%s/uevent", folder);
    g_autofree char *line = g_strdup_printf("DEVNAME=%s\n", name);

    testing_scratch_write(fixture->machine->root, number, "259:0\n");
    testing_scratch_write(fixture->machine->root, size, "2048\n");
    testing_scratch_write(fixture->machine->root, event, line);
}

/* ZFS has its disks so, and nothing else tells of that use. */
static void
test_claimed_by_the_kernel(Fixture *fixture, gconstpointer data)
{
    fixture->machine->host->is_claimed = claim_partition;
    fixture->machine->host->claim_data = fixture->machine->root->path;
    add_block(fixture, "nvme/nvme0/nvme0n1", "nvme0n1");
    assert_users(fixture, "");
    add_block(fixture, "nvme/nvme0/nvme0n1/nvme0n1p1", "nvme0n1p1");
    assert_users(fixture, "the kernel holds /dev/nvme0n1p1 for a file system, a pool or a volume");
}

/* VFIO's node is of those that have the device instead of its driver. */
static void
test_vfio_does_not_count(Fixture *fixture, gconstpointer data)
{
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/vfio-dev/vfio0/dev",
                          "511:0\n");
    testing_scratch_write(fixture->machine->root, "/sys/devices/" CARD "/vfio-dev/vfio0/uevent",
                          "DEVNAME=vfio/devices/vfio0\n");
    open_file(fixture, "5", "/dev/vfio/devices/vfio0");
    assert_users(fixture, "");
}

#define ADD(name, function)                                                                        \
    g_test_add("/device-users/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("node", test_node);
    ADD("no-node-without-a-number", test_no_node_without_a_number);
    ADD("input-does-not-count", test_input_does_not_count);
    ADD("nvidia", test_nvidia);
    ADD("packet-socket", test_packet_socket);
    ADD("claimed-by-the-kernel", test_claimed_by_the_kernel);
    ADD("vfio-does-not-count", test_vfio_does_not_count);
    return g_test_run();
}
