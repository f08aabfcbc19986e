/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/device-identity.h"

#include "building.h"
#include "core/value/error.h"
#include "world.h"

#include <string.h>

#define PF "0000:01:00.0"
#define PF_FOLDER "/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
#define VF "0000:01:10.2"
#define MAC "52:54:00:12:34:56"
#define SERIAL "52-54-00-ff-ff-12-34-56"

/* The host of our own machine, whose kernel tells of one card; the devices are built by hand. */
typedef struct {
    World world;
    TestingScratch *scratch;
    VasHost *host;
    VasInventory *inventory;
    VasContext context;
    const char *asked; /* the interface that was asked for its MAC last; borrowed */
} IdentityWorld;

static gboolean
read_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    IdentityWorld *world = data;

    g_assert_cmpstr(interface, ==, "enp1s0");
    world->asked = "enp1s0";
    *ret_mac = building_mac(MAC);
    return TRUE;
}

static void
set_up(IdentityWorld *world, gconstpointer data)
{
    world_set_up(&world->world, data);
    world->scratch = testing_scratch_new();
    testing_scratch_write(world->scratch, PF_FOLDER "/vendor", "0x8086\n");
    testing_scratch_link(world->scratch, "/sys/bus/pci/devices/" PF,
                         "../../../devices/pci0000:00/0000:00:01.0/" PF);
    world->host = vas_host_new(world->scratch->path);
    world->host->mac_data = world;
    world->inventory = building_host();
    world->context = world->world.fake->context;
    world->context.host = world->host;
}

static void
tear_down(IdentityWorld *world, gconstpointer data)
{
    vas_inventory_free(world->inventory);
    vas_host_free(world->host);
    testing_scratch_free(world->scratch);
    world_tear_down(&world->world, data);
}

static VasIdentity *
read_identity(IdentityWorld *world, const char *address)
{
    VasIdentity *identity = NULL;

    g_assert_true(vas_device_identity_read(&world->context, world->inventory,
                                           building_device(world->inventory, address), &identity,
                                           &world->world.error));
    return identity;
}

static guint
libvirt_was_asked(const IdentityWorld *world)
{
    return world->world.fake->calls[FAKE_NODE_DEVICE_XML];
}

/* Keys and place are the PF's; libvirt has nothing to add. */
static void
test_vf(IdentityWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = NULL;

    testing_scratch_write(world->scratch, PF_FOLDER "/serial_number", SERIAL "\n");
    world->host->read_permanent_mac = read_mac;
    identity = read_identity(world, VF);
    g_assert_cmpstr(world->asked, ==, "enp1s0");
    g_assert_cmpstr(identity->keys[VAS_CARD_KEY_MAC], ==, MAC);
    g_assert_cmpstr(identity->keys[VAS_CARD_KEY_SERIAL], ==, SERIAL);
    g_assert_cmpstr(identity->place, ==, "0000:00/01.0/00.0");
    g_assert_cmpint(identity->vf_index, ==, 1);
    g_assert_false(identity->may_have_more_keys);
    g_assert_cmpuint(libvirt_was_asked(world), ==, 0);
}

/* On VFIO the PF has no interface; its MAC is not to be had then. */
static void
test_pf_without_interface(IdentityWorld *world, gconstpointer data)
{
    VasDevice *pf = building_device(world->inventory, PF);
    g_autoptr(VasIdentity) identity = NULL;

    testing_scratch_write(world->scratch, PF_FOLDER "/serial_number", SERIAL "\n");
    world->host->read_permanent_mac = read_mac;
    g_clear_pointer(&pf->interface, g_free);
    identity = read_identity(world, PF);
    g_assert_null(world->asked);
    g_assert_null(identity->keys[VAS_CARD_KEY_MAC]);
    g_assert_cmpstr(identity->keys[VAS_CARD_KEY_SERIAL], ==, SERIAL);
    g_assert_true(identity->may_have_more_keys);
}

