/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-serial.h"

#include "host-world.h"

#include <string.h>

#define DEVICE "/sys/bus/pci/devices/0000:01:00.0"
#define CONFIG_SIZE 4096

static const VasHostAddress device = {.pci = {.bus = 1}};

/* Writes little-endian, as the bus has it. */
static void
put(guint8 *config, guint offset, guint32 value)
{
    guint32 raw = GUINT32_TO_LE(value);

    memcpy(config + offset, &raw, sizeof raw);
}

/* A capability: version 1, @id, and where the next one is. */
static guint32
header(guint id, guint next)
{
    return id | 1U << 16 | next << 20;
}

static void
write_config(const HostWorld *world, const guint8 *config, gsize size)
{
    g_autofree char *path = vas_host_path(world->host, DEVICE "/config");

    testing_scratch_write(world->scratch, DEVICE "/config", "");
    g_assert_true(g_file_set_contents(path, (const char *) config, (gssize) size, NULL));
}

static void
assert_serial(const HostWorld *world, const char *expected, gboolean is_hidden)
{
    gboolean hidden = !is_hidden;
    g_autofree char *serial = vas_pci_serial_read(world->host, device, &hidden);

    g_assert_cmpstr(serial, ==, expected);
    g_assert_cmpint(hidden, ==, is_hidden);
}

/* QEMU's e1000e has error reporting first, and the number behind it. */
static void
test_config(HostWorld *world, gconstpointer data)
{
    guint8 config[CONFIG_SIZE] = {0};

    put(config, 0x100, header(0x01, 0x140));
    put(config, 0x140, header(0x03, 0));
    put(config, 0x144, 0xff123456);
    put(config, 0x148, 0x525400ff);
    write_config(world, config, sizeof config);
    assert_serial(world, "52-54-00-ff-ff-12-34-56", FALSE);
}

/* The kernel's own file, since Linux 7.0, goes first. */
static void
test_attribute(HostWorld *world, gconstpointer data)
{
    guint8 config[CONFIG_SIZE] = {0};

    put(config, 0x100, header(0x03, 0));
    put(config, 0x104, 1);
    write_config(world, config, sizeof config);
    testing_scratch_write(world->scratch, DEVICE "/serial_number", "52-54-00-ff-ff-12-34-56\n");
    assert_serial(world, "52-54-00-ff-ff-12-34-56", FALSE);
}

/* Others than root are given the first 64 bytes; then the number may be there or not. */
static void
test_hidden(HostWorld *world, gconstpointer data)
{
    const guint8 config[64] = {0};

    write_config(world, config, sizeof config);
    assert_serial(world, NULL, TRUE);
}

static void
test_none(HostWorld *world, gconstpointer data)
{
    guint8 config[CONFIG_SIZE] = {0};

    assert_serial(world, NULL, FALSE);
    /* A conventional function has no extended space, a card without capabilities zeros there. */
    write_config(world, config, 256);
    assert_serial(world, NULL, FALSE);
    write_config(world, config, sizeof config);
    assert_serial(world, NULL, FALSE);
    /* One that sleeps deeply, or has left, does not answer. */
    memset(config, 0xff, sizeof config);
    write_config(world, config, sizeof config);
    assert_serial(world, NULL, FALSE);
}

/* Lists that a broken card may have: into the first part, past the end, and round in a circle. */
static void
test_malformed_lists(HostWorld *world, gconstpointer data)
{
    static const guint nexts[] = {0x40, 0xffc, 0x100};

    for (guint i = 0; i < G_N_ELEMENTS(nexts); i++) {
        guint8 config[CONFIG_SIZE] = {0};

        put(config, 0x40, header(0x03, 0));
        put(config, 0x100, header(0x01, nexts[i]));
        put(config, 0xffc, header(0x03, 0));
        write_config(world, config, sizeof config);
        assert_serial(world, NULL, FALSE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
    g_test_add("/pci-serial/" path, HostWorld, NULL, host_world_set_up, function,                  \
               host_world_tear_down)
    ADD("config", test_config);
    ADD("attribute", test_attribute);
    ADD("hidden", test_hidden);
    ADD("none", test_none);
    ADD("malformed-lists", test_malformed_lists);
#undef ADD
    return g_test_run();
}
