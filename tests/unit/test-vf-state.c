/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-state.h"

#include "core/value/error.h"
#include "host-world.h"

#include <string.h>

#define ADDRESS "0000:01:10.0"

static const VasVf vf = {
    .device = {.pci = {.bus = 1, .slot = 0x10}}, .pf_interface = "enp1s0", .index = 0};
static const VasMacAddress mac = {{0x52, 0x54, 0, 0, 0, 1}};
static const VasMacAddress other_mac = {{0x52, 0x54, 0, 0, 0, 2}};

/* The VF is on igbvf, and its PF takes what it is told unless the test says otherwise. */
typedef struct {
    HostWorld base; /* first: the functions of host-world.h take it */
    VasVfSettings settings;
    guint refused;
    guint ignored;
    GString *log; /* what was written, in order */
} VfWorld;

static gboolean
read_settings(const char *pf_interface, int vf_index, VasVfSettings *ret_settings, gpointer data,
              GError **error)
{
    VfWorld *world = data;

    if (!g_str_equal(pf_interface, vf.pf_interface) || vf_index != vf.index) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no such VF");
        return FALSE;
    }
    *ret_settings = world->settings;
    return TRUE;
}

static gboolean
write_settings(const char *pf_interface, int vf_index, VasVfField field,
               const VasVfSettings *settings, gpointer data, GError **error)
{
    VfWorld *world = data;

    (void) pf_interface;
    (void) vf_index;
    g_string_append_printf(world->log, "%s ", vas_vf_field_name(field));
    if ((world->refused & field) != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED, "Operation not supported");
        return FALSE;
    }
    if ((world->ignored & field) != 0)
        return TRUE;
    if (field == VAS_VF_TRUST)
        world->settings.trust = settings->trust;
    if (field == VAS_VF_SPOOF_CHECK)
        world->settings.spoof_check = settings->spoof_check;
    if (field == VAS_VF_MAC)
        world->settings.mac = settings->mac;
    return TRUE;
}

static void
set_up(VfWorld *world, gconstpointer data)
{
    host_world_set_up(&world->base, data);
    world->base.host->read_vf_settings = read_settings;
    world->base.host->reader_data = world;
    world->base.host->write_vf_settings = write_settings;
    world->base.host->vf_writer_data = world;
    world->base.kernel = fake_kernel_new(world->base.host, world->base.scratch);
    fake_kernel_add_driver(world->base.kernel, "igbvf");
    fake_kernel_add_device(world->base.kernel, ADDRESS, "igbvf", "igbvf");
    world->settings = (VasVfSettings){.mac = mac, .vlan_protocol = VAS_VLAN_PROTOCOL, .trust = 0};
    world->log = g_string_new(NULL);
}

static void
tear_down(VfWorld *world, gconstpointer data)
{
    g_string_free(world->log, TRUE);
    host_world_tear_down(&world->base, data);
}

/* Adds the VF's interface on the host, with that MAC and the kernel's word on whose it is. */
static void
add_interface(VfWorld *world, VasMacAddress address, const char *assign_type)
{
    testing_scratch_write(world->base.scratch,
                          "/sys/bus/pci/devices/" ADDRESS "/net/enp1s0v0/address",
                          vas_mac_address_text(address).text);
    testing_scratch_write(world->base.scratch,
                          "/sys/bus/pci/devices/" ADDRESS "/net/enp1s0v0/addr_assign_type",
                          assign_type);
}

static VasVfSettings
read_now(VfWorld *world)
{
    VasVfSettings settings = {.vlan = -1};

    g_assert_true(vas_vf_state_read(world->base.host, &vf, &settings, &world->base.error));
    return settings;
}

/* NET_ADDR_PERM 0, RANDOM 1, SET 3 (linux/netdevice.h). */
static void
test_whose_mac(VfWorld *world, gconstpointer data)
{
    static const struct {
        const char *assign_type;
        const VasMacAddress *of_interface;
        gboolean is_administrators;
    } rows[] = {
        {"0\n", &mac, TRUE},       /* the driver has it from the PF */
        {"1\n", &mac, FALSE},      /* it took a random one, and told the PF */
        {"3\n", &mac, FALSE},      /* udev gave it one, which the PF took */
        {"3\n", &other_mac, TRUE}, /* set at the PF since the driver started */
    };

    g_assert_true(vas_mac_address_equal(read_now(world).mac, mac));
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        add_interface(world, *rows[i].of_interface, rows[i].assign_type);
        g_assert_cmpint(vas_mac_address_equal(read_now(world).mac, mac), ==,
                        rows[i].is_administrators);
        g_assert_cmpint(vas_mac_address_is_zero(read_now(world).mac), ==,
                        !rows[i].is_administrators);
    }
}

