/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "fake-machine.h"
#include "host/need/critical.h"

#define AHCI "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda"
#define AHCI_2 "pci0000:00/0000:00:1f.2/ata2/host1/target1:0:0/1:0:0:0/block/sdb"
#define HBA "pci0000:00/0000:00:1c.0/0000:05:00.0/host7/rport-7:0-0/target7:0:0/7:0:0:0/block/sdc"
#define MOUNTINFO "mounted file system "
#define IN_MOUNTINFO " (/proc/1/mountinfo: "
#define ROOT_IS(number, source)                                                                    \
    "20 1 0:4 / /proc rw - proc proc rw\n22 1 " number " / / rw,relatime shared:1 master:2 - "     \
    "ext4 " source " rw\n"

static void
set_mounts(const FakeMachine *machine, const char *text)
{
    testing_scratch_write(machine->root, "/proc/1/mountinfo", text);
}

static void
test_nothing(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    assert_critical(machine, (const char *const[]){NULL});
    set_mounts(machine, "\nnot a mount\n1 2 3 4 5 6 7 8\n30 1 8:16 / /x rw - ext4\n"
                        "31 1 0:99 / /net rw - nfs server:/export rw\n");
    testing_scratch_write(machine->root, "/proc/swaps", "Filename\tType\n");
    assert_critical(machine, (const char *const[]){NULL});
}

static void
test_partition_and_bind_mounts(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, AHCI "/sda1", "8:1");
    set_mounts(machine,
               "40 22 8:1 /srv /srv/data rw - ext4 /dev/sda1 rw\n" ROOT_IS("8:1", "/dev/root"));
    assert_critical(machine, (const char *const[]){
                                 "0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO "sda1 on sda)", NULL});
}

static void
test_own_mounts_if_others_are_hidden(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    testing_scratch_write(machine->root, "/proc/100/mountinfo", ROOT_IS("8:0", "/dev/sda"));
    assert_critical(machine,
                    (const char *const[]){"0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO "sda)", NULL});
}

/* Ports and bridges on the way are told too; who asks leaves them out. */
static void
test_other_controllers(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, "pci0000:00/0000:00:03.0/virtio1/block/vda", "254:0");
    fake_block(machine,
               "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/sdd",
               "8:48");
    fake_block(machine,
               "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme2/nvme2n1",
               "259:2");
    set_mounts(machine, "1 1 254:0 / / rw - xfs /dev/vda rw\n"
                        "2 1 8:48 / /usb\\040stick rw - vfat /dev/sdd rw\n"
                        "3 1 259:2 / /fast rw - xfs /dev/nvme2n1 rw\n");
    assert_critical(machine, (const char *const[]){
                                 "0000:00:03.0 " MOUNTINFO "/" IN_MOUNTINFO "vda)",
                                 "0000:00:14.0 " MOUNTINFO "/usb stick" IN_MOUNTINFO "sdd)",
                                 "0000:00:0e.0 " MOUNTINFO "/fast" IN_MOUNTINFO "nvme2n1)",
                                 "10000:e0:06.0 " MOUNTINFO "/fast" IN_MOUNTINFO "nvme2n1)",
                                 "10000:e1:00.0 " MOUNTINFO "/fast" IN_MOUNTINFO "nvme2n1)", NULL});
}

/* A namespace has two controllers, neither of which is above its block device. */
static void
test_nvme_multipath(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_class(machine, "nvme", "pci0000:00/0000:06:00.0/nvme/nvme0");
    fake_class(machine, "nvme", "pci0000:00/0000:07:00.0/nvme/nvme1");
    fake_class(machine, "nvme-subsystem", "virtual/nvme-subsystem/nvme-subsys0");
    testing_scratch_link(machine->root, "/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0",
                         "../../../pci0000:00/0000:06:00.0/nvme/nvme0");
    testing_scratch_link(machine->root, "/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1",
                         "../../../pci0000:00/0000:07:00.0/nvme/nvme1");
    fake_block(machine, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "259:0");
    set_mounts(machine, ROOT_IS("259:0", "/dev/nvme0n1"));
    assert_critical(machine,
                    (const char *const[]){
                        "0000:06:00.0 " MOUNTINFO "/" IN_MOUNTINFO "nvme0n1 on nvme0)",
                        "0000:07:00.0 " MOUNTINFO "/" IN_MOUNTINFO "nvme0n1 on nvme1)", NULL});
}

