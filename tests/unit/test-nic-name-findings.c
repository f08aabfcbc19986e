/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-findings.h"

#include "building.h"

#include <string.h>

#define MAC1 "52:54:00:00:00:01"
#define MAC2 "52:54:00:00:00:02"

/* Fails unless the findings are those @ids, in this order. */
static void
assert_ids(const GPtrArray *findings, const char *const *ids)
{
    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        g_assert_cmpstr(finding->id, ==, ids[i]);
        g_assert_cmpstr(finding->subject, ==, "db");
        g_assert_nonnull(finding->evidence);
        g_assert_nonnull(finding->advice);
    }
    g_assert_null(ids[findings->len]);
}

static void
assert_says(const GPtrArray *findings, guint n, VasFindingLevel level, const char *part)
{
    const VasFinding *finding = g_ptr_array_index(findings, n);

    g_assert_cmpint(finding->level, ==, level);
    if (strstr(finding->summary, part) == NULL)
        g_error("\"%s\" does not say \"%s\"", finding->summary, part);
}

static GPtrArray *
find(const VasGuest *guest, const char *scheme)
{
    GPtrArray *findings = vas_findings_new();

    vas_nic_name_find(findings, guest,
                      scheme != NULL ? vas_naming_scheme_find(scheme, NULL) : NULL);
    return findings;
}

static void
test_all_well(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(2), building_q35(2));
    g_autoptr(GPtrArray) findings = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:01:00.0");
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){NULL});
}

/* Measured: with systemd 257 one of the two is ens3, the other eth*. */
static void
test_collision(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_pc(1));
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) older = NULL;

    building_add_nic(guest->config, NULL, MAC1, "0000:00:03.0");
    building_add_nic(guest->config, NULL, MAC2, "0000:01:03.0");
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.collision", "names.upgrade", NULL});
    assert_says(findings, 0, VAS_FINDING_WARNING,
                "config: NIC " MAC1 " and NIC " MAC2 " are both ens3 under naming scheme v261");
    assert_says(findings, 1, VAS_FINDING_WARNING,
                "NIC " MAC2 " is enp1s3 with systemd before 257, and ens3 from then on");
    older = find(guest, "v252");
    assert_ids(older, (const char *const[]){NULL});
}

static void
test_index_twice(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_q35(3));
    g_autoptr(GPtrArray) findings = NULL;

    for (guint i = 1; i <= 2; i++) {
        g_autofree char *address = g_strdup_printf("0000:0%u:00.0", i);
        VasOccupant *occupant = NULL;

        building_add_nic(guest->config, NULL, i == 1 ? MAC1 : MAC2, address)->acpi_index = 7;
        occupant = g_ptr_array_index(guest->config->occupants, guest->config->occupants->len - 1);
        occupant->acpi_index = 7;
    }
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.acpi-index", NULL});
    assert_says(findings, 0, VAS_FINDING_PROBLEM, "both have acpi index 7");
}

static void
test_hidden_index(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_q35(1));
    g_autoptr(GPtrArray) findings = NULL;

    g_free(guest->config->machine);
    guest->config->machine = g_strdup("pc-q35-6.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:01:00.0")->acpi_index = 7;
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.acpi-index", NULL});
    assert_says(findings, 0, VAS_FINDING_WARNING, "that NIC " MAC1 " has acpi index 7");
}

static void
test_unknown(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_pc(1));
    g_autoptr(GPtrArray) findings = NULL;

    guest->config->acpi = FALSE;
    building_add_nic(guest->config, NULL, MAC1, "0000:01:03.0");
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.unknown", NULL});
    assert_says(findings, 0, VAS_FINDING_WARNING,
                "the name of NIC " MAC1 " cannot be told: depends");
}

static void
test_next_start(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(2), building_q35(2));
    g_autoptr(GPtrArray) findings = NULL;

    building_add_nic(guest->live, NULL, MAC1, "0000:01:00.0");
    building_add_nic(guest->config, NULL, MAC1, "0000:02:00.0");
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.next-start", NULL});
    assert_says(findings, 0, VAS_FINDING_WARNING,
                "NIC " MAC1 " is enp1s0 now and enp2s0 from the guest's next start on");
}

/* A finding that live and config share is said once, one that only the config has is said too. */
static void
test_said_once(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_pc(1), building_pc(1));
    g_autoptr(GPtrArray) findings = NULL;

    for (guint i = 0; i < 2; i++) {
        VasGuestDefinition *definition = i == 0 ? guest->live : guest->config;

        building_add_nic(definition, NULL, MAC1, "0000:00:03.0");
        building_add_nic(definition, NULL, MAC2, "0000:01:03.0");
    }
    building_add_nic(guest->config, NULL, "52:54:00:00:00:03", "0000:01:09.0");
    findings = find(guest, NULL);
    assert_ids(findings,
               (const char *const[]){"names.collision", "names.upgrade", "names.upgrade", NULL});
    assert_says(findings, 2, VAS_FINDING_WARNING, "config: NIC 52:54:00:00:00:03");
}

static void
test_port(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_q35(2));
    g_autoptr(GPtrArray) findings = NULL;

    building_add_nic(guest->config, "ua-x", NULL, "0000:02:00.0")->port = g_strdup("p1");
    findings = find(guest, NULL);
    assert_ids(findings, (const char *const[]){"names.port", NULL});
    assert_says(findings, 0, VAS_FINDING_WARNING,
                "NIC at 0000:02:00.0 is enp2s0 if the guest's driver tells no port, and enp2s0np1 "
                "if it does");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic-name-findings/all-well", test_all_well);
    g_test_add_func("/nic-name-findings/collision", test_collision);
    g_test_add_func("/nic-name-findings/index-twice", test_index_twice);
    g_test_add_func("/nic-name-findings/hidden-index", test_hidden_index);
    g_test_add_func("/nic-name-findings/unknown", test_unknown);
    g_test_add_func("/nic-name-findings/next-start", test_next_start);
    g_test_add_func("/nic-name-findings/said-once", test_said_once);
    g_test_add_func("/nic-name-findings/port", test_port);
    return g_test_run();
}
