/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-device.h"

#include "core/value/error.h"
#include "host-world.h"

#include <glib/gstdio.h>

#define PF "/sys/bus/pci/devices/0000:01:00.0"
#define VF "/sys/bus/pci/devices/0000:01:10.2"
#define BRIDGE "/sys/bus/pci/devices/10000:e0:00.0"
#define MODALIAS_PF "pci:v00008086d000010C9sv00008086sd0000A03Cbc02sc00i00\n"
#define MODALIAS_VF "pci:v00008086d000010CAsv00008086sd0000A03Cbc02sc00i00\n"
#define MODALIAS_BRIDGE "pci:v00001B36d0000000Csv00001AF4sd00000000bc06sc04i00\n"

static const VasHostAddress pf = {.pci = {.bus = 1}};
static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};
static const VasHostAddress bridge = {.pci = {.domain = 0x10000, .bus = 0xe0}};

static void
set_up(HostWorld *world, gconstpointer data)
{
    host_world_set_up(world, data);
    testing_scratch_write(world->scratch, PF "/modalias", MODALIAS_PF);
    testing_scratch_write(world->scratch, PF "/numa_node", "1\n");
    testing_scratch_write(world->scratch, PF "/sriov_totalvfs", "7\n");
    testing_scratch_write(world->scratch, PF "/current_link_speed", "Unknown\n");
    testing_scratch_link(world->scratch, PF "/driver", "../../../../bus/pci/drivers/igb");
    testing_scratch_link(world->scratch, PF "/iommu_group", "../../../kernel/iommu_groups/14");
    testing_scratch_link(world->scratch, PF "/virtfn0", "../0000:01:10.0");
    testing_scratch_link(world->scratch, PF "/virtfn1", "../0000:01:10.2");
    testing_scratch_write(world->scratch, VF "/modalias", MODALIAS_VF);
    testing_scratch_write(world->scratch, VF "/numa_node", "-1\n");
    testing_scratch_link(world->scratch, VF "/physfn", "../0000:01:00.0");
}

static void
test_pf(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasDevice) device = vas_pci_device_read(world->host, pf, &error);

    g_assert_no_error(error);
    g_assert_true(vas_host_address_equal(device->address, pf));
    g_assert_cmpstr(device->nodedev, ==, "pci_0000_01_00_0");
    g_assert_cmphex(device->vendor_id, ==, 0x8086);
    g_assert_cmphex(device->product_id, ==, 0x10c9);
    g_assert_true(device->has_subsystem);
    g_assert_cmphex(device->subsystem_vendor_id, ==, 0x8086);
    g_assert_cmphex(device->subsystem_id, ==, 0xa03c);
    g_assert_cmphex(device->class_code, ==, 0x020000);
    g_assert_cmpstr(device->driver, ==, "igb");
    g_assert_cmpint(device->iommu_group, ==, 14);
    g_assert_cmpint(device->numa_node, ==, 1);
    g_assert_cmpint(device->kind, ==, VAS_DEVICE_PF);
    g_assert_cmpuint(device->max_vfs, ==, 7);
    g_assert_cmpuint(device->vfs->len, ==, 2);
    g_assert_true(vas_host_address_equal(g_array_index(device->vfs, VasHostAddress, 1), vf));
    g_assert_false(device->is_bridge);
    g_assert_true(device->is_express);
    g_assert_null(device->vendor);
    g_assert_null(device->interface);
}

/* The VF is on no driver, in no IOMMU group, and tied to no NUMA node. */
static void
test_vf(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasDevice) device = vas_pci_device_read(world->host, vf, &error);

    g_assert_no_error(error);
    g_assert_cmpint(device->kind, ==, VAS_DEVICE_VF);
    g_assert_true(device->is_express);
    g_assert_true(vas_host_address_equal(device->pf, pf));
    g_assert_cmpuint(device->vfs->len, ==, 0);
    g_assert_null(device->driver);
    g_assert_cmpint(device->iommu_group, ==, -1);
    g_assert_cmpint(device->numa_node, ==, -1);
}

/* The kernel has no NUMA, and the domain is above 0xffff. */
static void
test_bridge(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasDevice) device = NULL;

    testing_scratch_write(world->scratch, BRIDGE "/modalias", MODALIAS_BRIDGE);
    testing_scratch_write(world->scratch, BRIDGE "/secondary_bus_number", "225\n");
    device = vas_pci_device_read(world->host, bridge, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(device->nodedev, ==, "pci_10000_e0_00_0");
    g_assert_true(device->is_bridge);
    g_assert_cmpint(device->secondary_bus, ==, 225);
    g_assert_false(device->is_express);
    g_assert_cmphex(device->class_code, ==, 0x060400);
    g_assert_cmpint(device->kind, ==, VAS_DEVICE_FUNCTION);
    g_assert_cmpint(device->numa_node, ==, -1);
}

