/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/pending.h"

static GPtrArray *
read_records(const VasContext *context, const VasGuest *guest, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = NULL;

    if (!hypervisor->get_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, VAS_SCOPE_LIVE, &xml,
                                  error))
        return NULL;
    return vas_metadata_xml_parse(xml, error);
}

static gboolean
is_record_of(const VasPendingRelease *record, const VasAssignment *live)
{
    return g_strcmp0(record->alias, live->alias) == 0 && live->has_device &&
           vas_host_address_equal(record->device, live->device);
}

static gboolean
is_current(const VasPendingRelease *record, const VasGuest *guest)
{
    const VasAssignment *live = NULL;

    if (guest->live == NULL || record->run_id != guest->run_id)
        return FALSE;
    live = vas_guest_definition_find_device(guest->live, record->device);
    return live != NULL && is_record_of(record, live);
}

GPtrArray *
vas_pending_load(const VasContext *context, const VasGuest *guest, GError **error)
{
    g_autoptr(GPtrArray) records = read_records(context, guest, error);

    if (records == NULL)
        return NULL;
    for (guint i = records->len; i > 0; i--) {
        if (!is_current(g_ptr_array_index(records, i - 1), guest))
            g_ptr_array_remove_index(records, i - 1);
    }
    return g_steal_pointer(&records);
}

VasPendingRelease *
vas_pending_find(const GPtrArray *pending, const VasAssignment *live)
{
    for (guint i = 0; i < pending->len; i++) {
        VasPendingRelease *record = g_ptr_array_index(pending, i);

        if (is_record_of(record, live))
            return record;
    }
    return NULL;
}

static gboolean
write_records(const VasContext *context, const VasGuest *guest, const GPtrArray *records,
              GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = vas_metadata_xml_format(records);

    return hypervisor->set_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, VAS_METADATA_PREFIX,
                                    xml, VAS_SCOPE_LIVE, error);
}

gboolean
vas_pending_record(const VasContext *context, const VasGuest *guest, const VasAssignment *live,
                   GError **error)
{
    g_autoptr(GPtrArray) records = vas_pending_load(context, guest, error);
    VasPendingRelease *record = NULL;

    if (records == NULL)
        return FALSE;
    record = vas_pending_find(records, live);
    if (record == NULL) {
        record = g_new0(VasPendingRelease, 1);
        record->alias = g_strdup(live->alias);
        record->device = live->device;
        g_ptr_array_add(records, record);
    }
    record->run_id = guest->run_id;
    record->asked_at = g_get_real_time() / G_USEC_PER_SEC;
    return write_records(context, guest, records, error);
}

gboolean
vas_pending_drop(const VasContext *context, const VasGuest *guest, const VasAssignment *live,
                 GError **error)
{
    g_autoptr(GPtrArray) records = read_records(context, guest, error);
    guint before = 0;

    if (records == NULL)
        return FALSE;
    before = records->len;
    for (guint i = records->len; i > 0; i--) {
        const VasPendingRelease *record = g_ptr_array_index(records, i - 1);

        if (is_record_of(record, live) || !is_current(record, guest))
            g_ptr_array_remove_index(records, i - 1);
    }
    return records->len == before || write_records(context, guest, records, error);
}
