/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/record-file.h"

#include "core/value/error.h"
#include "host/files/run-folder.h"
#include "xml/operation-xml.h"

#define PREFIX "operation-"

char *
vas_record_file_path(VasHostAddress device)
{
    g_autofree char *name = vas_record_text_name(PREFIX, device);

    return vas_run_file_path(name);
}

VasHostAddress
vas_record_file_device(const VasOperation *operation)
{
    return ((const VasOperationDevice *) g_ptr_array_index(operation->devices, 0))->device;
}

gboolean
vas_record_file_write(const VasHost *host, const VasOperation *operation, GError **error)
{
    g_autofree char *name = vas_record_text_name(PREFIX, vas_record_file_device(operation));
    g_autofree char *text = vas_operation_xml_format(operation);

    return vas_record_text_write(host, name, text, error);
}

static gpointer
parse(const char *text, VasHostAddress first, GError **error)
{
    g_autoptr(VasOperation) operation = vas_operation_xml_parse(text, error);

    if (operation == NULL)
        return NULL;
    if (vas_host_address_equal(vas_record_file_device(operation), first))
        return g_steal_pointer(&operation);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is not its first device",
                vas_host_address_text(first).text);
    return NULL;
}

gboolean
vas_record_file_read(const VasHost *host, VasHostAddress device, VasOperation **ret_operation,
                     GError **error)
{
    return vas_record_text_parse(host, PREFIX, device, parse, "the record of a command",
                                 (gpointer *) ret_operation, error);
}

gboolean
vas_record_file_remove(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *name = vas_record_text_name(PREFIX, device);

    return vas_record_text_remove(host, name, error);
}

GArray *
vas_record_file_list(const VasHost *host, GError **error)
{
    return vas_record_text_list(host, PREFIX, error);
}
