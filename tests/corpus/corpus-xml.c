/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The XML side of tests/corpus/run. It reads libvirt's XML without a line of the program's own
 * readers, so that a fault of theirs shows as a difference. */
#include <glib.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE "-"
/* Host addresses of made-up devices begin here: no corpus has a device on so high a bus. */
#define MADE_UP_BUS 0xe0
#define TEST_NAMESPACE "http://libvirt.org/schemas/domain/test/1.0"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

static xmlDoc *
read_file(const char *path)
{
    xmlDoc *document = xmlReadFile(
        path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS);

    if (document == NULL || xmlDocGetRootElement(document) == NULL) {
        fprintf(stderr, "corpus-xml: %s is not XML\n", path);
        exit(1);
    }
    return document;
}

static void
print_document(xmlDoc *document)
{
    xmlDocFormatDump(stdout, document, 1);
}

static gboolean
is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *) node->name, name) == 0;
}

/* NULL: @parent is NULL, or has no such child. */
static xmlNode *
child(const xmlNode *parent, const char *name)
{
    xmlNode *node = parent != NULL ? parent->children : NULL;

    while (node != NULL && !is_element(node, name))
        node = node->next;
    return node;
}

static xmlNode *
capability(const xmlNode *parent, const char *type)
{
    for (xmlNode *node = parent->children; node != NULL; node = node->next) {
        g_autofree char *found =
            is_element(node, "capability") ? (char *) xmlGetNoNsProp(node, BAD_CAST "type") : NULL;

        if (g_strcmp0(found, type) == 0)
            return node;
    }
    return NULL;
}

/* Returns full; NONE where there is no such attribute. */
static char *
attribute(const xmlNode *node, const char *name)
{
    char *value = node != NULL ? (char *) xmlGetNoNsProp(node, BAD_CAST name) : NULL;

    return value != NULL ? value : g_strdup(NONE);
}

static gboolean
attribute_is(const xmlNode *node, const char *name, const char *value)
{
    g_autofree char *found = attribute(node, name);

    return strcmp(found, value) == 0;
}

/* Returns full. */
static char *
child_text(const xmlNode *parent, const char *name)
{
    const xmlNode *node = child(parent, name);
    char *text = node != NULL ? (char *) xmlNodeGetContent(node) : NULL;

    return text != NULL ? text : g_strdup(NONE);
}

static guint
number(const char *text)
{
    return (guint) g_ascii_strtoull(text, NULL, 0);
}

static guint
attribute_number(const xmlNode *node, const char *name)
{
    g_autofree char *text = attribute(node, name);

    return number(text);
}

/* Returns full; NONE for no address, or one that is not on PCI. */
static char *
address_text(const xmlNode *address)
{
    if (address == NULL || xmlHasProp(address, BAD_CAST "slot") == NULL ||
        !(attribute_is(address, "type", "pci") || attribute_is(address, "type", NONE)))
        return g_strdup(NONE);
    return g_strdup_printf("%04x:%02x:%02x.%x", attribute_number(address, "domain"),
                           attribute_number(address, "bus"), attribute_number(address, "slot"),
                           attribute_number(address, "function"));
}

static const xmlNode *
first_device(xmlDoc *document)
{
    const xmlNode *devices = child(xmlDocGetRootElement(document), "devices");

    return devices != NULL ? devices->children : NULL;
}

/* Does the element give the guest a PCI function of the host? */
static gboolean
is_assignment(const xmlNode *device)
{
    if (is_element(device, "hostdev"))
        return attribute_is(device, "type", "pci");
    if (is_element(device, "interface"))
        return attribute_is(device, "type", "hostdev");
    return is_element(device, "disk") && attribute_is(device, "type", "nvme");
}

static void
print_assignment(const xmlNode *device)
{
    const xmlNode *vlan = child(device, "vlan");
    g_autofree char *host = address_text(child(child(device, "source"), "address"));
    g_autofree char *guest = address_text(child(device, "address"));
    g_autofree char *mac = attribute(child(device, "mac"), "address");
    g_autofree char *alias = attribute(child(device, "alias"), "name");
    g_autofree char *tag = attribute(child(vlan, "tag"), "id");
    gboolean has_tag = vlan != NULL && xmlChildElementCount((xmlNode *) vlan) == 1;

    if (strcmp(host, NONE) != 0)
        printf("assignment %s %s at %s mac %s vlan %s alias %s\n",
               is_element(device, "interface") ? "interface" : "hostdev", host, guest, mac,
               has_tag ? tag : NONE, alias);
}

static void
print_nic(const xmlNode *device)
{
    const xmlNode *place = child(device, "address");
    g_autofree char *mac = attribute(child(device, "mac"), "address");
    g_autofree char *guest = address_text(place);
    g_autofree char *index = attribute(child(device, "acpi"), "index");

    printf("nic mac %s at %s acpi-index %s\n", mac, guest, index);
}

