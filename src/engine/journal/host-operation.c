/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/host-operation.h"

#include "core/report/result.h"
#include "core/value/error.h"
#include "host/files/operation-file.h"

static VasHostAddress
first_of(const VasHostOperation *operation)
{
    const VasHostOperationDevice *first = g_ptr_array_index(operation->devices, 0);

    return first->device;
}

gboolean
vas_host_operation_begin(const VasContext *context, const VasHostOperation *operation)
{
    g_autoptr(GError) failure = NULL;

    if (vas_operation_file_write(context->host, operation, &failure))
        return TRUE;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "virt-assign recover will know nothing of this command, should it be "
                         "killed: %s",
                         failure->message);
    return FALSE;
}

static void
remove_file(const VasContext *context, VasHostAddress first)
{
    g_autoptr(GError) failure = NULL;

    if (!vas_operation_file_remove(context->host, first, &failure))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s", failure->message);
}

static gboolean
is_left(const VasHostOperationDevice *device, const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        if (result->has_device && vas_host_address_equal(result->device, device->device))
            return g_error_matches(result->error, VAS_ERROR, VAS_ERROR_UNDO_FAILED);
    }
    return FALSE;
}

/* Where each device is for itself the record keeps those whose undo failed, else all. FALSE: it
 * cannot be written, so none is on record any more. */
static gboolean
cut_to_left(const VasContext *context, VasHostOperation *operation, const GPtrArray *results)
{
    VasHostAddress first = first_of(operation);
    g_autoptr(GPtrArray) ended = g_ptr_array_new();

    for (guint i = 0; i < operation->devices->len; i++) {
        if (!is_left(g_ptr_array_index(operation->devices, i), results))
            g_ptr_array_add(ended, g_ptr_array_index(operation->devices, i));
    }
    if (ended->len == 0 || ended->len == operation->devices->len)
        return TRUE;
    remove_file(context, first);
    for (guint i = 0; i < ended->len; i++)
        g_ptr_array_remove(operation->devices, g_ptr_array_index(ended, i));
    return vas_host_operation_begin(context, operation);
}

void
vas_host_operation_close(const VasContext *context, VasHostOperation *operation,
                         const GPtrArray *results, GError **failure)
{
    const char *hint = vas_error_hint(*failure);

    if (!g_error_matches(*failure, VAS_ERROR, VAS_ERROR_UNDO_FAILED)) {
        remove_file(context, first_of(operation));
        return;
    }
    if (!cut_to_left(context, operation, results))
        return;
    if (hint != NULL)
        vas_error_set_hint(failure, "%s; then: virt-assign recover", hint);
    else
        vas_error_set_hint(failure, "when the cause is gone: virt-assign recover");
}
