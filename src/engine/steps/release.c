/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/release.h"

#include "core/inventory/iommu-group.h"
#include "core/place/slots.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/pending.h"
#include "host/pci/driver.h"

/* The live XML is read this often while waiting, first after a second: an event can be lost with a
 * connection, and libvirt before 9.5 could miss QEMU's own. */
#define POLL_SECONDS 5

struct VasRelease {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    gint64 begin;
    guint timeout;
    gboolean ask_again;
    gboolean look_first; /* what became of a request may have been missed */
    gint64 deadline;
    GHashTable *released; /* live aliases that are out */
    GHashTable *refused;  /* live aliases that the guest keeps */
    gboolean stopped;     /* the guest's run has ended: everything is out */
};

VasRelease *
vas_release_new(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
                guint timeout, gboolean ask_again, GError **error)
{
    g_autoptr(VasRelease) release = g_new0(VasRelease, 1);

    release->context = context;
    release->inventory = inventory;
    release->guest = guest;
    release->begin = g_get_monotonic_time();
    release->timeout = timeout;
    release->ask_again = ask_again;
    release->deadline = release->begin + (gint64) timeout * G_USEC_PER_SEC;
    release->released = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    release->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!context->hypervisor->watch(context->hypervisor, guest->uuid, error))
        return NULL;
    return g_steal_pointer(&release);
}

void
vas_release_free(VasRelease *release)
{
    if (release == NULL)
        return;
    release->context->hypervisor->unwatch(release->context->hypervisor);
    g_hash_table_unref(release->released);
    g_hash_table_unref(release->refused);
    g_free(release);
}

static gboolean
is_released(const VasRelease *release, const VasAssignment *live)
{
    return release->stopped || g_hash_table_contains(release->released, live->alias);
}

/* Whether the guest has @live's device by its definition of @now (NULL: none). @release remembers
 * that @live is out: the device is not there, or was put in again under another alias. */
static gboolean
note_held(VasRelease *release, const VasAssignment *live, const VasGuestDefinition *now)
{
    const VasAssignment *found = vas_guest_definition_find_device(now, live->device);

    if (found == NULL || g_strcmp0(found->alias, live->alias) != 0)
        g_hash_table_add(release->released, g_strdup(live->alias));
    return found != NULL;
}

/* Reads the running guest anew: does it have @live's device, in whatever run? @release remembers
 * that the run has ended or the device is out. *ret_now (may be NULL) is full; NULL: it is off. */
static gboolean
look(VasRelease *release, const VasAssignment *live, gboolean *ret_held,
     VasGuestDefinition **ret_now, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(VasGuestDefinition) now = vas_scan_definition_again(
        release->context, release->guest, VAS_SCOPE_LIVE, release->deadline, &failure);

    if (now == NULL && !g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (now != NULL && now->run_id < 0)
        g_clear_pointer(&now, vas_guest_definition_free);
    /* A transient guest is gone altogether when it stops. */
    if (now == NULL || now->run_id != release->guest->run_id)
        release->stopped = TRUE;
    *ret_held = note_held(release, live, now);
    if (ret_now != NULL)
        *ret_now = g_steal_pointer(&now);
    return TRUE;
}

static gboolean
take_event(VasRelease *release, const VasEvent *event, GError **error)
{
    switch (event->kind) {
    case VAS_EVENT_DEVICE_REMOVED:
        g_hash_table_add(release->released, g_strdup(event->alias));
        return TRUE;
    case VAS_EVENT_DEVICE_REMOVAL_FAILED:
        g_hash_table_add(release->refused, g_strdup(event->alias));
        return TRUE;
    case VAS_EVENT_GUEST_STOPPED:
        release->stopped = TRUE;
        return TRUE;
    case VAS_EVENT_DISCONNECTED:
        return vas_context_reconnect(release->context, release->deadline, error);
    }
    g_assert_not_reached();
}

static gboolean
take_queued_events(VasRelease *release, GError **error)
{
    VasHypervisor *hypervisor = release->context->hypervisor;

    for (;;) {
        g_autoptr(VasEvent) event = hypervisor->next_event(hypervisor, g_get_monotonic_time());

        if (event == NULL)
            return TRUE;
        if (!take_event(release, event, error))
            return FALSE;
    }
}

/* Tries once more if it fails, with a lost connection opened again. @now as of vas_pending_drop. */
static gboolean
drop_record(const VasRelease *release, const VasAssignment *live, VasGuestDefinition *now,
            GError **error)
{
    const VasContext *context = release->context;
    g_autoptr(GError) failure = NULL;

    if (vas_pending_drop(context, release->guest, live, now, &failure))
        return TRUE;
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE) &&
        !vas_context_reconnect(context, release->deadline, error))
        return FALSE;
    return vas_pending_drop(context, release->guest, live, NULL, error);
}

