/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/operation.h"

static const char *const kind_names[] = {
    [VAS_OPERATION_ATTACH] = "attach",
    [VAS_OPERATION_DETACH] = "detach",
    [VAS_OPERATION_PORTS] = "ports",
    [VAS_OPERATION_VFS] = "vfs",
    [VAS_OPERATION_HOST_DETACH] = "host-detach",
    [VAS_OPERATION_HOST_REATTACH] = "host-reattach",
};

const char *
vas_operation_kind_name(VasOperationKind kind)
{
    return kind_names[kind];
}

gboolean
vas_operation_kind_parse(const char *name, VasOperationKind *ret_kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        if (!g_str_equal(name, kind_names[i]))
            continue;
        *ret_kind = (VasOperationKind) i;
        return TRUE;
    }
    return FALSE;
}

gboolean
vas_operation_is_of_host(const VasOperation *operation)
{
    return operation->kind >= VAS_OPERATION_VFS;
}

static void
device_free(gpointer data)
{
    VasOperationDevice *device = data;

    g_free(device->identity);
    g_free(device->driver);
    g_free(device->alias);
    g_free(device->network);
    g_free(device->override);
    g_free(device->wanted);
    g_free(device->wanted_override);
    g_free(device->wish);
    g_free(device);
}

static VasOperation *
operation_new(VasOperationKind kind, const char *id, const char *origin, gint64 started_at)
{
    VasOperation *operation = g_new0(VasOperation, 1);

    operation->kind = kind;
    operation->id = g_strdup(id);
    operation->origin = g_strdup(origin);
    operation->started_at = started_at;
    operation->is_proven = TRUE;
    operation->devices = g_ptr_array_new_with_free_func(device_free);
    operation->ports = g_ptr_array_new_with_free_func(g_free);
    operation->wishes = g_ptr_array_new_with_free_func((GDestroyNotify) vas_wish_free);
    operation->gone = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    return operation;
}

VasOperation *
vas_operation_new(VasOperationKind kind, const char *origin)
{
    g_autofree char *id = g_uuid_string_random();

    return operation_new(kind, id, origin, g_get_real_time() / G_USEC_PER_SEC);
}

static VasOperationDevice *
device_copy(const VasOperationDevice *device)
{
    VasOperationDevice *copy = g_memdup2(device, sizeof *device);

    copy->identity = g_strdup(device->identity);
    copy->driver = g_strdup(device->driver);
    copy->alias = g_strdup(device->alias);
    copy->network = g_strdup(device->network);
    copy->override = g_strdup(device->override);
    copy->wanted = g_strdup(device->wanted);
    copy->wanted_override = g_strdup(device->wanted_override);
    copy->wish = g_strdup(device->wish);
    return copy;
}

static void
copy_state(VasVfsState *copy, const VasVfsState *state)
{
    vas_vfs_state_set(copy, state->count, state->autoprobe, state->rule);
}

VasOperation *
vas_operation_copy(const VasOperation *operation)
{
    VasOperation *copy =
        operation_new(operation->kind, operation->id, operation->origin, operation->started_at);

    copy->each_alone = operation->each_alone;
    copy->persist = operation->persist;
    copy->seal = g_strdup(operation->seal);
    copy->is_proven = operation->is_proven;
    copy->driver = g_strdup(operation->driver);
    copy_state(&copy->vfs_before, &operation->vfs_before);
    copy_state(&copy->vfs_wished, &operation->vfs_wished);
    for (guint i = 0; i < operation->devices->len; i++)
        g_ptr_array_add(copy->devices, device_copy(g_ptr_array_index(operation->devices, i)));
    for (guint i = 0; i < operation->ports->len; i++)
        g_ptr_array_add(copy->ports, g_memdup2(g_ptr_array_index(operation->ports, i),
                                               sizeof(VasPciController)));
    for (guint i = 0; i < operation->wishes->len; i++)
        g_ptr_array_add(copy->wishes, vas_wish_copy(g_ptr_array_index(operation->wishes, i)));
    return copy;
}

void
vas_operation_free(VasOperation *operation)
{
    if (operation == NULL)
        return;
    g_free(operation->id);
    g_free(operation->origin);
    g_ptr_array_unref(operation->devices);
    g_ptr_array_unref(operation->ports);
    g_ptr_array_unref(operation->wishes);
    g_array_unref(operation->gone);
    g_free(operation->driver);
    g_free(operation->seal);
    vas_vf_rule_free(operation->vfs_before.rule);
    vas_vf_rule_free(operation->vfs_wished.rule);
    g_free(operation);
}

VasOperationDevice *
vas_operation_add(VasOperation *operation, VasHostAddress address)
{
    VasOperationDevice *device = g_new0(VasOperationDevice, 1);

    device->device = address;
    g_ptr_array_add(operation->devices, device);
    return device;
}

VasOperationDevice *
vas_operation_find_device(const VasOperation *operation, VasHostAddress address)
{
    for (guint i = 0; i < operation->devices->len; i++) {
        VasOperationDevice *device = g_ptr_array_index(operation->devices, i);

        if (vas_host_address_equal(device->device, address))
            return device;
    }
    return NULL;
}

static VasWish *
find_wish(const VasOperation *operation, VasHostAddress device)
{
    for (guint i = 0; i < operation->wishes->len; i++) {
        VasWish *wish = g_ptr_array_index(operation->wishes, i);

        if (vas_host_address_equal(wish->device, device))
            return wish;
    }
    return NULL;
}

const VasWish *
vas_operation_find_wish(const VasOperation *operation, VasHostAddress device)
{
    return find_wish(operation, device);
}

void
vas_operation_drop_wish(VasOperation *operation, VasHostAddress device)
{
    (void) g_ptr_array_remove(operation->wishes, find_wish(operation, device));
}

void
vas_operation_note_gone(VasOperation *operation, VasHostAddress device)
{
    g_array_append_val(operation->gone, device);
}

gboolean
vas_operation_is_gone(const VasOperation *operation, VasHostAddress device)
{
    return vas_host_addresses_have(operation->gone, device);
}

VasAssignment *
vas_operation_device_assignment(const VasOperationDevice *device)
{
    VasAssignment *assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    assignment->has_device = TRUE;
    assignment->device = device->device;
    assignment->alias = g_strdup(device->alias);
    assignment->has_mac = device->has_mac;
    assignment->mac = device->mac;
    assignment->network = g_strdup(device->network);
    return assignment;
}
