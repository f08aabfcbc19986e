/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-hypervisor.h"

#include "fake-host.h"
#include "fake-private.h"

#include "core/value/error.h"
#include "xml/domain-xml.h"
#include "xml/metadata-xml.h"

#include <string.h>

static void
fake_guest_free(gpointer data)
{
    FakeGuest *guest = data;

    g_free(guest->name);
    g_free(guest->uuid);
    g_ptr_array_unref(guest->live);
    g_ptr_array_unref(guest->config);
    g_ptr_array_unref(guest->agent);
    g_free(guest->metadata);
    g_free(guest->config_metadata);
    g_free(guest->earlier[0]);
    g_free(guest->earlier[1]);
    g_free(guest->extra);
    g_ptr_array_unref(guest->ports);
    g_free(guest->moved);
    g_free(guest);
}

static FakeGuest *
guest_by_uuid(Fake *fake, const char *uuid, GError **error)
{
    for (guint i = 0; i < fake->public.guests->len; i++) {
        FakeGuest *guest = g_ptr_array_index(fake->public.guests, i);

        if (g_str_equal(guest->uuid, uuid))
            return guest;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no domain with matching uuid '%s'", uuid);
    return NULL;
}

/* Reads the one assignment, or NIC of a network, that @element is. */
static VasAssignment *
parse_element(const char *element)
{
    g_autofree char *xml = g_strdup_printf("<domain type='kvm'><name>x</name><devices>%s</devices>"
                                           "</domain>",
                                           element);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(xml, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(definition->assignments->len + definition->network_nics->len, ==, 1);
    return vas_assignment_copy(g_ptr_array_index(
        definition->network_nics->len > 0 ? definition->network_nics : definition->assignments, 0));
}

/* libvirt finds a NIC without a device by its MAC. */
static gint
find_element(const GPtrArray *elements, const VasAssignment *wanted)
{
    for (guint i = 0; i < elements->len; i++) {
        g_autoptr(VasAssignment) here = parse_element(g_ptr_array_index(elements, i));

        if (here->has_device == wanted->has_device &&
            (here->has_device ? vas_host_address_equal(here->device, wanted->device)
                              : vas_mac_address_equal(here->mac, wanted->mac)))
            return (gint) i;
    }
    return -1;
}

gboolean
fake_has(const FakeGuest *guest, VasScope scope, const char *device)
{
    VasAssignment wanted = {.has_device = TRUE};

    g_assert_true(vas_host_address_parse(device, &wanted.device, NULL));
    return find_element(scope == VAS_SCOPE_LIVE ? guest->live : guest->config, &wanted) >= 0;
}

static char *
domain_capabilities(VasHypervisor *port, GError **error)
{
    Fake *fake = fake_of(port);

    if (fake_begin_call(fake, FAKE_DOMAIN_CAPABILITIES, error) != GO_ON)
        return NULL;
    return g_strdup_printf("<domainCapabilities><domain>kvm</domain><devices>"
                           "<hostdev supported='yes'>"
                           "<enum name='subsysType'><value>usb</value><value>pci</value></enum>"
                           "<enum name='pciBackend'>%s</enum></hostdev></devices>"
                           "</domainCapabilities>",
                           fake->public.lacks_vfio ? ""
                                                   : "<value>default</value><value>vfio</value>");
}

static VasGuestListing *
listing_of(const FakeGuest *guest)
{
    VasGuestListing *listing = g_new0(VasGuestListing, 1);

    listing->name = g_strdup(guest->name);
    listing->uuid = g_strdup(guest->uuid);
    listing->run_id = guest->run_id;
    listing->state = guest->run_id < 0 ? VAS_GUEST_SHUT_OFF : VAS_GUEST_RUNNING;
    listing->persistent = guest->persistent;
    return listing;
}

static GPtrArray *
list_guests(VasHypervisor *port, GError **error)
{
    Fake *fake = fake_of(port);
    g_autoptr(GPtrArray) listings =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_listing_free);
    Course course = fake_begin_call(fake, FAKE_LIST_GUESTS, error);

    if (course != GO_ON && course != RETURN_SUCCESS)
        return NULL;
    for (guint i = 0; course == GO_ON && i < fake->public.guests->len; i++)
        g_ptr_array_add(listings, listing_of(g_ptr_array_index(fake->public.guests, i)));
    return g_steal_pointer(&listings);
}

static VasGuestListing *
find_guest(VasHypervisor *port, const char *uuid, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_FIND_GUEST, error);
    const FakeGuest *guest = NULL;

    if (course != GO_ON && course != RETURN_SUCCESS)
        return NULL;
    guest = guest_by_uuid(fake, course == GO_ON ? uuid : "", error);
    return guest != NULL ? listing_of(guest) : NULL;
}