static gboolean
fail_refused(const VasRelease *release, const VasAssignment *live, GError **error)
{
    if (!drop_record(release, live, NULL, error))
        return FALSE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "guest %s refused to let go of %s: it rejected the request", release->guest->name,
                vas_host_address_text(live->device).text);
    vas_error_set_hint(error, "end its use in the guest, then detach again");
    return FALSE;
}

/* Waits for an event that tells more, at most a second; FALSE when there is no time left. */
static gboolean
pause_for_news(VasRelease *release)
{
    gint64 now = g_get_monotonic_time();
    g_autoptr(VasEvent) event = NULL;

    if (now >= release->deadline || vas_interrupt_is_due(release->context->interrupt))
        return FALSE;
    event = vas_context_next_event(release->context, MIN(release->deadline, now + G_USEC_PER_SEC));
    return event == NULL || take_event(release, event, NULL);
}

/* Whether there is an answer though libvirt did not confirm the request: the device is out, the
 * guest's run has ended, or the guest said no to an earlier request. It is found by looking, since
 * libvirt's words are in the language of its daemon. */
static gboolean
is_answered(VasRelease *release, const VasAssignment *live)
{
    gboolean held = TRUE;

    if (take_queued_events(release, NULL))
        (void) look(release, live, &held, NULL, NULL);
    return is_released(release, live) || g_hash_table_contains(release->refused, live->alias);
}

/* Sends the request until it is taken: a port that still handles the request before, or the
 * hot-add, is worth another try. FALSE with what libvirt says last; TRUE, too, if there is an
 * answer already. */
static gboolean
try_request(VasRelease *release, const VasAssignment *live, GError **error)
{
    VasHypervisor *hypervisor = release->context->hypervisor;

    g_hash_table_remove(release->refused, live->alias);
    for (;;) {
        g_autoptr(GError) failure = NULL;

        if (hypervisor->request_unplug(hypervisor, release->guest->uuid, live->alias, &failure))
            return TRUE;
        if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
            /* The guest may have been asked: whoever waits for it finds out, or says so. */
            release->look_first = TRUE;
            (void) vas_context_reconnect(release->context, release->deadline, NULL);
            return TRUE;
        }
        /* The event that tells may come behind libvirt's failure. */
        if (is_answered(release, live) || (pause_for_news(release) && is_answered(release, live)))
            return TRUE;
        if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_READY) &&
            vas_slots_can_unplug(release->guest->live, live) &&
            g_get_monotonic_time() < release->deadline &&
            vas_interrupt_check(release->context->interrupt, NULL))
            continue;
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
}

/* Tells why the request could not be sent, from what libvirt said; takes @failure. Returns full. */
static GError *
explain_unsent(const VasRelease *release, GError *failure)
{
    g_autoptr(GError) said = failure;
    GError *interruption = NULL;

    if (!g_error_matches(said, VAS_ERROR, VAS_ERROR_NOT_READY))
        return g_steal_pointer(&said);
    if (!vas_interrupt_check(release->context->interrupt, &interruption))
        return interruption;
    return vas_error_recode(said, VAS_ERROR_FAILED);
}

/* A request that was sent before (@was_asked), or that libvirt may still send, stays on record. */
static gboolean
send_request(VasRelease *release, const VasAssignment *live, gboolean was_asked, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (try_request(release, live, &failure) ||
        (was_asked && g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_READY)))
        return TRUE;
    if (!was_asked && !g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT))
        (void) drop_record(release, live, NULL, NULL);
    g_propagate_prefixed_error(error, explain_unsent(release, g_steal_pointer(&failure)),
                               "ask guest %s to release %s: ", release->guest->name,
                               vas_host_address_text(live->device).text);
    return FALSE;
}

static void
note_asked_before(const VasRelease *release, const VasPendingRelease *record)
{
    g_autoptr(GDateTime) asked = g_date_time_new_from_unix_local(record->asked_at);
    g_autofree char *when = asked != NULL ? g_date_time_format(asked, "%F %T") : NULL;

    vas_context_progress(release->context, VAS_PROGRESS_NOTE, 0, 0,
                         "guest %s was asked to release %s at %s and has not yet: %s",
                         release->guest->name, vas_host_address_text(record->device).text,
                         when != NULL ? when : "an unknown time",
                         release->ask_again ? "asking again" : "waiting for that");
}