/* No device can be put on the buses of these two (virDomainPCIAddressBusSetModel). */
static void
print_bus(const xmlNode *device)
{
    g_autofree char *index = attribute(device, "index");
    g_autofree char *model = attribute(device, "model");

    if (strcmp(model, "pcie-expander-bus") != 0 && strcmp(model, "pcie-switch-upstream-port") != 0)
        printf("bus %s %s\n", index, model);
}

static void
print_domain_facts(xmlDoc *document)
{
    for (const xmlNode *device = first_device(document); device != NULL; device = device->next) {
        if (device->type != XML_ELEMENT_NODE)
            continue;
        if (is_assignment(device))
            print_assignment(device);
        if (is_element(device, "interface"))
            print_nic(device);
        if (is_element(device, "controller") && attribute_is(device, "type", "pci"))
            print_bus(device);
    }
}

/* Returns full: the addresses of the VFs, with commas. */
static char *
vf_list(const xmlNode *functions)
{
    g_autoptr(GPtrArray) vfs = g_ptr_array_new_with_free_func(g_free);

    for (const xmlNode *node = functions != NULL ? functions->children : NULL; node != NULL;
         node = node->next)
        if (is_element(node, "address"))
            g_ptr_array_add(vfs, address_text(node));
    g_ptr_array_add(vfs, NULL);
    return g_strjoinv(",", (char **) vfs->pdata);
}

/* libvirt's test driver drops the host driver, and a VF has no VFs, whatever its own tests make up.
 */
static void
print_device_facts(xmlDoc *document)
{
    const xmlNode *root = xmlDocGetRootElement(document);
    const xmlNode *pci = capability(root, "pci");
    const xmlNode *pf = pci != NULL ? capability(pci, "phys_function") : NULL;
    const xmlNode *vfs = pci != NULL ? capability(pci, "virt_functions") : NULL;
    const char *const parts[] = {"domain", "bus", "slot", "function", "class"};
    guint values[G_N_ELEMENTS(parts)];

    if (pci == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = child_text(pci, parts[i]);

        values[i] = number(text);
    }
    g_autofree char *name = child_text(root, "name");
    g_autofree char *group = attribute(child(pci, "iommuGroup"), "number");
    g_autofree char *node = attribute(child(pci, "numa"), "node");
    g_autofree char *pf_address = address_text(child(pf, "address"));
    g_autofree char *list = vf_list(pf == NULL ? vfs : NULL);

    printf("device %04x:%02x:%02x.%x name %s class %06x id %04x:%04x group %s node %s "
           "pf %s vfs %s\n",
           values[0], values[1], values[2], values[3], name, values[4],
           attribute_number(child(pci, "vendor"), "id"),
           attribute_number(child(pci, "product"), "id"), group, node, pf_address, list);
}

/* Each device that has a guest address: a controller by its number, the others by their order,
 * which a device that is put behind them leaves alone. */
static void
print_places(xmlDoc *document)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);

    for (const xmlNode *device = first_device(document); device != NULL; device = device->next) {
        const char *name = (const char *) device->name;
        g_autofree char *guest = NULL;
        g_autofree char *type = NULL;
        g_autofree char *index = NULL;
        g_autofree char *model = NULL;
        guint count;

        if (device->type != XML_ELEMENT_NODE)
            continue;
        count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
        g_hash_table_insert(counts, (gpointer) name, GUINT_TO_POINTER(count + 1));
        guest = address_text(child(device, "address"));
        type = attribute(device, "type");
        index = attribute(device, "index");
        model = attribute(device, "model");
        if (is_element(device, "controller"))
            printf("controller %s %s %s %s\n", type, index, model, guest);
        else if (strcmp(guest, NONE) != 0)
            printf("%s %u %s\n", name, count, guest);
    }
}

