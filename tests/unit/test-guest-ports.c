/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/ports.h"

#include "core/value/error.h"
#include "core/report/step.h"
#include "world.h"

#define NIC_AT(bus)                                                                                \
    "<interface type='bridge'><mac address='52:54:00:00:00:01'/><model type='virtio'/>"            \
    "<address type='pci' domain='0x0000' bus='" bus "' slot='0x00' function='0x0'/></interface>"
#define AT_02 "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>"
/* A port behind the guest's four is in the last slot there is. */
#define BRIDGE_AT_THE_END                                                                          \
    "<controller type='pci' index='5' model='pcie-root-port'>"                                     \
    "<address type='pci' domain='0x0000' bus='0x00' slot='0x1e' function='0x0'/></controller>"     \
    "<interface type='bridge'><mac address='52:54:00:00:00:02'/><model type='virtio'/>"            \
    "<address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></interface>"

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasPortsRequest request;
    VasGuestPorts *ports;
} PortsWorld;

static void
set_up(PortsWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    world->base.guest->extra = g_strdup(NIC_AT("0x02"));
    world->request = (VasPortsRequest){.guest = "db1", .count = 2};
}

static void
tear_down(PortsWorld *world, gconstpointer data)
{
    g_clear_pointer(&world->ports, vas_guest_ports_free);
    world_tear_down(&world->base, data);
}

static gboolean
add(PortsWorld *world)
{
    g_clear_pointer(&world->ports, vas_guest_ports_free);
    world_forget(&world->base);
    return vas_ports_add(&world->base.fake->context, &world->request, &world->ports,
                         &world->base.results, &world->base.steps, &world->base.error);
}

static void
assert_refused(PortsWorld *world, VasError code, const char *message)
{
    g_assert_false(add(world));
    g_assert_null(world->ports);
    testing_assert_error(&world->base.error, (int) code, message);
    g_assert_cmpuint(world->base.guest->ports->len, ==, 0);
}

