/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/context.h"

#include "core/value/error.h"

void
vas_context_progress(const VasContext *context, VasProgressKind kind, guint elapsed, guint limit,
                     const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    if (context->progress == NULL)
        return;
    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    context->progress(kind, text, elapsed, limit, context->progress_data);
}

void
vas_context_tell_overridden(const VasContext *context, VasHostAddress device,
                            const GPtrArray *overridden)
{
    for (guint i = 0; i < overridden->len; i++)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "--force overrides for %s: %s",
                             vas_host_address_text(device).text,
                             (const char *) g_ptr_array_index(overridden, i));
}

gboolean
vas_context_check_local(const VasContext *context, const char *what, GError **error)
{
    if (context->host != NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                "%s works on the machine it runs on, and this connection is to another one", what);
    vas_error_set_hint(error, "run virt-assign on that host itself");
    return FALSE;
}

VasEvent *
vas_context_next_event(const VasContext *context, gint64 deadline)
{
    gint64 now = g_get_monotonic_time();

    if (context->hypervisor == NULL) {
        vas_interrupt_sleep(context->interrupt, deadline);
        return NULL;
    }
    return context->hypervisor->next_event(
        context->hypervisor, vas_interrupt_is_due(context->interrupt) ? now : deadline);
}

gboolean
vas_context_reconnect(const VasContext *context, gint64 deadline, GError **error)
{
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "the connection to libvirt was lost; opening it again");
    for (;;) {
        g_autoptr(GError) refusal = NULL;
        g_autoptr(VasEvent) event = NULL;

        if (context->hypervisor->reopen(context->hypervisor, &refusal))
            return TRUE;
        if (g_get_monotonic_time() >= deadline) {
            g_propagate_prefixed_error(error, g_steal_pointer(&refusal),
                                       "the connection to libvirt was lost: ");
            return FALSE;
        }
        if (!vas_interrupt_check(context->interrupt, error)) {
            g_prefix_error(error, "the connection to libvirt was lost: ");
            return FALSE;
        }
        /* The queue is empty while nothing is connected: this paces the tries. */
        event =
            vas_context_next_event(context, MIN(deadline, g_get_monotonic_time() + G_USEC_PER_SEC));
    }
}
