/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/attach.h"
#include "fake-vfio.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Something goes wrong with the settings of a VF, or with the note of them, between the decision
 * and the end of an attach or a detach. */

#define VF "0000:01:10.0"
#define NOTE "vf-" VF
#define NOTE_PATH "/run/virt-assign/" NOTE
#define FOLDER "/sys/bus/pci/devices/" VF

static const VasVfSettings before = {
    .vlan = 42, .vlan_protocol = VAS_VLAN_PROTOCOL, .max_rate = 100, .spoof_check = 1};

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    *fake_vf_settings(world->fake, VF) = before;
    world->wish->vf.trust = 1;
}

static void
tear_down(World *world, gconstpointer data)
{
    g_assert_null(world->fake->on_fault);
    fake_vfio_let_go();
    world_tear_down(world, data);
}

static char *
path_of(const FakeHypervisor *fake, const char *path)
{
    return g_build_filename(fake->root->path, path, NULL);
}

static gboolean
are_as_before(const World *world)
{
    return vas_vf_settings_differ(fake_vf_settings(world->fake, VF), &before) == 0;
}

static gboolean
is_noted(const World *world)
{
    g_autofree char *note = world_noted(world, NOTE);

    return note != NULL;
}

static gboolean
was_told(const World *world, const char *part)
{
    for (guint i = 0; i < world->fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->fake->notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
make_folder_of_note(FakeHypervisor *fake)
{
    g_autofree char *path = path_of(fake, NOTE_PATH);

    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
}

/* Whoever the user is: this is no refusal of rights. */
static void
test_note_not_written(World *world, gconstpointer data)
{
    world_at_step(world->fake, 1, make_folder_of_note);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, NOTE_PATH ": Is a directory");
    g_assert_cmpuint(world->fake->calls[FAKE_WRITE_VF], ==, 0);
    g_assert_true(are_as_before(world));
}

static void
open_to_others(FakeHypervisor *fake)
{
    g_autofree char *path = path_of(fake, "/run/virt-assign");

    g_assert_cmpint(g_chmod(path, 0777), ==, 0);
}

/* The note cannot be dropped again. Root hears of it; another user had none. @data: it is root. */
static void
test_note_not_dropped(World *world, gconstpointer data)
{
    gboolean is_root = GPOINTER_TO_INT(data);

    world->fake->context.must_lock = is_root;
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, open_to_others);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, is_root ? VAS_ERROR_UNDO_FAILED : VAS_ERROR_FAILED,
                         is_root ? "remove " NOTE_PATH : "faulty");
    g_assert_true(are_as_before(world));
}

/* The guest before has left a note, which an attach that fails puts back. */
static void
test_note_of_guest_before(World *world, gconstpointer data)
{
    const char *const devices[] = {VF, NULL};
    VasAttachRequest request = {
        .guest = "web1", .devices = devices, .wish = world->wish, .timeout = 1};
    g_autoptr(GPtrArray) results = NULL;
    g_autofree char *first = NULL;
    g_autofree char *now = NULL;

    fake_add_guest(world->fake, "web1", TRUE, TRUE);
    g_assert_true(attach_one(world, VF));
    first = world_noted(world, NOTE);
    fake_stop_guest(world->fake, world->guest);
    g_ptr_array_set_size(world->guest->config, 0);
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "faulty");
    g_assert_false(vas_attach(&world->fake->context, &request, &results, NULL, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "faulty");
    now = world_noted(world, NOTE);
    g_assert_cmpstr(now, ==, first);
}

