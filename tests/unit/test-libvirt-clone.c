/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/libvirt.h>

/* test:///default has this one guest, which all its connections in a process share. */
#define DEFAULT_GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f"
#define TRANSIENT "d0000000-0000-4000-8000-0000000000aa"
#define TRANSIENT_XML                                                                              \
    "<domain type='test'><name>passing</name><uuid>" TRANSIENT "</uuid>"                           \
    "<memory>1024</memory><os><type>hvm</type></os></domain>"

/* This is long enough for any machine; only a failure waits for it. */
#define PATIENCE (60 * G_TIME_SPAN_SECOND)

static VasHypervisor *
open_at(const char *uri, gboolean read_only)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open(uri, read_only, &error);

    g_assert_no_error(error);
    return hypervisor;
}

static VasHypervisor *
clone_of(VasHypervisor *hypervisor)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *clone = hypervisor->clone(hypervisor, &error);

    g_assert_no_error(error);
    return clone;
}

static void
watch(VasHypervisor *hypervisor, const char *guest)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(hypervisor->watch(hypervisor, guest, &error));
    g_assert_no_error(error);
}

static void
assert_stopped(VasHypervisor *hypervisor, const char *guest)
{
    g_autoptr(VasEvent) event =
        hypervisor->next_event(hypervisor, g_get_monotonic_time() + PATIENCE);

    g_assert_nonnull(event);
    g_assert_cmpint(event->kind, ==, VAS_EVENT_GUEST_STOPPED);
    g_assert_cmpstr(event->guest, ==, guest);
    g_assert_null(hypervisor->next_event(hypervisor, 0));
}

static void
destroy(virConnectPtr connection, const char *guest)
{
    virDomainPtr domain = virDomainLookupByUUIDString(connection, guest);

    g_assert_nonnull(domain);
    g_assert_cmpint(virDomainDestroy(domain), ==, 0);
    virDomainFree(domain);
}

/* Each watches a guest of its own, is woken by itself, and outlives the other. */
static void
test_watches_another_guest(void)
{
    VasHypervisor *first = open_at("test:///default", FALSE);
    g_autoptr(VasHypervisor) clone = clone_of(first);
    virConnectPtr other = virConnectOpen("test:///default");
    g_autofree char *uri = vas_libvirt_hypervisor_uri(clone);
    virDomainPtr transient = virDomainCreateXML(other, TRANSIENT_XML, 0);

    g_assert_cmpstr(uri, ==, "test:///default");
    virDomainFree(transient);
    watch(first, DEFAULT_GUEST);
    watch(clone, TRANSIENT);
    destroy(other, DEFAULT_GUEST);
    assert_stopped(first, DEFAULT_GUEST);
    first->wake(first);
    vas_hypervisor_free(first);
    destroy(other, TRANSIENT);
    assert_stopped(clone, TRANSIENT);
    virConnectClose(other);
}

static void
test_has_the_same_rights(void)
{
    g_autoptr(VasHypervisor) first = open_at("test:///default", TRUE);
    g_autoptr(VasHypervisor) clone = clone_of(first);
    g_autoptr(GError) error = NULL;

    g_assert_false(clone->request_unplug(clone, DEFAULT_GUEST, "hostdev7", &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "read only access");
}

/* The file that libvirt's test driver reads its host from is gone by now. */
static void
test_fails(void)
{
    TestingScratch *scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "host.xml", NULL);
    g_autofree char *uri = g_strconcat("test://", path, NULL);
    g_autoptr(VasHypervisor) first = NULL;
    g_autoptr(GError) error = NULL;

    testing_scratch_write(scratch, "/host.xml", "<node/>");
    first = open_at(uri, FALSE);
    testing_scratch_free(scratch);
    g_assert_null(first->clone(first, &error));
    testing_assert_error(&error, VAS_ERROR_UNREACHABLE, uri);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-clone/watches-another-guest", test_watches_another_guest);
    g_test_add_func("/libvirt-clone/has-the-same-rights", test_has_the_same_rights);
    g_test_add_func("/libvirt-clone/fails", test_fails);
    return g_test_run();
}
