/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-netplan.h"

#include "host-world.h"
#include "host/sriov/vf-writer.h"

#include <string.h>

#define FILE_PATH "/etc/netplan/10-vfs.yaml"
#define START "network:\n  version: 2\n  ethernets:\n"
#define COUNT "      virtual-function-count: 4\n"

static VasMappedPf pf = {
    .address = {.pci = {.bus = 1}},
    .interfaces = (char *[]){(char *) "enp1s0", NULL},
    .interface = "enp1s0",
    .mac = (char *) "52:54:00:aa:01:00",
    .driver = (char *) "igb",
};

static GPtrArray *
find(const VasHost *host)
{
    GPtrArray *writers = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_writer_free);

    vas_writer_netplan_find(host, &pf, writers);
    return writers;
}

static void
test_forms(void)
{
    static const struct {
        const char *text;
        int count; /* -1: no certain one */
        gboolean is_found;
        guint line;
        const char *doubt;
    } rows[] = {
        {START "    enp1s0:\n      dhcp4: true\n" COUNT, 4, TRUE, 6, NULL},
        {START "    enp1s0:\n" COUNT "      link-local: []\n    enp9s0:\n      dhcp4: no\n", 4,
         TRUE, 5, NULL},
        {START "    enp9s0:\n" COUNT, -1, FALSE, 0, NULL},
        {START "    # enp1s0:\n    enp9s0:\n" COUNT, -1, FALSE, 0, NULL},
        {START "    \"enp1s0\": # the PF\n      virtual-function-count: \"4\" # VFs\n", 4, TRUE, 5,
         NULL},
        {START "    enp1s0:\n      virtual-function-count: 4 # VFs\n", 4, TRUE, 5, NULL},
        {START "    lan:\n      match:\n        macaddress: 52:54:00:AA:01:00\n" COUNT, 4, TRUE, 7,
         NULL},
        {START "    lan:\n      match:\n        macaddress: \"52:54:00:aa:01:01\"\n" COUNT, -1,
         FALSE, 0, NULL},
        {START "    enp1s0:\n      match:\n        name: enp9*\n" COUNT, -1, FALSE, 0, NULL},
        {START "    lan:\n" COUNT "      match:\n        driver: ig*\n        name: en*\n", 4, TRUE,
         5, NULL},
        {START "    lan:\n      match:\n        driver: [igb, ice]\n" COUNT, -1, TRUE, 7, "form"},
        {START "    lan:\n      match: {name: enp1s0}\n" COUNT, -1, TRUE, 6, "form"},
        {START "    enp1s0: {virtual-function-count: 4}\n", -1, TRUE, 0, "form"},
        {START "    enp1s0:\n      virtual-function-count: many\n", -1, TRUE, 5, "plain"},
        {"network:\n  bridges:\n    enp1s0:\n" COUNT, -1, TRUE, 0, "form"},
        {START "    enp1s0:\n      dhcp4: true\n", -1, FALSE, 0, NULL},
        {START "    enp1s0v0:\n      link: lan\n    lan:\n      match: {driver: igb}\n", -1, TRUE,
         5, "form"},
        {START "    lan:\n      match:\n        name: enp1s0\n    v0:\n      link: lan\n    v1:\n"
               "      mtu: 1500\n      link: \"lan\"\n    v2:\n      link: wan\n",
         2, TRUE, 11, NULL},
        {START "    enp1s0:\n" COUNT "    v0:\n      link: enp1s0\n", 4, TRUE, 5, NULL},
        {START "    v0:\n      link: enp1s0\n", -1, FALSE, 0, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autoptr(GPtrArray) writers = NULL;
        const VasVfWriter *writer = NULL;

        testing_scratch_write(scratch, FILE_PATH, rows[i].text);
        g_test_message("%s", rows[i].text);
        writers = find(host);
        g_assert_cmpuint(writers->len, ==, rows[i].is_found);
        if (!rows[i].is_found)
            continue;
        writer = g_ptr_array_index(writers, 0);
        g_assert_cmpint(vas_vf_writer_is_certain(writer) ? (int) writer->count : -1, ==,
                        rows[i].count);
        g_assert_cmpuint(writer->line, ==, rows[i].line);
        g_assert_true(rows[i].doubt == NULL ? writer->doubt == NULL
                                            : strstr(writer->doubt, rows[i].doubt) != NULL);
    }
}

static void
assert_found(HostWorld *world, const char *path, guint count)
{
    g_autoptr(GPtrArray) writers = find(world->host);
    const VasVfWriter *writer = NULL;

    g_assert_cmpuint(writers->len, ==, 1);
    writer = g_ptr_array_index(writers, 0);
    g_assert_cmpstr(writer->path, ==, path);
    g_assert_cmpuint(writer->count, ==, count);
}

/* The last file by name counts, and /run hides /etc. */
static void
test_order(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, FILE_PATH, START "    enp1s0:\n" COUNT);
    testing_scratch_write(world->scratch, "/lib/netplan/20-a.yaml",
                          START "    enp1s0:\n      virtual-function-count: 2\n");
    assert_found(world, "/lib/netplan/20-a.yaml", 2);
    testing_scratch_write(world->scratch, "/run/netplan/20-a.yaml", START);
    assert_found(world, FILE_PATH, 4);
}

/* A VF that two files define is one VF; the PF's definition can stand in a third file. */
static void
test_defined_vfs(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, "/etc/netplan/10-a.yaml",
                          START "    v0:\n      link: enp1s0\n    v1:\n      link: enp1s0\n");
    testing_scratch_write(world->scratch, "/etc/netplan/20-a.yaml",
                          START "    v1:\n      link: enp1s0\n");
    testing_scratch_write(world->scratch, "/etc/netplan/30-a.yaml",
                          START "    enp1s0:\n      dhcp4: true\n");
    assert_found(world, "/etc/netplan/20-a.yaml", 2);
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) vfs = g_ptr_array_new();

    g_test_init(&argc, &argv, NULL);
    pf.vfs = vfs;
    g_test_add_func("/writer-netplan/forms", test_forms);
    g_test_add("/writer-netplan/order", HostWorld, NULL, host_world_set_up, test_order,
               host_world_tear_down);
    g_test_add("/writer-netplan/defined-vfs", HostWorld, NULL, host_world_set_up, test_defined_vfs,
               host_world_tear_down);
    return g_test_run();
}
