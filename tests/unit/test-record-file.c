/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/record-file.h"

#include "core/value/error.h"
#include "host-world.h"

#define FILE_PATH "/run/virt-assign/operation-0000:01:10.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress other = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

static VasOperation *
written_and_read(HostWorld *world, const VasOperation *operation)
{
    VasOperation *read = NULL;

    g_assert_true(vas_record_file_write(world->host, operation, &world->error));
    g_assert_true(vas_record_file_read(world->host, vf, &read, &world->error));
    g_assert_no_error(world->error);
    g_assert_nonnull(read);
    g_assert_cmpint(read->kind, ==, operation->kind);
    g_assert_cmpstr(read->id, ==, operation->id);
    g_assert_cmpstr(read->origin, ==, operation->origin);
    g_assert_cmpint(read->each_alone, ==, operation->each_alone);
    g_assert_cmpint(read->started_at, ==, operation->started_at);
    g_assert_cmpuint(read->devices->len, ==, operation->devices->len);
    return read;
}

static void
test_binding(HostWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation =
        vas_operation_new(VAS_OPERATION_HOST_REATTACH, "uid 0 on hv1");
    VasOperationDevice *first = vas_operation_add(operation, vf);
    g_autoptr(VasOperation) read = NULL;
    const VasOperationDevice *device = NULL;

    first->identity = g_strdup("boot/17");
    first->driver = g_strdup("vfio-pci");
    first->override = g_strdup("vfio-pci");
    first->wanted = g_strdup("uio_pci_generic");
    first->wanted_override = g_strdup("igbvf");
    operation->driver = g_strdup("mlx5_vfio_pci");
    operation->started_at = 1234567890;
    operation->each_alone = TRUE;
    vas_operation_add(operation, other);
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
test_vfs(HostWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_VFS, NULL);
    VasVfRule rule = {4, FALSE, (char *) "igb"};
    g_autoptr(VasOperation) read = NULL;

    vas_operation_add(operation, vf);
    vas_vfs_state_set(&operation->vfs_before, 2, TRUE, NULL);
    vas_vfs_state_set(&operation->vfs_wished, 4, FALSE, &rule);
    read = written_and_read(world, operation);
    g_assert_cmpuint(read->vfs_before.count, ==, 2);
    g_assert_true(read->vfs_before.autoprobe);
    g_assert_null(read->vfs_before.rule);
    g_assert_cmpuint(read->vfs_wished.count, ==, 4);
    g_assert_false(read->vfs_wished.autoprobe);
    g_assert_true(vas_vf_rule_equal(read->vfs_wished.rule, &rule));
}

static void
test_none(HostWorld *world, gconstpointer data)
{
    VasOperation *operation = NULL;

    g_assert_true(vas_record_file_read(world->host, vf, &operation, &world->error));
    g_assert_null(operation);
}

#define OF(command, parts)                                                                         \
    "<operation version='1' id='a' started='1' command='" command "'>" parts "</operation>"
#define DEVICE "<device device='0000:01:10.0'/>"
#define DETACH(attributes) OF("host-detach", "<device device='0000:01:10.0' " attributes "/>")
#define WISHED "<wished count='1' autoprobe='yes'/>"
#define VFS(parts) OF("vfs", DEVICE parts)

static void
test_malformed(HostWorld *world, gconstpointer data)
{
    static const char *const texts[] = {
        "",
        "not XML\n",
        "<other/>",
        "<operation/>",
        "<operation version='one' id='a' started='1' command='host-detach'>" DEVICE "</operation>",
        "<operation version='0' id='a' started='1' command='host-detach'>" DEVICE "</operation>",
        "<operation version='1' id='a' started='1'>" DEVICE "</operation>",
        OF("attach", DEVICE),
        OF("host-detach", ""),
        OF("host-detach", "<device device='0000:01:10.2'/>"),
        OF("host-detach", "<device device='0000:01:99.0'/>"),
        DETACH("driver='evil/../..'"),
        DETACH("driver='..'"),
        DETACH("driver='\xff\xfe'"),
        DETACH("override=''"),
        DETACH("wanted='a&#10;b'"),
        DETACH("wanted-override='a/b'"),
        "<operation version='1' id='a' started='1' command='host-detach' driver='a/b'>" DEVICE
        "</operation>",
        VFS(""),
        VFS(WISHED),
        VFS(WISHED "<before count='-1' autoprobe='yes'/>"),
        VFS(WISHED "<before count='65536' autoprobe='yes'/>"),
        VFS(WISHED "<before count='1' autoprobe='perhaps'/>"),
        VFS("<before count='1' autoprobe='yes'/>"),
        VFS(WISHED "<before count='1' autoprobe='yes'><rule count='1'/></before>"),
        VFS(WISHED "<before count='1' autoprobe='yes'>"
                   "<rule count='1' autoprobe='yes'/></before>"),
        VFS(WISHED "<before count='1' autoprobe='yes'>"
                   "<rule count='1' autoprobe='yes' driver='a/b'/></before>"),
    };
    VasOperation *operation = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_test_message("%s", texts[i]);
        testing_scratch_write(world->scratch, FILE_PATH, texts[i]);
        g_assert_false(vas_record_file_read(world->host, vf, &operation, &world->error));
        g_assert_true(g_utf8_validate(world->error->message, -1, NULL));
        testing_assert_hint(world->error, "then remove the file");
        testing_assert_error(&world->error, VAS_ERROR_FAILED, FILE_PATH);
        g_assert_null(operation);
    }
    testing_scratch_write(world->scratch, FILE_PATH, DETACH("driver='igbvf'"));
    g_assert_true(vas_record_file_read(world->host, vf, &operation, &world->error));
    vas_operation_free(operation);
}

static void
test_newer(HostWorld *world, gconstpointer data)
{
    VasOperation *operation = NULL;

    testing_scratch_write(world->scratch, FILE_PATH, "<operation version='2' way='another'/>");
    g_assert_false(vas_record_file_read(world->host, vf, &operation, &world->error));
    testing_assert_hint(world->error, "newer one");
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED,
                         FILE_PATH
                         " cannot be read as the record of a command: it is of version 2");
}

static void
test_folder_of_another(HostWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);

    testing_scratch_write(world->scratch, "/elsewhere/file", "");
    testing_scratch_link(world->scratch, "/run/virt-assign", "../elsewhere");
    vas_operation_add(operation, vf);
    g_assert_false(vas_record_file_write(world->host, operation, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "write " FILE_PATH);
}

#define ADD(name, function)                                                                        \
    g_test_add("/record-file/" name, HostWorld, NULL, host_world_set_up, function,                 \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("none", test_none);
    ADD("binding", test_binding);
    ADD("vfs", test_vfs);
    ADD("malformed", test_malformed);
    ADD("newer", test_newer);
    ADD("folder-of-another", test_folder_of_another);
    return g_test_run();
}
