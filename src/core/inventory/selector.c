/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/selector.h"

#include "core/inventory/pasted-name.h"
#include "core/value/error.h"
#include "core/value/shell-word.h"

#include <string.h>

/* "enp1s0 (0000:01:00.0)". Returns full. */
static char *
device_label(const VasDevice *device)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (device->interface == NULL)
        return g_strdup(address.text);
    return g_strdup_printf("%s (%s)", device->interface, address.text);
}

static VasDevice *
find_by_address(const VasInventory *inventory, VasHostAddress address, GError **error)
{
    VasDevice *device = vas_inventory_find_device(inventory, address);
    VasPciAddressText text = vas_host_address_text(address);
    g_autoptr(GPtrArray) neighbours = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *there = NULL;

    if (device != NULL || !vas_unreadable_check(inventory->unreadable_devices, text.text, error))
        return device;
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasHostAddress other =
            ((const VasDevice *) g_ptr_array_index(inventory->devices, i))->address;

        if (other.pci.domain == address.pci.domain && other.pci.bus == address.pci.bus)
            g_ptr_array_add(neighbours, g_strdup(vas_host_address_text(other).text));
    }
    there = vas_error_name_list(neighbours);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no PCI device %s on the host%s%s",
                text.text, there != NULL ? "; on that bus there are " : "",
                there != NULL ? there : "");
    vas_error_set_hint(error, "virt-assign list --class all shows the devices");
    return NULL;
}

/* Finds the device at a slot, as "03:10" means all of its functions to lspci. */
static VasDevice *
find_by_slot(const VasInventory *inventory, const char *name, VasHostAddress first, GError **error)
{
    g_autoptr(GPtrArray) functions = g_ptr_array_new_with_free_func(g_free);
    VasDevice *found = NULL;
    g_autofree char *list = NULL;

    for (guint8 function = 0; function < 8; function++) {
        VasHostAddress address = first;
        VasDevice *device;

        address.pci.function = function;
        device = vas_inventory_find_device(inventory, address);
        if (device == NULL)
            continue;
        found = device;
        g_ptr_array_add(functions, g_strdup(vas_host_address_text(address).text));
    }
    if (functions->len == 0)
        return find_by_address(inventory, first, error);
    if (functions->len == 1)
        return found;
    list = vas_error_name_list(functions);
    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "%s has %u functions: %s", name,
                functions->len, list);
    vas_error_set_hint(error, "name one of them");
    return NULL;
}

/* Only a PF's name has its port at the end: "enp1s0f0np0". */
static gsize
length_without_port(const char *interface)
{
    const char *port = g_strrstr(interface, "np");

    if (port != NULL && port[2] != '\0' && port[2 + strspn(&port[2], "0123456789")] == '\0')
        return (gsize) (port - interface);
    return strlen(interface);
}

/* A VF has no interface while it is on VFIO, and udev has forgotten the one that it had. But
 * systemd's name of it is the PF's, with "v" and the VF's number behind (NAMING_SR_IOV_V in
 * udev-builtin-net_id.c). */
static VasDevice *
find_vf_by_former_name(const VasInventory *inventory, const char *name)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *pf = g_ptr_array_index(inventory->devices, i);
        gsize stem = pf->interface != NULL ? length_without_port(pf->interface) : 0;
        VasDevice *vf;
        guint64 index;

        if (stem == 0 || pf->vfs->len == 0 || strncmp(name, pf->interface, stem) != 0 ||
            name[stem] != 'v' ||
            !g_ascii_string_to_unsigned(&name[stem + 1], 10, 0, pf->vfs->len - 1, &index, NULL))
            continue;
        vf = vas_inventory_find_device(inventory, g_array_index(pf->vfs, VasHostAddress, index));
        if (vf != NULL && vf->interface == NULL)
            return vf;
    }
    return NULL;
}

static gboolean
is_guest_name(const VasInventory *inventory, const char *name)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        if (g_str_equal(((VasGuest *) g_ptr_array_index(inventory->guests, i))->name, name))
            return TRUE;
    }
    return FALSE;
}

static void
set_no_such_name(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) interfaces = g_ptr_array_new();
    g_autofree char *there = NULL;

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (device->interface != NULL)
            g_ptr_array_add(interfaces, device->interface);
    }
    there = vas_error_name_list(interfaces);
    if (is_guest_name(inventory, name))
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "\"%s\" is a guest, where a device is to be named", name);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "no PCI device or network interface \"%s\" on the host%s%s", name,
                    there != NULL ? "; its interfaces are " : "", there != NULL ? there : "");
    vas_error_set_hint(error, "virt-assign list shows the devices");
}

static gboolean
is_called(const VasDevice *device, const char *name)
{
    return g_strcmp0(device->interface, name) == 0 || g_strcmp0(device->nodedev, name) == 0 ||
           g_ptr_array_find_with_equal_func(device->other_names, name, g_str_equal, NULL);
}

