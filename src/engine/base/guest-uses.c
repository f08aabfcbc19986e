/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/guest-uses.h"

#include "core/rules/rules-use.h"
#include "core/value/error.h"
#include "host/need/block-device.h"
#include "host/need/interface-walk.h"
#include "host/pci/device-path.h"
#include "host/system/sysfs.h"
#include "xml/nodedev-xml.h"

#include <string.h>

/* A disk's parents are its target, its host and the controller; deeper trees are damaged. */
#define MAX_PARENTS 8

typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    GPtrArray *mounts;                              /* NULL: not read yet */
    GPtrArray *descriptions[VAS_NODE_DEVICE_KINDS]; /* char *, XML; NULL: not read yet */
} Resolver;

static void
resolver_clear(Resolver *resolver)
{
    g_clear_pointer(&resolver->mounts, g_ptr_array_unref);
    for (guint i = 0; i < VAS_NODE_DEVICE_KINDS; i++)
        g_clear_pointer(&resolver->descriptions[i], g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Resolver, resolver_clear)

static void
add_functions(VasGuestUse *use, const GArray *functions)
{
    for (guint i = 0; i < functions->len; i++)
        vas_guest_use_add_device(use, g_array_index(functions, VasHostAddress, i));
}

static void
add_path(VasGuestUse *use, const char *path)
{
    g_autoptr(GArray) functions = path != NULL ? vas_device_path_functions(path) : NULL;

    if (functions != NULL)
        add_functions(use, functions);
}

static void
add_interface(const char *chain, const GArray *functions, gpointer data)
{
    (void) chain;
    add_functions(data, functions);
}

static gboolean
resolve_block(Resolver *resolver, VasGuestUse *use, GError **error)
{
    const VasHost *host = resolver->context->host;
    g_autoptr(GPtrArray) paths = NULL;

    if (resolver->mounts == NULL)
        resolver->mounts = vas_mounts_read(host, error);
    if (resolver->mounts == NULL)
        return FALSE;
    paths = vas_block_paths_of_node(host, resolver->mounts, use->source);
    for (guint i = 0; i < paths->len; i++)
        add_functions(use, ((const VasBlockPath *) g_ptr_array_index(paths, i))->functions);
    return TRUE;
}

static char *
usb_attribute(const VasHost *host, const char *name, const char *leaf)
{
    g_autofree char *path = g_build_filename("/sys/bus/usb/devices", name, leaf, NULL);
    char *text = vas_sysfs_read(host, path, NULL);

    return text != NULL ? text : g_strdup("");
}

static void
resolve_usb(const VasHost *host, VasGuestUse *use)
{
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/bus/usb/devices");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *bus = usb_attribute(host, names[i], "busnum");
        g_autofree char *device = usb_attribute(host, names[i], "devnum");
        g_autofree char *vendor = usb_attribute(host, names[i], "idVendor");
        g_autofree char *product = usb_attribute(host, names[i], "idProduct");
        g_autofree char *address = g_strdup_printf("%s/%s", bus, device);
        g_autofree char *ids = g_strdup_printf("%s:%s", vendor, product);
        g_autofree char *path = NULL;

        if (!g_str_equal(use->source, address) && !g_str_equal(use->source, ids))
            continue;
        path = vas_device_path(host, "/sys/bus/usb/devices", names[i]);
        add_path(use, path);
    }
}

static gboolean
resolve_by_kernel(Resolver *resolver, VasGuestUse *use, GError **error)
{
    const VasHost *host = resolver->context->host;
    g_autofree char *path = NULL;

    switch (use->kind) {
    case VAS_GUEST_USE_BLOCK:
        return resolve_block(resolver, use, error);
    case VAS_GUEST_USE_INTERFACE:
        vas_interface_walk(host, NULL, use->source, add_interface, use);
        break;
    case VAS_GUEST_USE_USB:
        resolve_usb(host, use);
        break;
    case VAS_GUEST_USE_MDEV:
        path = vas_device_path(host, "/sys/bus/mdev/devices", use->source);
        break;
    case VAS_GUEST_USE_SCSI_HOST:
        path = vas_device_path(host, "/sys/class/scsi_host", use->source);
        break;
    }
    add_path(use, path);
    return TRUE;
}

/* Follows the parents of a node device to the PCI function. FALSE: there is none. */
static gboolean
find_function(const Resolver *resolver, const char *xml, VasHostAddress *ret_function)
{
    VasHypervisor *hypervisor = resolver->context->hypervisor;
    g_autofree char *below = g_strdup(xml);

    for (guint i = 0; i < MAX_PARENTS && below != NULL; i++) {
        g_autofree char *parent = vas_nodedev_xml_text(below, NULL, "parent");

        if (parent == NULL || vas_pci_address_from_nodedev(parent, &ret_function->pci))
            return parent != NULL;
        g_free(below);
        below = hypervisor->node_device_xml(hypervisor, parent, NULL);
    }
    return FALSE;
}

