/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/detach.h"

#include "core/value/error.h"
#include "fake-clock.h"
#include "world.h"

#include <string.h>

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define ALIAS "ua-uplink"

static const char element[] = WORLD_VF_ELEMENT;
static const char other_element[] =
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:03'/><source>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></source>"
    "<alias name='ua-second'/>"
    "<address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></interface>";

/* The guest has the VF, live and config. */
static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    g_ptr_array_add(world->guest->live, g_strdup(element));
    g_ptr_array_add(world->guest->config, g_strdup(element));
    fake_set_driver(world->fake, VF, "vfio-pci");
    world->fake->pass_time = fake_clock_pass;
}

static void
assert_pending(World *world)
{
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, "stays pending");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_nonnull(strstr(world->guest->metadata, ALIAS));
}

static void
assert_done(const World *world)
{
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    g_assert_null(world->guest->metadata);
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpstr(result_at(world, 0)->driver, ==, "igbvf");
    g_assert_false(result_at(world, 0)->live || result_at(world, 0)->config);
}

static void
test_by_each_name(World *world, gconstpointer data)
{
    g_assert_true(detach_one(world, data));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 1);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_CONFIG], ==, 1);
}

static void
test_live_only(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    g_assert_true(detach_one(world, VF));
    assert_state(world, VF, FALSE, TRUE, "igbvf");
}

static void
test_config_only(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(detach_one(world, VF));
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
}

static void
test_ignoring_guest_is_pending(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_CONFIG], ==, 0);
}

static void
test_pending_is_picked_up_without_asking_again(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 0;
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    world->timeout = 10;
    world->fake->on_wait = fake_release_all;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 1);
}

/* The user says so: the guest was booting and missed the first request. */
static void
test_pending_is_asked_again_on_demand(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 0;
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    world->fake->guest_ignores_unplug = FALSE;
    world->ask_again = TRUE;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 2);
}

/* A command was killed after it wrote the record: nobody knows whether its request went out,
 * however long ago that was. */
static void
test_record_of_a_killed_detach_counts(World *world, gconstpointer data)
{
    world->guest->metadata = g_strdup_printf("<assignments version='1'><release alias='" ALIAS
                                             "' device='" VF "' run='%d' asked='1'/></assignments>",
                                             world->guest->run_id);
    world_seal(world, world->guest);
    world->timeout = 0;
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
}

static void
stop_db1(FakeHypervisor *fake)
{
    fake_stop_guest(fake, fake_find_guest(fake, "db1"));
}

static void
test_guest_stops_meanwhile(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 10;
    world->fake->on_wait = stop_db1;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
}

/* libvirt was asking the guest when it ended. */
static void
test_guest_stops_while_asked(World *world, gconstpointer data)
{
    world->fake->on_fault = stop_db1;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_WRONG_STATE,
                    "domain is not running");
    g_assert_true(detach_one(world, VF));
    assert_done(world);
}

/* libvirt knew that QEMU went before it knew that the guest did. */
static void
test_qemu_ends_while_asked(World *world, gconstpointer data)
{
    world->timeout = 10;
    world->fake->on_wait = stop_db1;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "internal error: End of file from qemu monitor (vm='db1')");
    g_assert_true(detach_one(world, VF));
    assert_done(world);
}

static void
release_in_silence(FakeHypervisor *fake)
{
    /* The guest is not watched any more: libvirt restarted and the event is lost. */
    fake->port.unwatch(&fake->port);
    fake_release_all(fake);
    fake_push_event(fake, VAS_EVENT_DISCONNECTED, NULL, NULL);
}

static void
test_connection_lost_while_waiting(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 20;
    world->fake->on_wait = release_in_silence;
    fake_plan_fault(world->fake, FAKE_REOPEN, 1, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "not yet");
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_REOPEN], >=, 2);
}

static void
test_connection_lost_while_asking(World *world, gconstpointer data)
{
    world->timeout = 0;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_DISCONNECTS, 0, "");
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
}

