/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-host.h"

#include "fake-private.h"

#include "core/value/error.h"

#include <string.h>
#include <unistd.h>

/* A function of the fake host. */
typedef struct {
    const char *address;
    const char *driver;
    const char *ids;
    const char *capability;
    const char *interface;
    int group;
} Function;

#define PF_OF_MORE "0000:40:00.0"
#define INTERFACE_OF_MORE "enp64s0"

static const Function functions[] = {
    {"0000:01:00.0", "igb", "0x10c9",
     "<capability type='virt_functions' maxCount='7'>"
     "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>"
     "<address domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></capability>",
     "enp1s0", 1},
    {"0000:01:10.0", "igbvf", "0x10ca",
     "<capability type='phys_function'>"
     "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></capability>",
     "enp1s0v0", 11},
    {"0000:01:10.2", "igbvf", "0x10ca",
     "<capability type='phys_function'>"
     "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></capability>",
     NULL, 12},
    {"0000:02:00.0", "igb", "0x10c9",
     "<capability type='virt_functions' maxCount='7'>"
     "<address domain='0x0000' bus='0x02' slot='0x10' function='0x0'/></capability>",
     "enp2s0", 2},
    {"0000:02:10.0", "igbvf", "0x10ca",
     "<capability type='phys_function'>"
     "<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></capability>",
     NULL, 21},
    {"0000:03:00.0", "xhci_hcd", "0x000d", "", NULL, 3},
    {"0000:05:01.0", "e1000", "0x100e", "", NULL, 4},
    {"0000:05:02.0", "ahci", "0x2922", "", NULL, 4},
};

static guint
count_functions(const FakeHypervisor *fake)
{
    return G_N_ELEMENTS(functions) + fake->more->len;
}

static const Function *
function_at(const FakeHypervisor *fake, guint i)
{
    return i < G_N_ELEMENTS(functions) ? &functions[i]
                                       : g_ptr_array_index(fake->more, i - G_N_ELEMENTS(functions));
}

static char *
device_link(FakeHypervisor *fake, const char *device, const char *leaf)
{
    return g_strdup_printf("%s/sys/bus/pci/devices/%s/%s", fake->root->path, device, leaf);
}

void
fake_set_driver(FakeHypervisor *fake, const char *device, const char *driver)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/%s/driver", device);
    g_autofree char *full = device_link(fake, device, "driver");
    g_autofree char *target = NULL;

    (void) unlink(full);
    if (driver == NULL)
        return;
    target = g_strdup_printf("../../drivers/%s", driver);
    testing_scratch_link(fake->root, path, target);
}

char *
fake_driver(FakeHypervisor *fake, const char *device)
{
    g_autofree char *full = device_link(fake, device, "driver");
    g_autofree char *target = g_file_read_link(full, NULL);

    return target == NULL ? NULL : g_path_get_basename(target);
}

void
fake_set_pf_up(FakeHypervisor *fake, const char *interface, gboolean up)
{
    g_autofree char *path = g_strdup_printf("/sys/class/net/%s/flags", interface);

    testing_scratch_write(fake->root, path, up ? "0x1003\n" : "0x1002\n");
}

const char *
fake_host_own_driver(const FakeHypervisor *fake, const char *address)
{
    for (guint i = 0; i < count_functions(fake); i++) {
        if (g_str_equal(function_at(fake, i)->address, address))
            return function_at(fake, i)->driver;
    }
    return NULL;
}

static void
add_names(const FakeHypervisor *fake, GStrvBuilder *names, VasNodeDeviceKind kind)
{
    for (guint i = 0; i < count_functions(fake); i++) {
        const Function *function = function_at(fake, i);
        VasPciAddress address;

        g_assert_true(vas_pci_address_parse(function->address, &address, NULL));
        if (kind == VAS_NODE_DEVICE_PCI) {
            g_strv_builder_add(names, vas_pci_address_nodedev(address).text);
        } else if (kind == VAS_NODE_DEVICE_NET && function->interface != NULL) {
            g_autofree char *name = g_strconcat("net_", function->interface, NULL);

            g_strv_builder_add(names, name);
        }
    }
}