static char *
guest_xml(VasHypervisor *port, const char *uuid, VasScope scope, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_GUEST_XML, error);
    const FakeGuest *guest = NULL;

    if (course != GO_ON && course != RETURN_SUCCESS)
        return NULL;
    guest = guest_by_uuid(fake, uuid, error);
    return guest == NULL ? NULL : fake_guest_xml(guest, scope, course == RETURN_SUCCESS);
}

static GPtrArray *
agent_interfaces(VasHypervisor *port, const char *uuid, GError **error)
{
    Fake *fake = fake_of(port);
    const FakeGuest *guest = NULL;

    if (fake_begin_call(fake, FAKE_AGENT_INTERFACES, error) != GO_ON)
        return NULL;
    guest = guest_by_uuid(fake, uuid, error);
    return guest == NULL ? NULL : g_ptr_array_ref(guest->agent);
}

static gboolean
is_controller(const char *xml)
{
    return g_str_has_prefix(xml, "<controller");
}

static void
do_attach(Fake *fake, FakeGuest *guest, const char *xml, VasScope scope)
{
    g_autoptr(VasAssignment) assignment = NULL;

    fake_guest_remember(guest);
    if (is_controller(xml)) {
        g_assert_cmpint(scope, ==, VAS_SCOPE_CONFIG);
        g_ptr_array_add(guest->ports, g_strdup(xml));
        return;
    }
    assignment = parse_element(xml);
    g_ptr_array_add(scope == VAS_SCOPE_LIVE ? guest->live : guest->config, g_strdup(xml));
    if (scope == VAS_SCOPE_CONFIG)
        return;
    fake_set_driver(&fake->public, vas_host_address_text(assignment->device).text, "vfio-pci");
    if (assignment->type == VAS_ASSIGNMENT_INTERFACE)
        fake_vf_assign(fake, assignment);
}

static gboolean
attach(VasHypervisor *port, const char *uuid, const char *xml, VasScope scope, GError **error)
{
    Fake *fake = fake_of(port);
    FakeGuest *guest = guest_by_uuid(fake, uuid, NULL);
    Course course = fake_begin_call(
        fake, scope == VAS_SCOPE_LIVE ? FAKE_ATTACH_LIVE : FAKE_ATTACH_CONFIG, error);

    if (course == RETURN_SUCCESS || course == RETURN_FAILURE)
        return course == RETURN_SUCCESS;
    do_attach(fake, guest, xml, scope);
    return course == GO_ON;
}

static void
release_element(Fake *fake, FakeGuest *guest, guint index)
{
    g_autoptr(VasAssignment) assignment = parse_element(g_ptr_array_index(guest->live, index));
    VasPciAddressText address = vas_host_address_text(assignment->device);

    fake_guest_remember(guest);
    g_ptr_array_remove_index(guest->live, index);
    fake_vf_release(fake, assignment);
    fake_set_driver(&fake->public, address.text, fake_host_own_driver(&fake->public, address.text));
    fake_push_event(&fake->public, VAS_EVENT_DEVICE_REMOVED, guest->name, assignment->alias);
}

static gboolean
ask(Fake *fake, FakeGuest *guest, const char *alias, GError **error)
{
    for (guint i = 0; i < guest->live->len; i++) {
        g_autoptr(VasAssignment) live = parse_element(g_ptr_array_index(guest->live, i));

        if (!g_str_equal(live->alias, alias))
            continue;
        if (fake->public.guest_ignores_unplug)
            g_ptr_array_add(fake->asked, g_strdup_printf("%s %s", guest->uuid, alias));
        else
            release_element(fake, guest, i);
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "no device found with alias %s", alias);
    return FALSE;
}