/* A case tells what libvirt answers to the request, and what it has to mean. */
typedef struct {
    const char *name;
    VasError given;
    VasError code;     /* of the command; VAS_ERROR_TIMED_OUT: pending */
    gboolean recorded; /* is the request on record afterwards */
    guint requests;    /* how many were sent */
} AnswerCase;

static const AnswerCase answer_cases[] = {
    {"failed", VAS_ERROR_FAILED, VAS_ERROR_FAILED, FALSE, 1},
    {"not-ready", VAS_ERROR_NOT_READY, VAS_ERROR_FAILED, FALSE, 1},
};

static void
test_answer(World *world, gconstpointer data)
{
    const AnswerCase *answer = data;

    world->timeout = 0;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, answer->given, "no");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, (int) answer->code, "db1");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpint(world->guest->metadata != NULL, ==, answer->recorded);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, answer->requests);
}

static void
test_busy_port_is_asked_again(World *world, gconstpointer data)
{
    world->timeout = 10;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_NOT_READY,
                    "Hot-unplug failed: guest is busy (power indicator blinking)");
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 2);
}

/* The guest still has the first request, or its port is busy: it was asked, and is waited for. */
static void
test_asked_again_while_under_way(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 0;
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    world->ask_again = TRUE;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_NOT_READY,
                    "Device hostdev0 is already in the process of unplug");
    g_assert_false(detach_one(world, VF));
    assert_pending(world);
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "job lock");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "job lock");
    g_assert_nonnull(strstr(world->guest->metadata, "<release "));
}

static void
refuse(FakeHypervisor *fake)
{
    fake_push_event(fake, VAS_EVENT_DEVICE_REMOVAL_FAILED, "db1", ALIAS);
}

static void
test_removal_failed_event(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 10;
    world->fake->on_wait = refuse;
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "refused to let go");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_null(world->guest->metadata);
}

/* No process has the group open. */
static void
have_free_group(World *world)
{
    testing_scratch_link(world->fake->root, "/sys/bus/pci/devices/" VF "/iommu_group",
                         "../../kernel/iommu_groups/11");
    testing_scratch_write(world->fake->root, "/dev/vfio/11", "");
}

/* libvirt before 9.5 could lose QEMU's event: the kernel says that nobody holds the VFIO group. */
static void
test_event_that_libvirt_missed(World *world, gconstpointer data)
{
    have_free_group(world);
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_LIES, 0, "");
    world->timeout = 10;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 2);
}

/* QEMU has let go, and libvirt is giving the device back to the host. */
static void
test_event_under_way(World *world, gconstpointer data)
{
    have_free_group(world);
    world->fake->guest_ignores_unplug = TRUE;
    world->fake->on_wait = fake_release_all;
    world->timeout = 10;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 1);
}

static const char new_element[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
    "<alias name='ua-new'/></hostdev>";

/* While the locks are lent another command ends what this one began and gives the VF to the config
 * again, under another alias. */
static void
release_and_give_again(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    fake_release_all(fake);
    g_ptr_array_set_size(guest->config, 0);
    g_ptr_array_add(guest->config, g_strdup(new_element));
    g_clear_pointer(&guest->config_metadata, g_free);
}

static void
test_given_again_while_locks_are_lent(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 10;
    world->fake->on_wait = release_and_give_again;
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "another command has taken " VF);
    assert_state(world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_CONFIG], ==, 0);
}

static const char twin_element[] =
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:02'/><source>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></source>"
    "</interface>";

/* Somebody takes the VF out of the config meanwhile, where another VF has its MAC. */
static void
release_and_leave_twin(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    fake_release_all(fake);
    g_ptr_array_set_size(guest->config, 0);
    g_ptr_array_add(guest->config, g_strdup(twin_element));
}

