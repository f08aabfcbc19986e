/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/selector.h"

#include "testing.h"

/* Where a device is looked for before anything is known of the host. */
static void
test_addresses(void)
{
    static const struct {
        const char *name;
        const char *first;
        guint count;
        const char *interface;
    } names[] = {
        {"0000:01:10.2", "0000:01:10.2", 1, NULL},
        {"01:10.2", "0000:01:10.2", 1, NULL},
        {"pci_0000_01_10_2", "0000:01:10.2", 1, NULL},
        {"pci@0000:01:10.2", "0000:01:10.2", 1, NULL},
        {"04:00", "0000:04:00.0", 8, NULL},
        {"01:00.0/vf2", "0000:01:00.0", 1, NULL},
        {"/sys/bus/pci/devices/0000:01:00.0/virtfn2", "0000:01:00.0", 1, NULL},
        {"enp1s0/vf3", NULL, 0, "enp1s0"},
        {"/sys/class/net/enp1s0/device/virtfn2", NULL, 0, "enp1s0"},
        {"enp1s0v2", NULL, 0, "enp1s0v2"},
        {"", NULL, 0, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
        g_autofree char *interface = vas_selector_addresses(names[i].name, addresses);

        g_assert_cmpstr(interface, ==, names[i].interface);
        g_assert_cmpuint(addresses->len, ==, names[i].count);
        if (names[i].count > 0)
            g_assert_cmpstr(vas_host_address_text(g_array_index(addresses, VasHostAddress, 0)).text,
                            ==, names[i].first);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/selector/addresses", test_addresses);
    return g_test_run();
}
