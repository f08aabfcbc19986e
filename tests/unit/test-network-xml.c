/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/network-xml.h"

#include "core/value/error.h"
#include "testing.h"

#define NETWORK(forward) "<network connections='1'><name>vfs</name>" forward "</network>"
#define HOSTDEV(pool) NETWORK("<forward mode='hostdev' managed='yes'>" pool "</forward>")
#define ADDRESS(function)                                                                          \
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x" function "'/>"

/* "enp1s0 0000:01:10.0". Returns full. */
static char *
describe(const VasPool *pool)
{
    g_autoptr(GString) text = g_string_new(pool->pf != NULL ? pool->pf : "-");

    for (guint i = 0; i < pool->devices->len; i++)
        g_string_append_printf(
            text, " %s",
            vas_host_address_text(g_array_index(pool->devices, VasHostAddress, i)).text);
    return g_strdup(text->str);
}

static void
test_pools(void)
{
    static const struct {
        const char *xml;
        const char *pool; /* NULL: the network is not one */
    } rows[] = {
        {HOSTDEV(ADDRESS("0") ADDRESS("2")), "- 0000:01:10.0 0000:01:10.2"},
        {HOSTDEV("<driver name='vfio'/><pf dev='enp1s0'/>"), "enp1s0"},
        {HOSTDEV("<pf dev='enp1s0'/>" ADDRESS("0")), "enp1s0 0000:01:10.0"},
        {NETWORK("<forward mode='passthrough'><interface dev='enp1s0v0'/></forward>"), NULL},
        {NETWORK("<forward mode='nat'/>"), NULL},
        {NETWORK(""), NULL},
        {"<network/>", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasPool) pool = vas_pool_new("of before");
        VasPool *read = pool;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        g_assert_true(vas_network_xml_parse(rows[i].xml, &read, &error));
        g_assert_no_error(error);
        text = read != NULL ? describe(read) : NULL;
        g_assert_cmpstr(text, ==, rows[i].pool);
        if (read != NULL)
            g_assert_cmpstr(read->name, ==, "vfs");
        vas_pool_free(read);
    }
}

static void
test_malformed(void)
{
    static const struct {
        const char *xml;
        const char *part;
    } rows[] = {
        {"", "network XML"},
        {"<domain/>", "network XML is a <domain>"},
        {"<network><forward mode='hostdev'/></network>", "without a name has no <name>"},
        {HOSTDEV("<pf/>"), "network vfs has no <pf>"},
        {HOSTDEV(ADDRESS("9")), "network vfs has no <address>, or a malformed one"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasPool *pool = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_network_xml_parse(rows[i].xml, &pool, &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, rows[i].part);
        g_assert_null(pool);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network-xml/pools", test_pools);
    g_test_add_func("/network-xml/malformed", test_malformed);
    return g_test_run();
}
