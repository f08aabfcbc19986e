/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "building.h"
#include "checking.h"
#include "fake-hypervisor.h"
#include "fake-vfio.h"

/* The inventories are built by hand, on the fake's sysfs where the host's files count. */

#define VF "/sys/bus/pci/devices/0000:01:10.0"

/* Puts each of @inventory's devices into a group of its own and on its host driver. */
static void
settle(VasInventory *inventory)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        device->iommu_group = (int) i;
        if (device->driver == NULL)
            device->driver = g_strdup("own-driver");
    }
}

static VasInventory *
settled_host(void)
{
    VasInventory *inventory = building_host();

    settle(inventory);
    return inventory;
}

static void
write_drivers(FakeHypervisor *fake)
{
    testing_scratch_write(fake->root, "/proc/sys/kernel/osrelease", "6.12.1\n");
    testing_scratch_write(fake->root, "/lib/modules/6.12.1/modules.alias",
                          "alias pci:v00008086d000010CA* igbvf\nalias vfio_pci:v* vfio_pci\n");
    testing_scratch_write(fake->root, VF "/modalias", "pci:v00008086d000010CAsv0\n");
    testing_scratch_write(fake->root, VF "/reset_method", "flr\n");
}

static GPtrArray *
check(const VasContext *context, const VasInventory *inventory, const char *address)
{
    return vas_check_device(context, inventory, building_device(inventory, address), NULL);
}

static void
test_healthy_vf(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) findings = NULL;

    write_drivers(fake);
    building_device(inventory, "0000:01:10.0")->numa_node = 1;
    findings = check(&fake->context, inventory, "0000:01:10.0");
    checking_assert_ids(findings,
                        "device.endpoint device.sriov device.holders device.critical "
                        "device.group device.numa device.pf-up device.reset device.drivers");
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_OK), ==, findings->len);
    checking_assert(findings, "device.sriov", VAS_FINDING_OK, "VF of 0000:01:00.0");
    checking_assert(findings, "device.holders", VAS_FINDING_OK, "no guest");
    checking_assert(findings, "device.group", VAS_FINDING_OK, "alone");
    checking_assert(findings, "device.numa", VAS_FINDING_OK, "node 1");
    checking_assert(findings, "device.pf-up", VAS_FINDING_OK, "enp1s0 is up");
    checking_assert(findings, "device.reset", VAS_FINDING_OK, "flr");
    checking_assert(findings, "device.drivers", VAS_FINDING_OK, "igbvf");
    checking_assert(findings, "device.drivers", VAS_FINDING_OK, "VFIO drivers: vfio_pci");
}

static void
test_kinds(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) pf = check(&fake->context, inventory, "0000:03:00.0");
    g_autoptr(GPtrArray) with_vfs = check(&fake->context, inventory, "0000:01:00.0");
    g_autoptr(GPtrArray) function = check(&fake->context, inventory, "0000:04:00.0");
    g_autoptr(GPtrArray) bridge = check(&fake->context, inventory, "0000:00:01.0");

    checking_assert(pf, "device.sriov", VAS_FINDING_OK, "0 of 7 VFs");
    checking_assert(pf, "device.sriov", VAS_FINDING_OK, "virt-assign vfs enp3s0 COUNT");
    checking_assert(with_vfs, "device.sriov", VAS_FINDING_OK, "virt-assign vfs enp1s0 0");
    checking_assert(function, "device.sriov", VAS_FINDING_OK, "no SR-IOV");
    checking_assert(bridge, "device.endpoint", VAS_FINDING_PROBLEM, "bridge");
}

static void
test_pf_down(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) of_vf = NULL;
    g_autoptr(GPtrArray) of_pf = NULL;

    fake_set_pf_up(fake, "enp1s0", FALSE);
    of_vf = check(&fake->context, inventory, "0000:01:10.2");
    checking_assert(of_vf, "device.pf-up", VAS_FINDING_PROBLEM, "ip link set enp1s0 up");
    of_pf = check(&fake->context, inventory, "0000:01:00.0");
    checking_assert(of_pf, "device.pf-up", VAS_FINDING_PROBLEM, "ip link set enp1s0 up");
}

