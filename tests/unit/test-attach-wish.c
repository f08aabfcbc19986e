/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/check/check.h"
#include "host/files/hook-link.h"
#include "recover-fixture.h"
#include "xml/metadata-xml.h"

#include <glib/gstdio.h>
#include <string.h>

#define PF_MAC "permanent-mac=\"90:e2:ba:"

static const char *const one[] = {VF, NULL};
static const char *const both[] = {VF, OTHER_VF, NULL};

/* The wish for @device in the metadata; NULL: none. Returns full. */
static VasWish *
kept(const char *metadata, const char *device)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record = vas_metadata_xml_parse(metadata, &error);
    const VasWish *wish = NULL;
    VasHostAddress address;

    g_assert_no_error(error);
    g_assert_true(vas_host_address_parse(device, &address, NULL));
    wish = vas_guest_record_find_wish(record, address);
    return wish != NULL ? vas_wish_copy(wish) : NULL;
}

/* libvirt copies the config's metadata when the guest starts: nobody writes a wish into the live.
 */
static void
assert_kept(const RecoverWorld *recover, const char *device, gboolean is_kept)
{
    const FakeGuest *guest = recover->world.guest;
    g_autoptr(VasWish) live = kept(guest->metadata, device);
    g_autoptr(VasWish) config = kept(guest->config_metadata, device);

    g_assert_null(live);
    g_assert_cmpint(config != NULL, ==, is_kept);
    g_assert_false(fake_has_unfinished(guest));
}

static void
attach(RecoverWorld *recover, const char *const *devices)
{
    g_assert_true(run_attach(&recover->world, devices));
}

/* Asks for no more than @trust, and @max_rate. */
static void
wish(RecoverWorld *recover, int trust, int max_rate)
{
    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.wish->vf.trust = trust;
    recover->world.wish->vf.max_rate = max_rate;
}

/* Counts the findings with this id, and fails if one has no advice. */
static guint
count_findings(RecoverWorld *recover, const char *id, const char *advice)
{
    g_autoptr(VasInventory) inventory =
        vas_scan(&recover->world.fake->context, &recover->world.error);
    g_autoptr(GPtrArray) findings =
        vas_check_guest(&recover->world.fake->context, inventory,
                        vas_inventory_find_guest(inventory, recover->world.guest->uuid));
    guint count = 0;

    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        if (!g_str_equal(finding->id, id))
            continue;
        count++;
        g_assert_nonnull(strstr(finding->advice, advice));
    }
    return count;
}

/* A wish stands beside the config's element, and says which device it is; it is sealed. */
static void
test_kept(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasWish) first = NULL;
    g_autoptr(VasWish) second = NULL;

    wish(recover, 1, 50);
    attach(recover, one);
    wish(recover, -1, -1);
    recover->world.scope = VAS_SCOPE_CONFIG;
    attach(recover, (const char *const[]){OTHER_VF, NULL});
    assert_kept(recover, VF, TRUE);
    assert_kept(recover, OTHER_VF, TRUE);
    g_assert_nonnull(strstr(recover->world.guest->config_metadata, PF_MAC));
    first = kept(recover->world.guest->config_metadata, VF);
    second = kept(recover->world.guest->config_metadata, OTHER_VF);
    g_assert_cmpint(first->settings.trust, ==, 1);
    g_assert_cmpint(first->settings.max_rate, ==, 50);
    g_assert_cmpint(first->settings.spoof_check, ==, -1);
    g_assert_cmpint(first->identity->vf_index, ==, 0);
    g_assert_true(vas_vf_wish_is_empty(&second->settings));
    g_assert_cmpint(second->identity->vf_index, ==, 1);
    g_assert_cmpuint(count_findings(recover, "guest.unsealed", ""), ==, 0);
    g_assert_cmpuint(count_findings(recover, "guest.wish", ""), ==, 0);
}

static void
test_live_only(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_LIVE;
    attach(recover, one);
    assert_kept(recover, VF, FALSE);
    recover->world.required = TRUE;
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_USAGE, "into the running guest only");
}

/* It goes with the element, and no other wish with it. */
static void
test_dropped(RecoverWorld *recover, gconstpointer data)
{
    attach(recover, both);
    recover->world.scope = VAS_SCOPE_CONFIG;
    g_assert_true(run_detach(&recover->world, one));
    assert_kept(recover, VF, FALSE);
    assert_kept(recover, OTHER_VF, TRUE);
    recover->world.scope = 0;
    g_assert_true(run_detach(&recover->world, both));
    g_assert_null(recover->world.guest->metadata);
    g_assert_null(recover->world.guest->config_metadata);
}

