/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-names.h"

#include "testing.h"

#define VENDORS                                                                                    \
    "# A comment\n"                                                                                \
    "1b36  Red Hat, Inc.\n"                                                                        \
    "\t000d  QEMU XHCI Host Controller\n"                                                          \
    "8086  Intel Corporation\n"                                                                    \
    "\t10c9  82576 Gigabit Network Connection\n"                                                   \
    "\t\t8086 a03c  Gigabit ET Dual Port Server Adapter\n"                                         \
    "\t10ca  82576 Virtual Function\n"
#define CLASSES                                                                                    \
    "C 02  Network controller\n"                                                                   \
    "\t00  Ethernet controller\n"                                                                  \
    "C 0c  Serial bus controller\n"                                                                \
    "\t03  USB controller\n"                                                                       \
    "\t\t30  XHCI\n"

static VasPciNames *
names_from(const TestingScratch *scratch, const char *text)
{
    g_autofree char *path = g_build_filename(scratch->path, "pci.ids", NULL);

    testing_scratch_write(scratch, "pci.ids", text);
    return vas_pci_names_new_from(path);
}

static void
assert_names(VasPciNames *names, const char *vendor, const char *product, const char *class_name)
{
    g_autofree char *found_vendor = vas_pci_names_vendor(names, 0x8086);
    g_autofree char *found_product = vas_pci_names_product(names, 0x8086, 0x10ca);
    g_autofree char *found_class = vas_pci_names_class(names, 0x020000);

    g_assert_cmpstr(found_vendor, ==, vendor);
    g_assert_cmpstr(found_product, ==, product);
    g_assert_cmpstr(found_class, ==, class_name);
}

static void
test_known(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasPciNames) names = names_from(scratch, VENDORS CLASSES);
    g_autofree char *usb = vas_pci_names_class(names, 0x0c0330);

    assert_names(names, "Intel Corporation", "82576 Virtual Function", "Ethernet controller");
    g_assert_cmpstr(usb, ==, "USB controller");
}

static void
test_unknown(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasPciNames) names = names_from(scratch, VENDORS CLASSES);
    g_autofree char *subclass = vas_pci_names_class(names, 0x02ff00);

    g_assert_null(vas_pci_names_vendor(names, 0xdead));
    g_assert_null(vas_pci_names_product(names, 0x8086, 0xbeef));
    g_assert_null(vas_pci_names_product(names, 0xdead, 0x10ca));
    g_assert_null(vas_pci_names_class(names, 0xee0000));
    g_assert_cmpstr(subclass, ==, "Network controller [02ff]");
}

static void
test_absent(void)
{
    g_autoptr(VasPciNames) names = vas_pci_names_new_from("/nowhere/pci.ids");

    assert_names(names, NULL, NULL, NULL);
}

static void
test_empty(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasPciNames) names = names_from(scratch, "");

    assert_names(names, NULL, NULL, NULL);
}

/* libpci's own error handler would end the process for each of these damages. */
static void
test_damaged(void)
{
    static const char *const damages[] = {
        "no number\n",               /* Parse error */
        "8086  Intel Corporation\n", /* Duplicate entry */
        "S 4321\n",                  /* Vendor does not exist */
        "\t\t\t\t0000 too deep\n",   /* Parse error */
    };
    g_autofree char *endless = g_strnfill(5000, 'x');

    for (gsize i = 0; i < G_N_ELEMENTS(damages) + 1; i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        const char *damage = i < G_N_ELEMENTS(damages) ? damages[i] : endless;
        g_autofree char *text = g_strconcat(VENDORS, damage, CLASSES, NULL);
        g_autoptr(VasPciNames) names = names_from(scratch, text);

        assert_names(names, "Intel Corporation", "82576 Virtual Function", NULL);
    }
}

static void
test_no_file_but_folder(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasPciNames) names = vas_pci_names_new_from(scratch->path);

    assert_names(names, NULL, NULL, NULL);
}

/* The system's own file does no harm, whether it is there or not. */
static void
test_system(void)
{
    g_autoptr(VasPciNames) names = vas_pci_names_new();
    g_autofree char *vendor = vas_pci_names_vendor(names, 0x8086);

    g_assert_true(vendor == NULL || g_str_has_prefix(vendor, "Intel"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-names/known", test_known);
    g_test_add_func("/pci-names/unknown", test_unknown);
    g_test_add_func("/pci-names/absent", test_absent);
    g_test_add_func("/pci-names/empty", test_empty);
    g_test_add_func("/pci-names/damaged", test_damaged);
    g_test_add_func("/pci-names/no-file-but-folder", test_no_file_but_folder);
    g_test_add_func("/pci-names/system", test_system);
    return g_test_run();
}
