/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook-run.h"

#include "building.h"
#include "core/value/error.h"
#include "engine/journal/proof.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

/* libvirt calls the hook at a guest's start and end, and the guest has wishes. */

#define PF "0000:01:00.0"
#define OTHER_PF "0000:02:00.0"
#define VF "0000:01:10.0"
#define NOTE "vf-" VF
#define MAC "52:54:00:00:00:01"
#define OTHER_MAC "52:54:00:00:00:02"
#define GUEST_MAC "52:54:00:6d:90:02"

#define ELEMENT                                                                                    \
    "<interface type='hostdev' managed='yes'><mac address='" GUEST_MAC "'/><source>"               \
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"         \
    "<vlan><tag id='100'/></vlan><alias name='ua-uplink'/></interface>"
#define IDENTITY(mac) "<identity vendor='0x8086' product='0x10ca' permanent-mac='" mac "' vf='0'/>"
#define WISH(required, settings, identity)                                                         \
    "<assignments version='1'><wish device='" VF "' required='" required "' " settings             \
    ">" identity "</wish></assignments>"
#define SETTINGS "trust='1' max-rate='30' qos='5'"

/* The PF holds these settings at the start. */
static const VasVfSettings before = {.mac = {{0x52, 0x54, 0, 0xbb, 0, 1}},
                                     .vlan = 42,
                                     .qos = 3,
                                     .vlan_protocol = VAS_VLAN_PROTOCOL,
                                     .max_rate = 100,
                                     .spoof_check = 1};

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasContext context;
} HookWorld;

/* The kernel has to tell what libvirt tells elsewhere. */
static void
describe(const HookWorld *world, const char *device, const char *product, const char *group)
{
    TestingScratch *root = world->base.fake->root;
    g_autofree char *modalias = g_strdup_printf("/sys/bus/pci/devices/%s/modalias", device);
    g_autofree char *link = g_strdup_printf("/sys/bus/pci/devices/%s/iommu_group", device);
    g_autofree char *target = g_strconcat("../../kernel/iommu_groups/", group, NULL);
    g_autofree char *text =
        g_strdup_printf("pci:v00008086d0000%ssv00000000sd00000000bc02sc00i00\n", product);

    testing_scratch_write(root, modalias, text);
    testing_scratch_link(root, link, target);
}

/* The kernel tells a device of an interface by where the interface's link leads. */
static void
give_interface(const HookWorld *world, const char *pf, const char *interface)
{
    TestingScratch *root = world->base.fake->root;
    g_autofree char *link = g_strconcat("/sys/class/net/", interface, NULL);
    g_autofree char *path = g_strdup_printf("/sys/devices/%s/net/%s", pf, interface);
    g_autofree char *target = g_strconcat("../..", path + strlen("/sys"), NULL);
    g_autofree char *folder = g_build_filename(root->path, link, NULL);
    g_autofree char *flags = g_build_filename(folder, "flags", NULL);
    g_autofree char *moved = g_strconcat(path, "/flags", NULL);

    g_assert_cmpint(g_unlink(flags), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    testing_scratch_write(root, moved, "0x1003\n");
    testing_scratch_link(root, link, target);
}

static gboolean
read_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    *ret_mac = building_mac(g_str_equal(interface, "enp1s0") ? MAC : OTHER_MAC);
    return g_str_equal(interface, "enp1s0") || g_str_equal(interface, "enp2s0");
}

/* The guest is shut off and has the VF. Without the fake's hypervisor any call of libvirt ends the
 * test. */
static void
set_up(HookWorld *world, gconstpointer data)
{
    FakeHypervisor *fake;

    world_set_up(&world->base, data);
    fake = world->base.fake;
    world->base.sriov = fake_sriov_new(fake);
    describe(world, PF, "10C9", "1");
    describe(world, OTHER_PF, "10C9", "2");
    describe(world, VF, "10CA", "11");
    testing_scratch_link(fake->root, "/sys/bus/pci/devices/" VF "/physfn", "../" PF);
    give_interface(world, PF, "enp1s0");
    give_interface(world, OTHER_PF, "enp2s0");
    *fake_vf_settings(fake, VF) = before;
    fake->host->read_permanent_mac = read_mac;
    fake_stop_guest(fake, world->base.guest);
    g_ptr_array_add(world->base.guest->config, g_strdup(ELEMENT));
    world->context = fake->context;
    world->context.hypervisor = NULL;
    world->context.only_looks = TRUE;
}

static void
tear_down(HookWorld *world, gconstpointer data)
{
    world_tear_down(&world->base, data);
}

static VasVfSettings *
now(const HookWorld *world)
{
    return fake_vf_settings(world->base.fake, VF);
}

