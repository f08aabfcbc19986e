/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/host-operation.h"

static const char *const names[] = {"vfs", "host-detach", "host-reattach"};

const char *
vas_host_operation_name(VasHostOperationKind kind)
{
    return names[kind];
}

gboolean
vas_host_operation_kind_parse(const char *name, VasHostOperationKind *ret_kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!g_str_equal(name, names[i]))
            continue;
        *ret_kind = (VasHostOperationKind) i;
        return TRUE;
    }
    return FALSE;
}

static void
device_free(gpointer data)
{
    VasHostOperationDevice *device = data;

    g_free(device->identity);
    g_free(device->driver);
    g_free(device->override);
    g_free(device->wanted);
    g_free(device->wanted_override);
    g_free(device);
}

VasHostOperation *
vas_host_operation_new(VasHostOperationKind kind)
{
    VasHostOperation *operation = g_new0(VasHostOperation, 1);

    operation->kind = kind;
    operation->started_at = g_get_real_time() / G_USEC_PER_SEC;
    operation->devices = g_ptr_array_new_with_free_func(device_free);
    return operation;
}

void
vas_host_operation_free(VasHostOperation *operation)
{
    if (operation == NULL)
        return;
    g_ptr_array_unref(operation->devices);
    g_free(operation->driver);
    vas_vf_rule_free(operation->before.rule);
    vas_vf_rule_free(operation->wished.rule);
    g_free(operation);
}

VasHostOperationDevice *
vas_host_operation_add(VasHostOperation *operation, VasHostAddress device)
{
    VasHostOperationDevice *row = g_new0(VasHostOperationDevice, 1);

    row->device = device;
    g_ptr_array_add(operation->devices, row);
    return row;
}