static void
test_pf_without_interface(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) unreadable = check(&fake->context, inventory, "0000:06:00.0");
    g_autoptr(GPtrArray) bare = NULL;

    checking_assert(unreadable, "device.pf-up", VAS_FINDING_WARNING, "cannot be read");
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/0000:06:00.0/class", "0x020000\n");
    bare = check(&fake->context, inventory, "0000:06:00.0");
    checking_assert(bare, "device.pf-up", VAS_FINDING_WARNING, "plain hostdev only");
}

static void
test_no_group(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) findings = NULL;

    building_device(inventory, "0000:04:00.0")->iommu_group = -1;
    findings = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(findings, "device.group", VAS_FINDING_PROBLEM, "no IOMMU group");
}

/* Puts 0000:05:00.0 into the group of 0000:04:00.0, on @driver; the bridge too, which never
 * counts. */
static VasInventory *
shared_group(const char *driver)
{
    VasInventory *inventory = settled_host();
    VasDevice *mate = building_device(inventory, "0000:05:00.0");

    g_free(mate->driver);
    mate->driver = g_strdup(driver);
    mate->iommu_group = 40;
    building_device(inventory, "0000:04:00.0")->iommu_group = 40;
    building_device(inventory, "0000:00:01.0")->iommu_group = 40;
    return inventory;
}

static void
test_shared_group(void)
{
    static const struct {
        const char *driver;
        VasFindingLevel level;
        const char *part;
    } rows[] = {
        {"nvme", VAS_FINDING_PROBLEM, "used otherwise: 0000:05:00.0 on nvme"},
        {"vfio-pci", VAS_FINDING_OK, "none in the way: 0000:05:00.0 on vfio-pci"},
        {"pci-stub", VAS_FINDING_OK, "none in the way: 0000:05:00.0 on pci-stub"},
        {NULL, VAS_FINDING_OK, "none in the way: 0000:05:00.0 on no driver"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
        g_autoptr(VasInventory) inventory = shared_group(rows[i].driver);
        g_autoptr(GPtrArray) findings = check(&fake->context, inventory, "0000:04:00.0");

        checking_assert(findings, "device.group", rows[i].level, rows[i].part);
    }
}

/* Adds a running guest with these devices. */
static void
add_guest(VasInventory *inventory, const char *name, const char *first, const char *second)
{
    VasGuestDefinition *live = building_q35(4);

    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, first, "ua-1", NULL, "0000:01:00.0");
    if (second != NULL)
        building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, second, "ua-2", NULL, "0000:02:00.0");
    vas_inventory_take_guest(inventory, building_guest(name, live, NULL));
    vas_inventory_link(inventory);
}

static void
test_group_in_guests(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) other = shared_group("vfio-pci");
    g_autoptr(VasInventory) same = shared_group("vfio-pci");
    g_autoptr(GPtrArray) in_the_way = NULL;
    g_autoptr(GPtrArray) together = NULL;

    add_guest(other, "db1", "0000:05:00.0", NULL);
    in_the_way = check(&fake->context, other, "0000:04:00.0");
    checking_assert(in_the_way, "device.group", VAS_FINDING_PROBLEM, "0000:05:00.0 in guest db1");
    add_guest(same, "db1", "0000:05:00.0", "0000:04:00.0");
    together = check(&fake->context, same, "0000:04:00.0");
    checking_assert(together, "device.group", VAS_FINDING_OK,
                    "none in the way: 0000:05:00.0 in guest db1");
}

/* Only the guest that has the member in its config can have the device; others are refused. */
static void
test_group_in_a_config(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = shared_group(NULL);
    VasGuestDefinition *config = building_q35(4);
    g_autoptr(GPtrArray) findings = NULL;

    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.0", "ua-1", NULL,
                            "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web1", NULL, config));
    vas_inventory_link(inventory);
    findings = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(findings, "device.group", VAS_FINDING_WARNING,
                    "are reserved: 0000:05:00.0 in the config of web1");
}

/* The summary tells what is in the way; who has the rest is told as well. */
static void
test_group_of_several(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = shared_group("nvme");
    g_autoptr(GPtrArray) findings = NULL;
    VasDevice *idle = building_device(inventory, "0000:06:00.0");

    g_clear_pointer(&idle->driver, g_free);
    idle->iommu_group = 40;
    findings = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(findings, "device.group", VAS_FINDING_PROBLEM,
                    "/sys/kernel/iommu_groups/40/devices: 0000:05:00.0 on nvme, 0000:06:00.0 on no "
                    "driver");
}