/* Whether @node is the disk @disk or a partition of it: "/dev/sda1", "/dev/nvme0n1p1". */
static gboolean
is_on_disk(const char *node, const char *disk)
{
    const char *rest = node + strlen(disk);

    if (!g_str_has_prefix(node, disk))
        return FALSE;
    if (*rest != '\0' && g_ascii_isdigit(rest[-1]) && *rest++ != 'p')
        return FALSE;
    return rest[strspn(rest, "0123456789")] == '\0';
}

static gboolean
is_source(const VasGuestUse *use, const char *xml)
{
    g_autofree char *value = use->kind == VAS_GUEST_USE_MDEV
                                 ? vas_nodedev_xml_text(xml, "mdev", "uuid")
                                 : vas_nodedev_xml_text(xml, "storage", "block");

    if (value == NULL)
        return FALSE;
    return use->kind == VAS_GUEST_USE_MDEV ? g_ascii_strcasecmp(use->source, value) == 0
                                           : is_on_disk(use->source, value);
}

/* A node device that goes meanwhile is nobody's. */
static gboolean
read_node_devices(Resolver *resolver, VasNodeDeviceKind kind, GError **error)
{
    VasHypervisor *hypervisor = resolver->context->hypervisor;
    g_auto(GStrv) names = hypervisor->list_node_devices(hypervisor, kind, error);

    if (names == NULL)
        return FALSE;
    resolver->descriptions[kind] = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; names[i] != NULL; i++) {
        char *xml = hypervisor->node_device_xml(hypervisor, names[i], NULL);

        if (xml != NULL)
            g_ptr_array_add(resolver->descriptions[kind], xml);
    }
    return TRUE;
}

static gboolean
resolve_by_node_devices(Resolver *resolver, VasNodeDeviceKind kind, VasGuestUse *use,
                        GError **error)
{
    if (resolver->descriptions[kind] == NULL && !read_node_devices(resolver, kind, error))
        return FALSE;
    for (guint i = 0; i < resolver->descriptions[kind]->len; i++) {
        const char *xml = g_ptr_array_index(resolver->descriptions[kind], i);
        VasHostAddress function;

        if (is_source(use, xml) && find_function(resolver, xml, &function))
            vas_guest_use_add_device(use, function);
    }
    return TRUE;
}

static void
resolve_by_name(const VasInventory *inventory, VasGuestUse *use)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (g_strcmp0(device->interface, use->source) == 0 ||
            g_ptr_array_find_with_equal_func(device->other_names, use->source, g_str_equal, NULL))
            vas_guest_use_add_device(use, device->address);
    }
}

static gboolean
resolve(Resolver *resolver, VasGuestUse *use, GError **error)
{
    if (resolver->context->host != NULL)
        return resolve_by_kernel(resolver, use, error);
    switch (use->kind) {
    case VAS_GUEST_USE_INTERFACE:
        resolve_by_name(resolver->inventory, use);
        return TRUE;
    case VAS_GUEST_USE_BLOCK:
        return resolve_by_node_devices(resolver, VAS_NODE_DEVICE_STORAGE, use, error);
    case VAS_GUEST_USE_MDEV:
        return resolve_by_node_devices(resolver, VAS_NODE_DEVICE_MDEV, use, error);
    case VAS_GUEST_USE_USB:
    case VAS_GUEST_USE_SCSI_HOST:
        return TRUE;
    }
    return TRUE;
}

static gboolean
resolve_definition(Resolver *resolver, const VasGuestDefinition *definition, GError **error)
{
    for (guint i = 0; definition != NULL && i < definition->uses->len; i++) {
        if (!resolve(resolver, g_ptr_array_index(definition->uses, i), error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vas_guest_uses_resolve(const VasContext *context, const VasInventory *inventory, GError **error)
{
    g_auto(Resolver) resolver = {.context = context, .inventory = inventory};

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (!resolve_definition(&resolver, guest->live, error) ||
            !resolve_definition(&resolver, guest->config, error))
            return FALSE;
    }
    return TRUE;
}

void
vas_guest_uses_note(const VasContext *context, const VasInventory *inventory,
                    const VasDevice *device)
{
    g_autoptr(GPtrArray) sharers = vas_rules_sharers(inventory, device);

    for (guint i = 0; i < sharers->len; i++)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s leaves the host, and %s, loses what it has of it",
                             vas_host_address_text(device->address).text,
                             (const char *) g_ptr_array_index(sharers, i));
}
