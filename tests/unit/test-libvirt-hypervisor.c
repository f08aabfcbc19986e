/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "testing.h"
#include "virt/libvirt-version.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#define DB1 "d0000000-0000-4000-8000-000000000001"
#define WEB1 "d0000000-0000-4000-8000-000000000002"
#define NOBODY "d0000000-0000-4000-8000-00000000dead"
#define METADATA_URI "urn:virt-assign:domain:1"

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
open_host(void)
{
    g_autofree char *path = testing_data_path("virt/host.xml");
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *uri = g_strconcat("test://", absolute, NULL);

    return open_at(uri, FALSE);
}

static gboolean
has_name(GStrv names, const char *name)
{
    return g_strv_contains((const char *const *) names, name);
}

static void
test_node_devices(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) pci = hypervisor->list_node_devices(hypervisor, VAS_NODE_DEVICE_PCI, &error);
    g_auto(GStrv) net = hypervisor->list_node_devices(hypervisor, VAS_NODE_DEVICE_NET, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(pci), ==, 11);
    g_assert_true(has_name(pci, "pci_0000_01_10_2"));
    g_assert_false(has_name(pci, "computer"));
    g_assert_cmpuint(g_strv_length(net), ==, 4);
    g_assert_true(has_name(net, "net_lo_00_00_00_00_00_00"));
}

static void
test_node_device_xml(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = hypervisor->node_device_xml(hypervisor, "pci_0000_01_10_2", &error);

    g_assert_no_error(error);
    g_assert_nonnull(strstr(xml, "<capability type='phys_function'>"));
    g_assert_null(hypervisor->node_device_xml(hypervisor, "pci_0000_01_10_4", &error));
    g_assert_cmpint(vas_error_libvirt_code(error), ==, VIR_ERR_NO_NODE_DEVICE);
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "node device pci_0000_01_10_4: ");
}

static gpointer
read_all_devices(gpointer data)
{
    VasHypervisor *hypervisor = data;
    g_auto(GStrv) names = hypervisor->list_node_devices(hypervisor, VAS_NODE_DEVICE_PCI, NULL);
    guint read = 0;

    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *xml = hypervisor->node_device_xml(hypervisor, names[i], &error);
        g_autofree char *gone = hypervisor->node_device_xml(hypervisor, "gone", NULL);

        g_assert_no_error(error);
        g_assert_null(gone);
        if (strstr(xml, names[i]) != NULL)
            read++;
    }
    return GUINT_TO_POINTER(read);
}

/* The test driver lists node devices but cannot rebind them
 * (virNodeDeviceDetachFlags is the hypervisor driver's). */
static void
test_rebind_is_refused(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;

    g_assert_false(hypervisor->detach_node_device(hypervisor, "pci_0000_01_10_2", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED,
                         "take node device pci_0000_01_10_2 from its host driver: ");
    g_assert_false(hypervisor->reattach_node_device(hypervisor, "pci_0000_01_10_2", &error));
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED,
                         "give node device pci_0000_01_10_2 back to its host driver: ");
    g_assert_false(hypervisor->detach_node_device(hypervisor, "pci_gone", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "node device pci_gone: ");
    g_assert_false(hypervisor->reattach_node_device(hypervisor, "pci_gone", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "node device pci_gone: ");
}

static void
test_threads(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    GThread *threads[8];

    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("reader", read_all_devices, hypervisor);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 11);
}

static const VasGuestListing *
find_listing(const GPtrArray *guests, const char *name)
{
    for (guint i = 0; i < guests->len; i++) {
        const VasGuestListing *listing = g_ptr_array_index(guests, i);

        if (g_strcmp0(listing->name, name) == 0)
            return listing;
    }
    g_error("guest %s is not in the list", name);
}

static void
test_list_guests(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) guests = hypervisor->list_guests(hypervisor, &error);
    const VasGuestListing *db1;
    const VasGuestListing *web1;

    g_assert_no_error(error);
    g_assert_cmpuint(guests->len, ==, 2);
    db1 = find_listing(guests, "db1");
    g_assert_cmpstr(db1->uuid, ==, DB1);
    g_assert_cmpint(db1->state, ==, VAS_GUEST_RUNNING);
    g_assert_cmpint(db1->run_id, >, 0);
    g_assert_true(db1->persistent);
    web1 = find_listing(guests, "web1");
    g_assert_cmpstr(web1->uuid, ==, WEB1);
    g_assert_cmpint(web1->state, ==, VAS_GUEST_SHUT_OFF);
    g_assert_cmpint(web1->run_id, ==, -1);
    g_assert_true(web1->persistent);
}