static void
test_holders(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    VasGuestDefinition *config = building_q35(4);
    g_autoptr(GPtrArray) one = NULL;
    g_autoptr(GPtrArray) two = NULL;

    add_guest(inventory, "db1", "0000:04:00.0", NULL);
    one = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(one, "device.holders", VAS_FINDING_OK, "one guest has it: db1 (running)");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-1", NULL,
                            "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web1", NULL, config));
    vas_inventory_link(inventory);
    two = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(two, "device.holders", VAS_FINDING_WARNING, "db1 (running), web1 (config)");
}

/* A QEMU may be about to open the group, and would be told that it is busy. */
static void
test_opens_no_group(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) unseen = NULL;
    g_autoptr(GPtrArray) seen = NULL;

    fake_set_driver(fake, "0000:04:00.0", "vfio-pci");
    fake_vfio_hold(fake->root, "0000:04:00.0", 40);
    unseen = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(unseen, "device.holders", VAS_FINDING_OK, "only root can see");
    testing_scratch_link(fake->root, "/proc/100/fd/20", "/dev/vfio/40");
    seen = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(seen, "device.holders", VAS_FINDING_PROBLEM, "a process holds 0000:04:00.0");
    g_assert_cmpuint(fake_vfio_opened(), ==, 0);
    fake_vfio_let_go();
}

static void
test_critical(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) of_host = NULL;
    g_autoptr(GPtrArray) of_vf = NULL;

    g_ptr_array_add(building_device(inventory, "0000:04:00.0")->critical,
                    g_strdup("the default route goes over it"));
    of_host = check(&fake->context, inventory, "0000:04:00.0");
    checking_assert(of_host, "device.critical", VAS_FINDING_PROBLEM,
                    "the default route goes over it");
    add_guest(inventory, "db1", "0000:01:10.0", NULL);
    of_vf = check(&fake->context, inventory, "0000:01:00.0");
    checking_assert(of_vf, "device.critical", VAS_FINDING_PROBLEM, "db1");
}

static void
test_reset_and_drivers(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) no_module = NULL;
    g_autoptr(GPtrArray) unbound = NULL;

    g_clear_pointer(&building_device(inventory, "0000:01:10.0")->driver, g_free);
    no_module = check(&fake->context, inventory, "0000:01:10.0");
    checking_assert(no_module, "device.reset", VAS_FINDING_WARNING, "cannot reset it");
    checking_assert(no_module, "device.drivers", VAS_FINDING_WARNING, "no module");
    write_drivers(fake);
    unbound = check(&fake->context, inventory, "0000:01:10.0");
    checking_assert(unbound, "device.drivers", VAS_FINDING_WARNING,
                    "virt-assign host-reattach 0000:01:10.0");
}

static void
test_infiniband(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    g_autoptr(GPtrArray) vf = NULL;
    g_autoptr(GPtrArray) pf = NULL;

    building_device(inventory, "0000:01:00.0")->class_code = 0x020700;
    building_device(inventory, "0000:01:10.2")->class_code = 0x020700;
    vf = check(&fake->context, inventory, "0000:01:10.2");
    checking_assert(vf, "device.guids", VAS_FINDING_WARNING, "ip link set enp1s0 vf 1 node_guid");
    checking_assert_ids(vf, "device.endpoint device.sriov device.holders device.guids "
                            "device.critical device.group device.numa device.reset "
                            "device.drivers");
    pf = check(&fake->context, inventory, "0000:01:00.0");
    checking_assert_ids(pf, "device.endpoint device.sriov device.holders device.critical "
                            "device.group device.numa device.reset device.drivers");
}

/* Finds the one finding about room for @address in a guest with @definition, which is taken. */
static void
assert_room(const FakeHypervisor *fake, const VasInventory *inventory,
            VasGuestDefinition *definition, VasFindingLevel level, const char *text)
{
    g_autoptr(VasGuest) guest = building_guest("gpu1", definition, NULL);
    g_autoptr(GPtrArray) findings = vas_check_device(
        &fake->context, inventory, building_device(inventory, "0000:01:10.0"), guest);

    checking_assert(findings, "device.bar-room", level, text);
}

