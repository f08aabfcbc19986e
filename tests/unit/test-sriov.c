/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/sriov.h"

#include "core/value/error.h"
#include "testing.h"

#include <errno.h>

#define PF "/sys/bus/pci/devices/0000:01:00.0"

static const VasHostAddress pf = {.pci = {.bus = 1}};

static void
write_interface(const TestingScratch *scratch, const char *name, const char *flags)
{
    g_autofree char *of_device = g_strdup_printf(PF "/net/%s/flags", name);
    g_autofree char *of_class = g_strdup_printf("/sys/class/net/%s/flags", name);

    testing_scratch_write(scratch, of_device, flags);
    testing_scratch_write(scratch, of_class, flags);
}

static void
test_up(void)
{
    static const struct {
        const char *flags;
        gboolean up;
    } rows[] = {
        {"0x1003\n", TRUE},  /* up, with or without a carrier */
        {"0x1002\n", FALSE}, /* BROADCAST, MULTICAST */
        {"0x1\n", TRUE},
        {"0x0\n", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autoptr(GError) error = NULL;
        g_autofree char *interface = NULL;
        gboolean up = !rows[i].up;

        write_interface(scratch, "enp1s0f0", rows[i].flags);
        g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(interface, ==, "enp1s0f0");
        g_assert_cmpint(up, ==, rows[i].up);
    }
}

static void
test_several_interfaces(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *interface = NULL;
    gboolean up = TRUE;

    write_interface(scratch, "enp1s0d1", "0x1003\n");
    write_interface(scratch, "enp1s0", "0x1002\n");
    g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(interface, ==, "enp1s0");
    g_assert_false(up);
}

static void
test_no_interface(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *interface = scratch->path;
    gboolean up = TRUE;

    testing_scratch_write(scratch, PF "/class", "0x020000\n");
    g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
    g_assert_no_error(error);
    g_assert_null(interface);
    g_assert_false(up);
}

static void
test_errors(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *interface = NULL;
    gboolean up;

    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "0000:01:00.0");
    testing_scratch_write(scratch, PF "/net/enp1s0f0/flags", "0x1003\n");
    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "/sys/class/net/enp1s0f0/flags");
    testing_scratch_write(scratch, "/sys/class/net/enp1s0f0/flags", "up\n");
    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "\"up\"");
    g_assert_null(interface);
}

/* The fake kernel answers a write with @answer, and makes of the attribute what @becomes says. */
typedef struct {
    const TestingScratch *scratch;
    int answer;
    const char *becomes; /* what the attribute says then; NULL: as it was */
} FakeKernel;

static int
answer_write(const char *path, const char *text, gpointer data)
{
    const FakeKernel *kernel = data;
    g_autofree char *leaf = g_path_get_basename(path);
    g_autofree char *attribute = g_strconcat(PF "/", leaf, NULL);

    (void) text;
    if (kernel->becomes != NULL)
        testing_scratch_write(kernel->scratch, attribute, kernel->becomes);
    return kernel->answer;
}

static TestingScratch *
pf_with_vfs(const char *numvfs, const char *driver)
{
    TestingScratch *scratch = testing_scratch_new();

    testing_scratch_write(scratch, PF "/sriov_numvfs", numvfs);
    testing_scratch_write(scratch, PF "/sriov_totalvfs", "7\n");
    testing_scratch_write(scratch, PF "/sriov_drivers_autoprobe", "1\n");
    if (driver != NULL)
        testing_scratch_link(scratch, PF "/driver", driver);
    return scratch;
}