static void
show_waiting(const VasRelease *release, const VasAssignment *live)
{
    gint64 waited = g_get_monotonic_time() - release->begin;

    vas_context_progress(release->context, VAS_PROGRESS_WAITING, (guint) (waited / G_USEC_PER_SEC),
                         release->timeout, "waiting for guest %s to release %s",
                         release->guest->name, vas_host_address_text(live->device).text);
}

/* A record counts whatever became of the command that wrote it: nobody can be asked whether its
 * request reached QEMU. A mate may be asked for any number of times: QEMU knows nothing of it. The
 * guest is read right before it is asked, since an alias may be another device's by now. */
gboolean
vas_release_ask(VasRelease *release, const VasAssignment *live, GError **error)
{
    const VasContext *context = release->context;
    g_autoptr(VasGuestDefinition) now =
        vas_scan_definition(context, release->guest, VAS_SCOPE_LIVE, error);
    const VasPendingRelease *record = NULL;
    gboolean was_asked;

    if (now == NULL)
        return FALSE;
    (void) note_held(release, live, now);
    if (is_released(release, live))
        return TRUE;
    record = vas_pending_request(context, release->guest, live, now);
    was_asked = record != NULL;
    release->look_first = release->look_first || was_asked;
    if (was_asked && !vas_assignment_is_mate(live)) {
        note_asked_before(release, record);
        if (!release->ask_again)
            return TRUE;
    }
    if (!vas_pending_record(context, release->guest, live, now, error)) {
        /* The record may stand all the same, though nothing was asked. */
        if (!was_asked)
            (void) drop_record(release, live, NULL, NULL);
        return FALSE;
    }
    return send_request(release, live, was_asked, error);
}

/* The kernel tells whether QEMU has let go: nobody has the VFIO group open. */
static gboolean
has_qemu_let_go(const VasRelease *release, const VasAssignment *live)
{
    VasVfioGroupUse use = VAS_VFIO_GROUP_UNKNOWN;

    return release->context->host != NULL &&
           vas_vfio_group_use(release->context->host, live->device, &use, NULL) &&
           use == VAS_VFIO_GROUP_FREE;
}

/* libvirt can miss that QEMU let go: it drops QEMU's event when it is kept from changing the guest
 * for 30 s (processDeviceDeletedEvent in src/qemu/qemu_driver.c), and before 9.5 when another
 * program's request had waited for just 5 s (loop in qemuDomainWaitForDeviceRemoval). Asking again
 * makes libvirt find out, and nothing is pending that this could disturb. */
static gboolean
tell_libvirt(VasRelease *release, const VasAssignment *live, GError **error)
{
    vas_context_progress(release->context, VAS_PROGRESS_NOTE, 0, 0,
                         "QEMU has released %s and libvirt did not notice: telling it",
                         vas_host_address_text(live->device).text);
    return send_request(release, live, TRUE, error);
}

/* Nobody could read whether the device is out. Takes @failure. */
static gboolean
fail_unknown(const VasRelease *release, const VasAssignment *live, GError *failure, GError **error)
{
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_INTERRUPTED)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT,
                "guest %s was asked to release %s, and whether it has cannot be told: %s",
                release->guest->name, vas_host_address_text(live->device).text, failure->message);
    vas_error_set_hint(error, "run the same detach again: it finds out and goes on from there");
    g_error_free(failure);
    return FALSE;
}

/* *let_go: whether QEMU had let go at the poll before, and has now. libvirt takes a moment to see,
 * in which it gives the device back to the host. */
static gboolean
poll_guest(VasRelease *release, const VasAssignment *live, gboolean *let_go, GError **error)
{
    GError *failure = NULL;
    gboolean held = TRUE;
    gboolean had_let_go = *let_go;

    if (!look(release, live, &held, NULL, &failure))
        return fail_unknown(release, live, failure, error);
    *let_go = held && has_qemu_let_go(release, live);
    return !had_let_go || !*let_go || tell_libvirt(release, live, error);
}

