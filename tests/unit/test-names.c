/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/names.h"

#include "core/value/error.h"
#include "world.h"

#include <string.h>

#define MAC1 "52:54:00:00:00:01"
#define MAC2 "52:54:00:00:00:02"
#define NIC(mac, bus)                                                                              \
    "<interface type='network'><mac address='" mac "'/><address type='pci' domain='0x0000' "       \
    "bus='" bus "' slot='0x00' function='0x0'/></interface>"
#define CHANNEL                                                                                    \
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' "                    \
    "state='connected'/></channel>"

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasNames *names;
} NamesWorld;

static void
give(NamesWorld *world, const char *elements)
{
    g_free(world->base.guest->extra);
    world->base.guest->extra = g_strdup(elements);
}

static void
set_up(NamesWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    give(world, CHANNEL NIC(MAC1, "0x01") NIC(MAC2, "0x02"));
}

static void
tear_down(NamesWorld *world, gconstpointer data)
{
    vas_names_free(world->names);
    world_tear_down(&world->base, data);
}

static gboolean
look(NamesWorld *world, gboolean verify)
{
    g_clear_pointer(&world->names, vas_names_free);
    world->names = vas_names(&world->base.fake->context, "db1", NULL, verify, &world->base.error);
    return world->names != NULL;
}

static const VasGuestNic *
nic(const NamesWorld *world, guint n)
{
    return g_ptr_array_index(world->names->nics, n);
}

/* Fails the test unless the nth finding is of @level and says @part. */
static void
assert_finding(const NamesWorld *world, guint n, VasFindingLevel level, const char *part)
{
    const VasFinding *finding = NULL;

    g_assert_cmpuint(n, <, world->names->findings->len);
    finding = g_ptr_array_index(world->names->findings, n);
    g_assert_cmpstr(finding->id, ==, "names.actual");
    g_assert_cmpint(finding->level, ==, level);
    if (strstr(finding->summary, part) == NULL)
        g_error("\"%s\" does not say \"%s\"", finding->summary, part);
}

static const char *
advice(const NamesWorld *world, guint n)
{
    const VasFinding *finding = g_ptr_array_index(world->names->findings, n);

    return finding->advice;
}

static void
test_predicted(NamesWorld *world, gconstpointer data)
{
    g_assert_true(look(world, FALSE));
    g_assert_cmpuint(world->names->nics->len, ==, 2);
    g_assert_cmpstr(nic(world, 0)->name->name, ==, "enp1s0");
    g_assert_null(nic(world, 0)->actual);
    g_assert_cmpuint(world->names->findings->len, ==, 0);
    g_assert_cmpuint(world->base.fake->calls[FAKE_AGENT_INTERFACES], ==, 0);
}

static void
test_as_predicted(NamesWorld *world, gconstpointer data)
{
    fake_add_agent_interface(world->base.guest, "lo", "00:00:00:00:00:00");
    fake_add_agent_interface(world->base.guest, "enp2s0", MAC2);
    fake_add_agent_interface(world->base.guest, "enp1s0", "52:54:00:00:00:01");
    g_assert_true(look(world, TRUE));
    g_assert_cmpstr(nic(world, 0)->actual, ==, "enp1s0");
    g_assert_cmpstr(nic(world, 1)->actual, ==, "enp2s0");
    g_assert_cmpuint(world->names->findings->len, ==, 1);
    assert_finding(world, 0, VAS_FINDING_OK, "as predicted");
}

static void
test_otherwise(NamesWorld *world, gconstpointer data)
{
    fake_add_agent_interface(world->base.guest, "eth0", MAC1);
    fake_add_agent_interface(world->base.guest, "enp2s0", MAC2);
    g_assert_true(look(world, TRUE));
    g_assert_cmpstr(nic(world, 0)->actual, ==, "eth0");
    g_assert_cmpuint(world->names->findings->len, ==, 1);
    assert_finding(world, 0, VAS_FINDING_PROBLEM,
                   "NIC " MAC1 " is eth0 in the guest, and not enp1s0 as predicted");
    g_assert_nonnull(strstr(advice(world, 0), "net.ifnames=0"));
}

