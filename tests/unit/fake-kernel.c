/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-kernel.h"

#include "core/value/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char *
device_path(const char *device, const char *leaf)
{
    return g_strdup_printf("/sys/bus/pci/devices/%s/%s", device, leaf);
}

static char *
full_path(const FakeKernel *kernel, const char *path)
{
    return g_build_filename(kernel->root->path, path, NULL);
}

static gboolean
has_driver(const FakeKernel *kernel, const char *driver)
{
    g_autofree char *path = g_build_filename("/sys/bus/pci/drivers", driver, NULL);
    g_autofree char *full = full_path(kernel, path);

    return g_file_test(full, G_FILE_TEST_IS_DIR);
}

static void
set_driver(const FakeKernel *kernel, const char *device, const char *driver)
{
    g_autofree char *path = device_path(device, "driver");
    g_autofree char *full = full_path(kernel, path);
    g_autofree char *target = NULL;

    (void) unlink(full);
    if (driver == NULL)
        return;
    target = g_strdup_printf("../../drivers/%s", driver);
    testing_scratch_link(kernel->root, path, target);
}

static void
set_override(const FakeKernel *kernel, const char *device, const char *text)
{
    g_autofree char *path = device_path(device, "driver_override");

    testing_scratch_write(kernel->root, path, *text == '\n' ? "(null)\n" : text);
}

char *
fake_kernel_driver(const FakeKernel *kernel, const char *device)
{
    g_autofree char *path = device_path(device, "driver");
    g_autofree char *full = full_path(kernel, path);
    g_autofree char *target = g_file_read_link(full, NULL);

    return target == NULL ? NULL : g_path_get_basename(target);
}

char *
fake_kernel_override(const FakeKernel *kernel, const char *device)
{
    g_autofree char *path = device_path(device, "driver_override");
    g_autofree char *full = full_path(kernel, path);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
    g_strchomp(text);
    return strcmp(text, "(null)") == 0 ? NULL : g_steal_pointer(&text);
}

static gboolean
matches(const FakeKernel *kernel, const char *device, const char *driver)
{
    g_autofree char *override = fake_kernel_override(kernel, device);

    if (override != NULL)
        return strcmp(override, driver) == 0;
    return g_strcmp0(kernel->dynamic, driver) == 0 ||
           g_strcmp0(g_hash_table_lookup(kernel->native, device), driver) == 0;
}

static int
bind_to(const FakeKernel *kernel, const char *device, const char *driver)
{
    g_autofree char *now = fake_kernel_driver(kernel, device);

    if (!has_driver(kernel, driver) || !matches(kernel, device, driver))
        return ENODEV;
    if (now != NULL)
        return EBUSY;
    if (g_strcmp0(kernel->failing, driver) == 0)
        return EIO;
    set_driver(kernel, device, driver);
    return 0;
}

/* Whatever comes of it, the probe was done. */
static int
probe(const FakeKernel *kernel, const char *device)
{
    g_autofree char *override = fake_kernel_override(kernel, device);
    const char *candidates[] = {override, kernel->dynamic,
                                g_hash_table_lookup(kernel->native, device)};

    for (guint i = 0; i < G_N_ELEMENTS(candidates); i++) {
        if (candidates[i] != NULL && bind_to(kernel, device, candidates[i]) == 0)
            return 0;
    }
    return 0;
}

static int
obey(const FakeKernel *kernel, const char *path, const char *text)
{
    g_autofree char *leaf = g_path_get_basename(path);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *owner = g_path_get_basename(folder);

    if (strcmp(leaf, "driver_override") == 0)
        set_override(kernel, owner, text);
    else if (strcmp(leaf, "unbind") == 0)
        set_driver(kernel, text, NULL);
    else if (strcmp(leaf, "drivers_probe") == 0)
        return probe(kernel, text);
    else if (strcmp(leaf, "bind") == 0)
        return bind_to(kernel, text, owner);
    else
        g_error("the kernel has no %s", path);
    return 0;
}

static int
write_attribute(const char *path, const char *text, gpointer data)
{
    FakeKernel *kernel = data;
    g_autofree char *leaf = g_path_get_basename(path);
    g_autofree char *shown = g_strchomp(g_strdup(text));

    kernel->writes++;
    g_string_append_printf(kernel->log, "%s=%s ", leaf, shown);
    if (kernel->writes != kernel->faulty_write)
        return obey(kernel, path, text);
    if (kernel->fault == FAKE_WRITE_LIES)
        return 0;
    if (kernel->fault == FAKE_WRITE_FAILS_LATE)
        (void) obey(kernel, path, text);
    return EIO;
}

static gboolean
load_module(const char *name, gpointer data, GError **error)
{
    FakeKernel *kernel = data;

    if (kernel->loadable != NULL &&
        (strcmp(name, kernel->loadable) == 0 || g_strcmp0(name, kernel->modalias) == 0)) {
        fake_kernel_add_driver(kernel, kernel->loadable);
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "module %s not found", name);
    return FALSE;
}

void
fake_kernel_add_driver(FakeKernel *kernel, const char *driver)
{
    g_autofree char *path = g_build_filename("/sys/bus/pci/drivers", driver, "bind", NULL);

    testing_scratch_write(kernel->root, path, "");
}

void
fake_kernel_add_device(FakeKernel *kernel, const char *device, const char *native,
                       const char *driver)
{
    g_autofree char *modalias = device_path(device, "modalias");

    g_hash_table_insert(kernel->native, (gpointer) device, (gpointer) native);
    testing_scratch_write(kernel->root, modalias, "pci:v00008086d000010CA\n");
    set_override(kernel, device, "\n");
    set_driver(kernel, device, driver);
}

FakeKernel *
fake_kernel_new(VasHost *host, const TestingScratch *root)
{
    FakeKernel *kernel = g_new0(FakeKernel, 1);

    kernel->root = root;
    kernel->native = g_hash_table_new(g_str_hash, g_str_equal);
    kernel->log = g_string_new(NULL);
    host->write_attribute = write_attribute;
    host->writer_data = kernel;
    host->load_module = load_module;
    host->loader_data = kernel;
    return kernel;
}

void
fake_kernel_free(FakeKernel *kernel)
{
    g_hash_table_unref(kernel->native);
    g_string_free(kernel->log, TRUE);
    g_free(kernel);
}
