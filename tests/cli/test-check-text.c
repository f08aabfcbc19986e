/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/check-text.h"
#include "cli/output/json-result.h"
#include "cli/print/json.h"
#include "cli/print/wrap.h"
#include "testing.h"

static GPtrArray *
sample_findings(void)
{
    GPtrArray *findings = vas_findings_new();
    VasFinding *finding = NULL;

    finding = vas_findings_add(findings, "host.iommu", VAS_FINDING_PROBLEM, "host",
                               "the IOMMU is not in use");
    vas_finding_set_evidence(finding, "/proc/cmdline: quiet \033[2J");
    vas_finding_set_advice(finding, "add intel_iommu=on to GRUB_CMDLINE_LINUX in "
                                    "/etc/default/grub, run update-grub, then reboot");
    finding =
        vas_findings_add(findings, "host.vfio", VAS_FINDING_OK, "host", "vfio-pci can be loaded");
    vas_finding_set_evidence(finding, "/dev/vfio/vfio");
    finding = vas_findings_add(findings, "host.saved-vfs", VAS_FINDING_WARNING, "host",
                               "the 2 VFs of enp1s0 are gone after a reboot");
    vas_finding_set_advice(finding, "virt-assign vfs enp1s0 2 --persist");
    return findings;
}

static void
assert_text(VasTerminal terminal, const char *wanted)
{
    g_autoptr(GPtrArray) findings = sample_findings();
    g_autoptr(GString) text = g_string_new(NULL);

    vas_check_text(text, &terminal, findings);
    testing_assert_golden(wanted, text->str);
}

static void
test_plain(void)
{
    assert_text((VasTerminal){.utf8 = TRUE}, "cli/check-plain.txt");
}

static void
test_terminal(void)
{
    assert_text((VasTerminal){.utf8 = TRUE, .is_terminal = TRUE, .width = 50, .colour = TRUE},
                "cli/check-terminal.txt");
}

static void
test_json(void)
{
    g_autoptr(GPtrArray) findings = sample_findings();
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autofree char *text = NULL;

    vas_json_add_findings(json, findings);
    text = vas_json_end(json);
    testing_assert_golden("cli/check-findings.json", text);
}

static void
assert_wrapped(const char *text, guint width, guint column, guint indent, const char *wanted)
{
    g_autoptr(GString) out = g_string_new(NULL);

    vas_wrap_append(out, text, width, column, indent);
    g_assert_cmpstr(out->str, ==, wanted);
}

static void
test_wrap(void)
{
    assert_wrapped("one two three", 0, 0, 2, "one two three\n");
    assert_wrapped("one two three", 7, 0, 2, "one two\n  three\n");
    assert_wrapped("one two", 7, 1, 2, "one\n  two\n");
    assert_wrapped("longerthanthat x", 5, 0, 0, "longerthanthat\nx\n");
    /* These characters take two columns and three bytes each. */
    assert_wrapped("\xe4\xb8\xad \xe4\xb8\xad", 5, 0, 0, "\xe4\xb8\xad \xe4\xb8\xad\n");
    assert_wrapped("", 5, 0, 0, "\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-text/plain", test_plain);
    g_test_add_func("/check-text/terminal", test_terminal);
    g_test_add_func("/check-text/json", test_json);
    g_test_add_func("/check-text/wrap", test_wrap);
    return g_test_run();
}