/* Finds a device by the name of an interface or its node device. */
static VasDevice *
find_by_name(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    VasDevice *found = NULL;
    g_autofree char *candidates = NULL;

    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (is_called(device, name)) {
            found = device;
            g_ptr_array_add(labels, g_strdup(vas_host_address_text(device->address).text));
        }
    }
    if (labels->len == 1)
        return found;
    if (labels->len == 0) {
        found = find_vf_by_former_name(inventory, name);
        if (found == NULL)
            set_no_such_name(inventory, name, error);
        return found;
    }
    candidates = vas_error_name_list(labels);
    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "\"%s\" is the name of %u devices%s%s", name,
                labels->len, candidates != NULL ? ": " : "", candidates != NULL ? candidates : "");
    return NULL;
}

/* "03:10", which lacks the function. */
static gboolean
is_slot(const char *name, VasHostAddress *ret_first)
{
    g_autofree char *first_function = g_strconcat(name, ".0", NULL);

    return strchr(name, '.') == NULL && vas_host_address_parse(first_function, ret_first, NULL);
}

/* A device by a name without a '/'. */
static VasDevice *
find_plain(const VasInventory *inventory, const char *name, GError **error)
{
    VasHostAddress address;

    if (is_slot(name, &address))
        return find_by_slot(inventory, name, address, error);
    if (vas_pci_address_is_shaped(name)) {
        if (!vas_host_address_parse(name, &address, error))
            return NULL;
        return find_by_address(inventory, address, error);
    }
    if (vas_pci_address_from_nodedev(name, &address.pci))
        return find_by_address(inventory, address, error);
    if (!vas_unreadable_check(inventory->unreadable_devices, name, error))
        return NULL;
    if (g_str_has_prefix(name, "pci_")) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not the name of a PCI device",
                    name);
        vas_error_set_hint(error, "write it as pci_0000_03_10_3");
        return NULL;
    }
    return find_by_name(inventory, name, error);
}

static void
set_no_vfs(const VasDevice *pf, const char *what, GError **error)
{
    g_autofree char *label = device_label(pf);
    g_autofree char *word = vas_shell_word(
        pf->interface != NULL ? pf->interface : vas_host_address_text(pf->address).text);

    if (pf->kind != VAS_DEVICE_PF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it is not a PF", what,
                    label);
        return;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it has no VFs", what,
                label);
    vas_error_set_hint(error, "make some: virt-assign vfs %s N, N up to %u", word, pf->max_vfs);
}

static VasDevice *
find_vf_by_index(const VasInventory *inventory, const VasDevice *pf, guint64 index, GError **error)
{
    g_autofree char *what = g_strdup_printf("VF %" G_GUINT64_FORMAT, index);
    g_autofree char *label = device_label(pf);
    VasHostAddress address;
    VasDevice *vf;

    if (pf->vfs->len == 0) {
        set_no_vfs(pf, what, error);
        return NULL;
    }
    if (index >= pf->vfs->len) {
        g_autofree char *range = pf->vfs->len == 1
                                     ? g_strdup("VF 0 only")
                                     : g_strdup_printf("VFs 0 to %u", pf->vfs->len - 1);

        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it has %s", what, label,
                    range);
        return NULL;
    }
    address = g_array_index(pf->vfs, VasHostAddress, index);
    vf = vas_inventory_find_device(inventory, address);
    if (vf == NULL && vas_unreadable_check(inventory->unreadable_devices,
                                           vas_host_address_text(address).text, error))
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "%s of %s has just gone", what, label);
    return vf;
}

/* Checks that @vf, which was named as a VF of @pf's, is one. */
static gboolean
check_vf_of(const VasInventory *inventory, const VasDevice *vf, const VasDevice *pf, GError **error)
{
    const VasDevice *real_pf = vas_inventory_pf_of(inventory, vf);
    VasPciAddressText address = vas_host_address_text(vf->address);
    VasPciAddressText pf_address = vas_host_address_text(pf->address);
    const char *named = pf->interface != NULL ? pf->interface : pf_address.text;
    g_autofree char *pf_label = NULL;

    if (vf->kind == VAS_DEVICE_VF && vas_host_address_equal(vf->pf, pf->address))
        return TRUE;
    if (vf->kind != VAS_DEVICE_VF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is not a VF of %s: it is not a VF",
                    address.text, named);
        return FALSE;
    }
    pf_label =
        real_pf != NULL ? device_label(real_pf) : g_strdup(vas_host_address_text(vf->pf).text);
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is not a VF of %s but VF %d of %s",
                address.text, named, vf->vf_index, pf_label);
    return FALSE;
}

/* PF/vfN or PF/DEVICE. */
static VasDevice *
find_below_pf(const VasInventory *inventory, const char *pf_name, const char *vf_name,
              GError **error)
{
    const VasDevice *pf = find_plain(inventory, pf_name, error);
    VasDevice *vf;
    guint64 index;

    if (pf == NULL)
        return NULL;
    if (g_str_has_prefix(vf_name, "vf") &&
        g_ascii_string_to_unsigned(vf_name + strlen("vf"), 10, 0, G_MAXUINT, &index, NULL))
        return find_vf_by_index(inventory, pf, index, error);
    vf = find_plain(inventory, vf_name, error);
    if (vf == NULL || !check_vf_of(inventory, vf, pf, error))
        return NULL;
    return vf;
}

