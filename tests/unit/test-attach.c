/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/attach.h"

#include "core/value/error.h"
#include "core/report/step.h"
#include "engine/verbs/preview.h"
#include "world.h"

#include <string.h>

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define PF_NET "/sys/bus/pci/devices/0000:01:00.0/net"

/* Fails the test unless all is as before the command: nothing in the guest, the VF on its host
 * driver, no record. */
static void
assert_untouched(const World *world)
{
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    g_assert_null(world->guest->metadata);
}

static void
test_live_and_config(World *world, gconstpointer data)
{
    const VasResult *result = NULL;

    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpstr(g_ptr_array_index(world->guest->live, 0), ==,
                    g_ptr_array_index(world->guest->config, 0));
    result = result_at(world, 0);
    g_assert_cmpint(result->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_true(result->live && result->config);
    g_assert_cmpstr(result->alias, ==, "ua-pci_0000_01_10_0");
    g_assert_cmpstr(vas_guest_address_text(result->guest_address).text, ==, "0000:01:00.0");
    g_assert_cmpstr(result->driver, ==, "vfio-pci");
    g_assert_cmpstr(result->predicted_name, ==, "enp1s0");
    g_assert_true(result->has_mac && vas_mac_address_is_unicast(result->mac));
}

static void
test_live_only(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
}

/* The config keeps the place of a device that leaves the running guest, from others as well. */
static void
test_comes_back_to_its_place(World *world, gconstpointer data)
{
    VasGuestAddress address;
    VasMacAddress mac;

    g_assert_true(attach_one(world, VF));
    address = result_at(world, 0)->guest_address;
    mac = result_at(world, 0)->mac;
    g_ptr_array_set_size(world->guest->live, 0);
    fake_set_driver(world->fake, VF, "igbvf");

    world->scope = VAS_SCOPE_LIVE;
    g_assert_true(attach_one(world, OTHER_VF));
    g_assert_false(vas_guest_address_equal(result_at(world, 0)->guest_address, address));

    g_assert_true(attach_one(world, VF));
    g_assert_true(vas_guest_address_equal(result_at(world, 0)->guest_address, address));
    g_assert_true(vas_mac_address_equal(result_at(world, 0)->mac, mac));
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
}

static void
test_two_of_one_pf(World *world, gconstpointer data)
{
    world->distinct = VAS_DISTINCT_PF;
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT,
                         "attach 0000:01:10.2 to db1: 0000:01:10.2 is of the same PF");
    assert_untouched(world);
    g_assert_true(run_attach(world, (const char *const[]){VF, "0000:02:10.0", NULL}));
}

static void
test_config_only(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, FALSE, TRUE, "igbvf");
}

static void
test_shut_off_guest(World *world, gconstpointer data)
{
    world->guest->run_id = -1;
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, FALSE, TRUE, "igbvf");
}

static void
test_transient_guest(World *world, gconstpointer data)
{
    world->guest->persistent = FALSE;
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
}

static void
test_again_is_already(World *world, gconstpointer data)
{
    g_assert_true(attach_one(world, VF));
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 1);
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_CONFIG], ==, 1);
}

static void
test_again_otherwise_is_conflict(World *world, gconstpointer data)
{
    g_assert_true(attach_one(world, VF));
    world->wish->vlan = 7;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "attach 0000:01:10.0 to db1: ");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
}

/* The config's address, alias and MAC are used again when a device comes back. */
static void
test_comes_back_at_its_place(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(vas_guest_address_parse("0000:03:00.0", &world->wish->guest_address, NULL));
    world->wish->has_guest_address = TRUE;
    g_assert_true(attach_one(world, VF));
    world->scope = 0;
    world->wish->has_guest_address = FALSE;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpstr(vas_guest_address_text(result_at(world, 0)->guest_address).text, ==,
                    "0000:03:00.0");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_CONFIG], ==, 1);
}

static void
test_two_devices_get_two_addresses(World *world, gconstpointer data)
{
    g_assert_true(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    g_assert_false(vas_guest_address_equal(result_at(world, 0)->guest_address,
                                           result_at(world, 1)->guest_address));
    g_assert_false(vas_mac_address_equal(result_at(world, 0)->mac, result_at(world, 1)->mac));
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

static void
test_second_device_fails_undoes_the_first(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 2, FAKE_FAILS, VAS_ERROR_FAILED, "QEMU says no");
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "QEMU says no");
    assert_untouched(world);
    assert_state(world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_UNDONE);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_FAILED);
    g_assert_false(result_at(world, 0)->live);
}