/* A function whose driver allows no VFs is not a PF, as in libvirt. */
static void
test_no_vfs_allowed(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasDevice) device = NULL;

    testing_scratch_write(world->scratch, BRIDGE "/modalias", MODALIAS_PF);
    testing_scratch_write(world->scratch, BRIDGE "/sriov_totalvfs", "0\n");
    device = vas_pci_device_read(world->host, bridge, &error);
    g_assert_no_error(error);
    g_assert_cmpint(device->kind, ==, VAS_DEVICE_FUNCTION);
    g_assert_cmpuint(device->max_vfs, ==, 0);
}

static void
test_gone(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_pci_device_read(world->host, bridge, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "10000:e0:00.0");
    /* The folder of a device that has gone is there for a moment yet. */
    testing_scratch_write(world->scratch, BRIDGE "/numa_node", "0\n");
    g_assert_null(vas_pci_device_read(world->host, bridge, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "modalias");
}

static void
test_malformed_files(HostWorld *world, gconstpointer data)
{
    static const struct {
        const char *file;
        const char *text;
        const char *right;
    } rows[] = {
        {"modalias", "usb:v1D6Bp0002\n", MODALIAS_PF},
        {"modalias", "pci:v00008086d000010C9\n", MODALIAS_PF},
        {"modalias", "pci:v12348086d000010C9sv00008086sd0000A03Cbc02sc00i00\n", MODALIAS_PF},
        {"modalias", "pci:v00008086d000010C9sv00008086sd0001A03Cbc02sc00i00\n", MODALIAS_PF},
        {"modalias", "", MODALIAS_PF},
        {"numa_node", "one\n", "1\n"},
        {"numa_node", "-2\n", "1\n"},
        {"sriov_totalvfs", "65536\n", "7\n"},
        {"sriov_totalvfs", "\n", "7\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_build_filename(PF, rows[i].file, NULL);
        g_autoptr(GError) error = NULL;

        testing_scratch_write(world->scratch, path, rows[i].text);
        g_assert_null(vas_pci_device_read(world->host, pf, &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, rows[i].file);
        testing_scratch_write(world->scratch, path, rows[i].right);
    }
}

static void
test_malformed_links(HostWorld *world, gconstpointer data)
{
    static const struct {
        const char *link;
        VasError code;
    } rows[] = {
        {"iommu_group", VAS_ERROR_FAILED},
        {"virtfn0", VAS_ERROR_INVALID},
        {"physfn", VAS_ERROR_INVALID},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *link = g_build_filename(BRIDGE, rows[i].link, NULL);
        g_autofree char *full = vas_host_path(world->host, link);
        g_autoptr(GError) error = NULL;

        testing_scratch_write(world->scratch, BRIDGE "/modalias", MODALIAS_PF);
        testing_scratch_write(world->scratch, BRIDGE "/sriov_totalvfs", "7\n");
        testing_scratch_link(world->scratch, link, "../nowhere");
        g_assert_null(vas_pci_device_read(world->host, bridge, &error));
        testing_assert_error(&error, (int) rows[i].code, "nowhere");
        g_assert_cmpint(g_unlink(full), ==, 0);
    }
}

static void
test_group_members(HostWorld *world, gconstpointer data)
{
    g_autoptr(GArray) none = vas_pci_group_members(world->host, bridge);
    g_autoptr(GArray) members = NULL;

    g_assert_cmpuint(none->len, ==, 0);
    testing_scratch_write(world->scratch, BRIDGE "/iommu_group/devices/0000:01:00.0", "");
    testing_scratch_write(world->scratch, BRIDGE "/iommu_group/devices/10000:e0:00.0", "");
    testing_scratch_write(world->scratch, BRIDGE "/iommu_group/devices/arm-smmu.1", "");
    members = vas_pci_group_members(world->host, bridge);
    g_assert_cmpuint(members->len, ==, 2);
    g_assert_true(vas_host_address_equal(g_array_index(members, VasHostAddress, 0), pf));
    g_assert_true(vas_host_address_equal(g_array_index(members, VasHostAddress, 1), bridge));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/pci-device/pf", HostWorld, NULL, set_up, test_pf, host_world_tear_down);
    g_test_add("/pci-device/vf", HostWorld, NULL, set_up, test_vf, host_world_tear_down);
    g_test_add("/pci-device/bridge", HostWorld, NULL, set_up, test_bridge, host_world_tear_down);
    g_test_add("/pci-device/no-vfs-allowed", HostWorld, NULL, set_up, test_no_vfs_allowed,
               host_world_tear_down);
    g_test_add("/pci-device/gone", HostWorld, NULL, set_up, test_gone, host_world_tear_down);
    g_test_add("/pci-device/malformed-files", HostWorld, NULL, set_up, test_malformed_files,
               host_world_tear_down);
    g_test_add("/pci-device/malformed-links", HostWorld, NULL, set_up, test_malformed_links,
               host_world_tear_down);
    g_test_add("/pci-device/group-members", HostWorld, NULL, set_up, test_group_members,
               host_world_tear_down);
    return g_test_run();
}
