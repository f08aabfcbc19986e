/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/kernel.h"

#include "core/value/error.h"
#include "testing.h"

#include <string.h>

#define MODULES "/lib/modules/6.12.1-amd64"
#define IGB_VF "pci:v00008086d000010CAsv00001AF4sd00001100bc02sc00i00"

/* Makes a kernel with modules.dep and a name. */
static TestingScratch *
running_kernel(void)
{
    TestingScratch *scratch = testing_scratch_new();

    testing_scratch_write(scratch, "/proc/sys/kernel/osrelease", "6.12.1-amd64\n");
    testing_scratch_write(scratch, MODULES "/modules.dep",
                          "kernel/drivers/vfio/vfio.ko.xz:\n"
                          "kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n"
                          "kernel/drivers/net/igb.ko: kernel/drivers/i2c/vfio_pci_like.ko\n");
    return scratch;
}

static void
test_parameters(void)
{
    static const struct {
        const char *line, *name, *value;
    } rows[] = {
        {"quiet intel_iommu=on", "intel_iommu", "on"},
        {"intel_iommu=on intel_iommu=off", "intel_iommu", "off"},
        {"intel-iommu=on", "intel_iommu", "on"},
        {"quiet nointremap", "nointremap", ""},
        {"root=/dev/a=b x", "root", "/dev/a=b"},
        {"no_intel_iommu=on", "intel_iommu", NULL},
        {"quiet -- intel_iommu=on", "intel_iommu", NULL},
        {"", "intel_iommu", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *value = vas_kernel_parameter(rows[i].line, rows[i].name);

        g_assert_cmpstr(value, ==, rows[i].value);
    }
}

static void
test_command_line(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *line = NULL;

    g_assert_null(vas_kernel_command_line(host, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "/proc/cmdline");
    testing_scratch_write(scratch, "/proc/cmdline", "quiet intel_iommu=on \n");
    line = vas_kernel_command_line(host, &error);
    g_assert_cmpstr(line, ==, "quiet intel_iommu=on");
}

static void
assert_module(const TestingScratch *scratch, const char *name, VasModuleState state,
              const char *part)
{
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *evidence = NULL;

    g_assert_cmpint(vas_kernel_module(host, name, &evidence), ==, state);
    g_assert_nonnull(strstr(evidence, part));
}

static void
test_module_states(void)
{
    g_autoptr(TestingScratch) scratch = running_kernel();

    assert_module(scratch, "vfio-pci", VAS_MODULE_AVAILABLE, MODULES "/modules.dep lists it");
    assert_module(scratch, "vfio_pci", VAS_MODULE_AVAILABLE, MODULES);
    /* A dependency is not a module of that line. */
    assert_module(scratch, "vfio_pci_like", VAS_MODULE_MISSING, MODULES);
    testing_scratch_write(scratch, MODULES "/modules.builtin", "kernel/drivers/kvm/kvm-x.ko\n");
    assert_module(scratch, "kvm_x", VAS_MODULE_ACTIVE, "modules.builtin");
    testing_scratch_write(scratch, "/sys/module/vfio_pci/refcnt", "0\n");
    assert_module(scratch, "vfio-pci", VAS_MODULE_ACTIVE, "/sys/module/vfio_pci");
}

static void
test_module_tree_is_gone(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();

    assert_module(scratch, "vfio_pci", VAS_MODULE_NO_TREE, "/lib/modules/modules.dep");
    testing_scratch_write(scratch, "/proc/sys/kernel/osrelease", "6.12.1-amd64\n");
    assert_module(scratch, "vfio_pci", VAS_MODULE_NO_TREE, MODULES "/modules.dep");
}

static void
test_prohibited(void)
{
    static const struct {
        const char *line;
        gboolean prohibits;
    } rows[] = {
        {"blacklist vfio-pci", TRUE},
        {"blacklist\tvfio_pci ", TRUE},
        {"install vfio-pci /bin/false", TRUE},
        {"install vfio_pci /usr/bin/true", TRUE},
        {"# blacklist vfio-pci", FALSE},
        {"blacklist vfio", FALSE},
        {"blacklist", FALSE},
        {"options vfio-pci ids=8086:10ca", FALSE},
        {"install vfio-pci /sbin/modprobe --ignore-install vfio-pci", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = running_kernel();
        g_autofree char *text = g_strconcat("alias a b\n", rows[i].line, "\n", NULL);

        testing_scratch_write(scratch, "/usr/lib/modprobe.d/a.conf", text);
        assert_module(scratch, "vfio_pci",
                      rows[i].prohibits ? VAS_MODULE_PROHIBITED : VAS_MODULE_AVAILABLE,
                      rows[i].prohibits ? "/usr/lib/modprobe.d/a.conf: " : MODULES);
    }
}

static void
test_prohibition_is_overridden(void)
{
    g_autoptr(TestingScratch) scratch = running_kernel();

    testing_scratch_write(scratch, "/usr/lib/modprobe.d/a.conf", "blacklist vfio-pci\n");
    testing_scratch_write(scratch, "/etc/modprobe.d/b", "blacklist vfio-pci\n");
    testing_scratch_write(scratch, "/etc/modprobe.d/a.conf", "\n");
    assert_module(scratch, "vfio_pci", VAS_MODULE_AVAILABLE, MODULES);
}

static void
test_prohibited_by_command_line(void)
{
    g_autoptr(TestingScratch) scratch = running_kernel();

    testing_scratch_write(scratch, "/proc/cmdline", "modprobe.blacklist=nouveau,vfio-pci\n");
    assert_module(scratch, "vfio_pci", VAS_MODULE_PROHIBITED,
                  "/proc/cmdline: modprobe.blacklist=nouveau,vfio-pci");
}

static void
test_modules_for(void)
{
    g_autoptr(TestingScratch) scratch = running_kernel();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) none = vas_kernel_modules_for(host, "pci", IGB_VF);
    g_autoptr(GPtrArray) own = NULL;
    g_autoptr(GPtrArray) vfio = NULL;
    g_autofree char *order = NULL;

    g_assert_cmpuint(none->len, ==, 0);
    testing_scratch_write(scratch, MODULES "/modules.alias",
                          "# Aliases\n"
                          "alias pci:v00008086d000010C9sv*sd*bc*sc*i* igb\n"
                          "alias pci:v00008086d000010CAsv*sd*bc*sc*i* igbvf\n"
                          "alias pci:v00008086d000010CAsv*sd*bc02sc00i* igbvf\n"
                          "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
                          "alias vfio_pci:v00008086d*sv*sd*bc*sc*i* some_vfio_pci\n"
                          "alias vfio_pci:v00008086d000010CAsv*sd*bc*sc*i* igb_vfio_pci\n"
                          "alias vfio_pci:v00008086d000010CAsv*sd*bc*sc*i* late_vfio_pci\n"
                          "alias vfio_pci:v00008086d000010CAsv*sd*bc02sc00i* some_vfio_pci\n"
                          "alias\nalias pci:broken\n");
    own = vas_kernel_modules_for(host, "pci", IGB_VF);
    g_assert_cmpuint(own->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(own, 0), ==, "igbvf");
    vfio = vas_kernel_modules_for(host, "vfio_pci", IGB_VF);
    g_ptr_array_add(vfio, NULL);
    order = g_strjoinv(" ", (char **) vfio->pdata);
    g_assert_cmpstr(order, ==, "some_vfio_pci igb_vfio_pci late_vfio_pci vfio_pci");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kernel/parameters", test_parameters);
    g_test_add_func("/kernel/command-line", test_command_line);
    g_test_add_func("/kernel/module/states", test_module_states);
    g_test_add_func("/kernel/module/tree-is-gone", test_module_tree_is_gone);
    g_test_add_func("/kernel/module/prohibited", test_prohibited);
    g_test_add_func("/kernel/module/prohibition-is-overridden", test_prohibition_is_overridden);
    g_test_add_func("/kernel/module/prohibited-by-command-line", test_prohibited_by_command_line);
    g_test_add_func("/kernel/modules-for", test_modules_for);
    return g_test_run();
}
