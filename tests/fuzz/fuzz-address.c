/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/device/assignment.h"
#include "core/value/error.h"

#include <string.h>

/* No address that is read can be this one: its slot is above the last one. */
static const VasPciAddress untouched = {0x12345678, 0x9a, 0xbc, 0xde};

const char fuzzing_corpus[] = "address";

static void
assert_is_one(VasPciAddress address)
{
    VasPciAddress again = untouched;

    g_assert_cmpuint(address.slot, <=, 31);
    g_assert_cmpuint(address.function, <=, 7);
    g_assert_true(vas_pci_address_parse(vas_pci_address_text(address).text, &again, NULL));
    g_assert_true(vas_pci_address_equal(again, address));
    again = untouched;
    g_assert_true(vas_pci_address_from_nodedev(vas_pci_address_nodedev(address).text, &again));
    g_assert_true(vas_pci_address_equal(again, address));
}

static void
read_address(const char *text)
{
    g_autoptr(GError) error = NULL;
    VasPciAddress address = untouched;
    gboolean is_address = vas_pci_address_parse(text, &address, &error);

    fuzzing_assert_outcome(is_address, error);
    if (is_address) {
        g_assert_true(vas_pci_address_is_shaped(text));
        assert_is_one(address);
        return;
    }
    g_assert_cmpint(error->code, ==, VAS_ERROR_INVALID);
    g_assert_true(vas_pci_address_equal(address, untouched));
}

static void
read_nodedev(const char *text)
{
    VasPciAddress address = untouched;

    if (vas_pci_address_from_nodedev(text, &address))
        assert_is_one(address);
    else
        g_assert_true(vas_pci_address_equal(address, untouched));
}

static void
read_mac(const char *text)
{
    static const VasMacAddress before = {{1, 2, 3, 4, 5, 6}};
    g_autoptr(GError) error = NULL;
    VasMacAddress mac = before;
    gboolean is_mac = vas_mac_address_parse(text, &mac, &error);

    fuzzing_assert_outcome(is_mac, error);
    if (is_mac)
        g_assert_cmpint(g_ascii_strcasecmp(vas_mac_address_text(mac).text, text), ==, 0);
    else
        g_assert_true(vas_mac_address_equal(mac, before));
}

static void
read_alias(const char *text)
{
    g_autoptr(GError) error = NULL;
    gboolean is_alias = vas_alias_check(text, &error);

    fuzzing_assert_outcome(is_alias, error);
    g_assert_true(!is_alias || g_str_is_ascii(text));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = fuzzing_text(data, size);

    read_address(text);
    read_nodedev(text);
    read_mac(text);
    read_alias(text);
    return 0;
}