/* A command that waits for nothing before the attach still has what it did taken back. */
static void
test_undo_has_its_own_patience(World *world, gconstpointer data)
{
    world->timeout = 0;
    world->undo_timeout = 1;
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "disk full");
    assert_untouched(world);
}

static void
test_pf_down(World *world, gconstpointer data)
{
    fake_set_pf_up(world->fake, "enp1s0", FALSE);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "enp1s0");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    assert_untouched(world);
}

/* In switchdev mode the representor of a VF can be down, and comes before the uplink by name. */
static void
test_representor_down(World *world, gconstpointer data)
{
    testing_scratch_write(world->fake->root, PF_NET "/dprep0/phys_port_name", "pf0vf0\n");
    testing_scratch_write(world->fake->root, PF_NET "/enp1s0/phys_port_name", "p0\n");
    fake_set_pf_up(world->fake, "dprep0", FALSE);
    g_assert_true(attach_one(world, VF));
    g_assert_no_error(world->error);
}

static void
test_held_by_another_guest(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web", FALSE, TRUE);

    g_ptr_array_add(other->config,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                             "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>"
                             "</source></hostdev>"));
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "web");
    assert_untouched(world);
}

static void
test_dry_run_touches_nothing(World *world, gconstpointer data)
{
    const VasStep *first = NULL;

    world->dry_run = TRUE;
    g_assert_true(attach_one(world, VF));
    assert_untouched(world);
    g_assert_cmpuint(world->steps->len, ==, 7);
    first = g_ptr_array_index(world->steps, 1);
    g_assert_cmpint(first->kind, ==, VAS_STEP_ATTACH_LIVE);
    g_assert_nonnull(strstr(first->xml, "<interface"));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_PLANNED);
}

/* A case has a fault in one call, after which everything has to be as it was. */
typedef struct {
    const char *name;
    FakeCall call;
    guint nth;
    FakeFault fault;
    VasError code;
    const char *part;
} FaultCase;

static const FaultCase fault_cases[] = {
    {"live-refused", FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "faulty"},
    {"live-fails-though-attached", FAKE_ATTACH_LIVE, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED,
     "faulty"},
    {"live-lies", FAKE_ATTACH_LIVE, 1, FAKE_LIES, VAS_ERROR_FAILED, "not there"},
    {"live-loses-the-connection", FAKE_ATTACH_LIVE, 1, FAKE_DISCONNECTS, VAS_ERROR_UNREACHABLE,
     "client socket is closed"},
    {"proof-loses-the-connection", FAKE_GUEST_XML, 3, FAKE_DISCONNECTS, VAS_ERROR_UNREACHABLE,
     "client socket is closed"},
    {"config-proof-loses-the-connection", FAKE_GUEST_XML, 4, FAKE_DISCONNECTS,
     VAS_ERROR_UNREACHABLE, "client socket is closed"},
    {"nothing-touched-and-connection-lost", FAKE_SET_METADATA, 1, FAKE_DISCONNECTS,
     VAS_ERROR_UNREACHABLE, "client socket is closed"},
    {"config-refused", FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "faulty"},
    {"config-fails-though-written", FAKE_ATTACH_CONFIG, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED,
     "faulty"},
    {"config-lies", FAKE_ATTACH_CONFIG, 1, FAKE_LIES, VAS_ERROR_FAILED, "not there"},
    {"config-loses-the-connection", FAKE_ATTACH_CONFIG, 1, FAKE_DISCONNECTS, VAS_ERROR_UNREACHABLE,
     "client socket is closed"},
};

static void
test_fault_is_undone(World *world, gconstpointer data)
{
    const FaultCase *fault = data;

    fake_plan_fault(world->fake, fault->call, fault->nth, fault->fault, VAS_ERROR_FAILED, "faulty");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, (int) fault->code, fault->part);
    assert_untouched(world);
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
    g_assert_false(result_at(world, 0)->live || result_at(world, 0)->config);
}

static void
bind_vf_to_vfio(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, "vfio-pci");
}

/* libvirtd died after it took the device from the host and before it noted that. */
static void
test_left_on_vfio(World *world, gconstpointer data)
{
    world->fake->on_fault = bind_vf_to_vfio;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_DISCONNECTS, 0, "");
    g_assert_false(attach_one(world, VF));
    testing_assert_hint(world->error, "virt-assign host-reattach 0000:01:10.0");
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "was left on vfio-pci");
    g_assert_cmpstr(result_at(world, 0)->driver, ==, "vfio-pci");
}

/* Two commands ran at once: the same element is there, but it is the other one's. */
static void
test_other_command_was_first(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS_LATE, VAS_ERROR_IN_USE,
                    "in use by driver QEMU, domain db1");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "domain db1");
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
}