/* The kernel tells no key, so libvirt is asked, once; the fake tells none either. */
static void
test_no_key(IdentityWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = read_identity(world, PF);

    g_assert_false(vas_identity_has_key(identity));
    g_assert_false(identity->may_have_more_keys);
    g_assert_cmpstr(identity->place, ==, "0000:00/01.0/00.0");
    g_assert_cmpuint(libvirt_was_asked(world), ==, 1);
}

/* A boot has no libvirt: the kernel tells the VPD of a card without another key. */
static void
test_without_libvirt(IdentityWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = NULL;
    g_autoptr(VasIdentity) serial = NULL;
    g_autofree char *vpd = vas_host_path(world->host, PF_FOLDER "/vpd");

    world->context.hypervisor = NULL;
    testing_scratch_write(world->scratch, PF_FOLDER "/vpd", "");
    g_assert_true(g_file_set_contents(vpd,
                                      "\x90\x07\x00SN\x04"
                                      "A017",
                                      10, NULL));
    identity = read_identity(world, PF);
    g_assert_cmpstr(identity->keys[VAS_CARD_KEY_VPD], ==, "A017");
    g_assert_false(identity->may_have_more_keys);
    testing_scratch_write(world->scratch, PF_FOLDER "/serial_number", SERIAL "\n");
    serial = read_identity(world, PF);
    g_assert_null(serial->keys[VAS_CARD_KEY_VPD]);
    g_assert_cmpstr(serial->keys[VAS_CARD_KEY_SERIAL], ==, SERIAL);
}

/* A libvirt that cannot tell of node devices leaves the question open; one that is gone is an
 * error. */
static void
test_libvirt_fails(IdentityWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = NULL;
    VasIdentity *none = NULL;

    fake_plan_fault(world->world.fake, FAKE_NODE_DEVICE_XML, 1, FAKE_FAILS, VAS_ERROR_UNSUPPORTED,
                    "no node devices here");
    identity = read_identity(world, PF);
    g_assert_true(identity->may_have_more_keys);
    fake_plan_fault(world->world.fake, FAKE_NODE_DEVICE_XML, 1, FAKE_DISCONNECTS, 0, NULL);
    g_assert_false(vas_device_identity_read(&world->context, world->inventory,
                                            building_device(world->inventory, PF), &none,
                                            &world->world.error));
    testing_assert_error(&world->world.error, VAS_ERROR_UNREACHABLE, "");
    g_assert_null(none);
}

/* A path that does not end at the card would give it another one's place. */
static void
test_strange_path(IdentityWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = NULL;

    testing_scratch_link(world->scratch, "/sys/bus/pci/devices/0000:02:00.0",
                         "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
    identity = read_identity(world, "0000:02:00.0");
    g_assert_null(identity->place);
}

/* libvirt has told already what there is to know of another machine. */
static void
test_other_machine(IdentityWorld *world, gconstpointer data)
{
    VasDevice *pf = building_device(world->inventory, PF);
    g_autoptr(VasIdentity) identity = NULL;

    world->context.host = NULL;
    pf->kernel_path = g_strdup(PF_FOLDER);
    pf->vpd_serial = g_strdup("UVTMP00101");
    identity = read_identity(world, VF);
    g_assert_cmpstr(identity->keys[VAS_CARD_KEY_VPD], ==, "UVTMP00101");
    g_assert_cmpstr(identity->place, ==, "0000:00/01.0/00.0");
    g_assert_true(identity->may_have_more_keys);
    g_assert_cmpuint(libvirt_was_asked(world), ==, 0);
}

static void
test_vf_without_number(IdentityWorld *world, gconstpointer data)
{
    building_device(world->inventory, VF)->vf_index = -1;
    g_assert_null(read_identity(world, VF));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
    g_test_add("/device-identity/" path, IdentityWorld, NULL, set_up, function, tear_down)
    ADD("vf", test_vf);
    ADD("pf-without-interface", test_pf_without_interface);
    ADD("no-key", test_no_key);
    ADD("without-libvirt", test_without_libvirt);
    ADD("libvirt-fails", test_libvirt_fails);
    ADD("strange-path", test_strange_path);
    ADD("other-machine", test_other_machine);
    ADD("vf-without-number", test_vf_without_number);
#undef ADD
    return g_test_run();
}