static gboolean
request_unplug(VasHypervisor *port, const char *uuid, const char *alias, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_DETACH_LIVE, error);

    if (course == RETURN_SUCCESS || course == RETURN_FAILURE)
        return course == RETURN_SUCCESS;
    return ask(fake, guest_by_uuid(fake, uuid, NULL), alias, course == GO_ON ? error : NULL) &&
           course == GO_ON;
}

static gboolean
remove_port(FakeGuest *guest, const char *xml)
{
    guint at;

    g_assert_true(g_ptr_array_find_with_equal_func(guest->ports, xml, g_str_equal, &at));
    fake_guest_remember(guest);
    g_ptr_array_remove_index(guest->ports, at);
    return TRUE;
}

static gboolean
remove_element(FakeGuest *guest, const char *xml, GError **error)
{
    g_autoptr(VasAssignment) wanted = NULL;
    gint index;

    if (is_controller(xml))
        return remove_port(guest, xml);
    wanted = parse_element(xml);
    index = find_element(guest->config, wanted);
    if (index < 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "device not present in domain");
        return FALSE;
    }
    fake_guest_remember(guest);
    g_ptr_array_remove_index(guest->config, (guint) index);
    return TRUE;
}

static gboolean
detach_config(VasHypervisor *port, const char *uuid, const char *xml, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_DETACH_CONFIG, error);

    if (course == RETURN_SUCCESS || course == RETURN_FAILURE)
        return course == RETURN_SUCCESS;
    return remove_element(guest_by_uuid(fake, uuid, NULL), xml, course == GO_ON ? error : NULL) &&
           course == GO_ON;
}

static gboolean
get_metadata(VasHypervisor *port, const char *uuid, const char *uri, VasScope scope, char **ret_xml,
             GError **error)
{
    Fake *fake = fake_of(port);
    const FakeGuest *guest = NULL;

    g_assert_cmpstr(uri, ==, VAS_METADATA_URI);
    if (fake_begin_call(fake, FAKE_GET_METADATA, error) != GO_ON)
        return FALSE;
    guest = guest_by_uuid(fake, uuid, error);
    if (guest == NULL)
        return FALSE;
    *ret_xml = g_strdup(scope == VAS_SCOPE_LIVE ? guest->metadata : guest->config_metadata);
    return TRUE;
}

static gboolean
set_metadata(VasHypervisor *port, const char *uuid, const char *uri, const char *prefix,
             const char *xml, VasScope scope, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_SET_METADATA, error);
    FakeGuest *guest = NULL;
    char **stored = NULL;

    g_assert_cmpstr(uri, ==, VAS_METADATA_URI);
    (void) prefix;
    if (course == RETURN_SUCCESS || course == RETURN_FAILURE)
        return course == RETURN_SUCCESS;
    guest = guest_by_uuid(fake, uuid, course == GO_ON ? error : NULL);
    if (guest == NULL)
        return FALSE;
    stored = scope == VAS_SCOPE_LIVE ? &guest->metadata : &guest->config_metadata;
    g_free(*stored);
    *stored = g_strdup(xml);
    return course == GO_ON;
}

static gboolean
watch(VasHypervisor *port, const char *uuid, GError **error)
{
    Fake *fake = fake_of(port);
    Course course = fake_begin_call(fake, FAKE_WATCH, error);

    if (course != GO_ON)
        return course == RETURN_SUCCESS;
    g_free(fake->connection.watched);
    fake->connection.watched = g_strdup(uuid);
    return TRUE;
}

static void
unwatch(VasHypervisor *port)
{
    g_clear_pointer(&fake_of(port)->connection.watched, g_free);
}

VasEvent *
fake_unless_woken(VasEvent *event)
{
    if (event == NULL || event->kind != VAS_EVENT_GUEST_STOPPED || event->guest != NULL)
        return event;
    vas_event_free(event);
    return NULL;
}

