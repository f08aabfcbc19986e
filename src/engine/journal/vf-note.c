/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/vf-note.h"

#include "core/value/error.h"
#include "xml/vf-record-xml.h"

#define PREFIX "vf-"

gboolean
vas_vf_note_write(const VasHost *host, const VasVfRecord *record, GError **error)
{
    g_autofree char *name = vas_record_text_name(PREFIX, record->device);
    g_autofree char *text = vas_vf_record_xml_format(record);

    return vas_record_text_write(host, name, text, error);
}

static gpointer
parse(const char *text, VasHostAddress device, GError **error)
{
    g_autoptr(VasVfRecord) record = vas_vf_record_xml_parse(text, error);

    if (record == NULL || vas_host_address_equal(record->device, device))
        return g_steal_pointer(&record);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is not its device",
                vas_host_address_text(device).text);
    return NULL;
}

gboolean
vas_vf_note_read(const VasHost *host, VasHostAddress device, VasVfRecord **ret_record,
                 GError **error)
{
    return vas_record_text_parse(host, PREFIX, device, parse, "the settings of a VF",
                                 (gpointer *) ret_record, error);
}

gboolean
vas_vf_note_remove(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *name = vas_record_text_name(PREFIX, device);

    return vas_record_text_remove(host, name, error);
}

GPtrArray *
vas_vf_note_list(const VasHost *host)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_record_free);
    g_autoptr(GArray) devices = vas_record_text_list(host, PREFIX, NULL);

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        VasVfRecord *record = NULL;

        if (vas_vf_note_read(host, g_array_index(devices, VasHostAddress, i), &record, NULL) &&
            record != NULL)
            g_ptr_array_add(notes, record);
    }
    return notes;
}
