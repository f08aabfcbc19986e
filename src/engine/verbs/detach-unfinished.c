/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/detach-unfinished.h"

#include "core/inventory/iommu-group.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/pending.h"

/* Tells what the subject is in the guest, live first; NULL: nothing. */
static const VasAssignment *
side_of(const VasDetachRun *run, guint index)
{
    const VasDetachSubject *subject = &g_array_index(run->subjects, VasDetachSubject, index);

    return subject->live != NULL ? subject->live : subject->config;
}

/* Whether something of the device is still to be done, or to be waited for. @leaving NULL: what the
 * running guest has could not be read. */
static gboolean
is_device_unfinished(const VasDetachRun *run, guint index, GPtrArray *leaving)
{
    const VasAssignment *live = g_array_index(run->subjects, VasDetachSubject, index).live;
    const VasResult *result = g_ptr_array_index(run->results, index);

    if (result->outcome == VAS_OUTCOME_PENDING ||
        g_error_matches(result->error, VAS_ERROR, VAS_ERROR_PARTIAL))
        return TRUE;
    return result->error != NULL && live != NULL &&
           (leaving == NULL || g_ptr_array_find(leaving, live, NULL));
}

/* Whether all devices that @mate is held for failed, and nothing is to become of them. */
static gboolean
stays_with_failed(const VasDetachRun *run, const VasAssignment *mate, GPtrArray *leaving)
{
    gboolean stays = FALSE;

    for (guint i = 0; i < run->subjects->len; i++) {
        const VasAssignment *side = side_of(run, i);
        const VasResult *result = g_ptr_array_index(run->results, i);

        if (side == NULL || vas_assignment_is_mate(side) ||
            !vas_iommu_group_is_shared(run->inventory, mate, side))
            continue;
        if (result->outcome != VAS_OUTCOME_FAILED || is_device_unfinished(run, i, leaving))
            return FALSE;
        stays = TRUE;
    }
    return stays;
}

/* A mate is to follow its device, which may be out. */
static gboolean
is_unfinished(const VasDetachRun *run, guint index, GPtrArray *leaving)
{
    const VasAssignment *side = side_of(run, index);
    const VasResult *result = g_ptr_array_index(run->results, index);

    if (side == NULL || !vas_assignment_is_mate(side))
        return is_device_unfinished(run, index, leaving);
    return result->error != NULL && !stays_with_failed(run, side, leaving);
}

gboolean
vas_detach_settle_mates(const VasDetachRun *run)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    gboolean is_changed = FALSE;

    for (guint i = 0; i < run->subjects->len; i++) {
        const VasAssignment *side = side_of(run, i);
        VasResult *result = g_ptr_array_index(run->results, i);

        if (result->outcome != VAS_OUTCOME_PENDING || !vas_assignment_is_mate(side) ||
            !stays_with_failed(run, side, nothing))
            continue;
        result->outcome = VAS_OUTCOME_UNDONE;
        is_changed = TRUE;
    }
    return is_changed;
}

/* Finds what is out of the running guest by now, though its detach failed, or may leave it yet:
 * live sides of the subjects. A guest that has ended has let go of all: there is nothing to wait
 * for. The connection is opened again if it is lost; NULL: nobody knows. Returns container. */
static GPtrArray *
find_leaving(const VasDetachRun *run)
{
    g_autoptr(VasGuest) now = vas_scan_guest_for_undo(run->context, run->guest->uuid, NULL);
    g_autoptr(GPtrArray) pending = NULL;
    GPtrArray *leaving = NULL;

    if (now != NULL && now->live != NULL)
        pending = vas_pending_load(run->context, now, FALSE, NULL);
    if (now == NULL || (now->live != NULL && pending == NULL))
        return NULL;
    leaving = g_ptr_array_new();
    for (guint i = 0; now->live != NULL && i < run->subjects->len; i++) {
        const VasAssignment *live = g_array_index(run->subjects, VasDetachSubject, i).live;

        if (live != NULL && (!vas_guest_definition_has_device(now->live, live->device) ||
                             vas_pending_find(pending, live) != NULL))
            g_ptr_array_add(leaving, (gpointer) live);
    }
    return leaving;
}

void
vas_detach_cut_finished(const VasDetachRun *run, VasOperation *operation)
{
    g_autoptr(GPtrArray) leaving = vas_results_check(run->results, NULL) ? NULL : find_leaving(run);

    for (guint i = 0; i < run->results->len; i++) {
        const VasResult *result = g_ptr_array_index(run->results, i);
        VasOperationDevice *device =
            result->has_device ? vas_operation_find_device(operation, result->device) : NULL;

        if (device == NULL || is_unfinished(run, i, leaving))
            continue;
        if (result->error == NULL && !result->config)
            vas_operation_note_gone(operation, result->device);
        g_ptr_array_remove(operation->devices, device);
    }
}