static gboolean
read_wrong_settings(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                    gpointer data, GError **error)
{
    (void) pf_interface;
    (void) vf_index;
    (void) error;
    *ret_settings = (VasVfSettings){.vlan = 99};
    return TRUE;
}

static void
test_pf_shows_other_settings(World *world, gconstpointer data)
{
    world->fake->host->read_vf_settings = read_wrong_settings;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "VLAN 99");
    assert_untouched(world);
}

static void
test_undo_fails(World *world, gconstpointer data)
{
    world->fake->guest_ignores_unplug = TRUE;
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "disk full");
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(result_at(world, 0)->live);
}

/* libvirt says that the config has lost the device, and it has not. */
static void
test_undo_of_config_lies(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED,
                    "faulty");
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_LIES, 0, NULL);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "but the config still has it");
    assert_state(world, VF, FALSE, TRUE, "igbvf");
    g_assert_true(result_at(world, 0)->config);
}

/* It says that it could not, and the device is gone. */
static void
test_undo_of_config_is_late(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED,
                    "faulty");
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED, "late");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "faulty");
    assert_untouched(world);
}

/* The release was asked for and did not happen: the device is neither in nor out. */
static void
test_pending_release_is_conflict(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    world->fake->guest_ignores_unplug = TRUE;
    world->fake->host->read_vf_settings = read_wrong_settings;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "could not be taken back");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "asked to release");
}

/* A release that stands on record has happened since, and the VF comes again under its alias. */
static void
test_release_that_has_happened(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    world->wish->alias = g_strdup("ua-uplink");
    world->guest->metadata =
        g_strdup_printf("<assignments version='1'><release alias='ua-uplink' device='" VF
                        "' run='%d' asked='1'/></assignments>",
                        world->guest->run_id);
    g_assert_true(attach_one(world, VF));
    g_assert_null(world->guest->metadata);
}

static void
test_preview_is_what_is_sent(World *world, gconstpointer data)
{
    g_autoptr(VasPreview) preview =
        vas_attach_preview(&world->fake->context, "db1", VF, world->wish, &world->error);

    g_assert_nonnull(preview);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpstr(preview->xml, ==, g_ptr_array_index(world->guest->live, 0));
}

static void
test_preview_without_guest(World *world, gconstpointer data)
{
    g_autoptr(VasPreview) preview =
        vas_attach_preview(&world->fake->context, NULL, VF, world->wish, &world->error);

    g_assert_nonnull(strstr(preview->xml, "ua-pci_0000_01_10_0"));
    g_assert_null(strstr(preview->xml, "<mac"));
    g_assert_false(preview->assignment->has_guest_address);
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("live-and-config", test_live_and_config);
    ADD("live-only", test_live_only);
    ADD("comes-back-to-its-place", test_comes_back_to_its_place);
    ADD("two-of-one-pf", test_two_of_one_pf);
    ADD("config-only", test_config_only);
    ADD("shut-off-guest", test_shut_off_guest);
    ADD("transient-guest", test_transient_guest);
    ADD("again-is-already", test_again_is_already);
    ADD("again-otherwise-is-conflict", test_again_otherwise_is_conflict);
    ADD("comes-back-at-its-place", test_comes_back_at_its_place);
    ADD("two-devices", test_two_devices_get_two_addresses);
    ADD("second-device-fails", test_second_device_fails_undoes_the_first);
    ADD("undo/has-its-own-patience", test_undo_has_its_own_patience);
    ADD("pf-down", test_pf_down);
    ADD("representor-down", test_representor_down);
    ADD("held-by-another-guest", test_held_by_another_guest);
    ADD("dry-run", test_dry_run_touches_nothing);
    ADD("pf-shows-other-settings", test_pf_shows_other_settings);
    ADD("undo-fails", test_undo_fails);
    ADD("undo-of-config/lies", test_undo_of_config_lies);
    ADD("undo-of-config/is-late", test_undo_of_config_is_late);
    ADD("left-on-vfio", test_left_on_vfio);
    ADD("other-command-was-first", test_other_command_was_first);
    ADD("pending-release", test_pending_release_is_conflict);
    ADD("release-that-has-happened", test_release_that_has_happened);
    ADD("preview", test_preview_is_what_is_sent);
    ADD("preview-without-guest", test_preview_without_guest);
    for (guint i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        g_autofree char *path = g_strconcat("/attach/fault/", fault_cases[i].name, NULL);

        g_test_add(path, World, &fault_cases[i], world_set_up, test_fault_is_undone,
                   world_tear_down);
    }
    return g_test_run();
}