static void
assert_as_before(const HookWorld *world)
{
    g_autofree char *differ =
        vas_vf_settings_text(now(world), vas_vf_settings_differ(now(world), &before));

    g_assert_cmpstr(differ, ==, "");
}

static gboolean
is_noted(const HookWorld *world)
{
    g_autofree char *note = world_noted(&world->base, NOTE);

    return note != NULL;
}

static void
write_wish(HookWorld *world, const char *metadata)
{
    FakeGuest *guest = world->base.guest;

    g_free(guest->config_metadata);
    guest->config_metadata = g_strdup(metadata);
}

static void
seal_wish(HookWorld *world, const char *metadata)
{
    write_wish(world, metadata);
    vas_proof_prepare(&world->base.fake->context);
    world_seal(&world->base, world->base.guest);
    g_ptr_array_set_size(world->base.fake->notes, 0);
}

static gboolean
call(HookWorld *world, VasHookPhase phase)
{
    FakeHypervisor *fake = world->base.fake;
    g_autofree char *xml = fake->port.guest_xml(&fake->port, world->base.guest->uuid,
                                                VAS_SCOPE_CONFIG, &world->base.error);
    g_autoptr(VasHookRun) run = NULL;

    g_assert_no_error(world->base.error);
    run = vas_hook_run_new(&world->context, phase, "db1", xml, &world->base.error);
    g_assert_no_error(world->base.error);
    return vas_hook_run(run, &world->base.error);
}

/* libvirt sets MAC and VLAN behind "prepare", and puts them back before "release". */
static void
libvirt_sets(HookWorld *world)
{
    now(world)->mac = building_mac(GUEST_MAC);
    now(world)->vlan = 100;
    now(world)->qos = 0;
    fake_set_driver(world->base.fake, VF, "vfio-pci");
}

static void
libvirt_puts_back(HookWorld *world)
{
    now(world)->mac = before.mac;
    now(world)->vlan = before.vlan;
    now(world)->qos = 0;
    fake_set_driver(world->base.fake, VF, "igbvf");
}

static void
release_and_assert_as_before(HookWorld *world)
{
    libvirt_puts_back(world);
    g_assert_true(call(world, VAS_HOOK_RELEASE));
    assert_as_before(world);
    assert_nothing_noted(&world->base);
}

static void
test_whole_run(HookWorld *world, gconstpointer data)
{
    seal_wish(world, WISH("yes", SETTINGS, IDENTITY(MAC)));
    for (guint i = 0; i < 2; i++) {
        g_assert_true(call(world, VAS_HOOK_PREPARE));
        assert_as_before(world);
        g_assert_true(is_noted(world));
        libvirt_sets(world);
        g_assert_true(call(world, VAS_HOOK_START));
        g_assert_cmpint(now(world)->trust, ==, 1);
        g_assert_cmpint(now(world)->max_rate, ==, 30);
        g_assert_cmpint(now(world)->vlan, ==, 100);
        g_assert_cmpint(now(world)->qos, ==, 5);
        g_assert_cmpint(now(world)->spoof_check, ==, 1);
        release_and_assert_as_before(world);
    }
    g_assert_cmpuint(world->base.fake->notes->len, ==, 0);
}

typedef struct {
    const char *name;
    const char *metadata;
    gboolean is_sealed;
    const char *element; /* of the config, in the place of ELEMENT; NULL: that */
} Unasked;

static const Unasked unasked[] = {
    {"not-sealed", WISH("yes", SETTINGS, IDENTITY(OTHER_MAC)), FALSE, NULL},
    {"not-its-device", WISH("yes", SETTINGS, IDENTITY(OTHER_MAC)), TRUE, "<input type='mouse'/>"},
    {"nothing-wished", "<assignments version='1'/>", TRUE, NULL},
    {"no-settings", WISH("yes", "", IDENTITY(MAC)), TRUE, NULL},
};

static void
test_unasked(HookWorld *world, gconstpointer data)
{
    const Unasked *c = data;
    VasVfSettings assigned;

    if (c->element != NULL) {
        g_ptr_array_set_size(world->base.guest->config, 0);
        g_ptr_array_add(world->base.guest->config, g_strdup(c->element));
    }
    if (c->is_sealed)
        seal_wish(world, c->metadata);
    else
        write_wish(world, c->metadata);
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    assert_as_before(world);
    g_assert_false(is_noted(world));
    libvirt_sets(world);
    assigned = *now(world);
    g_assert_true(call(world, VAS_HOOK_START));
    g_assert_cmpuint(vas_vf_settings_differ(now(world), &assigned), ==, 0);
    libvirt_puts_back(world);
    assigned = *now(world);
    g_assert_true(call(world, VAS_HOOK_RELEASE));
    g_assert_cmpuint(vas_vf_settings_differ(now(world), &assigned), ==, 0);
}

