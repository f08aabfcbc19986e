/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/operation-file.h"

#include "core/value/error.h"
#include "testing.h"

#define FILE_PATH "/run/virt-assign/operation-0000:01:10.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress other = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

typedef struct {
    TestingScratch *scratch;
    VasHost *host;
    GError *error;
} World;

static void
world_set_up(World *world, gconstpointer data)
{
    (void) data;
    world->scratch = testing_scratch_new();
    world->host = vas_host_new(world->scratch->path);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    (void) data;
    g_assert_no_error(world->error);
    vas_host_free(world->host);
    testing_scratch_free(world->scratch);
}

static VasHostOperation *
written_and_read(World *world, const VasHostOperation *operation)
{
    VasHostOperation *read = NULL;

    g_assert_true(vas_operation_file_write(world->host, operation, &world->error));
    g_assert_true(vas_operation_file_read(world->host, vf, &read, &world->error));
    g_assert_no_error(world->error);
    g_assert_nonnull(read);
    g_assert_cmpint(read->kind, ==, operation->kind);
    g_assert_cmpint(read->started_at, ==, operation->started_at);
    g_assert_cmpuint(read->devices->len, ==, operation->devices->len);
    return read;
}

static void
test_binding(World *world, gconstpointer data)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_REATTACH);
    VasHostOperationDevice *first = vas_host_operation_add(operation, vf);
    g_autoptr(VasHostOperation) read = NULL;
    const VasHostOperationDevice *device = NULL;

    (void) data;
    first->identity = g_strdup("boot/17");
    first->driver = g_strdup("vfio-pci");
    first->override = g_strdup("vfio-pci");
    first->wanted = g_strdup("uio_pci_generic");
    first->wanted_override = g_strdup("igbvf");
    operation->driver = g_strdup("mlx5_vfio_pci");
    operation->started_at = 1234567890;
    vas_host_operation_add(operation, other);
    read = written_and_read(world, operation);
    g_assert_cmpstr(read->driver, ==, "mlx5_vfio_pci");
    device = g_ptr_array_index(read->devices, 0);
    g_assert_cmpstr(device->identity, ==, "boot/17");
    g_assert_cmpstr(device->driver, ==, "vfio-pci");
    g_assert_cmpstr(device->override, ==, "vfio-pci");
    g_assert_cmpstr(device->wanted, ==, "uio_pci_generic");
    g_assert_cmpstr(device->wanted_override, ==, "igbvf");
    device = g_ptr_array_index(read->devices, 1);
    g_assert_true(vas_host_address_equal(device->device, other));
    g_assert_null(device->identity);
    g_assert_null(device->driver);
    g_assert_null(device->override);
    g_assert_null(device->wanted);
    g_assert_null(device->wanted_override);
}

static void
test_vfs(World *world, gconstpointer data)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_VFS);
    VasVfRule rule = {4, FALSE, (char *) "igb"};
    g_autoptr(VasHostOperation) read = NULL;

    (void) data;
    vas_host_operation_add(operation, vf);
    vas_vfs_state_set(&operation->before, 2, TRUE, NULL);
    vas_vfs_state_set(&operation->wished, 4, FALSE, &rule);
    read = written_and_read(world, operation);
    g_assert_cmpuint(read->before.count, ==, 2);
    g_assert_true(read->before.autoprobe);
    g_assert_null(read->before.rule);
    g_assert_cmpuint(read->wished.count, ==, 4);
    g_assert_false(read->wished.autoprobe);
    g_assert_true(vas_vf_rule_equal(read->wished.rule, &rule));
}

static void
test_list_and_remove(World *world, gconstpointer data)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);
    g_autoptr(VasHostOperation) none = NULL;
    g_autoptr(GArray) before = vas_operation_file_list(world->host, &world->error);
    g_autoptr(GArray) devices = NULL;
    g_autoptr(GArray) after = NULL;

    (void) data;
    g_assert_cmpuint(before->len, ==, 0);
    vas_host_operation_add(operation, vf);
    g_assert_true(vas_operation_file_write(world->host, operation, &world->error));
    testing_scratch_write(world->scratch, FILE_PATH ".Xy12Zz", "on its way");
    testing_scratch_write(world->scratch, "/run/virt-assign/operation-old", "");
    testing_scratch_write(world->scratch, "/run/virt-assign/operation-01:10.0", "");
    devices = vas_operation_file_list(world->host, &world->error);
    g_assert_cmpuint(devices->len, ==, 1);
    g_assert_true(vas_host_address_equal(g_array_index(devices, VasHostAddress, 0), vf));
    g_assert_true(vas_operation_file_remove(world->host, vf, &world->error));
    g_assert_true(vas_operation_file_remove(world->host, vf, &world->error));
    after = vas_operation_file_list(world->host, &world->error);
    g_assert_cmpuint(after->len, ==, 0);
    g_assert_true(vas_operation_file_read(world->host, vf, &none, &world->error));
    g_assert_null(none);
}

#define HEAD "[operation]\nversion=1\ncommand=host-detach\n"
#define WISHED "[wished]\nvfs=1\nautoprobe=true\n"
#define VFS "[operation]\nversion=1\ncommand=vfs\n[device 0000:01:10.0]\nidentity=\n"

