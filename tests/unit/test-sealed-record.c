/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/check/check-unfinished.h"
#include "recover-fixture.h"
#include "xml/metadata-xml.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* An entry in a guest's metadata counts if it bears the host's seal for this guest, or if root's
 * file of this boot has it. Here it names the guest's own devices: nothing else keeps it back. */

#define ID "6695eb01-f6a4-4304-89aa-97f2502e193f"
#define OWN_ALIAS "ua-pci_0000_01_10_0"
#define KEY "/etc/virt-assign/key"

static const char *const one[] = {VF, NULL};
static const char *const other[] = {OTHER_VF, NULL};

static char *
path_of(const RecoverWorld *recover, const char *path)
{
    return g_build_filename(recover->world.fake->root->path, path, NULL);
}

/* The next boot empties /run. */
static void
boot(const RecoverWorld *recover)
{
    g_autofree char *name =
        g_strconcat("run/virt-assign/commands-", recover->world.guest->uuid, NULL);
    g_autofree char *path = path_of(recover, name);

    g_assert_cmpint(unlink(path), ==, 0);
}

/* An attach is killed with VF in the running guest and not in the config, and the host is booted.
 */
static void
leave_attach(RecoverWorld *recover)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    boot(recover);
}

static void
assert_refused(RecoverWorld *recover, const char *cause)
{
    g_assert_false(run_recover(recover, "db1"));
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 4);
    testing_assert_hint(recover->world.error, "virt-assign recover --adopt db1 --dry-run");
    testing_assert_error(&recover->world.error, VAS_ERROR_UNPROVEN, cause);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
}

static void
adopt_and_assert_undone(RecoverWorld *recover)
{
    recover->adopt = TRUE;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    g_assert_false(is_on_record(recover));
}

/* The guest has VF, and says that an attach of it and of another VF did not end. @data: root
 * recovers, or attaches the other VF. */
static void
test_forged_operation(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_attach(&recover->world, one));
    recover->world.guest->metadata =
        g_strdup("<assignments version='1'><operation id='" ID "' command='attach' started='1'>"
                 "<device device='" VF "' alias='" OWN_ALIAS "' live='yes' config='yes'/>"
                 "<device device='" OTHER_VF "' alias='ua-x' live='yes'/></operation>"
                 "</assignments>");
    if (data == NULL) {
        g_assert_false(run_recover(recover, NULL));
        testing_assert_error(&recover->world.error, VAS_ERROR_UNPROVEN, "bears no seal");
    } else {
        g_assert_true(run_attach(&recover->world, other));
        g_assert_true(was_noted(recover, "virt-assign recover --adopt db1"));
    }
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_true(is_on_record(recover));
}

/* The guest says that it was asked for VF: root's detach asks, and does not wait for nothing. */
static void
test_forged_release(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_attach(&recover->world, one));
    recover->world.guest->metadata =
        g_strdup_printf("<assignments version='1'><release alias='" OWN_ALIAS "' device='" VF
                        "' run='%d' asked='1'/></assignments>",
                        recover->world.guest->run_id);
    g_assert_true(run_detach(&recover->world, one));
    g_assert_true(was_noted(recover, "counts for nothing"));
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    g_assert_null(recover->world.guest->metadata);
}

/* The owner of the guest takes the seal as it is, and changes what it is for; or the seal. */
static void
test_changed(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;
    const char *const *change = data;
    g_autofree char *before = NULL;

    leave_attach(recover);
    for (guint i = 0; i < 2; i++) {
        char **metadata = i == 0 ? &guest->metadata : &guest->config_metadata;
        g_autoptr(GRegex) part = g_regex_new(change[0], 0, 0, NULL);
        char *edited = g_regex_replace_literal(part, *metadata, -1, 0, change[1], 0, NULL);

        g_assert_cmpstr(edited, !=, *metadata);
        g_free(*metadata);
        *metadata = edited;
    }
    before = g_strdup(guest->metadata);
    assert_refused(recover, "it bears no seal of this host for this guest");
    g_assert_cmpstr(guest->metadata, ==, before);
    adopt_and_assert_undone(recover);
}

/* The seal stands in the config alone. */
static void
test_shut_off(RecoverWorld *recover, gconstpointer data)
{
    fake_stop_guest(recover->world.fake, recover->world.guest);
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    boot(recover);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_false(is_on_record(recover));
}

/* A clone has what another guest has on record, seal and all. */
static void
test_other_guest(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *clone = fake_add_guest(recover->world.fake, "clone", TRUE, TRUE);

    leave_attach(recover);
    clone->metadata = g_strdup(recover->world.guest->metadata);
    g_assert_false(run_recover(recover, "clone"));
    testing_assert_error(&recover->world.error, VAS_ERROR_UNPROVEN, "bears no seal");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
}