/* The members of a group, as libvirt tells them. Returns full. */
static char *
group_members(const FakeHypervisor *fake, int group)
{
    g_autoptr(GString) members = g_string_new(NULL);

    for (guint i = 0; i < count_functions(fake); i++) {
        VasPciAddress address;

        if (function_at(fake, i)->group != group)
            continue;
        g_assert_true(vas_pci_address_parse(function_at(fake, i)->address, &address, NULL));
        g_string_append_printf(
            members, "<address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>",
            address.domain, address.bus, address.slot, address.function);
    }
    return g_strdup(members->str);
}

static char *
pci_xml(FakeHypervisor *fake, const Function *function)
{
    g_autofree char *members =
        fake->hides_groups ? g_strdup("") : group_members(fake, function->group);
    g_autofree char *driver = fake_driver(fake, function->address);
    g_autofree char *element =
        driver == NULL ? g_strdup("") : g_strdup_printf("<driver><name>%s</name></driver>", driver);
    VasPciAddress address;

    g_assert_true(vas_pci_address_parse(function->address, &address, NULL));
    return g_strdup_printf(
        "<device><name>%s</name>%s<capability type='pci'><class>%s</class><domain>%u</domain>"
        "<bus>%u</bus><slot>%u</slot><function>%u</function>"
        "<product id='%s'>Test product</product><vendor id='0x8086'>Intel Corporation</vendor>"
        "%s<iommuGroup number='%d'>%s</iommuGroup></capability></device>",
        vas_pci_address_nodedev(address).text, element,
        function->group == 3 ? "0x0c0330" : "0x020000", address.domain, address.bus, address.slot,
        address.function, function->ids, function->capability, function->group, members);
}

static char *
net_xml(const Function *function)
{
    VasPciAddress address;

    g_assert_true(vas_pci_address_parse(function->address, &address, NULL));
    return g_strdup_printf("<device><name>net_%s</name><parent>%s</parent><capability type='net'>"
                           "<interface>%s</interface></capability></device>",
                           function->interface, vas_pci_address_nodedev(address).text,
                           function->interface);
}

static char *
describe(FakeHypervisor *fake, const char *name)
{
    for (guint i = 0; i < count_functions(fake); i++) {
        const Function *function = function_at(fake, i);
        VasPciAddress address;

        g_assert_true(vas_pci_address_parse(function->address, &address, NULL));
        if (g_str_equal(name, vas_pci_address_nodedev(address).text)) {
            if (g_strcmp0(fake->garbled, function->address) == 0)
                return g_strdup("<device><name>R&D</name></device>");
            return g_strcmp0(fake->vanished, function->address) == 0 ? NULL
                                                                     : pci_xml(fake, function);
        }
        if (function->interface != NULL && g_str_has_prefix(name, "net_") &&
            g_str_equal(name + strlen("net_"), function->interface))
            return net_xml(function);
    }
    return NULL;
}

GStrv
fake_host_list_node_devices(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    Fake *fake = fake_of(port);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    Course course = fake_begin_call(fake, FAKE_LIST_NODE_DEVICES, error);

    if (course != GO_ON && course != RETURN_SUCCESS)
        return NULL;
    if (course == GO_ON)
        add_names(&fake->public, names, kind);
    return g_strv_builder_end(names);
}

char *
fake_host_node_device_xml(VasHypervisor *port, const char *name, GError **error)
{
    Fake *fake = fake_of(port);
    char *xml = NULL;

    if (fake_begin_call(fake, FAKE_NODE_DEVICE_XML, error) != GO_ON)
        return NULL;
    xml = describe(&fake->public, name);
    if (xml != NULL)
        return xml;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no node device with matching name '%s'",
                name);
    return NULL;
}

void
fake_set_override(FakeHypervisor *fake, const char *device, const char *driver)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/%s/driver_override", device);
    g_autofree char *line = g_strconcat(driver != NULL ? driver : "(null)", "\n", NULL);

    testing_scratch_write(fake->root, path, line);
}

/* Does to a function what libvirt does in @call: it is on @driver then, NULL: on its own again. */
static gboolean
rebind(VasHypervisor *port, FakeCall call, const char *name, const char *driver, GError **error)
{
    Fake *fake = fake_of(port);
    VasPciAddress address;
    Course course = fake_begin_call(fake, call, error);

    if (course == RETURN_SUCCESS || course == RETURN_FAILURE)
        return course == RETURN_SUCCESS;
    for (guint i = 0; i < count_functions(&fake->public); i++) {
        const Function *function = function_at(&fake->public, i);

        g_assert_true(vas_pci_address_parse(function->address, &address, NULL));
        if (!g_str_equal(name, vas_pci_address_nodedev(address).text))
            continue;
        fake_set_driver(&fake->public, function->address,
                        driver != NULL ? driver : function->driver);
        fake_set_override(&fake->public, function->address, driver);
        return course == GO_ON;
    }
    g_clear_error(error);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no node device with matching name '%s'",
                name);
    return FALSE;
}