static void
test_no_such_vf(VfWorld *world, gconstpointer data)
{
    VasVf gone = vf;
    VasVfSettings settings = {.vlan = -1};

    gone.index = 1;
    g_assert_false(vas_vf_state_read(world->base.host, &gone, &settings, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_FOUND, "no such VF");
    g_assert_cmpint(settings.vlan, ==, -1);
}

static gboolean
write_now(VfWorld *world, guint fields, const VasVfSettings *wanted)
{
    return vas_vf_state_write(world->base.host, &vf, fields, wanted, &world->base.error);
}

static void
test_write(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    wanted.trust = 1;
    wanted.spoof_check = 1;
    g_assert_true(write_now(world, VAS_VF_TRUST | VAS_VF_SPOOF_CHECK, &wanted));
    g_assert_cmpstr(world->log->str, ==, "spoof check trust ");
    g_assert_cmpuint(vas_vf_settings_differ(&world->settings, &wanted), ==, 0);
    g_assert_true(write_now(world, 0, &wanted));
    g_assert_cmpstr(world->log->str, ==, "spoof check trust ");
    wanted.trust = -1;
    g_assert_true(write_now(world, VAS_VF_TRUST, &wanted));
    g_assert_cmpstr(world->log->str, ==, "spoof check trust ");
}

static void
test_refused(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    wanted.trust = 1;
    wanted.spoof_check = 1;
    world->refused = VAS_VF_TRUST;
    g_assert_false(write_now(world, VAS_VF_TRUST | VAS_VF_SPOOF_CHECK, &wanted));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "not supported");
}

static void
test_ignored(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    wanted.trust = 1;
    world->ignored = VAS_VF_TRUST;
    g_assert_false(write_now(world, VAS_VF_TRUST, &wanted));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                         "enp1s0 refused nothing, but shows VF 0 with trust off instead of trust "
                         "on");
}

/* A driver reads its MAC when it starts. */
static void
test_mac_for_host_driver(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    g_assert_true(write_now(world, VAS_VF_MAC, &wanted));
    g_assert_cmpstr(world->base.kernel->log->str, ==, "");
    add_interface(world, mac, "0\n");
    g_assert_true(write_now(world, VAS_VF_MAC, &wanted));
    g_assert_cmpstr(world->base.kernel->log->str, ==, "");
    wanted.mac = other_mac;
    g_assert_true(write_now(world, VAS_VF_MAC, &wanted));
    g_assert_nonnull(strstr(world->base.kernel->log->str, "unbind=" ADDRESS));
    g_assert_nonnull(strstr(world->base.kernel->log->str, "drivers_probe=" ADDRESS));
}

/* No MAC of the PF's any more: the VF chooses one, which the PF then shows. */
static void
test_mac_taken_away(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    wanted.mac = (VasMacAddress){{0}};
    add_interface(world, mac, "0\n");
    world->ignored = VAS_VF_MAC;
    g_assert_true(write_now(world, VAS_VF_MAC, &wanted));
    g_assert_nonnull(strstr(world->base.kernel->log->str, "drivers_probe=" ADDRESS));
}

static void
test_driver_does_not_start(VfWorld *world, gconstpointer data)
{
    VasVfSettings wanted = world->settings;

    wanted.mac = other_mac;
    add_interface(world, mac, "0\n");
    world->base.kernel->faulty_write = 1;
    world->base.kernel->fault = FAKE_WRITE_FAILS;
    g_assert_false(write_now(world, VAS_VF_MAC, &wanted));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                         "bind the driver of VF 0 of enp1s0 anew for its MAC: ");
}

#define ADD(name, function)                                                                        \
    g_test_add("/vf-state/" name, VfWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("whose-mac", test_whose_mac);
    ADD("no-such-vf", test_no_such_vf);
    ADD("write", test_write);
    ADD("refused", test_refused);
    ADD("ignored", test_ignored);
    ADD("mac-for-host-driver", test_mac_for_host_driver);
    ADD("mac-taken-away", test_mac_taken_away);
    ADD("driver-does-not-start", test_driver_does_not_start);
    return g_test_run();
}
