/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/host-operation.h"

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

void
vas_host_operation_end(const VasContext *context, const VasHostOperation *operation, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (g_error_matches(*error, VAS_ERROR, VAS_ERROR_UNDO_FAILED)) {
        g_autofree char *hint = g_strdup(vas_error_hint(*error));

        if (hint != NULL)
            vas_error_set_hint(error, "%s; then: virt-assign recover", hint);
        else
            vas_error_set_hint(error, "when the cause is gone: virt-assign recover");
        return;
    }
    if (!vas_operation_file_remove(context->host, first_of(operation), &failure))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s", failure->message);
}