/* A difference that another naming scheme explains is a problem too, but the scheme is told. */
static void
test_other_scheme(NamesWorld *world, gconstpointer data)
{
    give(world,
         CHANNEL "<controller type='pci' index='5' model='pcie-to-pci-bridge'><address type='pci' "
                 "domain='0' bus='0x01' slot='0' function='0'/></controller>"
                 "<controller type='pci' index='6' model='pcie-to-pci-bridge'><address type='pci' "
                 "domain='0' bus='0x02' slot='0' function='0'/></controller>"
                 "<interface type='network'><mac address='" MAC1 "'/><address type='pci' "
                 "domain='0' bus='0x06' slot='0x03' function='0'/></interface>");
    fake_add_agent_interface(world->base.guest, "enp4s3", MAC1);
    g_assert_true(look(world, TRUE));
    g_assert_cmpstr(nic(world, 0)->name->name, ==, "ens3");
    assert_finding(world, 1, VAS_FINDING_PROBLEM, "is enp4s3 in the guest, and not ens3");
    g_assert_nonnull(strstr(advice(world, 1), "--scheme v238"));
}

static void
test_missing(NamesWorld *world, gconstpointer data)
{
    fake_add_agent_interface(world->base.guest, "enp2s0", MAC2);
    fake_add_agent_interface(world->base.guest, "sit0", NULL);
    g_assert_true(look(world, TRUE));
    g_assert_null(nic(world, 0)->actual);
    assert_finding(world, 0, VAS_FINDING_PROBLEM,
                   "the guest shows no interface with the MAC of NIC " MAC1);
}

/* A bond has the MAC of a NIC of it. */
static void
test_bond(NamesWorld *world, gconstpointer data)
{
    fake_add_agent_interface(world->base.guest, "bond0", MAC1);
    fake_add_agent_interface(world->base.guest, "enp1s0", MAC1);
    fake_add_agent_interface(world->base.guest, "bond1", MAC2);
    fake_add_agent_interface(world->base.guest, "eth1", MAC2);
    g_assert_true(look(world, TRUE));
    g_assert_cmpstr(nic(world, 0)->actual, ==, "enp1s0");
    g_assert_null(nic(world, 1)->actual);
    assert_finding(world, 0, VAS_FINDING_PROBLEM,
                   "2 interfaces of the guest have the MAC of NIC " MAC2);
}

static void
test_one_mac_twice(NamesWorld *world, gconstpointer data)
{
    give(world, CHANNEL NIC(MAC1, "0x01") NIC(MAC1, "0x02"));
    fake_add_agent_interface(world->base.guest, "enp1s0", MAC1);
    fake_add_agent_interface(world->base.guest, "enp2s0", MAC1);
    g_assert_true(look(world, TRUE));
    g_assert_cmpstr(nic(world, 0)->actual, ==, "enp1s0");
    g_assert_cmpstr(nic(world, 1)->actual, ==, "enp2s0");
    assert_finding(world, 0, VAS_FINDING_WARNING, "two NICs of the guest have the MAC " MAC1);
}

/* A team's VF and its other NIC have one MAC, and so has the interface that the guest puts above
 * the two: that is as it has to be. */
static void
test_team(NamesWorld *world, gconstpointer data)
{
    give(world,
         CHANNEL NIC(MAC1, "0x01") "<interface type='network'><mac address='" MAC1 "'/>"
                                   "<teaming type='persistent'/><alias name='ua-backup0'/>"
                                   "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' "
                                   "function='0x0'/></interface>");
    fake_add_agent_interface(world->base.guest, "enp2s0", MAC1);
    fake_add_agent_interface(world->base.guest, "enp2s0nsby", MAC1);
    fake_add_agent_interface(world->base.guest, "enp1s0", MAC1);
    g_assert_true(look(world, TRUE));
    g_assert_cmpuint(world->names->findings->len, ==, 1);
    assert_finding(world, 0, VAS_FINDING_OK, "as predicted");
}