gboolean
fake_host_detach_node_device(VasHypervisor *port, const char *name, const char *driver,
                             GError **error)
{
    return rebind(port, FAKE_DETACH_NODE_DEVICE, name, driver != NULL ? driver : "vfio-pci", error);
}

gboolean
fake_host_reattach_node_device(VasHypervisor *port, const char *name, GError **error)
{
    return rebind(port, FAKE_REATTACH_NODE_DEVICE, name, NULL, error);
}

gulong
fake_host_version(VasHypervisor *port)
{
    return ((FakeHypervisor *) port)->version;
}

static void
build_function(FakeHypervisor *fake, const Function *function)
{
    g_autofree char *net = NULL;

    fake_set_driver(fake, function->address, function->driver);
    fake_set_override(fake, function->address, NULL);
    if (function->interface == NULL)
        return;
    net = g_strdup_printf("/sys/bus/pci/devices/%s/net/%s/ifindex", function->address,
                          function->interface);
    testing_scratch_write(fake->root, net, "2\n");
    fake_set_pf_up(fake, function->interface, TRUE);
}

static gboolean
read_network(VasNetwork *network, gpointer data, GError **error)
{
    const PlannedFault *planned = NULL;

    (void) network;
    (void) error;
    (void) fake_strikes(data, FAKE_READ_NETWORK, &planned);
    return TRUE;
}

static void
function_free(gpointer data)
{
    Function *function = data;

    g_free((char *) function->address);
    g_free((char *) function->capability);
    g_free(function);
}

/* Each port has a MAC of its own, by the name of its interface. */
static gboolean
read_permanent_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    guint hash = g_str_hash(interface);

    (void) data;
    *ret_mac = (VasMacAddress){
        {0x90, 0xe2, 0xba, (guint8) (hash >> 16), (guint8) (hash >> 8), (guint8) hash}};
    return TRUE;
}

void
fake_host_build(FakeHypervisor *fake)
{
    fake->root = testing_scratch_new();
    fake->more = g_ptr_array_new_with_free_func(function_free);
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++)
        build_function(fake, &functions[i]);
    fake->host = vas_host_new(fake->root->path);
    fake->host->read_permanent_mac = read_permanent_mac;
    fake->host->read_network = read_network;
    fake->host->network_data = fake;
}

static void
add_function(FakeHypervisor *fake, Function function)
{
    Function *added = g_memdup2(&function, sizeof function);

    g_ptr_array_add(fake->more, added);
    build_function(fake, added);
}

char *
fake_more_vf(guint index)
{
    return g_strdup_printf("0000:41:%02x.%u", index / 8, index % 8);
}

void
fake_add_vfs(FakeHypervisor *fake, guint count)
{
    g_autoptr(GString) capability =
        g_string_new("<capability type='virt_functions' maxCount='256'>");

    g_assert_cmpuint(fake->more->len, ==, 0);
    for (guint i = 0; i < count; i++)
        g_string_append_printf(
            capability, "<address domain='0x0000' bus='0x41' slot='0x%02x' function='0x%u'/>",
            i / 8, i % 8);
    g_string_append(capability, "</capability>");
    add_function(fake, (Function){g_strdup(PF_OF_MORE), "igb", "0x10c9", g_strdup(capability->str),
                                  INTERFACE_OF_MORE, 40});
    for (guint i = 0; i < count; i++) {
        char *address = fake_more_vf(i);
        g_autofree char *key = g_strdup_printf(INTERFACE_OF_MORE "/%u", i);

        add_function(fake,
                     (Function){address, "igbvf", "0x10ca",
                                g_strdup("<capability type='phys_function'><address "
                                         "domain='0x0000' bus='0x40' slot='0x00' function='0x0'/>"
                                         "</capability>"),
                                NULL, (int) (1000 + i)});
        fake_vf_settings_add((Fake *) fake, address, key);
    }
}