static void
test_bar_room(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    VasGuestDefinition *wide = building_q35(1);
    VasGuestDefinition *shared = building_q35(1);
    VasGuestDefinition *native = NULL;
    g_autoptr(VasGuest) arm = NULL;
    g_autoptr(GPtrArray) unknown = NULL;

    assert_room(fake, inventory, building_q35(1), VAS_FINDING_OK, "no BARs that need room");
    /* 16 GiB. */
    testing_scratch_write(fake->root, VF "/resource",
                          "0x0000004000000000 0x00000043ffffffff 0x000000000014220c\n");
    assert_room(fake, inventory, building_q35(1), VAS_FINDING_OK,
                "room for its BARs; hot-plugged they have to fit the port's own window, too");
    native = building_q35(1);
    g_free(native->machine);
    native->machine = g_strdup("pc-q35-6.0");
    assert_room(fake, inventory, native, VAS_FINDING_OK,
                "room for its BARs, hot-plugged into a root port, too");
    assert_room(fake, inventory, building_pc(0), VAS_FINDING_WARNING,
                "<pcihole64 unit='GiB'>32</pcihole64> in its <controller type='pci' index='0' "
                "model='pci-root'> (virsh edit gpu1)");
    building_add_assignment(shared, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-x", NULL, NULL);
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/0000:04:00.0/resource",
                          "0x0000004000000000 0x00000043ffffffff 0x000000000014220c\n");
    assert_room(fake, inventory, shared, VAS_FINDING_WARNING,
                "its 64-bit BARs take 16 GiB, 47 GiB with the guest's other devices and alignment, "
                "and the guest's machine has 32 GiB");
    wide->platform.has_pci_hole64 = TRUE;
    wide->platform.pci_hole64 = G_GUINT64_CONSTANT(30) << 30;
    assert_room(fake, inventory, wide, VAS_FINDING_WARNING, "<pcihole64> of the guest's root bus");
    /* Nothing is said of machines whose room is not known. */
    arm = building_guest("arm1", building_q35(1), NULL);
    g_free(arm->live->machine);
    arm->live->machine = g_strdup("virt-9.0");
    unknown = vas_check_device(&fake->context, inventory,
                               building_device(inventory, "0000:01:10.0"), arm);
    for (guint i = 0; i < unknown->len; i++)
        g_assert_cmpstr(((VasFinding *) g_ptr_array_index(unknown, i))->id, !=, "device.bar-room");
}

static void
test_remote(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = settled_host();
    VasContext remote = fake->context;
    g_autoptr(GPtrArray) findings = NULL;

    remote.host = NULL;
    findings = check(&remote, inventory, "0000:01:10.0");
    checking_assert_ids(findings, "device.endpoint device.sriov device.holders device.critical "
                                  "device.group device.numa device.local");
    checking_assert(findings, "device.local", VAS_FINDING_WARNING,
                    "run virt-assign check 0000:01:10.0 on that host itself");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-device/healthy-vf", test_healthy_vf);
    g_test_add_func("/check-device/kinds", test_kinds);
    g_test_add_func("/check-device/pf-down", test_pf_down);
    g_test_add_func("/check-device/pf-without-interface", test_pf_without_interface);
    g_test_add_func("/check-device/no-group", test_no_group);
    g_test_add_func("/check-device/shared-group", test_shared_group);
    g_test_add_func("/check-device/group-in-guests", test_group_in_guests);
    g_test_add_func("/check-device/group-in-a-config", test_group_in_a_config);
    g_test_add_func("/check-device/group-of-several", test_group_of_several);
    g_test_add_func("/check-device/holders", test_holders);
    g_test_add_func("/check-device/opens-no-group", test_opens_no_group);
    g_test_add_func("/check-device/critical", test_critical);
    g_test_add_func("/check-device/reset-and-drivers", test_reset_and_drivers);
    g_test_add_func("/check-device/infiniband", test_infiniband);
    g_test_add_func("/check-device/bar-room", test_bar_room);
    g_test_add_func("/check-device/remote", test_remote);
    return g_test_run();
}