/* @how_long: "within 60 s". */
static gboolean
fail_pending(const VasRelease *release, const VasAssignment *live, VasError code,
             const char *how_long, GError **error)
{
    g_set_error(error, VAS_ERROR, code,
                "guest %s was asked to release %s (alias %s) and has not done so %s: the request "
                "stays pending, its config was not touched",
                release->guest->name, vas_host_address_text(live->device).text, live->alias,
                how_long);
    vas_error_set_hint(
        error, "run the same detach again to wait on, with --ask-again if the guest was "
               "booting and missed the request; a guest that ignores it releases the device when "
               "it is reset (virsh reset) or shut off, then run it again too: started anew it "
               "would have the device back from its config");
    return FALSE;
}

static gboolean
fail_timed_out(const VasRelease *release, const VasAssignment *live, GError **error)
{
    g_autofree char *how_long = g_strdup_printf("within %u s", release->timeout);

    return fail_pending(release, live, VAS_ERROR_TIMED_OUT, how_long, error);
}

/* The events that libvirt has sent by now count. */
static gboolean
end_interrupted_wait(VasRelease *release, const VasAssignment *live, GError **error)
{
    g_autoptr(GError) interruption = NULL;
    g_autofree char *how_long = NULL;

    if (!take_queued_events(release, error))
        return FALSE;
    if (is_released(release, live))
        return TRUE;
    (void) vas_interrupt_check(release->context->interrupt, &interruption);
    how_long = g_strdup_printf("yet (%s)", interruption->message);
    return fail_pending(release, live, VAS_ERROR_INTERRUPTED, how_long, error);
}

gboolean
vas_release_await(VasRelease *release, const VasAssignment *live, GError **error)
{
    gint64 next_poll = g_get_monotonic_time() + (release->look_first ? 0 : G_USEC_PER_SEC);
    gboolean let_go = FALSE;
    GError *failure = NULL;

    if (!take_queued_events(release, &failure))
        return fail_unknown(release, live, failure, error);
    while (!is_released(release, live)) {
        gint64 now = g_get_monotonic_time();
        g_autoptr(VasEvent) event = NULL;

        if (g_hash_table_contains(release->refused, live->alias))
            return TRUE;
        if (now >= next_poll || now >= release->deadline) {
            if (!poll_guest(release, live, &let_go, error))
                return FALSE;
            next_poll = now + POLL_SECONDS * G_USEC_PER_SEC;
            if (is_released(release, live))
                break;
        }
        if (now >= release->deadline)
            return fail_timed_out(release, live, error);
        if (vas_interrupt_is_due(release->context->interrupt))
            return end_interrupted_wait(release, live, error);
        show_waiting(release, live);
        event =
            vas_context_next_event(release->context, MIN(release->deadline, now + G_USEC_PER_SEC));
        if (event != NULL && !take_event(release, event, &failure))
            return fail_unknown(release, live, failure, error);
    }
    return TRUE;
}

gboolean
vas_release_prove(VasRelease *release, const VasAssignment *live, gboolean *ret_held,
                  char **ret_driver, GError **error)
{
    g_autofree char *driver = NULL;
    g_autoptr(VasGuestDefinition) now = NULL;
    GError *failure = NULL;
    gboolean held = TRUE;

    if (!is_released(release, live) && g_hash_table_contains(release->refused, live->alias))
        return fail_refused(release, live, error);
    if (!look(release, live, &held, &now, &failure))
        return fail_unknown(release, live, failure, error);
    *ret_held = held;
    if (held) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    release->stopped ? "%s was released when guest %s stopped, but it was started "
                                       "again and has it again, from its config"
                                     : "%s was reported as removed, but guest %s still has it",
                    vas_host_address_text(live->device).text, release->guest->name);
        vas_error_set_hint(error, "run the same detach again");
        return FALSE;
    }
    /* The record ended with the guest's run: it stood in the live metadata. */
    if (!release->stopped && !drop_record(release, live, now, &failure)) {
        g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_PARTIAL));
        g_error_free(failure);
        g_prefix_error(error, "the running guest has let go of it, but its record stays: ");
        vas_error_set_hint(error, "run the same detach again: it goes on from here");
        return FALSE;
    }
    if (!vas_scan_driver(release->context, live->device, &driver, error) ||
        !vas_vfio_use_check(release->context, release->inventory, NULL, live->device, error))
        return FALSE;
    if (driver == NULL)
        vas_context_progress(
            release->context, VAS_PROGRESS_NOTE, 0, 0,
            "no host driver took %s back; virt-assign host-reattach %s tries again",
            vas_host_address_text(live->device).text, vas_host_address_text(live->device).text);
    *ret_driver = g_steal_pointer(&driver);
    return TRUE;
}
