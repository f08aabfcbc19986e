/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/driver.h"

#include "core/value/error.h"
#include "testing.h"

#define DEVICE "/sys/bus/pci/devices/0000:01:10.0"

static const VasHostAddress device = {.pci = {.bus = 1, .slot = 0x10}};

static void
test_bound(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *driver = NULL;

    testing_scratch_write(scratch, DEVICE "/class", "0x020000\n");
    testing_scratch_link(scratch, DEVICE "/driver", "../../../../bus/pci/drivers/igbvf");
    g_assert_true(vas_driver_read(host, device, &driver, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(driver, ==, "igbvf");
}

static void
test_unbound(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *driver = scratch->path;

    testing_scratch_write(scratch, DEVICE "/class", "0x020000\n");
    g_assert_true(vas_driver_read(host, device, &driver, &error));
    g_assert_no_error(error);
    g_assert_null(driver);
}

static void
test_gone(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *driver = scratch->path;

    g_assert_false(vas_driver_read(host, device, &driver, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "0000:01:10.0");
    g_assert_true(driver == scratch->path);
}

static void
test_unreadable(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *driver = NULL;

    testing_scratch_write(scratch, DEVICE "/driver", "no link\n");
    g_assert_false(vas_driver_read(host, device, &driver, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, DEVICE "/driver");
}

static VasVfioGroupUse
group_use(const VasHost *host)
{
    VasVfioGroupUse use = VAS_VFIO_GROUP_HELD;

    g_assert_true(vas_vfio_group_use(host, device, &use, NULL));
    return use;
}

/* Only the kernel can say EBUSY: a group that is held is a matter for the lab. */
static void
test_group_use(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    VasVfioGroupUse use = VAS_VFIO_GROUP_HELD;

    testing_scratch_write(scratch, DEVICE "/class", "0x020000\n");
    g_assert_cmpint(group_use(host), ==, VAS_VFIO_GROUP_UNKNOWN);
    testing_scratch_link(scratch, DEVICE "/iommu_group", "../../../kernel/iommu_groups/7");
    testing_scratch_write(scratch, "/dev/vfio/8", "");
    g_assert_cmpint(group_use(host), ==, VAS_VFIO_GROUP_UNKNOWN);
    /* The use of a node that is not the kernel's cannot be told. */
    testing_scratch_link(scratch, "/dev/vfio/7", "8");
    g_assert_false(vas_vfio_group_use(host, device, &use, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "/dev/vfio/7");
}

static void
test_group_free(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);

    testing_scratch_link(scratch, DEVICE "/iommu_group", "../../../kernel/iommu_groups/7");
    testing_scratch_write(scratch, "/dev/vfio/7", "");
    g_assert_cmpint(group_use(host), ==, VAS_VFIO_GROUP_FREE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/driver/bound", test_bound);
    g_test_add_func("/driver/unbound", test_unbound);
    g_test_add_func("/driver/gone", test_gone);
    g_test_add_func("/driver/unreadable", test_unreadable);
    g_test_add_func("/driver/group-use", test_group_use);
    g_test_add_func("/driver/group-free", test_group_free);
    return g_test_run();
}
