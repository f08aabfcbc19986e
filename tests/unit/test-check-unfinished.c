/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-unfinished.h"

#include "checking.h"
#include "core/inventory/selector.h"
#include "engine/base/scan.h"
#include "engine/journal/record-file.h"
#include "recover-fixture.h"

#include <glib/gstdio.h>

static const char *const two[] = {VF, OTHER_VF, NULL};

static GPtrArray *
check_guest(RecoverWorld *recover)
{
    const VasContext *context = &recover->world.fake->context;
    g_autoptr(VasInventory) inventory = vas_scan(context, &recover->world.error);
    GPtrArray *findings = vas_findings_new();

    g_assert_no_error(recover->world.error);
    vas_check_unfinished_of_guest(context, vas_selector_guest(inventory, "db1", NULL), findings);
    return findings;
}

static GPtrArray *
check_host(RecoverWorld *recover)
{
    GPtrArray *findings = vas_findings_new();

    vas_check_unfinished_of_host(&recover->world.fake->context, findings);
    return findings;
}

static void
test_nothing(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(GPtrArray) guest = check_guest(recover);
    g_autoptr(GPtrArray) host = check_host(recover);

    g_assert_cmpuint(guest->len, ==, 0);
    g_assert_cmpuint(host->len, ==, 0);
}

static void
test_guest(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, two);
    findings = check_guest(recover);
    checking_assert_ids(findings, "guest.unfinished");
    checking_assert(findings, "guest.unfinished", VAS_FINDING_WARNING,
                    "an earlier attach of " VF ", " OTHER_VF " did not end, or still runs");
    checking_assert(findings, "guest.unfinished", VAS_FINDING_WARNING, "virt-assign recover db1");
}

/* Nothing vouches for these, and a release of another run means nothing. */
static void
test_guest_unsealed(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;

    recover->world.guest->metadata =
        g_strdup_printf("<assignments version='1'><release alias='a' device='" VF
                        "' run='%d' asked='1'/><release alias='a' device='" OTHER_VF
                        "' run='%d' asked='1'/><operation id='x' command='detach' started='1'>"
                        "<device device='" VF "' live='yes'/></operation></assignments>",
                        recover->world.guest->run_id, recover->world.guest->run_id + 1);
    findings = check_guest(recover);
    checking_assert_ids(findings, "guest.unsealed guest.unsealed");
    checking_assert(findings, "guest.unsealed", VAS_FINDING_WARNING,
                    "an earlier detach of " VF " is on record, but nothing vouches for that");
    checking_assert(findings, "guest.unsealed", VAS_FINDING_WARNING,
                    "virt-assign recover --adopt db1 --dry-run");
    world_seal(&recover->world, recover->world.guest);
    g_clear_pointer(&findings, g_ptr_array_unref);
    findings = check_guest(recover);
    checking_assert_ids(findings, "guest.unfinished");
}

static void
test_guest_unreadable(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;

    g_free(recover->world.guest->config_metadata);
    recover->world.guest->config_metadata =
        g_strdup("<assignments version='1'><release/></assignments>");
    findings = check_guest(recover);
    checking_assert_ids(findings, "guest.unfinished");
    checking_assert(findings, "guest.unfinished", VAS_FINDING_PROBLEM, "a <release> without");
    checking_assert(findings, "guest.unfinished", VAS_FINDING_PROBLEM, "--config --remove");
}

static void
test_host(RecoverWorld *recover, gconstpointer data)
{
    static const VasHostAddress pf = {.pci = {.bus = 1}};
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_VFS, NULL);
    const FakeHypervisor *fake = recover->world.fake;
    g_autofree char *folder = g_build_filename(fake->root->path, "run/virt-assign", NULL);
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) open_to_others = NULL;

    vas_operation_add(operation, pf);
    g_assert_true(vas_record_file_write(fake->host, operation, &recover->world.error));
    testing_scratch_write(fake->root, "/run/virt-assign/operation-" VF, "rubbish\n");
    findings = check_host(recover);
    checking_assert_ids(findings, "host.unfinished host.unfinished");
    checking_assert(findings, "host.unfinished", VAS_FINDING_WARNING,
                    "an earlier vfs of 0000:01:00.0 did not end, or still runs");
    checking_assert(findings, "host.unfinished", VAS_FINDING_WARNING, "then remove the file");
    g_assert_cmpint(g_chmod(folder, 0777), ==, 0);
    open_to_others = check_host(recover);
    checking_assert_ids(open_to_others, "host.unfinished");
    checking_assert(open_to_others, "host.unfinished", VAS_FINDING_WARNING, "/run/virt-assign");
}

#define ADD(name, function)                                                                        \
    g_test_add("/check-unfinished/" name, RecoverWorld, NULL, recover_set_up, function,            \
               recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("nothing", test_nothing);
    ADD("guest", test_guest);
    ADD("guest/unsealed", test_guest_unsealed);
    ADD("guest/unreadable", test_guest_unreadable);
    ADD("host", test_host);
    return g_test_run();
}
