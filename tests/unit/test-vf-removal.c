/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-removal.h"

#include "core/value/error.h"
#include "host/sriov/sriov.h"
#include "testing.h"

/* The 82576 has its VFs at every second function from 128 on: 0000:01:10.0, .2, .4, .6, 11.0 ... */
static const VasHostAddress pf = {.pci = {.bus = 1}};
static const VasHostAddress other_pf = {.pci = {.bus = 2}};

static void
write_leaf(const TestingScratch *root, const char *device, const char *leaf, const char *text)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/%s/%s", device, leaf);

    testing_scratch_write(root, path, text);
}

static void
write_pf(const TestingScratch *root, const char *device, const char *offset)
{
    write_leaf(root, device, "sriov_totalvfs", "7\n");
    write_leaf(root, device, "sriov_numvfs", "4\n");
    write_leaf(root, device, "sriov_drivers_autoprobe", "1\n");
    write_leaf(root, device, "sriov_offset", offset);
    write_leaf(root, device, "sriov_stride", "2\n");
}

static void
list_vf(const TestingScratch *root, guint index, const char *vf)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/0000:01:00.0/virtfn%u", index);
    g_autofree char *target = g_strconcat("../", vf, NULL);

    testing_scratch_link(root, path, target);
}

static guint writes;

static int
count_write(const char *path, const char *text, gpointer data)
{
    (void) path;
    (void) text;
    (void) data;
    writes++;
    return 0;
}

static void
test_all_listed(void)
{
    g_autoptr(TestingScratch) root = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(root->path);
    g_autoptr(GError) error = NULL;
    VasSriovState state;
    VasHostAddress vf;

    write_pf(root, "0000:01:00.0", "128\n");
    write_leaf(root, "0000:01:10.0", "class", "0x020000\n");
    write_leaf(root, "0000:01:10.2", "class", "0x020000\n");
    write_leaf(root, "0000:01:10.1", "class", "0x020000\n"); /* another PF's */
    list_vf(root, 0, "0000:01:10.0");
    list_vf(root, 1, "0000:01:10.2");
    g_assert_false(vas_vf_removal_find(host, pf, &vf));
    g_assert_true(vas_vf_removal_check(host, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(vas_sriov_read(host, pf, &state, &error));
    g_assert_no_error(error);
}

/* The kernel begins with VF 0 and waits for the first that is held. */
static void
test_waits_for_one(void)
{
    static const struct {
        const char *held;
        guint left; /* VFs behind it that are still listed */
    } cases[] = {{"0000:01:10.0", 3}, {"0000:01:10.6", 0}, {"0000:01:11.4", 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestingScratch) root = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(root->path);
        g_autoptr(GError) error = NULL;
        VasSriovState state;

        write_pf(root, "0000:01:00.0", "128\n");
        write_pf(root, "0000:02:00.0", "128\n");
        write_leaf(root, cases[i].held, "class", "0x020000\n");
        for (guint vf = 1; vf <= cases[i].left; vf++)
            list_vf(root, vf, "0000:01:10.2");
        host->write_attribute = count_write;
        writes = 0;
        g_assert_false(vas_sriov_read(host, pf, &state, &error));
        testing_assert_hint(error, cases[i].held);
        testing_assert_error(&error, VAS_ERROR_IN_USE, "removing the VFs of 0000:01:00.0");
        /* Another PF answers, and makes no VF now: the kernel has one lock for all of them. */
        g_assert_true(vas_sriov_read(host, other_pf, &state, &error));
        g_assert_no_error(error);
        g_assert_false(vas_sriov_set_count(host, other_pf, 4, &error));
        testing_assert_error(&error, VAS_ERROR_IN_USE, cases[i].held);
        g_assert_cmpuint(writes, ==, 0);
    }
}

/* VFs may be on the buses behind their PF's. */
static void
test_next_bus(void)
{
    g_autoptr(TestingScratch) root = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(root->path);
    VasHostAddress vf;

    write_pf(root, "0000:01:00.0", "254\n");
    write_leaf(root, "0000:02:00.2", "class", "0x020000\n");
    g_assert_true(vas_vf_removal_find(host, pf, &vf));
    g_assert_cmpstr(vas_host_address_text(vf).text, ==, "0000:02:00.2");
}

/* Without an offset the PF itself would be taken for a VF. */
static void
test_nothing_known(void)
{
    g_autoptr(TestingScratch) root = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(root->path);
    VasHostAddress vf;

    g_assert_false(vas_vf_removal_find(host, pf, &vf));
    write_pf(root, "0000:01:00.0", "0\n");
    g_assert_false(vas_vf_removal_find(host, pf, &vf));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vf-removal/all-listed", test_all_listed);
    g_test_add_func("/vf-removal/waits-for-one", test_waits_for_one);
    g_test_add_func("/vf-removal/next-bus", test_next_bus);
    g_test_add_func("/vf-removal/nothing-known", test_nothing_known);
    return g_test_run();
}