static void
test_malformed(World *world, gconstpointer data)
{
    static const char *const texts[] = {
        "",
        "no group\n",
        "[operation]\n",
        "[operation]\nversion=one\ncommand=host-detach\n[device 0000:01:10.0]\n",
        "[operation]\nversion=0\ncommand=host-detach\n[device 0000:01:10.0]\n",
        "[operation]\nversion=1\n[device 0000:01:10.0]\n",
        "[operation]\nversion=1\ncommand=attach\n[device 0000:01:10.0]\n",
        HEAD,
        HEAD "[device 0000:01:10.2]\n",
        HEAD "[device 0000:01:99.0]\n",
        HEAD "[device 0000:01:10.0]\ndriver=evil/../..\n",
        HEAD "[device 0000:01:10.0]\ndriver=..\n",
        HEAD "[device 0000:01:10.0]\ndriver=\xff\xfe\n",
        HEAD "[device 0000:01:10.0]\noverride=\\q\n",
        HEAD "driver=a/b\n[device 0000:01:10.0]\n",
        HEAD "[device 0000:01:10.0]\noverride=\n",
        HEAD "[device 0000:01:10.0]\nwanted=a\\nb\n",
        HEAD "[device 0000:01:10.0]\nwanted-override=a/b\n",
        HEAD "\xff\xfe=\n",
        HEAD "[\xff\x01]\n",
        VFS,
        VFS WISHED,
        VFS WISHED "[before]\nvfs=-1\nautoprobe=true\n",
        VFS WISHED "[before]\nvfs=65536\nautoprobe=true\n",
        VFS WISHED "[before]\nvfs=1\nautoprobe=perhaps\n",
        VFS "[before]\nvfs=1\nautoprobe=true\n",
        VFS "[before]\nvfs=1\nautoprobe=true\n" WISHED "rule-vfs=1\n",
    };
    VasHostOperation *operation = NULL;

    (void) data;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        testing_scratch_write(world->scratch, FILE_PATH, texts[i]);
        g_assert_false(vas_operation_file_read(world->host, vf, &operation, &world->error));
        g_assert_true(g_utf8_validate(world->error->message, -1, NULL));
        testing_assert_hint(world->error, "then remove the file");
        testing_assert_error(&world->error, VAS_ERROR_FAILED, FILE_PATH);
        g_assert_null(operation);
    }
}

static void
test_newer(World *world, gconstpointer data)
{
    VasHostOperation *operation = NULL;

    (void) data;
    testing_scratch_write(world->scratch, FILE_PATH, "[operation]\nversion=2\nway=another\n");
    g_assert_false(vas_operation_file_read(world->host, vf, &operation, &world->error));
    testing_assert_hint(world->error, "newer one");
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED, "it is of version 2");
}

static void
test_too_long(World *world, gconstpointer data)
{
    g_autofree char *text = g_strnfill((gsize) 300 * 1024, '#');
    VasHostOperation *operation = NULL;

    (void) data;
    testing_scratch_write(world->scratch, FILE_PATH, text);
    g_assert_false(vas_operation_file_read(world->host, vf, &operation, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, FILE_PATH);
}

/* A record that is too long to be read again is not written. */
static void
test_too_long_to_write(World *world, gconstpointer data)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);
    g_autoptr(VasHostOperation) none = NULL;

    (void) data;
    vas_host_operation_add(operation, vf)->identity = g_strnfill((gsize) 300 * 1024, 'x');
    g_assert_false(vas_operation_file_write(world->host, operation, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "write " FILE_PATH);
    g_assert_true(vas_operation_file_read(world->host, vf, &none, &world->error));
    g_assert_null(none);
}

static void
test_links(World *world, gconstpointer data)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);
    VasHostOperation *read = NULL;

    (void) data;
    testing_scratch_write(world->scratch, "/elsewhere/file", HEAD "[device 0000:01:10.0]\n");
    testing_scratch_link(world->scratch, FILE_PATH, "../../elsewhere/file");
    g_assert_false(vas_operation_file_read(world->host, vf, &read, &world->error));
    testing_assert_hint(world->error, "root");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, FILE_PATH);
    testing_scratch_free(world->scratch);
    world->scratch = testing_scratch_new();
    vas_host_free(world->host);
    world->host = vas_host_new(world->scratch->path);
    testing_scratch_write(world->scratch, "/elsewhere/file", "");
    testing_scratch_link(world->scratch, "/run/virt-assign", "../elsewhere");
    g_assert_null(vas_operation_file_list(world->host, &world->error));
    testing_assert_hint(world->error, "root");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "/run/virt-assign");
    vas_host_operation_add(operation, vf);
    g_assert_false(vas_operation_file_write(world->host, operation, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "write " FILE_PATH);
    g_assert_false(vas_operation_file_remove(world->host, vf, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "remove " FILE_PATH);
}

#define ADD(name, function)                                                                        \
    g_test_add("/operation-file/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("binding", test_binding);
    ADD("vfs", test_vfs);
    ADD("list-and-remove", test_list_and_remove);
    ADD("malformed", test_malformed);
    ADD("newer", test_newer);
    ADD("too-long", test_too_long);
    ADD("too-long/to-write", test_too_long_to_write);
    ADD("links", test_links);
    return g_test_run();
}
