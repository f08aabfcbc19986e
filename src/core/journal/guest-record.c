/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/guest-record.h"

#include "core/journal/operation.h"

void
vas_pending_release_free(VasPendingRelease *pending)
{
    if (pending == NULL)
        return;
    g_free(pending->alias);
    g_free(pending->seal);
    g_free(pending);
}

VasGuestRecord *
vas_guest_record_new(void)
{
    VasGuestRecord *record = g_new0(VasGuestRecord, 1);

    record->releases = g_ptr_array_new_with_free_func((GDestroyNotify) vas_pending_release_free);
    record->operations = g_ptr_array_new_with_free_func((GDestroyNotify) vas_operation_free);
    record->wishes = g_ptr_array_new_with_free_func((GDestroyNotify) vas_wish_free);
    return record;
}

void
vas_guest_record_free(VasGuestRecord *record)
{
    if (record == NULL)
        return;
    g_ptr_array_unref(record->releases);
    g_ptr_array_unref(record->operations);
    g_ptr_array_unref(record->wishes);
    g_free(record);
}

gboolean
vas_guest_record_is_empty(const VasGuestRecord *record)
{
    return record->releases->len == 0 && record->operations->len == 0 && record->wishes->len == 0;
}

static VasOperation *
find_operation(const VasGuestRecord *record, const char *id)
{
    for (guint i = 0; record != NULL && i < record->operations->len; i++) {
        VasOperation *operation = g_ptr_array_index(record->operations, i);

        if (g_str_equal(operation->id, id))
            return operation;
    }
    return NULL;
}

const VasOperation *
vas_guest_record_find_operation(const VasGuestRecord *record, const char *id)
{
    return find_operation(record, id);
}

static void
leave_devices(VasOperation *earlier, const VasOperation *operation)
{
    for (guint i = earlier->devices->len; i > 0; i--) {
        const VasOperationDevice *device = g_ptr_array_index(earlier->devices, i - 1);

        if (vas_operation_find_device(operation, device->device) == NULL)
            continue;
        vas_operation_drop_wish(earlier, device->device);
        g_ptr_array_remove_index(earlier->devices, i - 1);
    }
}

void
vas_guest_record_take_operation(VasGuestRecord *record, VasOperation *operation)
{
    (void) g_ptr_array_remove(record->operations, find_operation(record, operation->id));
    for (guint i = record->operations->len; i > 0; i--) {
        VasOperation *earlier = g_ptr_array_index(record->operations, i - 1);

        leave_devices(earlier, operation);
        if (earlier->devices->len == 0 && earlier->ports->len == 0)
            g_ptr_array_remove_index(record->operations, i - 1);
    }
    g_ptr_array_add(record->operations, operation);
}

gboolean
vas_guest_record_cut_operation(VasGuestRecord *record, const VasOperation *operation)
{
    VasOperation *recorded = find_operation(record, operation->id);
    gboolean is_cut = FALSE;

    if (recorded == NULL)
        return FALSE;
    for (guint i = recorded->devices->len; i > 0; i--) {
        const VasOperationDevice *device = g_ptr_array_index(recorded->devices, i - 1);

        if (vas_operation_find_device(operation, device->device) != NULL)
            continue;
        vas_operation_drop_wish(recorded, device->device);
        g_ptr_array_remove_index(recorded->devices, i - 1);
        is_cut = TRUE;
    }
    if (operation->ports->len == 0 && recorded->ports->len > 0) {
        g_ptr_array_set_size(recorded->ports, 0);
        is_cut = TRUE;
    }
    if (recorded->devices->len > 0 || recorded->ports->len > 0)
        return is_cut;
    g_ptr_array_remove(record->operations, recorded);
    return TRUE;
}

static VasWish *
find_wish(const VasGuestRecord *record, VasHostAddress device)
{
    for (guint i = 0; record != NULL && i < record->wishes->len; i++) {
        VasWish *wish = g_ptr_array_index(record->wishes, i);

        if (vas_host_address_equal(wish->device, device))
            return wish;
    }
    return NULL;
}

const VasWish *
vas_guest_record_find_wish(const VasGuestRecord *record, VasHostAddress device)
{
    return find_wish(record, device);
}

gboolean
vas_guest_record_drop_wish(VasGuestRecord *record, VasHostAddress device)
{
    return g_ptr_array_remove(record->wishes, find_wish(record, device));
}

void
vas_guest_record_take_wish(VasGuestRecord *record, VasWish *wish)
{
    (void) vas_guest_record_drop_wish(record, wish->device);
    g_ptr_array_add(record->wishes, wish);
}