/* The running guest has a copy, as long as it has the device. */
static void
test_started(RecoverWorld *recover, gconstpointer data)
{
    attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    fake_start_guest(recover->world.fake, recover->world.guest);
    g_assert_cmpstr(recover->world.guest->metadata, ==, recover->world.guest->config_metadata);
    g_assert_true(run_detach(&recover->world, one));
    g_assert_null(recover->world.guest->metadata);
    g_assert_null(recover->world.guest->config_metadata);
}

/* Somebody else has taken the element out. */
static void
test_left_behind(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_CONFIG;
    attach(recover, one);
    g_ptr_array_set_size(recover->world.guest->config, 0);
    g_assert_cmpuint(
        count_findings(recover, "guest.wish", "virt-assign detach db1 " VF " --config"), ==, 1);
    g_assert_true(run_detach(&recover->world, one));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_null(recover->world.guest->config_metadata);
}

/* A guest from before there were wishes gets one, once. */
static void
test_repeated(RecoverWorld *recover, gconstpointer data)
{
    attach(recover, one);
    g_clear_pointer(&recover->world.guest->metadata, g_free);
    g_clear_pointer(&recover->world.guest->config_metadata, g_free);
    for (guint i = 0; i < 2; i++) {
        attach(recover, one);
        g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
        g_assert_cmpint(result_at(&recover->world, 0)->wish != NULL, ==, i == 0);
        assert_kept(recover, VF, TRUE);
    }
}

/* Settings that are asked for later come to those of before. */
static void
test_changed(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasWish) now = NULL;

    wish(recover, 1, 50);
    attach(recover, one);
    wish(recover, -1, 70);
    recover->world.required = TRUE;
    attach(recover, one);
    now = kept(recover->world.guest->config_metadata, VF);
    g_assert_cmpint(now->settings.trust, ==, 1);
    g_assert_cmpint(now->settings.max_rate, ==, 70);
    g_assert_true(now->is_required);
}

static void
test_required_nothing(RecoverWorld *recover, gconstpointer data)
{
    recover->world.required = TRUE;
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_USAGE, "none is asked for");
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_kept(recover, VF, FALSE);
}

/* An attach that is taken back leaves what was kept before it: nothing, or an earlier wish. */
static void
test_undone(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasWish) now = NULL;

    fake_plan_fault(recover->world.fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "no");
    assert_kept(recover, VF, FALSE);

    wish(recover, 1, -1);
    recover->world.scope = VAS_SCOPE_CONFIG;
    attach(recover, one);
    recover->world.scope = 0;
    wish(recover, 0, -1);
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "no");
    now = kept(recover->world.guest->config_metadata, VF);
    g_assert_cmpint(now->settings.trust, ==, 1);
}

/* The attach is killed in the middle, or in the place of the request that ends its record. */
static void
test_killed(RecoverWorld *recover, gconstpointer data)
{
    wish(recover, 1, -1);
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_kept(recover, VF, FALSE);
    die_at(recover, FAKE_SET_METADATA, 3);
    kill_attach(recover, one);
    g_assert_true(is_on_record(recover));
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_kept(recover, VF, TRUE);
    die_at(recover, FAKE_DETACH_CONFIG, 1);
    kill_detach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    g_assert_false(fake_has(recover->world.guest, VAS_SCOPE_CONFIG, VF));
    assert_kept(recover, VF, FALSE);
}

static gboolean
read_other_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    (void) interface;
    (void) data;
    *ret_mac = (VasMacAddress){{0x90, 0xe2, 0xba, 0xff, 0xff, 0xfe}};
    return TRUE;
}

/* Another card is where the one was that is meant: the guest does not get it by an attach. */
static void
test_other_card(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_CONFIG;
    attach(recover, one);
    recover->world.fake->host->read_permanent_mac = read_other_mac;
    recover->world.scope = data != NULL ? VAS_SCOPE_LIVE : 0;
    g_assert_false(run_attach(&recover->world, one));
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 4);
    testing_assert_hint(recover->world.error, "virt-assign detach db1 " VF ", then attach");
    testing_assert_error(&recover->world.error, VAS_ERROR_MISMATCH, "is another card");
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpuint(count_findings(recover, "guest.wish",
                                    "virt-assign detach db1 " VF " --config && virt-assign attach "
                                    "db1 " VF " --config --as interface --guest-address"),
                     ==, 1);
    recover->world.scope = 0;
    g_assert_true(run_detach(&recover->world, one));
    attach(recover, one);
}