/* LVM on dm-crypt on md on partitions of disks at two controllers; swap on another volume. */
static void
test_stack(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, AHCI "/sda2", "8:2");
    fake_block(machine, HBA, "8:32");
    fake_block(machine, HBA "/sdc2", "8:34");
    fake_block(machine, "virtual/block/md0", "9:0");
    fake_block(machine, "virtual/block/dm-0", "253:0");
    fake_block(machine, "virtual/block/dm-1", "253:1");
    fake_slave(machine, "md0", "sda2");
    fake_slave(machine, "md0", "sdc2");
    fake_slave(machine, "dm-0", "md0");
    fake_slave(machine, "dm-1", "dm-0");
    testing_scratch_write(machine->root, "/sys/devices/virtual/block/dm-0/dm/name", "crypt\n");
    testing_scratch_write(machine->root, "/sys/devices/virtual/block/dm-1/dm/name", "vg-root\n");
    set_mounts(machine, ROOT_IS("253:1", "/dev/mapper/vg-root"));
    testing_scratch_write(machine->root, "/proc/swaps",
                          "Filename\t\tType\t\tSize\n/dev/dm-0      partition\t1\n"
                          "/dev/zram0 partition 1\n");
    assert_critical(
        machine, (const char *const[]){
                     "0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO
                     "dm-1 (vg-root) on dm-0 (crypt) on md0 on sda2 on sda)",
                     "0000:00:1c.0 " MOUNTINFO "/" IN_MOUNTINFO
                     "dm-1 (vg-root) on dm-0 (crypt) on md0 on sdc2 on sdc)",
                     "0000:05:00.0 " MOUNTINFO "/" IN_MOUNTINFO
                     "dm-1 (vg-root) on dm-0 (crypt) on md0 on sdc2 on sdc)",
                     "0000:00:1f.2 swap (/proc/swaps: dm-0 (crypt) on md0 on sda2 on sda)",
                     "0000:00:1c.0 swap (/proc/swaps: dm-0 (crypt) on md0 on sdc2 on sdc)",
                     "0000:05:00.0 swap (/proc/swaps: dm-0 (crypt) on md0 on sdc2 on sdc)", NULL});
}

/* One disk has two paths, and an md has a partition. */
static void
test_dm_multipath_and_md_partition(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, "pci0000:00/0000:08:00.0/host1/block/sda", "8:0");
    fake_block(machine, "pci0000:00/0000:09:00.0/host2/block/sdb", "8:16");
    fake_block(machine, "virtual/block/dm-3", "253:3");
    fake_slave(machine, "dm-3", "sda");
    fake_slave(machine, "dm-3", "sdb");
    fake_block(machine, AHCI_2 "x", "8:64");
    fake_block(machine, "virtual/block/md1", "9:1");
    fake_block(machine, "virtual/block/md1/md1p1", "259:9");
    fake_slave(machine, "md1", "sdbx");
    set_mounts(machine, "1 1 253:3 / / rw - xfs /dev/mapper/mpatha rw\n"
                        "2 1 259:9 / /srv rw - xfs /dev/md1p1 rw\n");
    assert_critical(
        machine, (const char *const[]){
                     "0000:08:00.0 " MOUNTINFO "/" IN_MOUNTINFO "dm-3 on sda)",
                     "0000:09:00.0 " MOUNTINFO "/" IN_MOUNTINFO "dm-3 on sdb)",
                     "0000:00:1f.2 " MOUNTINFO "/srv" IN_MOUNTINFO "md1p1 on md1 on sdbx)", NULL});
}

static void
test_btrfs_on_several_devices(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, HBA, "8:32");
    testing_scratch_link(machine->root, "/sys/fs/btrfs/a-b-c/devices/sda", "x");
    testing_scratch_link(machine->root, "/sys/fs/btrfs/a-b-c/devices/sdc", "x");
    testing_scratch_write(machine->root, "/sys/fs/btrfs/features/raid56", "0\n");
    testing_scratch_link(machine->root, "/dev/disk/by-id/one", "../../sda");
    set_mounts(machine, ROOT_IS("0:33", "/dev/disk/by-id/one"));
    assert_critical(machine,
                    (const char *const[]){"0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO "sda)",
                                          "0000:00:1c.0 " MOUNTINFO "/" IN_MOUNTINFO "sdc)",
                                          "0000:05:00.0 " MOUNTINFO "/" IN_MOUNTINFO "sdc)", NULL});
}

/* A file system of two disks need not be btrfs, and names can have a slash. */
static void
test_bcachefs(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, "pci0000:00/0000:0a:00.0/host3/block/cciss!c0d0", "104:0");
    set_mounts(machine, ROOT_IS("0:40", "/dev/sda:/dev/cciss/c0d0"));
    assert_critical(machine, (const char *const[]){
                                 "0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO "sda)",
                                 "0000:0a:00.0 " MOUNTINFO "/" IN_MOUNTINFO "cciss!c0d0)", NULL});
}

/* Any user may mount by FUSE, and call the source as he likes. */
static void
test_fuse(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, AHCI_2, "8:16");
    set_mounts(machine, "40 22 0:50 / /home/a/x rw - fuse /dev/sda rw\n"
                        "41 22 0:51 / /home/a/y rw - fuse.sshfs /dev/sda rw\n"
                        "42 22 8:16 / /ntfs rw - fuseblk /dev/sdb rw\n");
    assert_critical(machine, (const char *const[]){
                                 "0000:00:1f.2 " MOUNTINFO "/ntfs" IN_MOUNTINFO "sdb)", NULL});
}

