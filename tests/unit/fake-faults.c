/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-private.h"

#include "core/value/error.h"
#include "virt/virt-error.h"

Fake *
fake_of(VasHypervisor *port)
{
    return (Fake *) port;
}

void
fake_planned_fault_free(gpointer data)
{
    PlannedFault *planned = data;

    g_free(planned->message);
    g_free(planned);
}

void
fake_disconnect(Fake *fake)
{
    fake->connection.disconnected = TRUE;
    g_async_queue_push(fake->connection.events, vas_event_new(VAS_EVENT_DISCONNECTED, NULL, NULL));
}

void
fake_forget_client(Fake *fake)
{
    VasEvent *event = NULL;

    g_clear_pointer(&fake->connection.watched, g_free);
    while ((event = g_async_queue_try_pop(fake->connection.events)) != NULL)
        vas_event_free(event);
}

void
fake_hurry(VasHypervisor *port, gboolean hurries)
{
    fake_of(port)->public.hurries = hurries;
}

gboolean
fake_fail_unreachable(GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNREACHABLE, "client socket is closed");
    return FALSE;
}

gboolean
fake_strikes(Fake *fake, FakeCall call, const PlannedFault **planned)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&fake->mutex);

    fake->public.calls[call]++;
    for (guint i = 0; i < fake->faults->len; i++) {
        *planned = g_ptr_array_index(fake->faults, i);
        if ((*planned)->call == call && (*planned)->at == fake->public.calls[call])
            return TRUE;
    }
    *planned = NULL;
    return FALSE;
}

/* Tells the number that libvirt has for what the test calls @code; 0: it has none of its own. */
static int
number_of(int code)
{
    switch (code) {
    case VAS_ERROR_IN_USE:
    case VAS_ERROR_WRONG_STATE:
        return VIR_ERR_OPERATION_INVALID;
    case VAS_ERROR_TAKEN:
        return VIR_ERR_XML_ERROR;
    case VAS_ERROR_NOT_FOUND:
        return VIR_ERR_DEVICE_MISSING;
    case VAS_ERROR_UNSUPPORTED:
        return VIR_ERR_INVALID_ARG;
    case VAS_ERROR_FAILED:
        return VIR_ERR_OPERATION_FAILED;
    default:
        return 0;
    }
}

/* A daemon whose locale is another than ours sends the number and its own words. */
static GError *
planned_error(const Fake *fake, const PlannedFault *planned)
{
    static char words[] = "das ging nicht";
    virError cause = {.code = number_of(planned->code), .domain = VIR_FROM_QEMU, .message = words};

    if (!fake->public.speaks_german)
        return g_error_new_literal(VAS_ERROR, planned->code, planned->message);
    if (cause.code == 0)
        return g_error_new_literal(VAS_ERROR, planned->code, words);
    return vas_virt_error_convert(&cause, "libvirt");
}

static gboolean
fail_unanswered(GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT, "libvirt has not answered");
    return FALSE;
}

void
fake_go_on(FakeHypervisor *public)
{
    ((Fake *) public)->hangs = FALSE;
}

/* libvirt lets nobody change a guest that it is at, and some versions nobody read it. */
static gboolean
is_held_up(FakeCall call)
{
    return call == FAKE_DETACH_NODE_DEVICE || call == FAKE_REATTACH_NODE_DEVICE ||
           call == FAKE_ATTACH_LIVE || call == FAKE_ATTACH_CONFIG || call == FAKE_DETACH_LIVE ||
           call == FAKE_DETACH_CONFIG || call == FAKE_SET_METADATA || call == FAKE_GUEST_XML ||
           call == FAKE_GET_METADATA || call == FAKE_FIND_GUEST;
}

Course
fake_begin_call(Fake *fake, FakeCall call, GError **error)
{
    const PlannedFault *planned = NULL;

    if (fake_strikes(fake, call, &planned)) {
        if (fake->public.on_fault != NULL)
            fake->public.on_fault(&fake->public);
        if (planned->fault == FAKE_LIES)
            return RETURN_SUCCESS;
        if (planned->fault >= FAKE_HANGS) {
            fake->hangs = TRUE;
            fail_unanswered(error);
            return planned->fault == FAKE_HANGS_LATE ? GO_ON_THEN_FAIL : RETURN_FAILURE;
        }
        if (planned->fault >= FAKE_DISCONNECTS) {
            fake->cut_off = planned->fault == FAKE_CUTS_OFF;
            fake_disconnect(fake);
            fake_fail_unreachable(error);
            return planned->fault == FAKE_DISCONNECTS_LATE ? GO_ON_THEN_FAIL : RETURN_FAILURE;
        }
        g_propagate_error(error, planned_error(fake, planned));
        return planned->fault == FAKE_FAILS_LATE ? GO_ON_THEN_FAIL : RETURN_FAILURE;
    }
    if (fake->hangs && is_held_up(call))
        fail_unanswered(error);
    else if (fake->connection.disconnected)
        fake_fail_unreachable(error);
    else
        return GO_ON;
    return RETURN_FAILURE;
}

void
fake_plan_fault(FakeHypervisor *public, FakeCall call, guint nth, FakeFault fault, int code,
                const char *message)
{
    PlannedFault *planned = g_new0(PlannedFault, 1);

    planned->call = call;
    planned->at = public->calls[call] + nth;
    planned->fault = fault;
    planned->code = code;
    planned->message = g_strdup(message);
    g_ptr_array_add(((Fake *) public)->faults, planned);
}