/* A later command of root's writes the record anew, and seals nothing that it did not make. */
static void
test_not_sealed_along(RecoverWorld *recover, gconstpointer data)
{
    recover->world.guest->config_metadata =
        g_strdup("<assignments version='1'><operation id='" ID "' command='detach' started='1'>"
                 "<device device='" VF "' config='yes'/></operation></assignments>");
    g_assert_true(run_attach(&recover->world, other));
    g_assert_false(
        g_regex_match_simple("<operation[^>]* seal=", recover->world.guest->config_metadata, 0, 0));
    g_assert_nonnull(strstr(recover->world.guest->config_metadata, ID));
}

/* Root's file of this boot counts as well: the key may be another by now. */
static void
test_key_is_gone(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *key = path_of(recover, KEY);

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    g_assert_cmpint(unlink(key), ==, 0);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    leave_attach(recover);
    g_assert_cmpint(unlink(key), ==, 0);
    assert_refused(recover, "bears no seal");
    adopt_and_assert_undone(recover);
}

static void
test_key_is_open(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *key = path_of(recover, KEY);

    leave_attach(recover);
    g_assert_cmpint(g_chmod(key, 0640), ==, 0);
    assert_refused(recover, "read the host's key /etc/virt-assign/key: ");
    /* It is not made anew behind the administrator's back. */
    g_assert_true(run_attach(&recover->world, other));
    g_assert_true(was_noted(recover, "virt-assign recover needs --adopt: read the host's key"));
    adopt_and_assert_undone(recover);
}

/* From another machine nobody reads the key: what was looked at is acted on. */
static void
test_from_afar(RecoverWorld *recover, gconstpointer data)
{
    leave_attach(recover);
    recover->world.fake->context.host = NULL;
    assert_refused(recover, "on the guest's own host only");
    recover->adopt = TRUE;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_false(fake_has(recover->world.guest, VAS_SCOPE_LIVE, VF));
    g_assert_false(is_on_record(recover));
}

/* A release is believed there: it makes a detach wait, and nothing else. */
static void
test_release_from_afar(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_attach(&recover->world, one));
    recover->world.fake->context.host = NULL;
    recover->world.fake->guest_ignores_unplug = TRUE;
    for (guint i = 0; i < 2; i++) {
        g_assert_false(run_detach(&recover->world, one));
        testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    }
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 1);
}

static void
test_only_looks(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *live = NULL;
    g_autofree char *config = NULL;
    g_autofree char *key = path_of(recover, KEY);
    g_autofree char *text = NULL;
    const VasRecovery *recovery = NULL;

    leave_attach(recover);
    g_assert_cmpint(unlink(key), ==, 0);
    live = g_strdup(recover->world.guest->metadata);
    config = g_strdup(recover->world.guest->config_metadata);
    recover->adopt = recover->only_looks = TRUE;
    recovery = assert_recovered(recover, VAS_RECOVERY_UNDONE);
    text = vas_recovery_text(recovery);
    g_assert_true(g_str_has_suffix(text, "did not end: it would be undone"));
    g_assert_cmpuint(recovery->devices->len, ==, 1);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpstr(recover->world.guest->metadata, ==, live);
    g_assert_cmpstr(recover->world.guest->config_metadata, ==, config);
    g_assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
    recover->only_looks = FALSE;
    adopt_and_assert_undone(recover);
}

/* The detach and its request were both sealed with a key that is gone. */
static void
test_pending(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *key = path_of(recover, KEY);

    g_assert_true(run_attach(&recover->world, one));
    recover->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(run_detach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    boot(recover);
    g_assert_cmpint(unlink(key), ==, 0);
    recover->adopt = TRUE;
    for (guint i = 0; i < 3; i++) {
        recover->only_looks = i == 0;
        recover->adopt = i < 2;
        (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
        testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "has not");
        assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    }
}

/* A port of the guest that a forged command says it was adding. */
static void
test_forged_port(RecoverWorld *recover, gconstpointer data)
{
    recover->world.guest->config_metadata = g_strdup(
        "<assignments version='1'><operation id='" ID "' command='ports' started='1'>"
        "<port index='1' model='pcie-root-port' chassis='1' domain='0x0000' bus='0x00' "
        "slot='0x01' function='0x0'/><port index='99' model='pcie-root-port' chassis='99' "
        "domain='0x0000' bus='0x00' slot='0x1e' function='0x0'/></operation></assignments>");
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_UNPROVEN, "ports for guest db1");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_CONFIG], ==, 0);
    g_assert_true(is_on_record(recover));
}

