/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-vpd.h"

#include "host-world.h"

#include <sys/stat.h>
#include <unistd.h>

#define VPD "/sys/bus/pci/devices/0000:01:00.0/vpd"

static const VasHostAddress device = {.pci = {.bus = 1}};

static void
write_vpd(const HostWorld *world, const char *data, gsize size)
{
    g_autofree char *path = vas_host_path(world->host, VPD);

    testing_scratch_write(world->scratch, VPD, "");
    g_assert_true(g_file_set_contents(path, data, (gssize) size, NULL));
}

static void
assert_serial(const HostWorld *world, const char *expected, gboolean is_hidden)
{
    gboolean hidden = !is_hidden;
    g_autofree char *serial = vas_pci_vpd_read_serial(world->host, device, &hidden);

    g_assert_cmpstr(serial, ==, expected);
    g_assert_cmpint(hidden, ==, is_hidden);
}

/* Cards begin with their name and have other fields before the number; none is required. */
static void
test_read(HostWorld *world, gconstpointer data)
{
    static const char card[] = "\x82\x04\x00"
                               "a NIC\x90\x00\x00";
    static const char named[] = "\x82\x04\x00"
                                "card"
                                "\x90\x13\x00"
                                "PN\x02"
                                "X5"
                                "SN\x07"
                                "S 00-12"
                                "RV\x01"
                                "\x55\x78";
    static const char bare[] = "\x90\x07\x00"
                               "SN\x04"
                               "A017\x78";

    write_vpd(world, named, sizeof named - 1);
    assert_serial(world, "S 00-12", FALSE);
    write_vpd(world, bare, sizeof bare - 1);
    assert_serial(world, "A017", FALSE);
    write_vpd(world, card, sizeof card - 1);
    assert_serial(world, NULL, FALSE);
}

static void
test_malformed(HostWorld *world, gconstpointer data)
{
    static const struct {
        const char *text;
        gsize size;
    } cases[] = {
        {"", 0},
        {"\x90\x07", 2},
        {"\xff\xff\xff\xff", 4},
        {"\x91\x07\x00SN\x04"
         "A017",
         10},                      /* the fields that may be written */
        {"\x90\x07\x00SN\x04", 6}, /* cut off */
        {"\x90\x07\x00SN\x05"
         "A017\x78",
         11}, /* the field is longer than the resource */
        {"\x90\x07\x00SN\x04"
         "A\x01"
         "17",
         10},
        {"\x90\xff\xffSN\x04"
         "A017",
         10},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        write_vpd(world, cases[i].text, cases[i].size);
        assert_serial(world, NULL, FALSE);
    }
}

static void
test_not_there(HostWorld *world, gconstpointer data)
{
    assert_serial(world, NULL, FALSE);
}

static void
test_hidden(HostWorld *world, gconstpointer data)
{
    g_autofree char *path = vas_host_path(world->host, VPD);

    if (geteuid() == 0) {
        g_test_skip("nothing is hidden from root");
        return;
    }
    write_vpd(world, "", 0);
    g_assert_cmpint(chmod(path, 0), ==, 0);
    assert_serial(world, NULL, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
    g_test_add("/pci-vpd/" path, HostWorld, NULL, host_world_set_up, function, host_world_tear_down)
    ADD("read", test_read);
    ADD("malformed", test_malformed);
    ADD("not-there", test_not_there);
    ADD("hidden", test_hidden);
#undef ADD
    return g_test_run();
}
