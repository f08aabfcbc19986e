/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/guest-note.h"

#include "core/value/error.h"
#include "host/files/record-text.h"
#include "host/files/run-folder.h"
#include "xml/metadata-xml.h"

#include <string.h>

/* "guest-UUID" is the guest's lock. */
#define PREFIX "commands-"

static char *
file_name(const char *uuid)
{
    return g_strconcat(PREFIX, uuid, NULL);
}

/* Without a file the record is empty. Returns full. */
static VasGuestRecord *
load(const VasContext *context, const char *uuid, GError **error)
{
    g_autofree char *name = file_name(uuid);
    g_autofree char *text = NULL;
    VasGuestRecord *record = NULL;

    if (!vas_record_text_read(context->host, name, &text, error))
        return NULL;
    record = vas_metadata_xml_parse_note(text, error);
    if (record == NULL)
        g_prefix_error(error, "/run/virt-assign/%s cannot be read: ", name);
    return record;
}

static gboolean
save(const VasContext *context, const char *uuid, const VasGuestRecord *record, GError **error)
{
    g_autofree char *name = file_name(uuid);
    g_autofree char *text = vas_metadata_xml_format_note(record);

    return text != NULL ? vas_record_text_write(context->host, name, text, error)
                        : vas_record_text_remove(context->host, name, error);
}

/* The devices stay with an earlier operation as well: the metadata may not come to be written, and
 * tells whose they are. */
static gboolean
add(const VasContext *context, const VasGuest *guest, const VasOperation *operation, GError **error)
{
    g_autoptr(VasGuestRecord) record = load(context, guest->uuid, error);

    if (record == NULL)
        return FALSE;
    if (record->operations->len >= VAS_GUEST_RECORD_OPERATIONS_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "it has as many commands on record as fit");
        return FALSE;
    }
    g_ptr_array_add(record->operations, vas_operation_copy(operation));
    return save(context, guest->uuid, record, error);
}

/* A user whom libvirt lets take a device need not be root. */
gboolean
vas_guest_note_put(const VasContext *context, const VasGuest *guest, const VasOperation *operation)
{
    g_autoptr(GError) failure = NULL;

    if (context->host == NULL || add(context, guest, operation, &failure))
        return TRUE;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "virt-assign recover will put back no host driver and no VF setting, "
                         "should this command be killed: %s",
                         failure->message);
    return FALSE;
}

/* An operation that stays there for want of a write counts for nothing. */
void
vas_guest_note_cut(const VasContext *context, const char *uuid, const VasOperation *rest,
                   const GPtrArray *standing)
{
    g_autoptr(VasGuestRecord) record = context->host != NULL ? load(context, uuid, NULL) : NULL;
    gboolean is_cut;

    if (record == NULL)
        return;
    is_cut = rest != NULL && vas_guest_record_cut_operation(record, rest);
    for (guint i = record->operations->len; standing != NULL && i > 0; i--) {
        const VasOperation *operation = g_ptr_array_index(record->operations, i - 1);

        if (g_ptr_array_find_with_equal_func((GPtrArray *) standing, operation->id, g_str_equal,
                                             NULL))
            continue;
        g_ptr_array_remove_index(record->operations, i - 1);
        is_cut = TRUE;
    }
    if (is_cut)
        (void) save(context, uuid, record, NULL);
}

gboolean
vas_guest_note_knows(const VasContext *context, const char *uuid, const char *id)
{
    g_autoptr(VasGuestRecord) record = context->host != NULL ? load(context, uuid, NULL) : NULL;

    return vas_guest_record_find_operation(record, id) != NULL;
}

gboolean
vas_guest_note_exists(const VasContext *context, const char *uuid)
{
    g_autofree char *name = file_name(uuid);
    g_autofree char *text = NULL;

    return context->host != NULL && vas_record_text_read(context->host, name, &text, NULL) &&
           text != NULL;
}

/* A file that was being written has an ending, and counts for nothing. */
GStrv
vas_guest_note_list(const VasContext *context)
{
    g_autoptr(GStrvBuilder) uuids = g_strv_builder_new();
    g_auto(GStrv) files = NULL;

    (void) vas_run_file_list(context->host, PREFIX, &files);
    for (guint i = 0; files != NULL && files[i] != NULL; i++) {
        const char *uuid = files[i] + strlen(PREFIX);

        if (g_uuid_string_is_valid(uuid))
            g_strv_builder_add(uuids, uuid);
    }
    return g_strv_builder_end(uuids);
}

GPtrArray *
vas_guest_note_operations(const VasContext *context, const char *uuid, GError **error)
{
    g_autoptr(VasGuestRecord) record = load(context, uuid, error);

    if (record != NULL)
        return g_ptr_array_ref(record->operations);
    if (error != NULL && vas_error_hint(*error) == NULL)
        vas_error_set_hint(error,
                           "see that its devices are as they should be, then remove the file");
    return NULL;
}

static VasOperation *
complete_noted(const VasOperation *noted, const VasOperation *named)
{
    VasOperation *whole = vas_operation_copy(noted);

    for (guint i = whole->devices->len; i > 0; i--) {
        const VasOperationDevice *device = g_ptr_array_index(whole->devices, i - 1);

        if (vas_operation_find_device(named, device->device) == NULL)
            g_ptr_array_remove_index(whole->devices, i - 1);
    }
    if (named->ports->len == 0)
        g_ptr_array_set_size(whole->ports, 0);
    return whole;
}

/* The host is looked at for what goes live only: a device that the guest does not have counts as
 * one of the config, where it is not either. */
static VasOperation *
complete_unknown(const VasContext *context, const VasGuest *guest, const VasOperation *named)
{
    VasOperation *whole = vas_operation_copy(named);
    const char *command = vas_operation_kind_name(named->kind);

    if (named->devices->len > 0)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "what was before an earlier %s for guest %s is not known here: host "
                             "drivers and VF settings are left as they are",
                             command, guest->name);
    for (guint i = 0; i < whole->devices->len; i++) {
        VasOperationDevice *device = g_ptr_array_index(whole->devices, i);

        if (vas_guest_definition_has_device(guest->live, device->device) ||
            vas_guest_definition_has_device(guest->config, device->device))
            continue;
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "guest %s does not have %s, which the record of an earlier %s names: "
                             "it is left alone",
                             guest->name, vas_host_address_text(device->device).text, command);
        device->scope = VAS_SCOPE_CONFIG;
    }
    return whole;
}

VasOperation *
vas_guest_note_complete(const VasContext *context, const VasGuest *guest, const VasOperation *named)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(VasGuestRecord) record =
        context->host != NULL ? load(context, guest->uuid, &failure) : NULL;
    const VasOperation *noted = vas_guest_record_find_operation(record, named->id);

    if (failure != NULL)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s", failure->message);
    return noted != NULL ? complete_noted(noted, named) : complete_unknown(context, guest, named);
}