static void
test_find_guest(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestListing) db1 = hypervisor->find_guest(hypervisor, DB1, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(db1->name, ==, "db1");
    g_assert_cmpstr(db1->uuid, ==, DB1);
    g_assert_cmpint(db1->state, ==, VAS_GUEST_RUNNING);
    g_assert_cmpint(db1->run_id, >, 0);
    g_assert_true(db1->persistent);
    g_assert_null(hypervisor->find_guest(hypervisor, TRANSIENT, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "guest " TRANSIENT);
}

static void
test_list_transient_and_paused(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");
    virDomainPtr passing = virDomainCreateXML(other, TRANSIENT_XML, 0);
    virDomainPtr fixed = virDomainLookupByUUIDString(other, DEFAULT_GUEST);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) guests = NULL;

    g_assert_nonnull(passing);
    g_assert_cmpint(virDomainSuspend(fixed), ==, 0);
    guests = hypervisor->list_guests(hypervisor, &error);
    g_assert_no_error(error);
    g_assert_false(find_listing(guests, "passing")->persistent);
    g_assert_cmpint(find_listing(guests, "test")->state, ==, VAS_GUEST_PAUSED);
    g_assert_cmpint(find_listing(guests, "test")->run_id, >, 0);
    virDomainFree(passing);
    virDomainFree(fixed);
    virConnectClose(other);
}

static void
test_guest_xml(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    g_autofree char *live = hypervisor->guest_xml(hypervisor, DB1, VAS_SCOPE_LIVE, &error);
    g_autofree char *config = hypervisor->guest_xml(hypervisor, DB1, VAS_SCOPE_CONFIG, &error);

    g_assert_no_error(error);
    g_assert_nonnull(strstr(live, "<domain type='test' id='1'>"));
    g_assert_nonnull(strstr(live, "<alias name='ua-vf0'/>"));
    g_assert_nonnull(strstr(config, "<domain type='test'>"));
    g_assert_nonnull(strstr(config, "<interface type='hostdev' managed='yes'>"));
}

