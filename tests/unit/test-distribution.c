/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/distribution.h"

#include "testing.h"

static void
test_families(void)
{
    static const struct {
        const char *text;
        VasDistribution distribution;
    } rows[] = {
        {"PRETTY_NAME=\"Debian GNU/Linux 13\"\nID=debian\n", VAS_DISTRIBUTION_DEBIAN},
        {"ID=ubuntu\nID_LIKE=debian\n", VAS_DISTRIBUTION_DEBIAN},
        {"ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", VAS_DISTRIBUTION_DEBIAN},
        {"ID=\"rhel\"\nID_LIKE=\"fedora\"\n", VAS_DISTRIBUTION_FEDORA},
        {"ID='rocky'\nID_LIKE='rhel centos fedora'\n", VAS_DISTRIBUTION_FEDORA},
        {"ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", VAS_DISTRIBUTION_SUSE},
        {"ID=arch\n", VAS_DISTRIBUTION_OTHER},
        {"VERSION_ID=13\nMYID=debian\n", VAS_DISTRIBUTION_OTHER},
        {"ID=\"debian\n", VAS_DISTRIBUTION_OTHER}, /* no closing quote */
        {"", VAS_DISTRIBUTION_OTHER},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);

        testing_scratch_write(scratch, "/etc/os-release", rows[i].text);
        g_assert_cmpint(vas_distribution_read(host), ==, rows[i].distribution);
    }
}

static void
test_second_place(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);

    g_assert_cmpint(vas_distribution_read(host), ==, VAS_DISTRIBUTION_OTHER);
    testing_scratch_write(scratch, "/usr/lib/os-release", "ID=fedora\n");
    g_assert_cmpint(vas_distribution_read(host), ==, VAS_DISTRIBUTION_FEDORA);
    testing_scratch_write(scratch, "/etc/os-release", "ID=debian\n");
    g_assert_cmpint(vas_distribution_read(host), ==, VAS_DISTRIBUTION_DEBIAN);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/distribution/families", test_families);
    g_test_add_func("/distribution/second-place", test_second_place);
    return g_test_run();
}