/* A file system is in a file on another disk, and swap in a file of that one. */
static void
test_files(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, AHCI_2, "8:16");
    fake_block(machine, "virtual/block/loop0", "7:0");
    testing_scratch_write(machine->root, "/sys/devices/virtual/block/loop0/loop/backing_file",
                          "/srv/images/x.img\n");
    set_mounts(machine, ROOT_IS("8:0", "/dev/sda") "30 22 8:16 / /srv rw - ext4 /dev/sdb rw\n"
                                                   "31 30 7:0 / /mnt rw - ext4 /dev/loop0 rw\n"
                                                   "32 1 0:50 / /srvx rw - tmpfs tmpfs rw\n");
    testing_scratch_write(machine->root, "/proc/swaps", "Filename\n/mnt/swap file 1 2 3\n");
    assert_critical(
        machine,
        (const char *const[]){
            "0000:00:1f.2 " MOUNTINFO "/" IN_MOUNTINFO "sda)",
            "0000:00:1f.2 " MOUNTINFO "/srv" IN_MOUNTINFO "sdb)",
            "0000:00:1f.2 " MOUNTINFO "/mnt" IN_MOUNTINFO "loop0 on /srv/images/x.img on sdb)",
            "0000:00:1f.2 swap (/proc/swaps: /mnt/swap on loop0 on /srv/images/x.img on sdb)",
            NULL});
}

static void
add_holder(const FakeMachine *machine, const char *part, const char *holder)
{
    g_autofree char *link = g_strdup_printf("/sys/class/block/%s/holders/%s", part, holder);
    g_autofree char *target = g_strdup_printf("../../../../../virtual/block/%s", holder);

    testing_scratch_link(machine->root, link, target);
}

/* LVM on RAID that nothing is mounted from: guests may have it. */
static void
test_active_but_not_mounted(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, AHCI, "8:0");
    fake_block(machine, AHCI "/sda1", "8:1");
    fake_block(machine, AHCI_2, "8:16");
    fake_block(machine, "virtual/block/md0", "9:0");
    fake_block(machine, "virtual/block/dm-0", "253:0");
    fake_slave(machine, "md0", "sda1");
    fake_slave(machine, "dm-0", "md0");
    add_holder(machine, "sda1", "md0");
    add_holder(machine, "md0", "dm-0");
    testing_scratch_write(machine->root, "/sys/devices/virtual/block/dm-0/dm/name", "vg-data\n");
    assert_critical(machine,
                    (const char *const[]){
                        "0000:00:1f.2 storage that is active, mounted or not "
                        "(/sys/class/block/dm-0/slaves: dm-0 (vg-data) on md0 on sda1 on sda)",
                        NULL});
}

/* A damaged device, made of itself, must not take us with it. */
static void
test_circle(void)
{
    g_autoptr(FakeMachine) machine = fake_machine_new();

    fake_block(machine, "virtual/block/dm-0", "253:0");
    fake_slave(machine, "dm-0", "dm-0");
    set_mounts(machine, ROOT_IS("253:0", "/dev/dm-0"));
    assert_critical(machine, (const char *const[]){NULL});
}

static void
test_unreadable(gconstpointer data)
{
    const char *path = data;
    g_autoptr(FakeMachine) machine = fake_machine_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *full = vas_host_path(machine->host, path);

    /* A folder cannot be read as a file, not even by root. */
    g_assert_cmpint(g_mkdir_with_parents(full, 0755), ==, 0);
    g_assert_null(vas_critical_find(machine->host, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, path);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/critical-storage/nothing", test_nothing);
    g_test_add_func("/critical-storage/partition", test_partition_and_bind_mounts);
    g_test_add_func("/critical-storage/own-mounts", test_own_mounts_if_others_are_hidden);
    g_test_add_func("/critical-storage/controllers", test_other_controllers);
    g_test_add_func("/critical-storage/nvme-multipath", test_nvme_multipath);
    g_test_add_func("/critical-storage/stack", test_stack);
    g_test_add_func("/critical-storage/dm-multipath", test_dm_multipath_and_md_partition);
    g_test_add_func("/critical-storage/btrfs", test_btrfs_on_several_devices);
    g_test_add_func("/critical-storage/bcachefs", test_bcachefs);
    g_test_add_func("/critical-storage/fuse", test_fuse);
    g_test_add_func("/critical-storage/files", test_files);
    g_test_add_func("/critical-storage/active-but-not-mounted", test_active_but_not_mounted);
    g_test_add_func("/critical-storage/circle", test_circle);
    g_test_add_data_func("/critical-storage/unreadable/mounts", "/proc/self/mountinfo",
                         test_unreadable);
    g_test_add_data_func("/critical-storage/unreadable/swaps", "/proc/swaps", test_unreadable);
    return g_test_run();
}