static void
assert_refused(HookWorld *world, int code, const char *message, const char *hint)
{
    g_assert_false(call(world, VAS_HOOK_PREPARE));
    testing_assert_hint(world->base.error, hint);
    testing_assert_error(&world->base.error, code, message);
    assert_as_before(world);
    g_assert_false(is_noted(world));
}

static void
test_replaced(HookWorld *world, gconstpointer data)
{
    seal_wish(world, WISH("no", SETTINGS, IDENTITY("52:54:00:00:00:99")));
    assert_refused(world, VAS_ERROR_MISMATCH,
                   "guest db1 is not to start: " VF " is not the device that is meant",
                   "put the card that is meant back");
}

/* The card is in the other slot, and has its VF there. */
static void
test_moved(HookWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.fake->root;

    describe(world, "0000:02:10.0", "10CA", "21");
    testing_scratch_link(root, "/sys/bus/pci/devices/0000:02:10.0/physfn", "../" OTHER_PF);
    testing_scratch_link(root, "/sys/bus/pci/devices/" OTHER_PF "/virtfn0", "../0000:02:10.0");
    testing_scratch_write(root, "/sys/bus/pci/devices/" OTHER_PF "/sriov_numvfs", "1\n");
    testing_scratch_write(root, "/sys/bus/pci/devices/" OTHER_PF "/sriov_totalvfs", "7\n");
    seal_wish(world, WISH("no", SETTINGS, IDENTITY(OTHER_MAC)));
    assert_refused(world, VAS_ERROR_MISMATCH, "not at " VF " but at 0000:02:10.0", "0000:02:10.0");
}

static void
test_pf_down(HookWorld *world, gconstpointer data)
{
    fake_set_pf_up(world->base.fake, "enp1s0", FALSE);
    seal_wish(world, WISH("no", SETTINGS, IDENTITY(MAC)));
    assert_refused(world, VAS_ERROR_NOT_READY, "the PF of " VF ", enp1s0, is down",
                   "ip link set enp1s0 up");
}

static gboolean
read_no_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    return FALSE;
}

/* The card tells no key, and libvirt is not asked for one: its place does. @data: the wish. */
static void
test_known_by_place(HookWorld *world, gconstpointer data)
{
    world->base.fake->host->read_permanent_mac = read_no_mac;
    seal_wish(world, data);
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    g_assert_true(is_noted(world));
}

/* @data: "yes", and the guest is not to start, or "no". */
static void
test_refused_setting(HookWorld *world, gconstpointer data)
{
    gboolean is_required = g_str_equal(data, "yes");

    seal_wish(world, is_required ? WISH("yes", SETTINGS, IDENTITY(MAC))
                                 : WISH("no", SETTINGS, IDENTITY(MAC)));
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    libvirt_sets(world);
    world->base.fake->vf_refuses = VAS_VF_TRUST;
    g_assert_cmpint(call(world, VAS_HOOK_START), ==, !is_required);
    if (is_required)
        testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "set trust");
    else
        g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0),
                                "guest db1 starts without the settings of " VF));
    world->base.fake->vf_refuses = 0;
    release_and_assert_as_before(world);
}

/* "prepare" did not come, or could not note it: nobody would put back what is set now. */
static void
test_not_noted(HookWorld *world, gconstpointer data)
{
    seal_wish(world, WISH("yes", SETTINGS, IDENTITY(MAC)));
    libvirt_sets(world);
    g_assert_false(call(world, VAS_HOOK_START));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "is not noted");
    g_assert_cmpint(now(world)->trust, ==, before.trust);
}

/* Starts with the @nth @call gone wrong. FALSE: there is no such call. */
static gboolean
strike(HookWorld *world, FakeCall what, FakeFault fault, guint nth)
{
    FakeHypervisor *fake = world->base.fake;
    guint called;

    g_assert_true(call(world, VAS_HOOK_PREPARE));
    libvirt_sets(world);
    called = fake->calls[what];
    fake_plan_fault(fake, what, nth, fault, VAS_ERROR_FAILED, "no");
    g_assert_true(call(world, VAS_HOOK_START));
    if (fake->calls[what] - called < nth)
        return FALSE;
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_ptr_array_set_size(fake->notes, 0);
    release_and_assert_as_before(world);
    return TRUE;
}

typedef struct {
    const char *name;
    FakeCall call;
    FakeFault fault;
} Strike;

static const Strike strikes[] = {
    {"write-fails", FAKE_WRITE_VF, FAKE_FAILS},
    {"write-fails-late", FAKE_WRITE_VF, FAKE_FAILS_LATE},
    {"write-lies", FAKE_WRITE_VF, FAKE_LIES},
    {"read-fails", FAKE_READ_VF, FAKE_FAILS},
};