static VasEvent *
next_event(VasHypervisor *port, gint64 deadline)
{
    Fake *fake = fake_of(port);
    FakeHappening on_wait = fake->public.on_wait;
    VasEvent *event = g_async_queue_try_pop(fake->connection.events);
    gint64 left = deadline - g_get_monotonic_time();

    if (event != NULL || left <= 0)
        return fake_unless_woken(event);
    if (on_wait != NULL) {
        fake->public.on_wait = NULL;
        on_wait(&fake->public);
    }
    if (fake->public.pass_time == NULL)
        return fake_unless_woken(
            g_async_queue_timeout_pop(fake->connection.events, (guint64) left));
    event = g_async_queue_try_pop(fake->connection.events);
    if (event == NULL)
        fake->public.pass_time(deadline);
    return fake_unless_woken(event);
}

static void
wake(VasHypervisor *port)
{
    g_async_queue_push_front(fake_of(port)->connection.events,
                             vas_event_new(VAS_EVENT_GUEST_STOPPED, NULL, NULL));
}

static gboolean
reopen(VasHypervisor *port, GError **error)
{
    Fake *fake = fake_of(port);
    const PlannedFault *planned = NULL;

    if (fake_strikes(fake, FAKE_REOPEN, &planned) && planned->fault == FAKE_LIES)
        return TRUE;
    if (planned != NULL || fake->cut_off)
        return fake_fail_unreachable(error);
    fake->connection.disconnected = FALSE;
    return TRUE;
}

static gboolean
is_local(VasHypervisor *port)
{
    (void) port;
    return TRUE;
}

/* The port's owner is the test: fake_hypervisor_free. */
static void
keep(VasHypervisor *port)
{
    (void) port;
}

static void
note(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    FakeHypervisor *fake = data;
    const PlannedFault *planned = NULL;

    (void) elapsed;
    (void) limit;
    if (kind == VAS_PROGRESS_NOTE)
        g_ptr_array_add(fake->notes, g_strdup(text));
    if (kind == VAS_PROGRESS_STEP && fake_strikes((Fake *) fake, FAKE_STEP, &planned) &&
        fake->on_fault != NULL)
        fake->on_fault(fake);
}

FakeHypervisor *
fake_hypervisor_new(void)
{
    static const VasHypervisor port = {
        .free = keep,
        .clone = fake_clone,
        .is_local = is_local,
        .version = fake_host_version,
        .domain_capabilities = domain_capabilities,
        .list_node_devices = fake_host_list_node_devices,
        .node_device_xml = fake_host_node_device_xml,
        .detach_node_device = fake_host_detach_node_device,
        .reattach_node_device = fake_host_reattach_node_device,
        .list_guests = list_guests,
        .find_guest = find_guest,
        .guest_xml = guest_xml,
        .agent_interfaces = agent_interfaces,
        .attach = attach,
        .request_unplug = request_unplug,
        .detach_config = detach_config,
        .get_metadata = get_metadata,
        .set_metadata = set_metadata,
        .watch = watch,
        .unwatch = unwatch,
        .next_event = next_event,
        .wake = wake,
        .hurry = fake_hurry,
        .reopen = reopen,
    };
    Fake *fake = g_new0(Fake, 1);

    fake->public.port = port;
    fake_networks_build(fake);
    fake->public.guests = g_ptr_array_new_with_free_func(fake_guest_free);
    fake->public.notes = g_ptr_array_new_with_free_func(g_free);
    fake->connection.events = g_async_queue_new_full((GDestroyNotify) vas_event_free);
    fake->clones = g_ptr_array_new();
    g_mutex_init(&fake->mutex);
    g_rec_mutex_init(&fake->lock);
    fake->faults = g_ptr_array_new_with_free_func(fake_planned_fault_free);
    fake->asked = g_ptr_array_new_with_free_func(g_free);
    fake_host_build(&fake->public);
    fake_vf_settings_build(fake);
    fake->public.context = (VasContext){.hypervisor = &fake->public.port,
                                        .host = fake->public.host,
                                        .progress = note,
                                        .progress_data = fake};
    return &fake->public;
}

