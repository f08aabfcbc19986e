/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/domain-xml.h"

#include "xml/address-xml.h"
#include "xml/assignment-xml.h"
#include "xml/device-xml.h"
#include "xml/metadata-xml.h"
#include "xml/numa-xml.h"
#include "xml/platform-xml.h"
#include "xml/use-xml.h"

#include <string.h>

#define BUS_MAX 0xff

static char *
describe_hostdev(const xmlNode *device)
{
    g_autofree char *type = vas_node_attribute(device, "type");
    VasHostAddress host;

    if (g_strcmp0(type, "pci") == 0 &&
        vas_address_xml_read_host(vas_node_child(device, "source"), &host))
        return g_strdup_printf("hostdev %s", vas_host_address_text(host).text);
    return g_strdup_printf("hostdev %s", type != NULL ? type : "of unknown type");
}

static char *
describe_controller(const xmlNode *device)
{
    g_autofree char *type = vas_node_attribute(device, "type");
    g_autofree char *index = vas_node_attribute(device, "index");

    return g_strdup_printf("controller %s %s", type != NULL ? type : "of unknown type",
                           index != NULL ? index : "without index");
}

/* Describes a device that has no alias, as in a config. */
static char *
describe_device(const xmlNode *device)
{
    const char *name = (const char *) device->name;
    const xmlNode *target = vas_node_child(device, "target");
    g_autofree char *detail = NULL;
    VasMacAddress mac;

    if (vas_node_is(device, "hostdev"))
        return describe_hostdev(device);
    if (vas_node_is(device, "controller"))
        return describe_controller(device);
    if (vas_node_is(device, "interface") && vas_device_xml_mac(device, &mac))
        return g_strdup_printf("interface %s", vas_mac_address_text(mac).text);
    if (vas_node_is(device, "disk") && target != NULL)
        detail = vas_node_attribute(target, "dev");
    else
        detail = vas_node_attribute(device, "model");
    return detail != NULL ? g_strdup_printf("%s %s", name, detail) : g_strdup(name);
}

/* QEMU marks these devices as not hotpluggable (DeviceClass) or leaves them out of ACPI's hot-plug
 * (bridges: is_devfn_ignored_hotplug in hw/i386/acpi-build.c). */
static gboolean
is_fixed(const xmlNode *device)
{
    g_autofree char *model = NULL;

    if (vas_node_is(device, "video"))
        return TRUE;
    if (!vas_node_is(device, "controller"))
        return FALSE;
    model = vas_node_attribute(device, "model");
    return vas_node_attribute_is(device, "type", "pci") ||
           (model != NULL && strstr(model, "uhci") != NULL);
}

static void
read_occupant(VasGuestDefinition *definition, const xmlNode *device)
{
    g_autoptr(VasOccupant) occupant = g_new0(VasOccupant, 1);

    if (!vas_device_xml_guest_address(device, &occupant->address))
        return;
    occupant->name = vas_device_xml_alias(device);
    if (occupant->name == NULL)
        occupant->name = describe_device(device);
    occupant->multifunction =
        vas_node_attribute_is(vas_node_child(device, "address"), "multifunction", "on");
    occupant->fixed = is_fixed(device);
    occupant->acpi_index = vas_device_xml_acpi_index(device);
    g_ptr_array_add(definition->occupants, g_steal_pointer(&occupant));
}

static void
read_nic(VasGuestDefinition *definition, const xmlNode *device)
{
    const xmlNode *teaming = vas_node_child(device, "teaming");
    VasNic *nic = g_new0(VasNic, 1);

    nic->alias = vas_device_xml_alias(device);
    nic->has_mac = vas_device_xml_mac(device, &nic->mac);
    nic->has_guest_address = vas_device_xml_guest_address(device, &nic->guest_address);
    nic->other_place = vas_device_xml_other_place(device);
    nic->acpi_index = vas_device_xml_acpi_index(device);
    nic->is_team_backup = teaming != NULL && vas_node_attribute_is(teaming, "type", "persistent");
    g_ptr_array_add(definition->nics, nic);
}

/* -1: it has none. */
static int
target_number(const xmlNode *target, const char *name)
{
    guint64 number = 0;

    if (target == NULL || !vas_node_attribute_uint(target, name, BUS_MAX, &number))
        return -1;
    return (int) number;
}