/* The owner of the guest fills its record: that keeps root from his guest, and from no other. */
static void
test_full(RecoverWorld *recover, gconstpointer data)
{
    const VasContext *context = &recover->world.fake->context;
    FakeGuest *good = recover->world.guest;
    g_autoptr(GString) metadata = g_string_new("<assignments version='1'>");
    g_autoptr(GPtrArray) findings = vas_findings_new();
    g_autoptr(VasInventory) inventory = NULL;

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    good->name[2] = '2';
    recover->world.guest = fake_add_guest(recover->world.fake, "db1", TRUE, TRUE);
    for (guint i = 0; i < VAS_GUEST_RECORD_OPERATIONS_MAX; i++)
        g_string_append_printf(metadata,
                               "<operation id='6695eb01-f6a4-4304-89aa-97f2502e19%02x' "
                               "command='attach' started='1'>"
                               "<device device='0000:0a:%02x.0' live='yes'/></operation>",
                               i, i);
    recover->world.guest->metadata = g_strconcat(metadata->str, "</assignments>", NULL);
    g_assert_false(run_attach(&recover->world, other));
    testing_assert_hint(recover->world.error, "virt-assign recover --adopt db1 --dry-run");
    testing_assert_hint(recover->world.error, "virsh metadata db1 " VAS_METADATA_URI " --live");
    testing_assert_error(&recover->world.error, VAS_ERROR_CONFLICT, "32 of them without");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");

    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_PARTIAL, "bears no seal");
    g_assert_false(fake_has(good, VAS_SCOPE_LIVE, VF));
    recover->world.guest->name[2] = '3';
    good->name[2] = '1';
    recover->world.guest = good;
    g_assert_true(run_attach(&recover->world, one));
    inventory = vas_scan(context, &recover->world.error);
    vas_check_unfinished_of_guest(context, vas_inventory_find_guest(inventory, good->uuid),
                                  findings);
    g_assert_cmpuint(findings->len, ==, 0);
}

static guint
count_unsealed(RecoverWorld *recover)
{
    g_autoptr(GPtrArray) findings = vas_findings_new();
    g_autoptr(VasInventory) inventory =
        vas_scan(&recover->world.fake->context, &recover->world.error);

    g_assert_no_error(recover->world.error);
    vas_check_unfinished_of_guest(&recover->world.fake->context,
                                  vas_inventory_find_guest(inventory, recover->world.guest->uuid),
                                  findings);
    for (guint i = 0; i < findings->len; i++)
        g_assert_cmpstr(((const VasFinding *) findings->pdata[i])->id, ==, "guest.unsealed");
    return findings->len;
}

/* A wish that somebody wrote stays, is told once though it stands in both definitions, and counts
 * once root has adopted it. Who cannot read the key tells nothing. */
static void
test_wish(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;
    VasContext *context = &recover->world.fake->context;
    VasHost *host = context->host;
    const char *wish = "<assignments version='1'><wish device='" VF "' trust='1'/></assignments>";

    guest->metadata = g_strdup(wish);
    guest->config_metadata = g_strdup(wish);
    g_assert_cmpuint(count_unsealed(recover), ==, 1);
    context->host = NULL;
    g_assert_cmpuint(count_unsealed(recover), ==, 0);
    context->host = host;
    g_assert_true(run_attach(&recover->world, other));
    g_assert_nonnull(strstr(guest->config_metadata, "<wish device=\"" VF "\""));
    g_assert_cmpuint(count_unsealed(recover), ==, 1);
    for (guint i = 0; i < 2; i++) {
        recover->adopt = TRUE;
        recover->only_looks = i == 0;
        g_assert_true(run_recover(recover, "db1"));
        g_assert_true(was_noted(recover, i == 0 ? "would get this host's seal"
                                                : "wished for " VF " has this host's seal"));
        g_assert_cmpuint(count_unsealed(recover), ==, i == 0 ? 1 : 0);
    }
}

static const char *const wrong_seal[] = {" seal=\"[0-9a-f]{64}\"",
                                         " seal=\"0000000000000000000000000000000000000000000000"
                                         "000000000000000000\""};
static const char *const no_seal[] = {" seal=\"[0-9a-f]{64}\"", ""};
static const char *const other_device[] = {"<device ",
                                           "<device device='" OTHER_VF "' live='yes'/><device "};
static const char *const other_start[] = {" started=\"[0-9]*\"", " started=\"1\""};

#define ADD(name, data, function)                                                                  \
    g_test_add("/sealed-record/" name, RecoverWorld, data, recover_set_up, function,               \
               recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("forged-operation", NULL, test_forged_operation);
    ADD("forged-operation/next-attach", GINT_TO_POINTER(TRUE), test_forged_operation);
    ADD("forged-port", NULL, test_forged_port);
    ADD("forged-release", NULL, test_forged_release);
    ADD("wrong-seal", wrong_seal, test_changed);
    ADD("no-seal", no_seal, test_changed);
    ADD("other-device", other_device, test_changed);
    ADD("other-start", other_start, test_changed);
    ADD("shut-off", NULL, test_shut_off);
    ADD("other-guest", NULL, test_other_guest);
    ADD("not-sealed-along", NULL, test_not_sealed_along);
    ADD("key-is-gone", NULL, test_key_is_gone);
    ADD("key-is-open", NULL, test_key_is_open);
    ADD("from-afar", NULL, test_from_afar);
    ADD("release-from-afar", NULL, test_release_from_afar);
    ADD("only-looks", NULL, test_only_looks);
    ADD("pending", NULL, test_pending);
    ADD("full", NULL, test_full);
    ADD("wish", NULL, test_wish);
    return g_test_run();
}
