/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "host/files/operation-file.h"
#include "testing.h"

#include <string.h>

const char fuzzing_corpus[] = "operation-file";

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};

/* Reads the file that our own writer writes, which makes the folder, too. Returns full. */
static char *
written(const VasHost *host, const VasHostOperation *operation, const char *path)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    vas_operation_file_write(host, operation, &error);
    g_assert_no_error(error);
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static void
assert_plain(const char *name)
{
    fuzzing_assert_utf8(name);
    g_assert_true(name == NULL || (*name != '\0' && *name != '.' && strpbrk(name, "/\n") == NULL));
}

/* A text that becomes a path or is written to sysfs is a plain name. */
static void
assert_names(const VasHostOperation *operation)
{
    const VasHostOperationDevice *first = g_ptr_array_index(operation->devices, 0);

    g_assert_true(vas_host_address_equal(first->device, vf));
    g_assert_nonnull(vas_host_operation_name(operation->kind));
    assert_plain(operation->driver);
    for (guint i = 0; i < operation->devices->len; i++) {
        const VasHostOperationDevice *device = g_ptr_array_index(operation->devices, i);

        assert_plain(device->driver);
        assert_plain(device->override);
        assert_plain(device->wanted);
        assert_plain(device->wanted_override);
    }
}

/* The operation is the same when it is written and read again. */
static void
assert_stays(const VasHost *host, const VasHostOperation *operation, const char *path)
{
    g_autofree char *once = written(host, operation, path);
    g_autofree char *twice = NULL;
    g_autoptr(VasHostOperation) again = NULL;
    g_autoptr(GError) error = NULL;

    vas_operation_file_read(host, vf, &again, &error);
    g_assert_no_error(error);
    assert_names(again);
    twice = written(host, again, path);
    g_assert_cmpstr(once, ==, twice);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *name = vas_operation_file_path(vf);
    g_autofree char *path = vas_host_path(host, name);
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);
    g_autofree char *own = NULL;
    g_autoptr(GError) error = NULL;
    VasHostOperation *read = operation;
    gboolean is_read = FALSE;

    vas_host_operation_add(operation, vf);
    own = written(host, operation, path);
    g_assert_true(g_file_set_contents(path, (const char *) data, (gssize) size, NULL));
    is_read = vas_operation_file_read(host, vf, &read, &error);
    fuzzing_assert_outcome(is_read, error);
    if (!is_read) {
        g_assert_true(read == operation);
        return 0;
    }
    assert_names(read);
    assert_stays(host, read, path);
    vas_host_operation_free(read);
    return 0;
}
