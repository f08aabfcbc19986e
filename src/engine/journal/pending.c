/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/pending.h"

#include "engine/journal/proof.h"
#include "engine/journal/record-store.h"

static gboolean
is_record_of(const VasPendingRelease *record, const VasAssignment *live)
{
    return g_strcmp0(record->alias, live->alias) == 0 && live->has_device &&
           vas_host_address_equal(record->device, live->device);
}

gboolean
vas_pending_is_current(const VasPendingRelease *record, const VasGuest *guest)
{
    if (guest->live == NULL || record->run_id != guest->run_id)
        return FALSE;
    for (guint i = 0; i < guest->live->assignments->len; i++) {
        if (is_record_of(record, g_ptr_array_index(guest->live->assignments, i)))
            return TRUE;
    }
    return FALSE;
}

/* Drops stale releases and @live's (NULL: none). */
static void
cut_releases(VasGuestRecord *record, const VasGuest *guest, const VasAssignment *live)
{
    for (guint i = record->releases->len; i > 0; i--) {
        const VasPendingRelease *release = g_ptr_array_index(record->releases, i - 1);

        if ((live != NULL && is_record_of(release, live)) ||
            !vas_pending_is_current(release, guest))
            g_ptr_array_remove_index(record->releases, i - 1);
    }
}

GPtrArray *
vas_pending_load(const VasContext *context, const VasGuest *guest, gboolean adopted, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_record_load(context, guest, VAS_SCOPE_LIVE, error);

    if (record == NULL)
        return NULL;
    cut_releases(record, guest, NULL);
    for (guint i = record->releases->len; !adopted && i > 0; i--) {
        if (!((const VasPendingRelease *) g_ptr_array_index(record->releases, i - 1))->is_proven)
            g_ptr_array_remove_index(record->releases, i - 1);
    }
    return g_ptr_array_ref(record->releases);
}

VasPendingRelease *
vas_pending_find(const GPtrArray *pending, const VasAssignment *live)
{
    for (guint i = 0; i < pending->len; i++) {
        VasPendingRelease *release = g_ptr_array_index(pending, i);

        if (is_record_of(release, live))
            return release;
    }
    return NULL;
}

const VasPendingRelease *
vas_pending_request(const VasContext *context, const VasGuest *guest, const VasAssignment *live,
                    const VasGuestDefinition *now)
{
    const VasPendingRelease *release = NULL;

    vas_proof_check(context, guest->uuid, now->record);
    if (now->record != NULL)
        release = vas_pending_find(now->record->releases, live);
    if (release == NULL || release->run_id != guest->run_id)
        return NULL;
    if (release->is_proven)
        return release;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "the record that guest %s was asked to release %s is not sealed by this "
                         "host for this guest, and counts for nothing",
                         guest->name, vas_host_address_text(live->device).text);
    return NULL;
}

gboolean
vas_pending_record(const VasContext *context, const VasGuest *guest, const VasAssignment *live,
                   VasGuestDefinition *now, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_record_take(context, guest, VAS_SCOPE_LIVE, now, error);
    VasPendingRelease *release = NULL;

    if (record == NULL)
        return FALSE;
    cut_releases(record, guest, NULL);
    release = vas_pending_find(record->releases, live);
    if (release == NULL) {
        release = g_new0(VasPendingRelease, 1);
        release->alias = g_strdup(live->alias);
        release->device = live->device;
        g_ptr_array_add(record->releases, release);
    }
    release->is_proven = TRUE;
    release->run_id = guest->run_id;
    release->asked_at = g_get_real_time() / G_USEC_PER_SEC;
    return vas_record_store(context, guest, VAS_SCOPE_LIVE, record, error);
}

gboolean
vas_pending_drop(const VasContext *context, const VasGuest *guest, const VasAssignment *live,
                 VasGuestDefinition *now, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_record_take(context, guest, VAS_SCOPE_LIVE, now, error);
    guint before = 0;

    if (record == NULL)
        return FALSE;
    before = record->releases->len;
    cut_releases(record, guest, live);
    return record->releases->len == before ||
           vas_record_store(context, guest, VAS_SCOPE_LIVE, record, error);
}

gboolean
vas_pending_prune(const VasContext *context, const VasGuest *guest, GError **error)
{
    const VasGuestRecord *known = guest->live->record;
    gboolean is_stale = FALSE;

    for (guint i = 0; known != NULL && i < known->releases->len; i++)
        is_stale =
            is_stale || !vas_pending_is_current(g_ptr_array_index(known->releases, i), guest);
    if (!is_stale)
        return TRUE;
    g_clear_pointer(&guest->live->record, vas_guest_record_free);
    return vas_pending_drop(context, guest, NULL, NULL, error);
}