static void
test_setting_fails(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_WRITE_VF, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no memory");
    g_assert_false(attach_one(world, VF));
    g_assert_null(vas_error_hint(world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "no memory");
    g_assert_true(are_as_before(world));
    g_assert_false(is_noted(world));
}

/* A case lets the PF not tell the settings, from the @nth time on, @times, and what comes of it. */
typedef struct {
    const char *name;
    FakeCall at; /* it happens in this call, which fails, too, unless it is a step */
    guint nth_at;
    guint nth;
    VasError code;
    gboolean is_put_back;
} Untold;

static const Untold *untold;

static void
stop_telling(FakeHypervisor *fake)
{
    fake_plan_fault(fake, FAKE_READ_VF, untold->nth, FAKE_FAILS, VAS_ERROR_FAILED, "no answer");
}

static const Untold untold_cases[] = {
    {"by-the-set", FAKE_STEP, 2, 2, VAS_ERROR_FAILED, TRUE},
    {"by-the-proof", FAKE_STEP, 4, 1, VAS_ERROR_FAILED, TRUE},
    {"by-the-undo", FAKE_ATTACH_LIVE, 1, 1, VAS_ERROR_UNDO_FAILED, FALSE},
    {"by-the-proof-of-the-undo", FAKE_ATTACH_LIVE, 1, 2, VAS_ERROR_UNDO_FAILED, TRUE},
};

static void
test_untold(World *world, gconstpointer data)
{
    untold = data;
    world_at_fault(world->fake, untold->at, untold->nth_at, FAKE_FAILS, stop_telling);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, (int) untold->code, "no answer");
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    g_assert_cmpint(are_as_before(world), ==, untold->is_put_back);
    g_assert_cmpint(is_noted(world), ==, untold->code == VAS_ERROR_UNDO_FAILED);
}

static void
hide_driver(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, NULL);
    testing_scratch_write(fake->root, FOLDER "/driver", "not a link\n");
}

/* Nobody knows who has the VF: its settings stay, and their note. */
static void
test_driver_unreadable(World *world, gconstpointer data)
{
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, hide_driver);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "Invalid argument");
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->trust, ==, 1);
    g_assert_true(is_noted(world));
}

/* The guest ignores the request of the undo: it has the VF, with the settings that it got. */
static void
test_guest_keeps_it(World *world, gconstpointer data)
{
    world->timeout = 0;
    world->fake->guest_ignores_unplug = TRUE;
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "faulty");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "stays pending");
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->trust, ==, 1);
    g_assert_true(is_noted(world));
}

static void
give_to_another(FakeHypervisor *fake)
{
    FakeGuest *other = fake_add_guest(fake, "web1", TRUE, TRUE);

    g_ptr_array_add(other->live, g_strdup(WORLD_VF_ELEMENT));
    fake_set_driver(fake, VF, "vfio-pci");
}

/* Another guest was given the VF in the middle of the attach. */
static void
test_undo_finds_new_owner(World *world, gconstpointer data)
{
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, give_to_another);
    g_assert_false(attach_one(world, VF));
    g_clear_error(&world->error);
    g_assert_true(was_told(world, "guest web1 has VF 0 of enp1s0 now: its settings are left"));
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->trust, ==, 1);
    g_assert_false(is_noted(world));
}

/* The guest is off with the VF in its config, and somebody has bound the VF to VFIO. */
static void
leave_on_vfio(World *world)
{
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    fake_set_driver(world->fake, VF, "vfio-pci");
}

/* A program that is no guest's uses it. */
static void
test_process_has_it(World *world, gconstpointer data)
{
    leave_on_vfio(world);
    fake_vfio_hold(world->fake->root, VF, 11);
    g_assert_true(detach_one(world, VF));
    g_assert_true(was_told(world, "a process (through VFIO) has VF 0 of enp1s0 now"));
    g_assert_false(result_at(world, 0)->has_vf_settings);
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->trust, ==, 1);
    g_assert_false(is_noted(world));
}

static void
test_nobody_has_it(World *world, gconstpointer data)
{
    leave_on_vfio(world);
    g_assert_true(detach_one(world, VF));
    g_assert_true(are_as_before(world));
    g_assert_false(is_noted(world));
}

