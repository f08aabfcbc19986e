/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/sysfs.h"

#include "core/value/error.h"
#include "host-world.h"

#include <errno.h>

#define DEVICE "/sys/bus/pci/devices/0000:01:10.0"

static void
test_read(HostWorld *world, gconstpointer data)
{
    static const struct {
        const char *content;
        const char *expected;
    } rows[] = {
        {"0x020000\n", "0x020000"},
        {"no newline", "no newline"},
        {"two \n\n", "two \n"},
        {"\n", ""},
        {"", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        testing_scratch_write(world->scratch, DEVICE "/class", rows[i].content);
        text = vas_sysfs_read(world->host, DEVICE "/class", &error);
        g_assert_no_error(error);
        g_assert_cmpstr(text, ==, rows[i].expected);
    }
}

/* The writer gives the kernel's answers. */
static int
answer_write(const char *path, const char *text, gpointer data)
{
    g_assert_true(g_str_has_suffix(path, DEVICE "/driver_override"));
    g_assert_cmpstr(text, ==, "vfio-pci\n");
    return *(const int *) data;
}

static void
test_write_errors(HostWorld *world, gconstpointer data)
{
    static const struct {
        int answer;
        VasError code;
    } rows[] = {
        {EBUSY, VAS_ERROR_IN_USE},       {ENODEV, VAS_ERROR_NOT_FOUND},
        {ENOENT, VAS_ERROR_NOT_FOUND},   {EACCES, VAS_ERROR_DENIED},
        {EROFS, VAS_ERROR_DENIED},       {EOPNOTSUPP, VAS_ERROR_UNSUPPORTED},
        {ENOSYS, VAS_ERROR_UNSUPPORTED}, {EIO, VAS_ERROR_FAILED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        int answer = rows[i].answer;

        world->host->write_attribute = answer_write;
        world->host->writer_data = &answer;
        g_assert_false(
            vas_sysfs_write(world->host, DEVICE "/driver_override", "vfio-pci\n", &error));
        testing_assert_error(&error, (int) rows[i].code,
                             "write \"vfio-pci\" to " DEVICE "/driver_override: ");
    }
}

static void
test_write(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    testing_scratch_write(world->scratch, DEVICE "/driver_override", "(null)\n");
    g_assert_true(vas_sysfs_write(world->host, DEVICE "/driver_override", "vfio-pci\n", &error));
    g_assert_no_error(error);
    text = vas_sysfs_read(world->host, DEVICE "/driver_override", NULL);
    g_assert_true(g_str_has_prefix(text, "vfio-pci"));
    g_assert_false(vas_sysfs_write(world->host, DEVICE "/no_such", "1", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "/no_such");
}

static void
test_read_errors(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    testing_scratch_write(world->scratch, DEVICE "/class", "0x020000\n");
    testing_scratch_link(world->scratch, DEVICE "/loop", "loop");
    g_assert_null(vas_sysfs_read(world->host, DEVICE "/vendor", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, DEVICE "/vendor");
    g_assert_null(vas_sysfs_read(world->host, DEVICE "/class/vendor", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, DEVICE "/class/vendor");
    g_assert_null(vas_sysfs_read(world->host, DEVICE "/loop", &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, DEVICE "/loop");
    g_assert_null(vas_sysfs_read(world->host, DEVICE, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, DEVICE);
}

static void
test_link_name(HostWorld *world, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_autofree char *target = NULL;

    testing_scratch_link(world->scratch, DEVICE "/driver", "../../../bus/pci/drivers/vfio-pci");
    testing_scratch_write(world->scratch, DEVICE "/class", "0x020000\n");
    name = vas_sysfs_read_link_name(world->host, DEVICE "/driver", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, "vfio-pci");
    target = vas_sysfs_read_link(world->host, DEVICE "/driver", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(target, ==, "../../../bus/pci/drivers/vfio-pci");
    g_assert_null(vas_sysfs_read_link_name(world->host, DEVICE "/iommu_group", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, DEVICE "/iommu_group");
    g_assert_null(vas_sysfs_read_link_name(world->host, DEVICE "/class", &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, DEVICE "/class");
}

static void
test_list(HostWorld *world, gconstpointer data)
{
    static const char *const files[] = {"/net/i", "/net/c", "/net/a", "/net/h", "/net/b",
                                        "/net/g", "/net/e", "/net/d", "/net/f"};
    g_auto(GStrv) names = NULL;
    g_auto(GStrv) none = NULL;
    g_autofree char *joined = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strconcat(DEVICE, files[i], NULL);

        testing_scratch_write(world->scratch, path, "");
    }
    names = vas_sysfs_list(world->host, DEVICE "/net");
    joined = g_strjoinv(" ", names);
    g_assert_cmpstr(joined, ==, "a b c d e f g h i");
    none = vas_sysfs_list(world->host, DEVICE "/mdev");
    g_assert_cmpuint(g_strv_length(none), ==, 0);
}

static void
test_device(HostWorld *world, gconstpointer data)
{
    VasHostAddress device = {.pci = {.bus = 1, .slot = 0x10}};
    VasHostAddress far = {.pci = {.domain = 0x10000, .bus = 0xe1}};
    g_autofree char *path = vas_sysfs_device_path(device, "class");
    g_autofree char *far_path = vas_sysfs_device_path(far, "driver");
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(path, ==, DEVICE "/class");
    g_assert_cmpstr(far_path, ==, "/sys/bus/pci/devices/10000:e1:00.0/driver");
    g_assert_false(vas_sysfs_check_device(world->host, device, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "is not on this host");
    testing_scratch_write(world->scratch, DEVICE "/class", "0x020000\n");
    g_assert_true(vas_sysfs_check_device(world->host, device, &error));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/sysfs/read", HostWorld, NULL, host_world_set_up, test_read, host_world_tear_down);
    g_test_add("/sysfs/write", HostWorld, NULL, host_world_set_up, test_write,
               host_world_tear_down);
    g_test_add("/sysfs/write-errors", HostWorld, NULL, host_world_set_up, test_write_errors,
               host_world_tear_down);
    g_test_add("/sysfs/read-errors", HostWorld, NULL, host_world_set_up, test_read_errors,
               host_world_tear_down);
    g_test_add("/sysfs/link-name", HostWorld, NULL, host_world_set_up, test_link_name,
               host_world_tear_down);
    g_test_add("/sysfs/list", HostWorld, NULL, host_world_set_up, test_list, host_world_tear_down);
    g_test_add("/sysfs/device", HostWorld, NULL, host_world_set_up, test_device,
               host_world_tear_down);
    return g_test_run();
}
