/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/journal/guest-note.h"
#include "fake-kernel.h"
#include "host/sriov/vf-state.h"
#include "recover-fixture.h"

#include <string.h>
#include <unistd.h>

/* Whoever may edit a guest writes records of commands into its metadata that nobody ran: root's
 * commands do nothing by them, and when root adopts them, nothing but to what is the guest's own
 * (tests/README has the list). test-sealed-record has what is not made up wholly. */

#define USB "0000:03:00.0"
#define OWN_ALIAS "ua-pci_0000_01_10_0"

static const VasVfSettings admins = {.mac = {{0x52, 0x54, 0, 0xbb, 0, 1}},
                                     .vlan_protocol = VAS_VLAN_PROTOCOL,
                                     .max_rate = 100,
                                     .spoof_check = 1};

#define EVIL                                                                                       \
    "mac='de:ad:be:ef:00:01' vlan='666' qos='0' min-rate='0' max-rate='0' spoof-check='0' "        \
    "trust='1' link-state='1' vlan-protocol='0x8100'"
#define RECORD(entries) "<assignments version='1'>" entries "</assignments>"
#define ID "6695eb01-f6a4-4304-89aa-97f2502e193f"

static void
set_up(RecoverWorld *recover, gconstpointer data)
{
    recover_set_up(recover, data);
    *fake_vf_settings(recover->world.fake, VF) = admins;
    *fake_vf_settings(recover->world.fake, OTHER_VF) = admins;
}

static void
assert_settings(const RecoverWorld *recover, const char *device, const VasVfSettings *wanted)
{
    const VasVfSettings *now = fake_vf_settings(recover->world.fake, device);
    g_autofree char *differ = vas_vf_settings_text(now, vas_vf_settings_differ(now, wanted));

    g_assert_cmpstr(differ, ==, "");
}

/* Nothing is done by what stands there; then root adopts it. */
static void
refuse_and_adopt(RecoverWorld *recover, const char *guest)
{
    g_assert_false(run_recover(recover, guest));
    testing_assert_hint(recover->world.error, "recover --adopt");
    testing_assert_error(&recover->world.error, VAS_ERROR_UNPROVEN,
                         "it bears no seal of this host");
    recover->adopt = TRUE;
    g_assert_true(run_recover(recover, guest));
    recover->adopt = FALSE;
}

static char *
identity(const RecoverWorld *recover, const char *device)
{
    VasHostAddress address;

    g_assert_true(vas_host_address_parse(device, &address, NULL));
    return vas_vf_state_identity(recover->world.fake->host, address);
}

/* The record of an attach that was to give @device other settings, in the form that earlier
 * versions wrote. Returns full. */
static char *
evil_attach(const RecoverWorld *recover, const char *device)
{
    g_autofree char *id = identity(recover, device);

    return g_strdup_printf(RECORD("<operation id='" ID "' command='attach' started='1'>"
                                  "<device device='%s' identity='%s' driver='igbvf'><before " EVIL
                                  "/>"
                                  "<target " EVIL " concerned='63'/></device></operation>"),
                           device, id);
}

static void
attach_with_settings(RecoverWorld *recover)
{
    recover->world.wish->vlan = 120;
    recover->world.wish->vf.trust = 0;
    recover->world.wish->vf.spoof_check = 1;
    g_assert_true(attach_one(&recover->world, VF));
    g_clear_pointer(&recover->world.results, g_ptr_array_unref);
}

/* Root gave the guest a VF with VLAN 120, untrusted and spoof-checked. @data: root recovers, or
 * attaches another VF. */
static void
test_own_vf(RecoverWorld *recover, gconstpointer data)
{
    VasVfSettings given;

    attach_with_settings(recover);
    given = *fake_vf_settings(recover->world.fake, VF);
    recover->world.guest->metadata = evil_attach(recover, VF);
    if (data == NULL)
        refuse_and_adopt(recover, "db1");
    else
        g_assert_true(attach_one(&recover->world, OTHER_VF));
    assert_settings(recover, VF, &given);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpint(is_on_record(recover), ==, data != NULL);
    g_assert_cmpint(was_noted(recover, "nothing is done by it"), ==, data != NULL);
}

/* A free VF that the guest never had. */
static void
test_free_vf(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *id = identity(recover, OTHER_VF);

    recover->world.guest->config_metadata =
        g_strdup_printf(RECORD("<vf device='" OTHER_VF "' identity='%s' " EVIL "/>"), id);
    g_assert_true(run_recover(recover, NULL));
    assert_settings(recover, OTHER_VF, &admins);
    g_free(recover->world.guest->config_metadata);
    recover->world.guest->config_metadata = evil_attach(recover, OTHER_VF);
    refuse_and_adopt(recover, "db1");
    assert_settings(recover, OTHER_VF, &admins);
    g_assert_true(was_noted(recover, "does not have " OTHER_VF));
}

/* The next guest of the VF got what stood in the metadata of another. */
static void
test_next_guest(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *id = identity(recover, VF);
    FakeGuest *mallory = fake_add_guest(recover->world.fake, "mallory", FALSE, TRUE);

    mallory->config_metadata =
        g_strdup_printf(RECORD("<vf device='" VF "' identity='%s' " EVIL "/>"), id);
    g_assert_true(attach_one(&recover->world, VF));
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->spoof_check, ==, 1);
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->link_state, ==, 0);
}

/* A device on VFIO that is nobody's now, or another guest's, and a driver (@data) that it is to be
 * given to. */
