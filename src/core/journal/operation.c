/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/operation.h"

static const char *const kind_names[] = {
    [VAS_OPERATION_ATTACH] = "attach",
    [VAS_OPERATION_DETACH] = "detach",
    [VAS_OPERATION_PORTS] = "ports",
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

static VasOperation *
operation_new(VasOperationKind kind, const char *id, const char *origin, gint64 started_at)
{
    VasOperation *operation = g_new0(VasOperation, 1);

    operation->kind = kind;
    operation->id = g_strdup(id);
    operation->origin = g_strdup(origin);
    operation->started_at = started_at;
    operation->devices = g_ptr_array_new_with_free_func((GDestroyNotify) vas_operation_device_free);
    operation->ports = g_ptr_array_new_with_free_func(g_free);
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

    copy->alias = g_strdup(device->alias);
    copy->driver = g_strdup(device->driver);
    copy->identity = g_strdup(device->identity);
    return copy;
}

VasOperation *
vas_operation_copy(const VasOperation *operation)
{
    VasOperation *copy =
        operation_new(operation->kind, operation->id, operation->origin, operation->started_at);

    copy->each_alone = operation->each_alone;
    for (guint i = 0; i < operation->devices->len; i++)
        g_ptr_array_add(copy->devices, device_copy(g_ptr_array_index(operation->devices, i)));
    for (guint i = 0; i < operation->ports->len; i++)
        g_ptr_array_add(copy->ports, g_memdup2(g_ptr_array_index(operation->ports, i),
                                               sizeof(VasPciController)));
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
    g_free(operation);
}

VasOperationDevice *
vas_operation_device_new(VasHostAddress address, const char *alias, const char *driver)
{
    VasOperationDevice *device = g_new0(VasOperationDevice, 1);

    device->device = address;
    device->alias = g_strdup(alias);
    device->driver = g_strdup(driver);
    return device;
}

void
vas_operation_device_free(VasOperationDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->alias);
    g_free(device->driver);
    g_free(device->identity);
    g_free(device);
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

VasAssignment *
vas_operation_device_assignment(const VasOperationDevice *device)
{
    VasAssignment *assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    assignment->has_device = TRUE;
    assignment->device = device->device;
    assignment->alias = g_strdup(device->alias);
    assignment->has_mac = device->has_mac;
    assignment->mac = device->mac;
    return assignment;
}
