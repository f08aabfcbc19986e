/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/sriov-map.h"

#include "testing.h"

#define DEVICES "/sys/bus/pci/devices"
#define PF DEVICES "/0000:01:00.0"

static TestingScratch *
host_with_pf(void)
{
    TestingScratch *scratch = testing_scratch_new();

    testing_scratch_write(scratch, DEVICES "/0000:00:1f.2/class", "0x010601\n");
    testing_scratch_write(scratch, PF "/class", "0x020000\n");
    testing_scratch_write(scratch, PF "/sriov_totalvfs", "7\n");
    testing_scratch_write(scratch, PF "/net/enp1s0/ifindex", "2\n");
    testing_scratch_write(scratch, "/sys/class/net/enp1s0/address", "52:54:00:00:01:00\n");
    testing_scratch_link(scratch, PF "/driver", "../../drivers/igb");
    return scratch;
}

static void
test_pf_without_vfs(void)
{
    g_autoptr(TestingScratch) scratch = host_with_pf();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) map = vas_sriov_map_read(host);
    const VasMappedPf *pf = NULL;

    g_assert_cmpuint(map->len, ==, 1);
    pf = g_ptr_array_index(map, 0);
    g_assert_cmpstr(vas_host_address_text(pf->address).text, ==, "0000:01:00.0");
    g_assert_cmpuint(pf->max_vfs, ==, 7);
    g_assert_true(pf->is_network);
    g_assert_true(pf->autoprobe);
    g_assert_cmpstr(pf->interface, ==, "enp1s0");
    g_assert_cmpstr(pf->mac, ==, "52:54:00:00:01:00");
    g_assert_cmpstr(pf->driver, ==, "igb");
    g_assert_cmpuint(pf->vfs->len, ==, 0);
}

static void
test_vfs(void)
{
    g_autoptr(TestingScratch) scratch = host_with_pf();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) map = NULL;
    const VasMappedPf *pf = NULL;
    const VasMappedVf *vf = NULL;

    testing_scratch_write(scratch, PF "/sriov_drivers_autoprobe", "0\n");
    testing_scratch_link(scratch, PF "/virtfn0", "../0000:01:10.0");
    testing_scratch_link(scratch, PF "/virtfn1", "../0000:01:10.2");
    testing_scratch_write(scratch, DEVICES "/0000:01:10.0/net/enp1s0v0/ifindex", "5\n");
    testing_scratch_link(scratch, DEVICES "/0000:01:10.0/driver", "../../drivers/igbvf");
    testing_scratch_write(scratch, DEVICES "/0000:01:10.2/class", "0x020000\n");
    map = vas_sriov_map_read(host);
    g_assert_cmpuint(map->len, ==, 1);
    pf = g_ptr_array_index(map, 0);
    g_assert_false(pf->autoprobe);
    g_assert_cmpuint(pf->vfs->len, ==, 2);
    vf = g_ptr_array_index(pf->vfs, 0);
    g_assert_cmpstr(vf->interface, ==, "enp1s0v0");
    g_assert_cmpstr(vf->driver, ==, "igbvf");
    vf = g_ptr_array_index(pf->vfs, 1);
    g_assert_cmpuint(vf->index, ==, 1);
    g_assert_cmpstr(vas_host_address_text(vf->address).text, ==, "0000:01:10.2");
    g_assert_null(vf->interface);
    g_assert_null(vf->driver);
}

static void
test_no_pf(void)
{
    static const char *const totals[] = {"0\n", "many\n", "70000\n"};
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) nothing = vas_sriov_map_read(host);

    g_assert_cmpuint(nothing->len, ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(totals); i++) {
        g_autoptr(GPtrArray) map = NULL;

        testing_scratch_write(scratch, PF "/sriov_totalvfs", totals[i]);
        map = vas_sriov_map_read(host);
        g_assert_cmpuint(map->len, ==, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sriov-map/pf-without-vfs", test_pf_without_vfs);
    g_test_add_func("/sriov-map/vfs", test_vfs);
    g_test_add_func("/sriov-map/no-pf", test_no_pf);
    return g_test_run();
}
