/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "testing.h"

#include <libvirt/libvirt.h>

/* This is far beyond what a test may take: what ends in time was not ended by it. */
#define PATIENCE (60 * G_TIME_SPAN_SECOND)
/* libvirt's test driver has this guest. */
#define GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f"

static gpointer
wake_in_thread(gpointer data)
{
    VasHypervisor *hypervisor = data;

    hypervisor->wake(hypervisor);
    return NULL;
}

static VasHypervisor *
open_default(void)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open("test:///default", FALSE, &error);

    g_assert_no_error(error);
    return hypervisor;
}

/* A wake ends the wait, whether it comes before or in it. */
static void
test_wake_ends_a_wait(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_default();
    gint64 deadline = g_get_monotonic_time() + PATIENCE;
    GThread *thread = g_thread_new("wake", wake_in_thread, hypervisor);

    g_assert_null(hypervisor->next_event(hypervisor, deadline));
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    g_thread_join(thread);
}

static void
destroy_guest(void)
{
    virConnectPtr connection = virConnectOpen("test:///default");
    virDomainPtr domain = virDomainLookupByUUIDString(connection, GUEST);

    g_assert_cmpint(virDomainDestroy(domain), ==, 0);
    virDomainFree(domain);
    virConnectClose(connection);
}

/* A wake is not an event, and takes none away. */
static void
test_wake_leaves_events(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_default();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasEvent) event = NULL;
    gint64 deadline = g_get_monotonic_time() + PATIENCE;

    g_assert_true(hypervisor->watch(hypervisor, GUEST, &error));
    g_assert_no_error(error);
    hypervisor->wake(hypervisor);
    destroy_guest();
    g_assert_null(hypervisor->next_event(hypervisor, deadline));
    event = hypervisor->next_event(hypervisor, deadline);
    g_assert_nonnull(event);
    g_assert_cmpint(event->kind, ==, VAS_EVENT_GUEST_STOPPED);
    g_assert_cmpstr(event->guest, ==, GUEST);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-events/wake-ends-a-wait", test_wake_ends_a_wait);
    g_test_add_func("/libvirt-events/wake-leaves-events", test_wake_leaves_events);
    return g_test_run();
}