static void
read_controller(VasGuestDefinition *definition, GHashTable *bindings, const xmlNode *device)
{
    const xmlNode *target = vas_node_child(device, "target");
    g_autofree char *model = vas_node_attribute(device, "model");
    g_autofree VasPciController *controller = g_new0(VasPciController, 1);
    guint64 number = 0;

    if (!vas_node_attribute_is(device, "type", "pci") ||
        !vas_node_attribute_uint(device, "index", BUS_MAX, &number))
        return;
    controller->index = (guint) number;
    controller->model = model != NULL ? vas_pci_model_from_name(model) : VAS_PCI_MODEL_UNKNOWN;
    controller->bus_number = target_number(target, "busNr");
    controller->chassis = target_number(target, "chassis");
    if (controller->chassis < 0)
        controller->chassis = target_number(target, "chassisNr");
    controller->host_node = vas_numa_xml_host_node(bindings, target);
    controller->hotplug_off = target != NULL && vas_node_attribute_is(target, "hotplug", "off");
    controller->has_address = vas_device_xml_guest_address(device, &controller->address);
    controller->multifunction = controller->has_address && vas_device_xml_multifunction(device);
    g_ptr_array_add(definition->controllers, g_steal_pointer(&controller));
}

static void
read_device(VasGuestDefinition *definition, GHashTable *bindings, xmlNode *device)
{
    g_autoptr(VasAssignment) assignment = vas_assignment_xml_read(device);
    g_autoptr(VasAssignment) network_nic = vas_assignment_xml_read_network(device);
    g_autoptr(VasGuestUse) use = vas_use_xml_read(device);
    g_autofree char *alias = vas_device_xml_alias(device);
    int boot_order = vas_device_xml_boot_order(device);

    if (use != NULL)
        g_ptr_array_add(definition->uses, g_steal_pointer(&use));
    if (assignment != NULL)
        g_ptr_array_add(definition->assignments, g_steal_pointer(&assignment));
    if (network_nic != NULL)
        g_ptr_array_add(definition->network_nics, g_steal_pointer(&network_nic));
    if (alias != NULL)
        g_ptr_array_add(definition->aliases, g_steal_pointer(&alias));
    if (boot_order > 0)
        g_array_append_val(definition->boot_orders, boot_order);
    if (vas_node_is(device, "interface"))
        read_nic(definition, device);
    if (vas_node_is(device, "controller"))
        read_controller(definition, bindings, device);
    read_occupant(definition, device);
}

static void
read_machine(VasGuestDefinition *definition, const xmlNode *root)
{
    const xmlNode *os = vas_node_child(root, "os");
    const xmlNode *features = vas_node_child(root, "features");
    const xmlNode *type = os != NULL ? vas_node_child(os, "type") : NULL;

    if (type != NULL)
        definition->machine = vas_node_attribute(type, "machine");
    definition->boot_devices = os != NULL && vas_node_child(os, "boot") != NULL;
    definition->acpi = features != NULL && vas_node_child(features, "acpi") != NULL;
}

static int
run_id(const xmlNode *root)
{
    guint64 id = 0;

    return vas_node_attribute_uint(root, "id", G_MAXINT, &id) ? (int) id : -1;
}

static gint
compare_controllers(gconstpointer a, gconstpointer b)
{
    const VasPciController *const *left = a;
    const VasPciController *const *right = b;

    return (gint) (*left)->index - (gint) (*right)->index;
}

static gint
compare_occupants(gconstpointer a, gconstpointer b)
{
    const VasOccupant *const *left = a;
    const VasOccupant *const *right = b;

    return vas_pci_address_compare((*left)->address.pci, (*right)->address.pci);
}

VasGuestDefinition *
vas_domain_xml_parse(const char *xml, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(xml, "domain XML", "domain", error);
    g_autoptr(GHashTable) bindings = NULL;
    VasGuestDefinition *definition = NULL;
    const xmlNode *root = NULL;
    const xmlNode *devices = NULL;
    const xmlNode *uuid = NULL;

    if (document == NULL)
        return NULL;
    root = xmlDocGetRootElement(document);
    devices = vas_node_child(root, "devices");
    uuid = vas_node_child(root, "uuid");
    bindings = vas_numa_xml_bindings(root);
    definition = vas_guest_definition_new();
    definition->uuid = uuid != NULL ? vas_node_text(uuid) : NULL;
    definition->run_id = run_id(root);
    read_machine(definition, root);
    vas_platform_xml_read(root, &definition->platform);
    definition->record = vas_metadata_xml_read(root);
    if (devices != NULL)
        for (xmlNode *device = vas_node_first(devices); device != NULL;
             device = vas_node_following(device))
            read_device(definition, bindings, device);
    g_ptr_array_sort(definition->controllers, compare_controllers);
    g_ptr_array_sort(definition->occupants, compare_occupants);
    return definition;
}