VasDevice *
vas_selector_device(const VasInventory *inventory, const char *name, GError **error)
{
    g_autofree char *pasted = vas_pasted_name(name);
    const char *slash;
    g_autofree char *pf_name = NULL;

    if (pasted != NULL)
        name = pasted;
    slash = strrchr(name, '/');
    if (slash == NULL)
        return find_plain(inventory, name, error);
    pf_name = g_strndup(name, (gsize) (slash - name));
    return find_below_pf(inventory, pf_name, slash + 1, error);
}

char *
vas_selector_addresses(const char *name, GArray *addresses)
{
    g_autofree char *pasted = vas_pasted_name(name);
    g_auto(GStrv) parts = g_strsplit(pasted != NULL ? pasted : name, "/", 2);
    VasHostAddress address;

    if (parts[0] == NULL)
        return g_strdup("");
    if (is_slot(parts[0], &address)) {
        for (; address.pci.function < 8; address.pci.function++)
            g_array_append_val(addresses, address);
        return NULL;
    }
    if (!vas_host_address_parse(parts[0], &address, NULL) &&
        !vas_pci_address_from_nodedev(parts[0], &address.pci))
        return g_strdup(parts[0]);
    g_array_append_val(addresses, address);
    return NULL;
}

static gboolean
is_device_name(const VasInventory *inventory, const char *name)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    g_free(vas_selector_addresses(name, addresses));
    for (guint i = 0; i < inventory->devices->len; i++) {
        if (is_called(g_ptr_array_index(inventory->devices, i), name))
            return TRUE;
    }
    return addresses->len > 0;
}

static const char *
virsh_of(const VasInventory *inventory)
{
    return inventory->virsh != NULL ? inventory->virsh : "virsh";
}

static void
set_no_such_guest(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *there = NULL;

    for (guint i = 0; i < inventory->guests->len; i++)
        g_ptr_array_add(names, ((VasGuest *) g_ptr_array_index(inventory->guests, i))->name);
    there = vas_error_name_list(names);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                is_device_name(inventory, name)
                    ? "\"%s\" is a device, where a guest is to be named%s%s"
                    : "no guest \"%s\"%s%s",
                name, there != NULL ? "; there are " : "", there != NULL ? there : "");
    vas_error_set_hint(error, "see the guests: %s list --all", virsh_of(inventory));
}

VasGuest *
vas_selector_guest(const VasInventory *inventory, const char *name, GError **error)
{
    VasGuest *by_name = NULL;
    VasGuest *by_uuid = NULL;

    if (!vas_unreadable_check(inventory->unreadable_guests, name, error))
        return NULL;
    for (guint i = 0; i < inventory->guests->len; i++) {
        VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (strcmp(guest->name, name) == 0)
            by_name = guest;
        if (guest->uuid != NULL && g_ascii_strcasecmp(guest->uuid, name) == 0)
            by_uuid = guest;
    }
    if (by_name != NULL && by_uuid != NULL && by_name != by_uuid) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS,
                    "\"%s\" is the name of one guest and the UUID of %s", name, by_uuid->name);
        return NULL;
    }
    if (by_name == NULL && by_uuid == NULL)
        set_no_such_guest(inventory, name, error);
    return by_name != NULL ? by_name : by_uuid;
}

const VasGuest *
vas_selector_guest_by_uuid(const VasInventory *inventory, const char *uuid, GError **error)
{
    const VasGuest *guest = vas_inventory_find_guest(inventory, uuid);

    if (guest == NULL && vas_unreadable_check(inventory->unreadable_guests, uuid, error))
        set_no_such_guest(inventory, uuid, error);
    return guest;
}

gboolean
vas_selector_any(const VasInventory *inventory, const char *name, VasDevice **ret_device,
                 VasGuest **ret_guest, GError **error)
{
    g_autoptr(GError) device_error = NULL;
    g_autoptr(GError) guest_error = NULL;
    VasDevice *device = vas_selector_device(inventory, name, &device_error);
    VasGuest *guest = vas_selector_guest(inventory, name, &guest_error);

    if (device != NULL && guest != NULL) {
        g_autofree char *label = device_label(device);

        g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS,
                    "\"%s\" is both the guest %s and the device %s", name, guest->name, label);
        vas_error_set_hint(error, "name the guest by its UUID or the device by its address");
        return FALSE;
    }
    if (device != NULL || guest != NULL) {
        *ret_device = device;
        *ret_guest = guest;
        return TRUE;
    }
    if (!g_error_matches(guest_error, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&guest_error));
        return FALSE;
    }
    /* A name that is written like a device was meant as one: its error says more. */
    if (!g_error_matches(device_error, VAS_ERROR, VAS_ERROR_NOT_FOUND) ||
        vas_pci_address_is_shaped(name) || g_str_has_prefix(name, "pci_") ||
        strchr(name, '/') != NULL) {
        g_propagate_error(error, g_steal_pointer(&device_error));
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no device and no guest \"%s\"", name);
    vas_error_set_hint(error, "virt-assign list shows the devices, %s list --all the guests",
                       virsh_of(inventory));
    return FALSE;
}
