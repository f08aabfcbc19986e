/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/machine.h"

static void
test_kinds(void)
{
    g_assert_true(vas_machine_is_x86(NULL));
    g_assert_true(vas_machine_is_x86("pc"));
    g_assert_true(vas_machine_is_x86("pc-i440fx-7.2"));
    g_assert_true(vas_machine_is_x86("q35"));
    g_assert_false(vas_machine_is_x86("virt-7.2"));
    g_assert_true(vas_machine_is_q35("q35"));
    g_assert_true(vas_machine_is_q35("pc-q35-rhel9.6.0"));
    g_assert_false(vas_machine_is_q35("pc"));
    g_assert_false(vas_machine_is_q35(NULL));
    g_assert_true(vas_machine_is_s390("s390-ccw-virtio-9.2"));
    g_assert_false(vas_machine_is_s390("pc"));
    g_assert_false(vas_machine_is_s390(NULL));
}

static void
test_versions(void)
{
    static const struct {
        const char *machine;
        guint version;
    } machines[] = {
        {"pc-q35-6.0", 600},
        {"pc-q35-10.0", 1000},
        {"pc-i440fx-2.12", 212},
        {"pc-q35-noble", 802},
        {"pc-q35-jammy-hpb", 602},
        {"pc-q35-rhel8.5.0", 600},
        {"q35", G_MAXUINT},
        {"pc", G_MAXUINT},
        {NULL, G_MAXUINT},
        {"pc-q35-rhel8.6.0", 602},
        {"pc-q35-rhel9.0.0", 602},
        {"pc-q35-rhel9.2.0", 702},
        {"pc-q35-rhel9.4.0", 802},
        {"pc-q35-rhel9.6.0", 901},
        {"pc-q35-rhel9.8.0", 602},
        {"pc-q35-rhel10.0.0", 901},
        {"pc-q35-rhel11.0.0", 901},
        {"pc-q35-rhel8.9.0", 0},
        {"pc-q35-questing", 1001},
        {"pc-q35-nobleman", 0},
        {"pc-q35-", 0},
        {"pc-q35-7", 0},
        {"virt-7.2", 0},
        {"", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(machines); i++)
        g_assert_cmpuint(vas_machine_version(machines[i].machine), ==, machines[i].version);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/kinds", test_kinds);
    g_test_add_func("/machine/versions", test_versions);
    return g_test_run();
}