static void
test_unknown_guest(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    char *xml = NULL;

    g_assert_null(hypervisor->guest_xml(hypervisor, NOBODY, VAS_SCOPE_LIVE, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "guest " NOBODY ": ");
    g_assert_false(hypervisor->attach(hypervisor, NOBODY, "<hostdev/>", VAS_SCOPE_LIVE, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
    g_assert_false(hypervisor->request_unplug(hypervisor, NOBODY, "ua-vf0", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
    g_assert_false(hypervisor->detach_config(hypervisor, NOBODY, "<hostdev/>", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
    g_assert_false(
        hypervisor->get_metadata(hypervisor, NOBODY, METADATA_URI, VAS_SCOPE_LIVE, &xml, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
    g_assert_false(hypervisor->set_metadata(hypervisor, NOBODY, METADATA_URI, "virt-assign",
                                            "<pending/>", VAS_SCOPE_LIVE, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
    g_assert_false(hypervisor->watch(hypervisor, NOBODY, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, NOBODY);
}

/* The versions of libvirt's test driver differ in what they can do of this, but each refuses it. */
static void
test_refusals(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;

    g_assert_false(hypervisor->attach(hypervisor, DB1, "<hostdev/>", VAS_SCOPE_CONFIG, &error));
    g_assert_cmpint(vas_error_libvirt_code(error), !=, 0);
    g_assert_true(g_str_has_prefix(error->message, "libvirt: "));
    g_clear_error(&error);
    g_assert_false(hypervisor->request_unplug(hypervisor, DB1, "hostdev7", &error));
    g_assert_cmpint(vas_error_libvirt_code(error), !=, 0);
    g_assert_true(g_str_has_prefix(error->message, "libvirt: "));
    g_clear_error(&error);
    g_assert_false(hypervisor->detach_config(hypervisor, DB1, "<hostdev/>", &error));
    g_assert_cmpint(vas_error_libvirt_code(error), ==, VIR_ERR_NO_SUPPORT);
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED, "libvirt: ");
}

static char *
metadata_of(VasHypervisor *hypervisor, VasScope scope)
{
    g_autoptr(GError) error = NULL;
    char *xml = g_strdup("untouched");
    char *before = xml;
    gboolean done = hypervisor->get_metadata(hypervisor, DB1, METADATA_URI, scope, &xml, &error);

    g_assert_no_error(error);
    g_assert_true(done);
    g_free(before);
    return xml;
}

static void
set_metadata(VasHypervisor *hypervisor, VasScope scope, const char *xml)
{
    g_autoptr(GError) error = NULL;
    gboolean done =
        hypervisor->set_metadata(hypervisor, DB1, METADATA_URI, "virt-assign", xml, scope, &error);

    g_assert_no_error(error);
    g_assert_true(done);
}

static void
test_metadata(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autofree char *live = NULL;
    g_autofree char *config = NULL;
    g_autofree char *others = NULL;

    g_assert_true(hypervisor->set_metadata(hypervisor, DB1, "urn:others", "o", "<kept/>",
                                           VAS_SCOPE_LIVE, NULL));
    g_assert_null(metadata_of(hypervisor, VAS_SCOPE_LIVE));
    set_metadata(hypervisor, VAS_SCOPE_LIVE, "<pending>a</pending>");
    live = metadata_of(hypervisor, VAS_SCOPE_LIVE);
    g_assert_nonnull(strstr(live, ">a</"));
    g_assert_null(metadata_of(hypervisor, VAS_SCOPE_CONFIG));
    set_metadata(hypervisor, VAS_SCOPE_CONFIG, "<pending>b</pending>");
    config = metadata_of(hypervisor, VAS_SCOPE_CONFIG);
    g_assert_nonnull(strstr(config, ">b</"));
    set_metadata(hypervisor, VAS_SCOPE_LIVE, NULL);
    g_assert_null(metadata_of(hypervisor, VAS_SCOPE_LIVE));
    g_assert_true(
        hypervisor->get_metadata(hypervisor, DB1, "urn:others", VAS_SCOPE_LIVE, &others, NULL));
    g_assert_nonnull(others);
    g_assert_nonnull(strstr(others, "kept"));
}

static void
test_metadata_errors(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_host();
    g_autoptr(GError) error = NULL;
    char *xml = NULL;

    g_assert_false(hypervisor->set_metadata(hypervisor, DB1, METADATA_URI, "virt-assign", "<open",
                                            VAS_SCOPE_LIVE, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "write the metadata of guest " DB1);
    g_assert_false(
        hypervisor->get_metadata(hypervisor, WEB1, METADATA_URI, VAS_SCOPE_LIVE, &xml, &error));
    testing_assert_error(&error, VAS_ERROR_WRONG_STATE, "read the metadata of guest " WEB1);
}

static void
test_read_only(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", TRUE);
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = hypervisor->guest_xml(hypervisor, DEFAULT_GUEST, VAS_SCOPE_LIVE, &error);

    g_assert_no_error(error);
    g_assert_nonnull(xml);
    g_assert_false(
        hypervisor->attach(hypervisor, DEFAULT_GUEST, "<hostdev/>", VAS_SCOPE_LIVE, &error));
    g_assert_nonnull(strstr(vas_error_hint(error), "read-write"));
    testing_assert_error(&error, VAS_ERROR_DENIED, "read only access");
    g_assert_false(hypervisor->request_unplug(hypervisor, DEFAULT_GUEST, "hostdev7", &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "read only access");
    g_assert_false(hypervisor->detach_config(hypervisor, DEFAULT_GUEST, "<hostdev/>", &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "read only access");
    g_assert_false(hypervisor->set_metadata(hypervisor, DEFAULT_GUEST, METADATA_URI, "virt-assign",
                                            NULL, VAS_SCOPE_LIVE, &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "read only access");
}

static void
test_unopenable(void)
{
    static const char *const uris[] = {
        "nosuch:///",
        "nosuch",
        "qemu+unix:///system?socket=/nowhere/libvirt-sock",
        "test:///",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(uris); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vas_libvirt_hypervisor_open(uris[i], FALSE, &error));
        testing_assert_error(&error, VAS_ERROR_UNREACHABLE, uris[i]);
    }
}

static void
test_not_running(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_libvirt_hypervisor_open("qemu+unix:///system?socket=/nowhere/libvirt-sock",
                                              FALSE, &error));
    g_assert_nonnull(strstr(vas_error_hint(error), "systemctl start libvirtd"));
    testing_assert_error(&error, VAS_ERROR_UNREACHABLE, "/nowhere/libvirt-sock");
}

static void
test_uri(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    g_autofree char *uri = vas_libvirt_hypervisor_uri(hypervisor);
    g_autofree char *version = vas_libvirt_library_version();

    g_assert_cmpstr(uri, ==, "test:///default");
    g_assert_true(g_regex_match_simple("^[0-9]+\\.[0-9]+\\.[0-9]+$", version, 0, 0));
    g_assert_false(hypervisor->is_local(hypervisor));
}

static void
watch(VasHypervisor *hypervisor, const char *guest)
{
    g_autoptr(GError) error = NULL;
    gboolean done = hypervisor->watch(hypervisor, guest, &error);

    g_assert_no_error(error);
    g_assert_true(done);
}

static void
reopen(VasHypervisor *hypervisor)
{
    g_autoptr(GError) error = NULL;
    gboolean done = hypervisor->reopen(hypervisor, &error);

    g_assert_no_error(error);
    g_assert_true(done);
}

static void
destroy(virConnectPtr connection, const char *guest)
{
    virDomainPtr domain = virDomainLookupByUUIDString(connection, guest);

    g_assert_nonnull(domain);
    g_assert_cmpint(virDomainDestroy(domain), ==, 0);
    virDomainFree(domain);
}

static void
create_transient(virConnectPtr connection)
{
    virDomainPtr domain = virDomainCreateXML(connection, TRANSIENT_XML, 0);

    g_assert_nonnull(domain);
    virDomainFree(domain);
}

static void
assert_stopped(VasHypervisor *hypervisor, const char *guest)
{
    g_autoptr(VasEvent) event =
        hypervisor->next_event(hypervisor, g_get_monotonic_time() + PATIENCE);

    g_assert_nonnull(event);
    g_assert_cmpint(event->kind, ==, VAS_EVENT_GUEST_STOPPED);
    g_assert_cmpstr(event->guest, ==, guest);
    g_assert_null(event->alias);
}

static void
assert_no_event(VasHypervisor *hypervisor)
{
    g_assert_null(hypervisor->next_event(hypervisor, g_get_monotonic_time() - 1));
}

/* The end of the watched guest is told, and of no other. */
static void
test_stopped(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");

    create_transient(other);
    watch(hypervisor, DEFAULT_GUEST);
    assert_no_event(hypervisor);
    destroy(other, TRANSIENT);
    destroy(other, DEFAULT_GUEST);
    assert_stopped(hypervisor, DEFAULT_GUEST);
    assert_no_event(hypervisor);
    virConnectClose(other);
}

/* libvirt calls in the order of registration: when the second one knows, so would the first. */
static void
test_unwatch(void)
{
    g_autoptr(VasHypervisor) first = open_at("test:///default", FALSE);
    g_autoptr(VasHypervisor) second = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");

    watch(first, DEFAULT_GUEST);
    reopen(first);
    watch(second, DEFAULT_GUEST);
    first->unwatch(first);
    first->unwatch(first);
    destroy(other, DEFAULT_GUEST);
    assert_stopped(second, DEFAULT_GUEST);
    assert_no_event(first);
    virConnectClose(other);
}

static void
test_watch_another(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");

    create_transient(other);
    watch(hypervisor, DEFAULT_GUEST);
    watch(hypervisor, TRANSIENT);
    destroy(other, DEFAULT_GUEST);
    destroy(other, TRANSIENT);
    assert_stopped(hypervisor, TRANSIENT);
    assert_no_event(hypervisor);
    virConnectClose(other);
}

static void
test_reopen(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");
    g_autoptr(GPtrArray) guests = NULL;

    watch(hypervisor, DEFAULT_GUEST);
    reopen(hypervisor);
    guests = hypervisor->list_guests(hypervisor, NULL);
    g_assert_cmpuint(guests->len, ==, 1);
    destroy(other, DEFAULT_GUEST);
    assert_stopped(hypervisor, DEFAULT_GUEST);
    assert_no_event(hypervisor);
    virConnectClose(other);
}

static void
test_reopen_without_guest(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_at("test:///default", FALSE);
    virConnectPtr other = virConnectOpen("test:///default");

    create_transient(other);
    watch(hypervisor, TRANSIENT);
    destroy(other, TRANSIENT);
    assert_stopped(hypervisor, TRANSIENT);
    reopen(hypervisor);
    assert_stopped(hypervisor, TRANSIENT);
    hypervisor->unwatch(hypervisor);
    reopen(hypervisor);
    assert_no_event(hypervisor);
    virConnectClose(other);
}

/* The connection there is stays until there is another. */
static void
test_reopen_fails(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "host.xml", NULL);
    g_autofree char *uri = g_strconcat("test://", path, NULL);
    g_autofree char *host = testing_data("virt/host.xml");
    g_autoptr(VasHypervisor) hypervisor = NULL;
    g_autoptr(GPtrArray) guests = NULL;
    g_autoptr(GError) error = NULL;

    testing_scratch_write(scratch, "host.xml", host);
    hypervisor = open_at(uri, FALSE);
    testing_scratch_write(scratch, "host.xml", "<node");
    g_assert_false(hypervisor->reopen(hypervisor, &error));
    testing_assert_error(&error, VAS_ERROR_UNREACHABLE, path);
    guests = hypervisor->list_guests(hypervisor, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(guests->len, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-hypervisor/node-devices", test_node_devices);
    g_test_add_func("/libvirt-hypervisor/node-device-xml", test_node_device_xml);
    g_test_add_func("/libvirt-hypervisor/rebind-is-refused", test_rebind_is_refused);
    g_test_add_func("/libvirt-hypervisor/threads", test_threads);
    g_test_add_func("/libvirt-hypervisor/list-guests", test_list_guests);
    g_test_add_func("/libvirt-hypervisor/find-guest", test_find_guest);
    g_test_add_func("/libvirt-hypervisor/list-transient-and-paused",
                    test_list_transient_and_paused);
    g_test_add_func("/libvirt-hypervisor/guest-xml", test_guest_xml);
    g_test_add_func("/libvirt-hypervisor/unknown-guest", test_unknown_guest);
    g_test_add_func("/libvirt-hypervisor/refusals", test_refusals);
    g_test_add_func("/libvirt-hypervisor/metadata", test_metadata);
    g_test_add_func("/libvirt-hypervisor/metadata-errors", test_metadata_errors);
    g_test_add_func("/libvirt-hypervisor/read-only", test_read_only);
    g_test_add_func("/libvirt-hypervisor/unopenable", test_unopenable);
    g_test_add_func("/libvirt-hypervisor/not-running", test_not_running);
    g_test_add_func("/libvirt-hypervisor/uri", test_uri);
    g_test_add_func("/libvirt-hypervisor/stopped", test_stopped);
    g_test_add_func("/libvirt-hypervisor/unwatch", test_unwatch);
    g_test_add_func("/libvirt-hypervisor/watch-another", test_watch_another);
    g_test_add_func("/libvirt-hypervisor/reopen", test_reopen);
    g_test_add_func("/libvirt-hypervisor/reopen-without-guest", test_reopen_without_guest);
    g_test_add_func("/libvirt-hypervisor/reopen-fails", test_reopen_fails);
    return g_test_run();
}