static void
test_read(PortsWorld *world, gconstpointer data)
{
    world->ports = vas_ports_read(&world->base.fake->context, "db1", &world->base.error);
    g_assert_no_error(world->base.error);
    g_assert_cmpstr(world->ports->guest->name, ==, "db1");
    g_assert_cmpuint(world->ports->ports->len, ==, 5);
    g_assert_cmpuint(vas_ports_count_free(world->ports->ports, world->ports->guest), ==, 3);
    g_assert_cmpuint(world->ports->added->len, ==, 0);
    g_assert_null(vas_ports_read(&world->base.fake->context, "db2", &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_FOUND, "db2");
}

static void
test_add(PortsWorld *world, gconstpointer data)
{
    const VasNewPort *first;

    g_assert_true(add(world));
    g_assert_no_error(world->base.error);
    g_assert_cmpint(world->ports->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_null(world->base.steps);
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
    g_assert_cmpuint(world->ports->added->len, ==, 2);
    first = &g_array_index(world->ports->added, VasNewPort, 0);
    g_assert_cmpuint(first->bus, ==, 5);
    g_assert_cmpint(first->guest_bus, ==, 5);
    g_assert_cmpstr(vas_guest_address_text(first->address).text, ==, "0000:00:05.0");
    g_assert_cmpuint(world->ports->ports->len, ==, 7);
    g_assert_cmpuint(world->ports->renames->len, ==, 0);
    /* Ports that only the config has take nothing in the running guest. */
    g_assert_cmpuint(vas_ports_count_free(world->ports->ports, world->ports->guest), ==, 3);
}

/* The config has three free ports; what is asked for again is there. */
static void
test_free(PortsWorld *world, gconstpointer data)
{
    world->request.count = 0;
    world->request.free = 5;
    g_assert_true(add(world));
    g_assert_cmpint(world->ports->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
    g_assert_true(add(world));
    g_assert_cmpint(world->ports->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
    g_assert_cmpuint(world->ports->added->len, ==, 0);
    g_assert_null(world->base.guest->config_metadata);
    world->request.dry_run = TRUE;
    g_assert_true(add(world));
    g_assert_cmpint(world->ports->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(world->base.steps->len, ==, 0);
}

static void
test_dry_run(PortsWorld *world, gconstpointer data)
{
    const VasStep *step;

    world->request.dry_run = TRUE;
    g_assert_true(add(world));
    g_assert_cmpint(world->ports->outcome, ==, VAS_OUTCOME_PLANNED);
    g_assert_cmpuint(world->base.guest->ports->len, ==, 0);
    g_assert_cmpuint(world->ports->added->len, ==, 2);
    g_assert_cmpuint(world->base.steps->len, ==, 3);
    step = g_ptr_array_index(world->base.steps, 0);
    g_assert_cmpstr(step->text, ==,
                    "add bus 05 (pcie-root-port at 0000:00:05.0) to the config of db1");
    g_assert_true(g_str_has_prefix(step->xml, "<controller"));
    step = g_ptr_array_index(world->base.steps, 2);
    g_assert_cmpint(step->kind, ==, VAS_STEP_PROVE_PORTS);
    g_assert_null(step->xml);
}

static void
test_transient(PortsWorld *world, gconstpointer data)
{
    world->base.guest->persistent = FALSE;
    assert_refused(world, VAS_ERROR_WRONG_STATE, "guest db1 is transient");
}

static void
test_too_many(PortsWorld *world, gconstpointer data)
{
    world->request.count = 255;
    assert_refused(world, VAS_ERROR_NO_SLOT,
                   "add ports to db1: there are bus numbers for 251 more ports, not for 255");
}

static void
test_rename(PortsWorld *world, gconstpointer data)
{
    g_free(world->base.guest->extra);
    world->base.guest->extra = g_strdup(BRIDGE_AT_THE_END);
    assert_refused(world, VAS_ERROR_CONFLICT,
                   "add ports to db1: NICs would get other names: NIC 52:54:00:00:00:02 from "
                   "enp5s0 to enp7s0");
    world->request.force = TRUE;
    g_assert_true(add(world));
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
    g_assert_cmpuint(world->ports->renames->len, ==, 1);
    g_assert_cmpuint(world->base.fake->notes->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(world->base.fake->notes, 0), ==,
                    "--force overrides: NIC 52:54:00:00:00:02 from enp5s0 to enp7s0");
}

/* Whatever goes wrong, the config is as it was. */
static const struct {
    const char *name;
    FakeCall call;
    guint nth;
    FakeFault fault;
    VasError code;
    const char *message;
} faults[] = {
    {"refused", FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "add bus 05"},
    {"second-refused", FAKE_ATTACH_CONFIG, 2, FAKE_FAILS, VAS_ERROR_FAILED, "add bus 06"},
    {"fails-though-written", FAKE_ATTACH_CONFIG, 2, FAKE_FAILS_LATE, VAS_ERROR_FAILED, "faulty"},
    {"lies", FAKE_ATTACH_CONFIG, 2, FAKE_LIES, VAS_ERROR_FAILED,
     "libvirt reported success, but bus 06 is not there as it was sent"},
    {"loses-the-connection", FAKE_ATTACH_CONFIG, 2, FAKE_DISCONNECTS, VAS_ERROR_UNREACHABLE,
     "add bus 06"},
};

static void
test_fault(PortsWorld *world, gconstpointer data)
{
    guint row = GPOINTER_TO_UINT(data);

    fake_plan_fault(world->base.fake, faults[row].call, faults[row].nth, faults[row].fault,
                    VAS_ERROR_FAILED, "faulty");
    assert_refused(world, faults[row].code, faults[row].message);
}

/* libvirt shows the first serial device twice, at one address. */
static void
test_two_elements_at_one_address(PortsWorld *world, gconstpointer data)
{
    g_free(world->base.guest->extra);
    world->base.guest->extra =
        g_strdup("<serial type='pty'><target type='pci-serial' port='0'/>" AT_02
                 "</serial><console type='pty'>" AT_02 "</console>");
    g_assert_true(add(world));
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
    g_assert_null(world->base.guest->config_metadata);
}

/* libvirt puts a device elsewhere when a port comes, and back when it goes. */
static void
test_moved_device(PortsWorld *world, gconstpointer data)
{
    world->base.guest->moved = g_strdup(NIC_AT("0x03"));
    assert_refused(world, VAS_ERROR_FAILED,
                   "interface 52:54:00:00:00:01 is no longer at guest address 0000:02:00.0");
}

static void
test_undo_fails(PortsWorld *world, gconstpointer data)
{
    world->base.guest->moved = g_strdup(NIC_AT("0x03"));
    fake_plan_fault(world->base.fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "disk full");
    g_assert_false(add(world));
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "disk full");
    g_assert_cmpuint(world->base.guest->ports->len, ==, 1);
}

/* libvirt says that it took out the second port, and did not. */
static void
test_undo_lies(PortsWorld *world, gconstpointer data)
{
    world->base.guest->moved = g_strdup(NIC_AT("0x03"));
    fake_plan_fault(world->base.fake, FAKE_DETACH_CONFIG, 1, FAKE_LIES, 0, NULL);
    g_assert_false(add(world));
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "bus 06 is still there");
    g_assert_cmpuint(world->base.guest->ports->len, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/guest-ports/" name, PortsWorld, NULL, set_up, function, tear_down)
    ADD("read", test_read);
    ADD("add", test_add);
    ADD("free", test_free);
    ADD("dry-run", test_dry_run);
    ADD("transient", test_transient);
    ADD("too-many", test_too_many);
    ADD("rename", test_rename);
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *path = g_strdup_printf("/guest-ports/fault/%s", faults[i].name);

        g_test_add(path, PortsWorld, GUINT_TO_POINTER(i), set_up, test_fault, tear_down);
    }
    ADD("two-elements-at-one-address", test_two_elements_at_one_address);
    ADD("moved-device", test_moved_device);
    ADD("undo-fails", test_undo_fails);
    ADD("undo-lies", test_undo_lies);
    return g_test_run();
}
