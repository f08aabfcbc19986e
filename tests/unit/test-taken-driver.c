/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/taken-driver.h"

#include "core/value/error.h"
#include "testing.h"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress other = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

static void
assert_noted(const VasHost *host, VasHostAddress device, const char *driver)
{
    g_autofree char *noted = vas_taken_driver_read(host, device);

    g_assert_cmpstr(noted, ==, driver);
}

static void
test_note(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;

    assert_noted(host, vf, NULL);
    vas_taken_driver_forget(host, vf);
    g_assert_true(vas_taken_driver_note(host, vf, "igbvf", &error));
    g_assert_true(vas_taken_driver_note(host, vf, "uio_pci_generic", &error));
    g_assert_no_error(error);
    assert_noted(host, vf, "uio_pci_generic");
    assert_noted(host, other, NULL);
    vas_taken_driver_forget(host, vf);
    assert_noted(host, vf, NULL);
}

/* A driver's name goes into a path. */
static void
test_no_name_of_a_driver(void)
{
    static const char *const texts[] = {"", "\n", "../vfio-pci\n", "two words\n", "a\nb\n"};
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        testing_scratch_write(scratch, "/run/virt-assign/driver-0000:01:10.0", texts[i]);
        assert_noted(host, vf, NULL);
    }
}

static void
test_cannot_be_written(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;

    testing_scratch_write(scratch, "/run", "a file");
    g_assert_false(vas_taken_driver_note(host, vf, "igbvf", &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "that 0000:01:10.0 is on igbvf: ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/taken-driver/note", test_note);
    g_test_add_func("/taken-driver/no-name-of-a-driver", test_no_name_of_a_driver);
    g_test_add_func("/taken-driver/cannot-be-written", test_cannot_be_written);
    return g_test_run();
}