void
fake_hypervisor_free(FakeHypervisor *public)
{
    Fake *fake = (Fake *) public;

    g_ptr_array_unref(public->guests);
    g_ptr_array_unref(public->networks);
    g_ptr_array_unref(public->more);
    g_ptr_array_unref(public->notes);
    g_async_queue_unref(fake->connection.events);
    g_assert_cmpuint(fake->clones->len, ==, 0);
    g_ptr_array_unref(fake->clones);
    g_mutex_clear(&fake->mutex);
    g_rec_mutex_clear(&fake->lock);
    g_ptr_array_unref(fake->faults);
    g_ptr_array_unref(fake->asked);
    fake_vf_settings_clear(fake);
    g_free(fake->connection.watched);
    vas_host_free(public->host);
    testing_scratch_free(public->root);
    g_free(fake);
}

FakeGuest *
fake_add_guest(FakeHypervisor *public, const char *name, gboolean running, gboolean persistent)
{
    FakeGuest *guest = g_new0(FakeGuest, 1);

    guest->name = g_strdup(name);
    guest->uuid = g_strdup_printf("00000000-0000-0000-0000-%012u", public->guests->len + 1);
    guest->run_id = running ? (int) public->guests->len + 1 : -1;
    guest->persistent = persistent;
    guest->live = g_ptr_array_new_with_free_func(g_free);
    guest->config = g_ptr_array_new_with_free_func(g_free);
    guest->ports = g_ptr_array_new_with_free_func(g_free);
    guest->agent = g_ptr_array_new_with_free_func((GDestroyNotify) vas_agent_interface_free);
    g_ptr_array_add(public->guests, guest);
    return guest;
}

void
fake_add_agent_interface(FakeGuest *guest, const char *name, const char *mac)
{
    g_ptr_array_add(guest->agent, vas_agent_interface_new(name, mac));
}

FakeGuest *
fake_find_guest(FakeHypervisor *public, const char *name)
{
    for (guint i = 0; i < public->guests->len; i++) {
        FakeGuest *guest = g_ptr_array_index(public->guests, i);

        if (g_str_equal(guest->name, name))
            return guest;
    }
    g_assert_not_reached();
}

void
fake_release(FakeHypervisor *public, const char *alias)
{
    Fake *fake = (Fake *) public;

    for (guint i = 0; i < public->guests->len; i++) {
        FakeGuest *guest = g_ptr_array_index(public->guests, i);

        for (guint k = guest->live->len; k > 0; k--) {
            g_autoptr(VasAssignment) live = parse_element(g_ptr_array_index(guest->live, k - 1));
            g_autofree char *key = g_strdup_printf("%s %s", guest->uuid, live->alias);

            if ((alias == NULL || g_str_equal(live->alias, alias)) &&
                g_ptr_array_find_with_equal_func(fake->asked, key, g_str_equal, NULL))
                release_element(fake, guest, k - 1);
        }
    }
}

void
fake_release_all(FakeHypervisor *public)
{
    fake_release(public, NULL);
    g_ptr_array_set_size(((Fake *) public)->asked, 0);
}

void
fake_stop_guest(FakeHypervisor *public, FakeGuest *guest)
{
    Fake *fake = (Fake *) public;

    while (guest->live->len > 0) {
        g_autoptr(VasAssignment) live = parse_element(g_ptr_array_index(guest->live, 0));
        VasPciAddressText address = vas_host_address_text(live->device);

        fake_vf_release(fake, live);
        fake_set_driver(public, address.text, fake_host_own_driver(public, address.text));
        g_ptr_array_remove_index(guest->live, 0);
    }
    g_ptr_array_set_size(fake->asked, 0);
    g_clear_pointer(&guest->metadata, g_free);
    guest->run_id = -1;
    fake_push_event(public, VAS_EVENT_GUEST_STOPPED, guest->name, NULL);
}

void
fake_start_guest(FakeHypervisor *public, FakeGuest *guest)
{
    g_assert_cmpint(guest->run_id, ==, -1);
    guest->run_id = (int) ++((Fake *) public)->starts + 100;
    guest->metadata = g_strdup(guest->config_metadata);
    for (guint i = 0; i < guest->config->len; i++)
        do_attach((Fake *) public, guest, g_ptr_array_index(guest->config, i), VAS_SCOPE_LIVE);
}
