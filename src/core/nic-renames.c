/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic-renames.h"

#include "core/nic-name.h"

typedef struct {
    const VasGuestDefinition *before;
    const VasGuestDefinition *after;
    GPtrArray *lines;
} Comparison;

static const char *
name_or_unknown(const VasNicName *name)
{
    return name->name != NULL ? name->name : "a name that cannot be told";
}

static void
compare(const Comparison *comparison, const char *nic, VasGuestAddress address, int acpi_index)
{
    g_autoptr(VasNicName) before =
        vas_nic_name_predict(comparison->before, address, acpi_index, NULL);
    g_autoptr(VasNicName) after =
        vas_nic_name_predict(comparison->after, address, acpi_index, NULL);

    if (g_strcmp0(before->name, after->name) == 0)
        return;
    g_ptr_array_add(comparison->lines,
                    g_strdup_printf("NIC %s at %s: %s becomes %s", nic,
                                    vas_guest_address_text(address).text, name_or_unknown(before),
                                    name_or_unknown(after)));
}

static void
compare_nics(const Comparison *comparison)
{
    for (guint i = 0; i < comparison->before->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(comparison->before->nics, i);

        if (nic->has_guest_address)
            compare(comparison,
                    nic->has_mac ? vas_mac_address_text(nic->mac).text : "without a MAC",
                    nic->guest_address, nic->acpi_index);
    }
}

static void
compare_hostdevs(const Comparison *comparison, const VasInventory *inventory)
{
    for (guint i = 0; i < comparison->before->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(comparison->before->assignments, i);
        const VasDevice *device;

        if (assignment->type != VAS_ASSIGNMENT_HOSTDEV || !assignment->has_device ||
            !assignment->has_guest_address)
            continue;
        device = vas_inventory_find_device(inventory, assignment->device);
        if (device != NULL && vas_device_in_class(device, VAS_CLASS_NET))
            compare(comparison, vas_host_address_text(assignment->device).text,
                    assignment->guest_address, assignment->acpi_index);
    }
}

GPtrArray *
vas_nic_renames(const VasInventory *inventory, const VasGuestDefinition *before,
                const VasGuestDefinition *after)
{
    const Comparison comparison = {before, after, g_ptr_array_new_with_free_func(g_free)};

    compare_nics(&comparison);
    compare_hostdevs(&comparison, inventory);
    return comparison.lines;
}