/* A wish that somebody wrote gives way to what is asked for, and to nothing else. */
static void
test_unsealed(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;
    g_autoptr(VasWish) untouched = NULL;
    g_autoptr(VasWish) now = NULL;

    recover->world.scope = VAS_SCOPE_CONFIG;
    attach(recover, one);
    g_free(guest->config_metadata);
    guest->config_metadata =
        g_strdup("<assignments version='1'><wish device='" VF "' spoof-check='0'/></assignments>");
    attach(recover, one);
    untouched = kept(guest->config_metadata, VF);
    g_assert_null(untouched->seal);
    wish(recover, 1, -1);
    attach(recover, one);
    now = kept(guest->config_metadata, VF);
    g_assert_nonnull(now->seal);
    g_assert_cmpint(now->settings.trust, ==, 1);
    g_assert_cmpint(now->settings.spoof_check, ==, -1);
}

/* Somebody has changed at the PF what is wished. */
static void
test_drift(RecoverWorld *recover, gconstpointer data)
{
    wish(recover, 1, -1);
    attach(recover, one);
    fake_vf_settings(recover->world.fake, VF)->trust = 0;
    g_assert_cmpuint(
        count_findings(recover, "guest.wish", "virt-assign attach db1 " VF " --live --trust on"),
        ==, 1);
    recover->world.scope = VAS_SCOPE_LIVE;
    attach(recover, one);
    g_assert_cmpuint(count_findings(recover, "guest.wish", ""), ==, 0);
}

static guint
count_notes(const World *world, const char *part)
{
    guint count = 0;

    for (guint i = 0; i < world->fake->notes->len; i++)
        count += strstr(g_ptr_array_index(world->fake->notes, i), part) != NULL;
    return count;
}

/* The VF of a guest that is shut off is touched at once only if no hook does it at the start. */
static void
test_shut_off(RecoverWorld *recover, gconstpointer has_hook)
{
    World *world = &recover->world;
    const VasVfSettings before = *fake_vf_settings(world->fake, VF);
    g_autofree char *program =
        g_build_filename(world->fake->root->path, "/usr/bin/virt-assign", NULL);
    g_autoptr(VasWish) wished = NULL;

    if (has_hook != NULL) {
        testing_scratch_write(world->fake->root, "/usr/bin/virt-assign", "");
        g_assert_cmpint(g_chmod(program, 0755), ==, 0);
        g_assert_true(
            vas_hook_link_write(world->fake->host, "/usr/bin/virt-assign", &world->error));
    }
    fake_stop_guest(world->fake, world->guest);
    world->scope = VAS_SCOPE_CONFIG;
    wish(recover, 1, 50);
    attach(recover, one);
    wished = kept(world->guest->config_metadata, VF);
    g_assert_cmpint(wished->settings.trust, ==, 1);
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->trust, ==,
                    has_hook != NULL ? before.trust : 1);
    g_assert_cmpuint(count_notes(world, "virt-assign hook install"), ==, has_hook != NULL ? 0 : 1);
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/attach-wish/" name, RecoverWorld, data, recover_set_up, function,                 \
               recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("kept", NULL, test_kept);
    ADD("live-only", NULL, test_live_only);
    ADD("dropped", NULL, test_dropped);
    ADD("started", NULL, test_started);
    ADD("left-behind", NULL, test_left_behind);
    ADD("repeated", NULL, test_repeated);
    ADD("changed", NULL, test_changed);
    ADD("required-nothing", NULL, test_required_nothing);
    ADD("undone", NULL, test_undone);
    ADD("killed", NULL, test_killed);
    ADD("other-card", NULL, test_other_card);
    ADD("other-card/live-only", GINT_TO_POINTER(TRUE), test_other_card);
    ADD("unsealed", NULL, test_unsealed);
    ADD("drift", NULL, test_drift);
    ADD("shut-off", NULL, test_shut_off);
    ADD("shut-off/with-hook", GINT_TO_POINTER(TRUE), test_shut_off);
    return g_test_run();
}