/* Whatever goes wrong at the start: the guest starts, and at its end all is as before. */
static void
test_start_swept(HookWorld *world, gconstpointer data)
{
    const Strike *what = data;
    guint struck = 0;

    seal_wish(world, WISH("no", SETTINGS, IDENTITY(MAC)));
    while (strike(world, what->call, what->fault, struck + 1))
        struck++;
    /* trust, rate and priority; or the state, and the proofs of the first two and of the last */
    g_assert_cmpuint(struck, ==, 3);
}

/* Settings that cannot be put back stay noted, and are put back later. */
static void
test_release_fails(HookWorld *world, gconstpointer data)
{
    seal_wish(world, WISH("yes", SETTINGS, IDENTITY(MAC)));
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    libvirt_sets(world);
    g_assert_true(call(world, VAS_HOOK_START));
    libvirt_puts_back(world);
    world->base.fake->vf_refuses = VAS_VF_TRUST;
    g_assert_true(call(world, VAS_HOOK_RELEASE));
    g_assert_true(is_noted(world));
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0), "and noted"));
    world->base.fake->vf_refuses = 0;
    release_and_assert_as_before(world);
}

/* Another guest has the VF by now, and a note of its own. */
static void
test_release_next_owner(HookWorld *world, gconstpointer data)
{
    g_autofree char *note = NULL;
    g_auto(GStrv) parts = NULL;
    g_autofree char *theirs = NULL;
    VasVfSettings their_settings;

    seal_wish(world, WISH("yes", SETTINGS, IDENTITY(MAC)));
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    note = world_noted(&world->base, NOTE);
    parts = g_strsplit(note, world->base.guest->uuid, 2);
    theirs = g_strjoinv("6695eb01-f6a4-4304-89aa-97f2502e193f", parts);
    testing_scratch_write(world->base.fake->root, "/run/virt-assign/" NOTE, theirs);
    libvirt_sets(world);
    their_settings = *now(world);
    g_assert_true(call(world, VAS_HOOK_RELEASE));
    g_assert_cmpuint(vas_vf_settings_differ(now(world), &their_settings), ==, 0);
    g_assert_true(is_noted(world));
}

/* Another process has the VF open by now. */
static void
test_release_process_has_it(HookWorld *world, gconstpointer data)
{
    VasVfSettings set;

    seal_wish(world, WISH("yes", SETTINGS, IDENTITY(MAC)));
    g_assert_true(call(world, VAS_HOOK_PREPARE));
    libvirt_sets(world);
    g_assert_true(call(world, VAS_HOOK_START));
    testing_scratch_write(world->base.fake->root, "/dev/vfio/11", "");
    testing_scratch_link(world->base.fake->root, "/proc/100/fd/20", "/dev/vfio/11");
    set = *now(world);
    g_assert_true(call(world, VAS_HOOK_RELEASE));
    g_assert_cmpuint(vas_vf_settings_differ(now(world), &set), ==, 0);
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0), "are left alone"));
    assert_nothing_noted(&world->base);
}

static void
test_garbled(HookWorld *world, gconstpointer data)
{
    g_assert_null(
        vas_hook_run_new(&world->context, VAS_HOOK_START, "db1", "<domain", &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "domain XML");
    g_assert_null(
        vas_hook_run_new(&world->context, VAS_HOOK_START, "db1", "<domain/>", &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "has no UUID");
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/hook-run/" name, HookWorld, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("whole-run", NULL, test_whole_run);
    ADD("replaced", NULL, test_replaced);
    ADD("moved", NULL, test_moved);
    ADD("pf-down", NULL, test_pf_down);
    ADD("known-by-place", WISH("no", SETTINGS, IDENTITY(MAC)), test_known_by_place);
    ADD("known-by-place/without-key",
        WISH("no", SETTINGS, "<identity vendor='0x8086' product='0x10ca' vf='0'/>"),
        test_known_by_place);
    ADD("refused-setting/required", "yes", test_refused_setting);
    ADD("refused-setting/wished", "no", test_refused_setting);
    ADD("not-noted", NULL, test_not_noted);
    ADD("release-fails", NULL, test_release_fails);
    ADD("release-next-owner", NULL, test_release_next_owner);
    ADD("release-process-has-it", NULL, test_release_process_has_it);
    ADD("garbled", NULL, test_garbled);
    for (guint i = 0; i < G_N_ELEMENTS(unasked); i++) {
        g_autofree char *path = g_strconcat("/hook-run/unasked/", unasked[i].name, NULL);

        g_test_add(path, HookWorld, &unasked[i], set_up, test_unasked, tear_down);
    }
    for (guint i = 0; i < G_N_ELEMENTS(strikes); i++) {
        g_autofree char *path = g_strconcat("/hook-run/start-swept/", strikes[i].name, NULL);

        g_test_add(path, HookWorld, &strikes[i], set_up, test_start_swept, tear_down);
    }
    return g_test_run();
}