static void
test_parked(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    g_autoptr(FakeKernel) kernel = fake_kernel_new(fake->host, fake->root);
    g_autofree char *now = NULL;

    fake_kernel_add_driver(kernel, "vfio-pci");
    fake_kernel_add_driver(kernel, "xhci_hcd");
    fake_kernel_add_driver(kernel, "igbvf");
    fake_kernel_add_device(kernel, USB, "xhci_hcd", "vfio-pci");
    kernel->loadable = "n_evil_module";
    recover->world.guest->config_metadata = g_strdup_printf(
        RECORD("<operation id='" ID "' command='attach' started='1'><device device='" USB
               "' alias='ua-x' live='yes' driver='%s'/></operation>"),
        (const char *) data);
    refuse_and_adopt(recover, "db1");
    now = fake_driver(fake, USB);
    g_assert_cmpstr(now, ==, "vfio-pci");
    g_assert_cmpstr(kernel->log->str, ==, "");
    g_assert_true(was_noted(recover, "does not have " USB));
    g_assert_false(is_on_record(recover));
}

static void
test_held_by_another(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *mallory = fake_add_guest(recover->world.fake, "mallory", TRUE, TRUE);
    VasVfSettings given;

    attach_with_settings(recover);
    given = *fake_vf_settings(recover->world.fake, VF);
    mallory->metadata = g_strdup(
        RECORD("<operation id='x' command='attach' started='1'><device device='" VF
               "' alias='" OWN_ALIAS "' live='yes' config='yes' driver='igbvf'/></operation>"
               "<operation id='y' command='detach' started='1'><device device='" OTHER_VF
               "' alias='" OWN_ALIAS "' live='yes' config='yes' driver='igbvf'/></operation>"));
    refuse_and_adopt(recover, "mallory");
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    assert_settings(recover, VF, &given);
}

static const char *const one[] = {VF, NULL};

/* A command was killed, and its record in the metadata is edited: what root noted counts. */
static void
test_edited(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;
    g_autoptr(GRegex) device = g_regex_new("<device device=\"" VF "\"", 0, 0, NULL);
    g_autofree char *edited = NULL;
    VasVfSettings before = *fake_vf_settings(recover->world.fake, VF);

    recover->world.wish->vf.trust = 1;
    recover->world.scope = VAS_SCOPE_LIVE;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    fake_set_driver(recover->world.fake, OTHER_VF, "vfio-pci");
    edited = g_regex_replace_literal(device, guest->metadata, -1, 0,
                                     "<device device='" OTHER_VF "' live='yes' driver='igbvf'/>"
                                     "<device driver='evil' device=\"" VF "\"",
                                     0, NULL);
    g_assert_cmpstr(edited, !=, guest->metadata);
    g_free(guest->metadata);
    guest->metadata = g_steal_pointer(&edited);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "vfio-pci");
    assert_settings(recover, VF, &before);
    g_assert_false(is_on_record(recover));
    assert_nothing_noted(&recover->world);
}

/* A clone has the record of another guest, with the id of an operation that root noted there. */
static void
test_cloned(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *clone = fake_add_guest(recover->world.fake, "clone", FALSE, TRUE);
    g_autofree char *noted = NULL;
    g_autofree char *left = NULL;
    g_autofree char *name = g_strconcat("commands-", recover->world.guest->uuid, NULL);

    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    noted = world_noted(&recover->world, name);
    g_assert_nonnull(strstr(noted, "driver=\"igbvf\""));
    clone->config_metadata = g_strdup(recover->world.guest->config_metadata);
    refuse_and_adopt(recover, "clone");
    assert_state(&recover->world, VF, FALSE, FALSE, "vfio-pci");
    left = world_noted(&recover->world, name);
    g_assert_cmpstr(left, ==, noted);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
}

/* The note is gone with the boot: what libvirt says of the guest is undone, and the rest is left
 * alone. */
static void
test_note_is_gone(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *path =
        g_strdup_printf("%s/run/virt-assign/commands-%s", recover->world.fake->root->path,
                        recover->world.guest->uuid);

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    g_assert_cmpint(unlink(path), ==, 0);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_true(
        was_noted(recover, "what was before an earlier attach for guest db1 is not known"));
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    g_assert_false(is_on_record(recover));
}

/* A file of root's that cannot be read is said, and left. */
static void
test_note_is_garbled(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *path =
        g_strconcat("/run/virt-assign/commands-", recover->world.guest->uuid, NULL);

    testing_scratch_write(recover->world.fake->root, path, "<assignments version='1'><operation/>");
    g_assert_true(run_attach(&recover->world, one));
    g_assert_true(was_noted(recover, "should this command be killed: /run/virt-assign/commands-"));
    g_assert_false(is_on_record(recover));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/crafted-record/" name, RecoverWorld, data, set_up, function, recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("own-vf", NULL, test_own_vf);
    ADD("own-vf/next-attach", GINT_TO_POINTER(TRUE), test_own_vf);
    ADD("free-vf", NULL, test_free_vf);
    ADD("next-guest", NULL, test_next_guest);
    ADD("parked", "xhci_hcd", test_parked);
    ADD("parked/wrong-driver", "igbvf", test_parked);
    ADD("parked/module", "n_evil_module", test_parked);
    ADD("held-by-another", NULL, test_held_by_another);
    ADD("edited", NULL, test_edited);
    ADD("cloned", NULL, test_cloned);
    ADD("note-is-gone", NULL, test_note_is_gone);
    ADD("note-is-garbled", NULL, test_note_is_garbled);
    return g_test_run();
}
