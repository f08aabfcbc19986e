/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan-near.h"

#include "core/inventory/selector.h"
#include "engine/base/scan-devices.h"
#include "host/pci/pci-device.h"
#include "host/pci/pci-interfaces.h"

#include <string.h>

typedef struct {
    const VasContext *context;
    const VasScanSubject *subject;
    const VasGuest *guest; /* NULL: none, or not there */
    VasInventory *inventory;
    gboolean from_kernel;
} Near;

/* Reads the devices of @addresses that are not there yet. */
static gboolean
read_devices(Near *near, const GArray *addresses, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) wanted = NULL;

    for (guint i = 0; i < addresses->len; i++) {
        VasHostAddress address = g_array_index(addresses, VasHostAddress, i);
        VasPciAddressText name = vas_pci_address_nodedev(address.pci);

        if (vas_inventory_find_device(near->inventory, address) == NULL &&
            g_hash_table_add(seen, g_strdup(name.text)))
            g_strv_builder_add(names, name.text);
    }
    wanted = g_strv_builder_end(names);
    return wanted[0] == NULL ||
           vas_scan_devices(near->context, near->inventory, (const char *const *) wanted,
                            &near->from_kernel, error);
}

/* Whether @name may be the name of a VF without an interface, which systemd makes of the name of
 * its PF's @interface: "enp1s0v3" (core/inventory/selector). */
static gboolean
may_be_vf_of(const char *name, const char *interface)
{
    gsize stem = strlen(name);

    while (stem > 0 && g_ascii_isdigit(name[stem - 1]))
        stem--;
    return stem > 1 && name[stem] != '\0' && name[stem - 1] == 'v' &&
           strncmp(name, interface, stem - 1) == 0;
}

static void
add_by_interface(const VasHost *host, const char *name, GArray *addresses)
{
    g_autoptr(GPtrArray) interfaces = vas_pci_interfaces_list(host);

    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);

        if (g_str_equal(name, interface->name) || may_be_vf_of(name, interface->name))
            g_array_append_val(addresses, interface->device);
    }
}

/* libvirt would have to be asked about each interface: a name of one of another machine's is not
 * looked for. */
static void
add_named(const Near *near, GArray *addresses)
{
    for (guint i = 0; near->subject->names != NULL && near->subject->names[i] != NULL; i++) {
        const char *name = near->subject->names[i];
        g_autofree char *interface = vas_selector_addresses(name, addresses);

        if (interface != NULL && near->context->host != NULL)
            add_by_interface(near->context->host, interface, addresses);
    }
}

static void
add_assigned(const VasGuestDefinition *definition, GArray *addresses)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (assignment->has_device)
            g_array_append_val(addresses, assignment->device);
    }
}

/* FALSE: the members of a group are not told. */
static gboolean
add_group(const VasHost *host, const VasDevice *device, GArray *addresses)
{
    g_autoptr(GArray) members = NULL;

    if (device->iommu_group < 0)
        return TRUE;
    members = host != NULL ? vas_pci_group_members(host, device->address) : NULL;
    if (members == NULL || members->len == 0)
        g_array_append_vals(addresses, device->group_members->data, device->group_members->len);
    else
        g_array_append_vals(addresses, members->data, members->len);
    return device->group_members->len > 0 || (members != NULL && members->len > 0);
}

static gboolean
read_groups(Near *near, gboolean *ret_told, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    *ret_told = TRUE;
    for (guint i = 0; i < near->inventory->devices->len; i++)
        *ret_told = add_group(near->context->host, g_ptr_array_index(near->inventory->devices, i),
                              addresses) &&
                    *ret_told;
    return !*ret_told || read_devices(near, addresses, error);
}

static gboolean
read_sriov(Near *near, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; i < near->inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(near->inventory->devices, i);

        g_array_append_vals(addresses, device->vfs->data, device->vfs->len);
        if (device->kind == VAS_DEVICE_VF)
            g_array_append_val(addresses, device->pf);
    }
    return read_devices(near, addresses, error);
}

/* Whether @name fits the guest, or an assignment of it, which needs no device. An interface of
 * another machine may still be called as the guest is. */
static gboolean
is_other(const Near *near, const char *name)
{
    const VasAssignment *live = NULL;
    const VasAssignment *config = NULL;

    if (!near->subject->may_name_other || near->guest == NULL)
        return FALSE;
    if (g_str_equal(name, near->subject->guest))
        return near->context->host != NULL;
    return vas_selector_assignment(near->inventory, near->guest, name, &live, &config, NULL);
}

/* A device without an IOMMU group is refused, with a look at the others. */
static gboolean
are_all_found(const Near *near)
{
    for (guint i = 0; near->subject->names != NULL && near->subject->names[i] != NULL; i++) {
        const char *name = near->subject->names[i];
        const VasDevice *device = vas_selector_device(near->inventory, name, NULL);

        if (device != NULL ? device->iommu_group < 0 : !is_other(near, name))
            return FALSE;
    }
    return TRUE;
}

/* A command that did not end may be about any device; a wish is about one that the guest has. */
static gboolean
has_unfinished(const VasGuestDefinition *definition)
{
    return definition != NULL && definition->record != NULL &&
           (definition->record->releases->len > 0 || definition->record->operations->len > 0);
}

gboolean
vas_scan_near(const VasContext *context, const VasScanSubject *subject, VasInventory *inventory,
              gboolean *ret_enough, GError **error)
{
    Near near = {.context = context,
                 .subject = subject,
                 .guest = subject->guest != NULL
                              ? vas_selector_guest(inventory, subject->guest, NULL)
                              : NULL,
                 .inventory = inventory,
                 .from_kernel = context->host != NULL};
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    gboolean are_told = FALSE;

    *ret_enough = FALSE;
    if (near.guest == NULL ? subject->names == NULL
                           : has_unfinished(near.guest->live) || has_unfinished(near.guest->config))
        return TRUE;
    add_named(&near, first);
    if (near.guest != NULL) {
        add_assigned(near.guest->live, first);
        add_assigned(near.guest->config, first);
    }
    if (!read_devices(&near, first, error) || !read_groups(&near, &are_told, error))
        return FALSE;
    if (!are_told)
        return TRUE;
    if (!read_sriov(&near, error) ||
        !vas_scan_interfaces(context, inventory, near.from_kernel, error))
        return FALSE;
    *ret_enough = inventory->unreadable_devices->len == 0 && are_all_found(&near);
    return TRUE;
}
