/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot-fixture.h"

#include "building.h"
#include "core/value/error.h"
#include "host/sriov/vf-rule.h"

#include <stdio.h>
#include <string.h>

/* The card of the fake host's PF, which has this MAC. */
#define CARD_MAC "52:54:00:00:01:00"
static const char *card_mac;

static gboolean
read_card_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    if (!g_str_equal(interface, "enp1s0") || card_mac == NULL)
        return FALSE;
    *ret_mac = building_mac(card_mac);
    return TRUE;
}

/* The interface's folder is where the kernel has it. */
static void
show_interface(const BootWorld *world)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *folder = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autofree char *flags = g_build_filename(folder, "flags", NULL);

    g_assert_cmpint(remove(flags), ==, 0);
    g_assert_cmpint(remove(folder), ==, 0);
    testing_scratch_link(root, "/sys/class/net/enp1s0", "../../bus/pci/devices/" PF "/net/enp1s0");
    testing_scratch_write(root, "/sys/bus/pci/devices/" PF "/net/enp1s0/flags", "0x1003\n");
}

/* Wishes 4 VFs for the PF with @identity, which was at @address. */
static void
wish_for(BootWorld *world, const char *address, const VasIdentity *identity)
{
    char driver[] = "igb";
    const VasVfRule rule = {4, TRUE, driver};

    card_mac = CARD_MAC;
    world->base.base.fake->host->read_permanent_mac = read_card_mac;
    show_interface(world);
    vas_host_wish_set_vfs(world->wish, boot_world_address(address), &rule);
    vas_host_wish_set_identity(world->wish->vfs, boot_world_address(address), identity);
}

static VasIdentity *
card(void)
{
    VasIdentity *identity = g_new0(VasIdentity, 1);

    *identity = (VasIdentity){.vendor_id = 0x8086, .product_id = 0x10c9, .vf_index = -1};
    identity->keys[VAS_CARD_KEY_MAC] = g_strdup(CARD_MAC);
    return identity;
}

static gboolean
was_noted(const BootWorld *world, const char *part)
{
    for (guint i = 0; i < world->base.base.fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->base.base.fake->notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
test_same_card(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_false(was_noted(world, "by its place only"));
}

static void
test_moved(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, "0000:77:00.0", identity);
    g_assert_false(boot_world_boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4 --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "is not at 0000:77:00.0 but at " PF);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* Also in a dry run. */
static void
test_replaced(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    card_mac = "52:54:00:00:09:00";
    g_assert_false(boot_world_boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4 --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH, "there is another card");
    world->request.dry_run = TRUE;
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH, "there is another card");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

static void
test_other_model(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    identity->product_id = 0x1521;
    wish_for(world, PF, identity);
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "there is a device of another model");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* Nobody has told the MAC yet: what cannot be compared is waited for, and not touched. */
static void
test_key_not_there_yet(BootWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    g_assert_cmpint(remove(interface), ==, 0);
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_NOT_READY,
                         "whether " PF " is the card that is meant");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
    testing_scratch_link(root, "/sys/class/net/enp1s0", "../../bus/pci/devices/" PF "/net/enp1s0");
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
}

static void
show_card_while_waiting(VasProgressKind kind, const char *text, guint elapsed, guint limit,
                        gpointer data)
{
    TestingScratch *root = data;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);

    (void) text, (void) elapsed, (void) limit;
    if (kind == VAS_PROGRESS_WAITING && !g_file_test(interface, G_FILE_TEST_EXISTS))
        testing_scratch_link(root, "/sys/class/net/enp1s0",
                             "../../bus/pci/devices/" PF "/net/enp1s0");
}

/* A device of another model is where the card was, and the card itself tells late that it is
 * elsewhere. */
static void
test_moved_and_late(BootWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, "0000:03:00.0", identity);
    boot_world_describe(world, "0000:03:00.0", "bc02sc00i00", "3");
    testing_scratch_write(root, "/sys/bus/pci/devices/0000:03:00.0/modalias",
                          "pci:v00008086d000010D3sv00000000sd00000000bc02sc00i00\n");
    g_assert_cmpint(remove(interface), ==, 0);
    world->context.progress = show_card_while_waiting;
    world->context.progress_data = root;
    world->request.timeout = 60;
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "is not at 0000:03:00.0 but at " PF);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

static void
test_by_place(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    g_clear_pointer(&identity->keys[VAS_CARD_KEY_MAC], g_free);
    wish_for(world, PF, identity);
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_true(was_noted(world, PF " is known by its place only"));
}

#define ADD(name, function)                                                                        \
    g_test_add("/boot-identity/" name, BootWorld, NULL, boot_world_set_up, function,               \
               boot_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("same-card", test_same_card);
    ADD("moved", test_moved);
    ADD("replaced", test_replaced);
    ADD("other-model", test_other_model);
    ADD("key-not-there-yet", test_key_not_there_yet);
    ADD("moved-and-late", test_moved_and_late);
    ADD("by-place", test_by_place);
    return g_test_run();
}
