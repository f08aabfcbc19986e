/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/finding.h"

static void
test_add(void)
{
    g_autoptr(GPtrArray) findings = vas_findings_new();
    VasFinding *finding =
        vas_findings_add(findings, "host.iommu", VAS_FINDING_WARNING, "host", "%u groups", 3);

    g_assert_cmpuint(findings->len, ==, 1);
    g_assert_cmpstr(finding->id, ==, "host.iommu");
    g_assert_cmpstr(finding->subject, ==, "host");
    g_assert_cmpstr(finding->summary, ==, "3 groups");
    g_assert_null(finding->evidence);
    g_assert_null(finding->advice);
    vas_finding_set_evidence(finding, "file %s", "a");
    vas_finding_set_evidence(finding, "file %s", "b");
    vas_finding_set_advice(finding, "do %s", "that");
    g_assert_cmpstr(finding->evidence, ==, "file b");
    g_assert_cmpstr(finding->advice, ==, "do that");
}

static void
test_count(void)
{
    g_autoptr(GPtrArray) findings = vas_findings_new();

    vas_findings_add(findings, "a", VAS_FINDING_OK, "host", "fine");
    vas_findings_add(findings, "b", VAS_FINDING_PROBLEM, "host", "bad");
    vas_findings_add(findings, "c", VAS_FINDING_OK, "host", "fine");
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_OK), ==, 2);
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_WARNING), ==, 0);
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_PROBLEM), ==, 1);
}

static void
test_level_names(void)
{
    g_assert_cmpstr(vas_finding_level_name(VAS_FINDING_OK), ==, "ok");
    g_assert_cmpstr(vas_finding_level_name(VAS_FINDING_WARNING), ==, "warning");
    g_assert_cmpstr(vas_finding_level_name(VAS_FINDING_PROBLEM), ==, "problem");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finding/add", test_add);
    g_test_add_func("/finding/count", test_count);
    g_test_add_func("/finding/level-names", test_level_names);
    return g_test_run();
}