/* Whatever the guest says is bounded and stays text. */
static void
test_hostile_names(NamesWorld *world, gconstpointer data)
{
    g_autofree char *endless = g_strnfill(100000, 'a');

    fake_add_agent_interface(world->base.guest, endless, MAC1);
    fake_add_agent_interface(world->base.guest, "\xff\x1b[2J%s%n", MAC2);
    g_assert_true(look(world, TRUE));
    g_assert_cmpuint(strlen(nic(world, 0)->actual), ==, VAS_AGENT_NAME_MAX);
    g_assert_true(g_utf8_validate(nic(world, 1)->actual, -1, NULL));
    assert_finding(world, 1, VAS_FINDING_PROBLEM, "[2J%s%n in the guest");
}

/* Cut between characters, never within one. */
static void
test_cut_names(NamesWorld *world, gconstpointer data)
{
    g_autofree char *start = g_strnfill(VAS_AGENT_NAME_MAX - 1, 'a');
    g_autofree char *name = g_strconcat(start, "\xc3\xa4\xc3\xa4", NULL);
    g_autofree char *bytes = g_strnfill(VAS_AGENT_NAME_MAX + 9, (char) 0xff);

    fake_add_agent_interface(world->base.guest, name, MAC1);
    fake_add_agent_interface(world->base.guest, bytes, MAC2);
    g_assert_true(look(world, TRUE));
    for (guint i = 0; i < 2; i++) {
        g_assert_true(g_utf8_validate(nic(world, i)->actual, -1, NULL));
        g_assert_cmpuint(strlen(nic(world, i)->actual), <=, VAS_AGENT_NAME_MAX);
        g_assert_cmpuint(strlen(nic(world, i)->actual), >, VAS_AGENT_NAME_MAX - 4);
    }
    g_assert_null(vas_agent_interface_new("", MAC1));
    g_assert_null(vas_agent_interface_new(NULL, MAC1));
}

static void
test_shut_off(NamesWorld *world, gconstpointer data)
{
    fake_stop_guest(world->base.fake, world->base.guest);
    g_assert_true(look(world, FALSE));
    g_assert_false(look(world, TRUE));
    testing_assert_hint(world->base.error, "virsh start db1");
    testing_assert_error(&world->base.error, VAS_ERROR_WRONG_STATE, "guest db1 is shut off");
}

static void
test_no_channel(NamesWorld *world, gconstpointer data)
{
    give(world, NIC(MAC1, "0x01"));
    g_assert_false(look(world, TRUE));
    testing_assert_hint(world->base.error, "virt-xml db1 --add-device --channel");
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED,
                         "guest db1 has no channel for a guest agent");
    g_assert_cmpuint(world->base.fake->calls[FAKE_AGENT_INTERFACES], ==, 0);
}

static void
test_no_answer(NamesWorld *world, gconstpointer data)
{
    fake_plan_fault(world->base.fake, FAKE_AGENT_INTERFACES, 1, FAKE_FAILS, VAS_ERROR_NOT_READY,
                    "Guest agent is not responding: QEMU guest agent is not connected");
    g_assert_false(look(world, TRUE));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_READY,
                         "guest db1: Guest agent is not responding");
}

#define ADD(name, function)                                                                        \
    g_test_add("/names/" name, NamesWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("predicted", test_predicted);
    ADD("as-predicted", test_as_predicted);
    ADD("otherwise", test_otherwise);
    ADD("other-scheme", test_other_scheme);
    ADD("missing", test_missing);
    ADD("bond", test_bond);
    ADD("one-mac-twice", test_one_mac_twice);
    ADD("team", test_team);
    ADD("hostile-names", test_hostile_names);
    ADD("cut-names", test_cut_names);
    ADD("shut-off", test_shut_off);
    ADD("no-channel", test_no_channel);
    ADD("no-answer", test_no_answer);
    return g_test_run();
}