static void
test_another_has_its_mac(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 10;
    world->fake->on_wait = release_and_leave_twin;
    g_assert_true(detach_one(world, VF));
    assert_done(world);
    g_assert_true(fake_has(world->guest, VAS_SCOPE_CONFIG, OTHER_VF));
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_CONFIG], ==, 0);
}

static void
test_config_fails_after_release(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "disk full");
    assert_state(world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
}

/* libvirt says that it could not, and the config has lost it. */
static void
test_config_is_late(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED, "late");
    g_assert_true(detach_one(world, VF));
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

/* The device is in the config only, beside one that the running guest has released. */
static void
test_config_fails_of_one_not_live(World *world, gconstpointer data)
{
    g_ptr_array_add(world->guest->config, g_strdup(other_element));
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 2, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    g_assert_false(run_detach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "disk full");
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    g_assert_true(g_error_matches(result_at(world, 1)->error, VAS_ERROR, VAS_ERROR_FAILED));
    g_assert_null(strstr(result_at(world, 1)->error->message, "running guest"));
}

static void
test_config_lies(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_LIES, 0, "");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "the config still has it");
}

static void
test_absent_is_already(World *world, gconstpointer data)
{
    g_assert_true(detach_one(world, OTHER_VF));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
}

static void
test_held_by_another_guest(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web", TRUE, TRUE);

    g_ptr_array_add(other->live, g_strdup(other_element));
    g_assert_false(detach_one(world, OTHER_VF));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "web");
}

static void
test_unknown_alias(World *world, gconstpointer data)
{
    g_assert_false(detach_one(world, "ua-nothing"));
    testing_assert_error(&world->error, VAS_ERROR_NOT_FOUND, "ua-nothing");
}

static void
test_same_device_twice(World *world, gconstpointer data)
{
    g_assert_false(run_detach(world, (const char *const[]){VF, ALIAS, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_USAGE, "same device");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
}

#define AT_3(function)                                                                             \
    "<address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='" function "'"
#define HOSTDEV(slot, at)                                                                          \
    "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' "         \
    "bus='0x05' slot='" slot "' function='0x0'/></source>" at "</hostdev>"

/* Two devices as functions of one slot: libvirt unplugs neither, but takes both out of a config. */
static void
test_functions_of_one_slot(World *world, gconstpointer data)
{
    static const char *const devices[] = {"0000:05:01.0", "0000:05:02.0", NULL};
    GPtrArray *both[] = {world->guest->live, world->guest->config};

    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        g_ptr_array_add(both[i], g_strdup(HOSTDEV("0x01", AT_3("0x0") " multifunction='on'/>")));
        g_ptr_array_add(both[i], g_strdup(HOSTDEV("0x02", AT_3("0x1") "/>")));
    }
    world->dry_run = TRUE;
    for (gsize i = 0; i < 2; i++) {
        g_assert_false(detach_one(world, devices[i]));
        testing_assert_hint(world->error, "--config, then shut the guest off");
        testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "libvirt unplugs none of them");
    }
    world->dry_run = FALSE;
    g_assert_false(run_detach(world, devices));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "0000:05:01.0 is one of several");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(run_detach(world, devices));
    g_assert_false(fake_has(world->guest, VAS_SCOPE_CONFIG, devices[0]));
    g_assert_true(fake_has(world->guest, VAS_SCOPE_LIVE, devices[0]));
}

static void
test_dry_run(World *world, gconstpointer data)
{
    world->dry_run = TRUE;
    g_assert_true(detach_one(world, VF));
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpuint(world->steps->len, ==, 4);
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_PLANNED);
}

static void
test_live_of_shut_off_guest(World *world, gconstpointer data)
{
    fake_stop_guest(world->fake, world->guest);
    world->scope = VAS_SCOPE_LIVE;
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_WRONG_STATE, "shut off");
}

static char *taken_out;
static gboolean (*true_detach_config)(VasHypervisor *port, const char *uuid, const char *xml,
                                      GError **error);