static void
remove_node(xmlNode *node)
{
    if (node == NULL)
        return;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* Not every machine has what is taken out here: KVM, the emulator's path and the host's USB. The
 * name and the UUID would be another guest's, too. */
static void
prepare(xmlDoc *document, const char *name)
{
    xmlNode *root = xmlDocGetRootElement(document);
    const xmlNode *devices = child(root, "devices");
    xmlNode *next = NULL;

    if (attribute_is(root, "type", "kvm"))
        xmlSetProp(root, BAD_CAST "type", BAD_CAST "qemu");
    if (child(root, "name") != NULL)
        xmlNodeSetContent(child(root, "name"), BAD_CAST name);
    remove_node(child(root, "uuid"));
    remove_node(child(devices, "emulator"));
    for (xmlNode *device = devices != NULL ? devices->children : NULL; device != NULL;
         device = next) {
        next = device->next;
        if (is_element(device, "hostdev") && attribute_is(device, "type", "usb"))
            remove_node(device);
    }
}

/* Adds made-up host devices behind all that is there, each at its address; "any": libvirt chooses.
 */
static void
add_made_up(xmlDoc *document, int count, char *const *addresses)
{
    xmlNode *devices = child(xmlDocGetRootElement(document), "devices");

    for (int i = 0; i < count; i++) {
        xmlNode *hostdev = xmlNewChild(devices, NULL, BAD_CAST "hostdev", NULL);
        xmlNode *source = xmlNewChild(hostdev, NULL, BAD_CAST "source", NULL);
        xmlNode *host = xmlNewChild(source, NULL, BAD_CAST "address", NULL);
        g_autofree char *bus = g_strdup_printf("0x%02x", MADE_UP_BUS + i / 256);
        g_autofree char *slot = g_strdup_printf("0x%02x", i / 8 % 32);
        g_autofree char *function = g_strdup_printf("0x%x", i % 8);
        guint at_domain = 0, at_bus = 0, at_slot = 0;

        xmlSetProp(hostdev, BAD_CAST "mode", BAD_CAST "subsystem");
        xmlSetProp(hostdev, BAD_CAST "type", BAD_CAST "pci");
        xmlSetProp(hostdev, BAD_CAST "managed", BAD_CAST "yes");
        xmlSetProp(host, BAD_CAST "domain", BAD_CAST "0x0000");
        xmlSetProp(host, BAD_CAST "bus", BAD_CAST bus);
        xmlSetProp(host, BAD_CAST "slot", BAD_CAST slot);
        xmlSetProp(host, BAD_CAST "function", BAD_CAST function);
        if (sscanf(addresses[i], "%x:%x:%x", &at_domain, &at_bus, &at_slot) == 3) {
            xmlNode *guest = xmlNewChild(hostdev, NULL, BAD_CAST "address", NULL);
            g_autofree char *guest_bus = g_strdup_printf("0x%02x", at_bus);
            g_autofree char *guest_slot = g_strdup_printf("0x%02x", at_slot);

            xmlSetProp(guest, BAD_CAST "type", BAD_CAST "pci");
            xmlSetProp(guest, BAD_CAST "bus", BAD_CAST guest_bus);
            xmlSetProp(guest, BAD_CAST "slot", BAD_CAST guest_slot);
        }
    }
}

static void
add_element(xmlDoc *document, const char *path)
{
    g_autoptr(xmlDoc) other = read_file(path);
    xmlNode *devices = child(xmlDocGetRootElement(document), "devices");

    xmlAddChild(devices, xmlDocCopyNode(xmlDocGetRootElement(other), document, 1));
}

/* Makes the guest, shut off, or the node device part of a host for libvirt's test driver. */
static void
add_to_host(xmlDoc *host, const char *path)
{
    g_autoptr(xmlDoc) other = read_file(path);
    xmlNode *node = xmlDocCopyNode(xmlDocGetRootElement(other), host, 1);

    xmlAddChild(xmlDocGetRootElement(host), node);
    if (is_element(node, "domain")) {
        xmlNs *test = xmlNewNs(node, BAD_CAST TEST_NAMESPACE, BAD_CAST "test");

        xmlSetProp(node, BAD_CAST "type", BAD_CAST "test");
        xmlNewChild(node, test, BAD_CAST "runstate", BAD_CAST "5");
    }
}

static void
print_kinds(int count, char *const *paths)
{
    for (int i = 0; i < count; i++) {
        g_autoptr(xmlDoc) document =
            xmlReadFile(paths[i], NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
        const char *kind = root == NULL                                            ? "broken"
                           : is_element(root, "domain")                            ? "domain"
                           : is_element(root, "device") && capability(root, "pci") ? "device"
                                                                                   : "other";

        printf("%s %s\n", kind, paths[i]);
    }
}

static int
usage(void)
{
    fputs("usage: corpus-xml kinds FILE...          what each is: domain, device, other, broken\n"
          "       corpus-xml prepare FILE NAME      the domain as this machine can define it\n"
          "       corpus-xml facts FILE             what the domain or PCI node device has\n"
          "       corpus-xml places FILE            where each device of the domain is\n"
          "       corpus-xml host HOST FILE         the host with this domain or node device\n"
          "       corpus-xml with FILE ADDRESS...   the domain with made-up devices; ADDRESS: any\n"
          "       corpus-xml add FILE ELEMENT       the domain with the device of a file\n",
          stderr);
    return 2;
}

int
main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    g_autoptr(xmlDoc) document = NULL;

    if (argc < 3)
        return usage();
    if (strcmp(command, "kinds") == 0) {
        print_kinds(argc - 2, argv + 2);
        return 0;
    }
    document = read_file(argv[2]);
    if (strcmp(command, "facts") == 0 && is_element(xmlDocGetRootElement(document), "domain"))
        print_domain_facts(document);
    else if (strcmp(command, "facts") == 0)
        print_device_facts(document);
    else if (strcmp(command, "places") == 0)
        print_places(document);
    else if (argc < 4)
        return usage();
    else if (strcmp(command, "prepare") == 0)
        prepare(document, argv[3]);
    else if (strcmp(command, "host") == 0)
        add_to_host(document, argv[3]);
    else if (strcmp(command, "with") == 0)
        add_made_up(document, argc - 3, argv + 3);
    else if (strcmp(command, "add") == 0)
        add_element(document, argv[3]);
    else
        return usage();
    if (argc > 3)
        print_document(document);
    return 0;
}