static void
hide_guests(FakeHypervisor *fake)
{
    fake_plan_fault(fake, FAKE_LIST_GUESTS, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no guests");
}

static void
hide_group(FakeHypervisor *fake)
{
    testing_scratch_write(fake->root, FOLDER "/iommu_group", "not a link\n");
}

static void
garble_note(FakeHypervisor *fake)
{
    testing_scratch_write(fake->root, NOTE_PATH, "<vf version='1'/>");
}

/* A case happens right before the settings are put back. */
typedef struct {
    const char *name;
    FakeHappening happening;
    const char *part;
    gboolean is_put_back;
} BeforePutBack;

static const BeforePutBack before_put_back[] = {
    {"guests-unreadable", hide_guests, "no guests", FALSE},
    {"use-unreadable", hide_group, "through VFIO cannot be read: ", FALSE},
    {"note-garbled", garble_note, NOTE_PATH " cannot be read", TRUE},
};

static void
test_before_put_back(World *world, gconstpointer data)
{
    const BeforePutBack *before_it = data;

    leave_on_vfio(world);
    world_at_step(world->fake, 2, before_it->happening);
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, before_it->part);
    assert_state(world, VF, FALSE, FALSE, "vfio-pci");
    g_assert_cmpint(are_as_before(world), ==, before_it->is_put_back);
    g_assert_true(is_noted(world));
}

static void
drop_note(FakeHypervisor *fake)
{
    g_autofree char *path = path_of(fake, NOTE_PATH);

    g_assert_cmpint(unlink(path), ==, 0);
}

/* The settings are put back by what was read before. */
static void
test_note_is_gone(World *world, gconstpointer data)
{
    leave_on_vfio(world);
    world_at_step(world->fake, 2, drop_note);
    g_assert_true(detach_one(world, VF));
    g_assert_true(are_as_before(world));
}

static void
note_for_another(FakeHypervisor *fake)
{
    g_autofree char *path = path_of(fake, NOTE_PATH);
    g_autofree char *text = NULL;
    g_autofree char *theirs = NULL;
    g_autoptr(GRegex) uuid = g_regex_new(" guest=\"[^\"]*\"", 0, 0, NULL);

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    theirs = g_regex_replace_literal(uuid, text, -1, 0,
                                     " guest=\"6695eb01-f6a4-4304-89aa-97f2502e193f\"", 0, NULL);
    g_assert_cmpstr(theirs, !=, text);
    testing_scratch_write(fake->root, NOTE_PATH, theirs);
}

/* Another guest has got the VF since, and its note stays. */
static void
test_note_of_next_guest(World *world, gconstpointer data)
{
    leave_on_vfio(world);
    world_at_step(world->fake, 2, note_for_another);
    g_assert_true(detach_one(world, VF));
    g_assert_true(is_noted(world));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/vf-faults/" name, World, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("note-not-written", NULL, test_note_not_written);
    ADD("note-not-dropped/root", GINT_TO_POINTER(TRUE), test_note_not_dropped);
    ADD("note-not-dropped/user", NULL, test_note_not_dropped);
    ADD("note-of-guest-before", NULL, test_note_of_guest_before);
    ADD("note-of-next-guest", NULL, test_note_of_next_guest);
    ADD("note-is-gone", NULL, test_note_is_gone);
    ADD("setting-fails", NULL, test_setting_fails);
    ADD("driver-unreadable", NULL, test_driver_unreadable);
    ADD("guest-keeps-it", NULL, test_guest_keeps_it);
    ADD("undo-finds-new-owner", NULL, test_undo_finds_new_owner);
    ADD("process-has-it", NULL, test_process_has_it);
    ADD("nobody-has-it", NULL, test_nobody_has_it);
    for (guint i = 0; i < G_N_ELEMENTS(untold_cases); i++) {
        g_autofree char *path = g_strconcat("/vf-faults/untold/", untold_cases[i].name, NULL);

        g_test_add(path, World, &untold_cases[i], set_up, test_untold, tear_down);
    }
    for (guint i = 0; i < G_N_ELEMENTS(before_put_back); i++) {
        g_autofree char *path = g_strconcat("/vf-faults/", before_put_back[i].name, NULL);

        g_test_add(path, World, &before_put_back[i], set_up, test_before_put_back, tear_down);
    }
    return g_test_run();
}