static void
test_read(void)
{
    g_autoptr(TestingScratch) scratch = pf_with_vfs("3\n", "../igb");
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) vfs = NULL;
    VasSriovState state;

    g_assert_true(vas_sriov_read(host, pf, &state, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(state.now, ==, 3);
    g_assert_cmpuint(state.maximum, ==, 7);
    g_assert_true(state.autoprobe);
    testing_scratch_link(scratch, PF "/virtfn0", "../0000:01:10.0");
    testing_scratch_link(scratch, PF "/virtfn1", "../0000:01:10.2");
    testing_scratch_link(scratch, PF "/virtfn3", "../0000:01:10.6");
    vfs = vas_sriov_list_vfs(host, pf);
    g_assert_cmpuint(vfs->len, ==, 2);
    g_assert_cmpstr(vas_host_address_text(g_array_index(vfs, VasHostAddress, 1)).text, ==,
                    "0000:01:10.2");
    testing_scratch_write(scratch, PF "/sriov_numvfs", "many\n");
    g_assert_false(vas_sriov_read(host, pf, &state, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "\"many\"");
}

static void
test_read_no_pf(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    VasSriovState state;

    g_assert_false(vas_sriov_read(host, pf, &state, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "0000:01:00.0 is not on this host");
    testing_scratch_write(scratch, PF "/class", "0x020000\n");
    g_assert_false(vas_sriov_read(host, pf, &state, &error));
    testing_assert_error(&error, VAS_ERROR_UNSUITABLE, "0000:01:00.0 is not a PF");
}

static void
test_set_count(void)
{
    static const struct {
        const char *driver; /* of the PF; NULL: none */
        int answer;
        const char *becomes;
        int code; /* -1: it succeeds */
        const char *part;
    } rows[] = {
        {"../igb", 0, "4\n", -1, NULL},
        {"../igb", 0, "3\n", VAS_ERROR_FAILED, "asked for 4 VFs and made 3"},
        {"../old", 0, NULL, VAS_ERROR_UNSUPPORTED, "the driver old of 0000:01:00.0 ignores"},
        {"../old", ENOENT, NULL, VAS_ERROR_UNSUPPORTED, "the driver old of 0000:01:00.0 does not"},
        {NULL, ENOENT, NULL, VAS_ERROR_NOT_READY, "is on no driver"},
        {"../igb", EOPNOTSUPP, NULL, VAS_ERROR_UNSUPPORTED, "Operation not supported"},
        {"../igb", EBUSY, NULL, VAS_ERROR_IN_USE, "busy"},
        {"../igb", EACCES, NULL, VAS_ERROR_DENIED, "Permission denied"},
        {"../igb", ENOMEM, NULL, VAS_ERROR_FAILED, "Cannot allocate memory"},
        {"../igb", EIO, NULL, VAS_ERROR_FAILED, "Input/output error"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = pf_with_vfs("0\n", rows[i].driver);
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autoptr(GError) error = NULL;
        FakeKernel kernel = {scratch, rows[i].answer, rows[i].becomes};

        host->write_attribute = answer_write;
        host->writer_data = &kernel;
        g_assert_cmpint(vas_sriov_set_count(host, pf, 4, &error), ==, rows[i].code < 0);
        if (rows[i].code < 0)
            continue;
        g_assert_nonnull(vas_error_hint(error));
        testing_assert_error(&error, rows[i].code, rows[i].part);
    }
}

static void
test_set_autoprobe(void)
{
    g_autoptr(TestingScratch) scratch = pf_with_vfs("0\n", "../igb");
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    FakeKernel kernel = {scratch, 0, "0\n"};

    host->write_attribute = answer_write;
    host->writer_data = &kernel;
    g_assert_true(vas_sriov_set_autoprobe(host, pf, FALSE, &error));
    g_assert_no_error(error);
    kernel.becomes = NULL;
    g_assert_false(vas_sriov_set_autoprobe(host, pf, TRUE, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "sriov_drivers_autoprobe took 1 and still");
    kernel.answer = EPERM;
    g_assert_false(vas_sriov_set_autoprobe(host, pf, TRUE, &error));
    testing_assert_hint(error, "root");
    testing_assert_error(&error, VAS_ERROR_DENIED, "sriov_drivers_autoprobe");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sriov/up", test_up);
    g_test_add_func("/sriov/several-interfaces", test_several_interfaces);
    g_test_add_func("/sriov/no-interface", test_no_interface);
    g_test_add_func("/sriov/errors", test_errors);
    g_test_add_func("/sriov/read", test_read);
    g_test_add_func("/sriov/read-no-pf", test_read_no_pf);
    g_test_add_func("/sriov/set-count", test_set_count);
    g_test_add_func("/sriov/set-autoprobe", test_set_autoprobe);
    return g_test_run();
}