static gboolean
detach_config_noted(VasHypervisor *port, const char *uuid, const char *xml, GError **error)
{
    taken_out = g_strdup(xml);
    return true_detach_config(port, uuid, xml, error);
}

static void
edit_config_and_release(FakeHypervisor *fake)
{
    GPtrArray *config = fake_find_guest(fake, "db1")->config;
    GString *edited = g_string_new(g_ptr_array_index(config, 0));

    g_string_replace(edited, "52:54:00:6d:90:02", "52:54:00:6d:90:07", 0);
    g_ptr_array_set_size(config, 0);
    g_ptr_array_add(config, g_string_free(edited, FALSE));
    fake_release_all(fake);
}

/* libvirt finds an interface by its MAC, too: it is given the element that is there by then. */
static void
test_config_edited_meanwhile(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    world->fake->on_wait = edit_config_and_release;
    true_detach_config = world->fake->port.detach_config;
    world->fake->port.detach_config = detach_config_noted;
    g_assert_true(detach_one(world, VF));
    g_assert_nonnull(strstr(taken_out, "52:54:00:6d:90:07"));
    assert_done(world);
    g_clear_pointer(&taken_out, g_free);
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/detach/" name, World, data, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("by-address", VF, test_by_each_name);
    ADD("by-interface", "enp1s0/vf0", test_by_each_name);
    ADD("by-alias", ALIAS, test_by_each_name);
    ADD("by-guest-address", "0000:02:00.0", test_by_each_name);
    ADD("live-only", NULL, test_live_only);
    ADD("config-only", NULL, test_config_only);
    ADD("ignoring-guest", NULL, test_ignoring_guest_is_pending);
    ADD("picked-up", NULL, test_pending_is_picked_up_without_asking_again);
    ADD("asked-again", NULL, test_pending_is_asked_again_on_demand);
    ADD("asked-again-while-under-way", NULL, test_asked_again_while_under_way);
    ADD("killed-before", NULL, test_record_of_a_killed_detach_counts);
    ADD("guest-stops", NULL, test_guest_stops_meanwhile);
    ADD("guest-stops-while-asked", NULL, test_guest_stops_while_asked);
    ADD("qemu-ends-while-asked", NULL, test_qemu_ends_while_asked);
    ADD("connection-lost-while-waiting", NULL, test_connection_lost_while_waiting);
    ADD("connection-lost-while-asking", NULL, test_connection_lost_while_asking);
    ADD("busy-port", NULL, test_busy_port_is_asked_again);
    ADD("removal-failed", NULL, test_removal_failed_event);
    ADD("missed-event", NULL, test_event_that_libvirt_missed);
    ADD("event-under-way", NULL, test_event_under_way);
    ADD("given-again-meanwhile", NULL, test_given_again_while_locks_are_lent);
    ADD("functions-of-one-slot", NULL, test_functions_of_one_slot);
    ADD("another-has-its-mac", NULL, test_another_has_its_mac);
    ADD("config-fails", NULL, test_config_fails_after_release);
    ADD("config-is-late", NULL, test_config_is_late);
    ADD("config-fails-of-one-not-live", NULL, test_config_fails_of_one_not_live);
    ADD("config-edited", NULL, test_config_edited_meanwhile);
    ADD("config-lies", NULL, test_config_lies);
    ADD("absent", NULL, test_absent_is_already);
    ADD("held-by-another", NULL, test_held_by_another_guest);
    ADD("unknown-alias", NULL, test_unknown_alias);
    ADD("same-device-twice", NULL, test_same_device_twice);
    ADD("dry-run", NULL, test_dry_run);
    ADD("live-of-shut-off", NULL, test_live_of_shut_off_guest);
    for (guint i = 0; i < G_N_ELEMENTS(answer_cases); i++) {
        g_autofree char *path = g_strconcat("/detach/answer/", answer_cases[i].name, NULL);

        g_test_add(path, World, &answer_cases[i], set_up, test_answer, world_tear_down);
    }
    return g_test_run();
}
