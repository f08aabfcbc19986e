/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic-name.h"

#include "core/slots.h"

#include <stdio.h>
#include <string.h>

/* The last machine version of q35 with native PCIe hot-plug; from 6.1 on it is ACPI's. */
#define LAST_NATIVE_MAJOR 6
#define LAST_NATIVE_MINOR 0

void
vas_nic_name_free(VasNicName *name)
{
    if (name == NULL)
        return;
    g_free(name->name);
    g_free(name->why);
    g_free(name);
}

/* Takes both. */
static VasNicName *
nic_name(char *name, char *why)
{
    VasNicName *prediction = g_new(VasNicName, 1);

    prediction->name = name;
    prediction->why = why;
    return prediction;
}

static gboolean
machine_has_native_hotplug(const char *machine)
{
    int major;
    int minor;

    if (machine == NULL || sscanf(machine, "pc-q35-%d.%d", &major, &minor) != 2)
        return FALSE;
    return major < LAST_NATIVE_MAJOR || (major == LAST_NATIVE_MAJOR && minor <= LAST_NATIVE_MINOR);
}

static gboolean
machine_is_x86(const char *machine)
{
    return machine == NULL || g_str_has_prefix(machine, "pc") || strcmp(machine, "q35") == 0;
}

/* Whether @bus hangs below an expander bus, which has no part in ACPI hot-plug: QEMU describes the
 * slots of the main hierarchy only (build_dsdt in hw/i386/acpi-build.c). */
static gboolean
is_below_expander(const VasGuestDefinition *definition, guint bus)
{
    /* No chain of bridges is longer than there are bridges: a circle ends here too. */
    for (guint i = 0; i <= definition->controllers->len; i++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);

        if (controller == NULL || bus == 0)
            return FALSE;
        if (controller->model == VAS_PCI_EXPANDER_BUS || controller->model == VAS_PCIE_EXPANDER_BUS)
            return TRUE;
        bus = controller->address.pci.bus;
    }
    return FALSE;
}

/* Whether the guest's kernel learns of the slots of @bus through ACPI: then it knows their numbers
 * and the acpi index of what sits there. */
static gboolean
has_acpi_hotplug(const VasGuestDefinition *definition, guint bus)
{
    const VasPciController *controller = vas_slots_bus(definition, bus);
    VasPciModel root = vas_slots_bus(definition, 0)->model;

    if (!definition->acpi || !machine_is_x86(definition->machine))
        return FALSE;
    if (controller == NULL) /* a root port that libvirt has yet to add */
        return root == VAS_PCIE_ROOT && !machine_has_native_hotplug(definition->machine);
    if (controller->hotplug_off || is_below_expander(definition, bus))
        return FALSE;
    switch (controller->model) {
    case VAS_PCI_ROOT:
        return TRUE;
    case VAS_PCI_BRIDGE:
    case VAS_PCIE_TO_PCI_BRIDGE:
    case VAS_PCIE_ROOT_PORT:
    case VAS_PCIE_SWITCH_DOWNSTREAM_PORT:
        return !machine_has_native_hotplug(definition->machine);
    case VAS_PCIE_ROOT:
    case VAS_PCI_EXPANDER_BUS:
    case VAS_PCIE_EXPANDER_BUS:
    case VAS_PCIE_SWITCH_UPSTREAM_PORT:
    case VAS_DMI_TO_PCI_BRIDGE:
    case VAS_PCI_MODEL_UNKNOWN:
        break;
    }
    return FALSE;
}

gboolean
vas_nic_name_exposes_acpi_index(const VasGuestDefinition *definition, VasGuestAddress address)
{
    return has_acpi_hotplug(definition, address.pci.bus);
}

/* "f1" where the slot has several functions, else "". */
static char *
function_suffix(const VasGuestDefinition *definition, VasGuestAddress address)
{
    gboolean several = address.pci.function != 0;

    for (guint i = 0; !several && i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);
        VasGuestAddress neighbour = occupant->address;

        neighbour.pci.function = address.pci.function;
        several = vas_guest_address_equal(neighbour, address) &&
                  occupant->address.pci.function != address.pci.function;
    }
    return several ? g_strdup_printf("f%u", address.pci.function) : g_strdup("");
}

/* Name by the guest's own bus number: names_path in systemd's udev-builtin-net_id.c. */
static char *
path_name(int firmware_bus, VasGuestAddress address, const char *suffix)
{
    return g_strdup_printf("enp%ds%u%s", firmware_bus, address.pci.slot, suffix);
}

static const char *
bus_word(VasPciModel model)
{
    switch (model) {
    case VAS_PCIE_ROOT_PORT:
        return "root port";
    case VAS_PCIE_SWITCH_DOWNSTREAM_PORT:
        return "switch port";
    default:
        return vas_pci_model_name(model);
    }
}

/* "root port on guest bus 2, slot 0". Returns full. */
static char *
describe_place(const VasPciController *controller, int firmware_bus, VasGuestAddress address)
{
    if (controller->index == 0)
        return g_strdup_printf("root bus, slot %u", address.pci.slot);
    return g_strdup_printf("%s on guest bus %d, slot %u", bus_word(controller->model), firmware_bus,
                           address.pci.slot);
}

static VasNicName *
predict_path(const VasGuestDefinition *definition, const VasPciController *controller,
             VasGuestAddress address)
{
    g_autofree char *suffix = function_suffix(definition, address);
    int firmware_bus = vas_slots_firmware_bus(definition, controller->index);
    g_autofree char *place = describe_place(controller, firmware_bus, address);

    if (firmware_bus < 0)
        return nic_name(NULL, g_strdup_printf("the guest's number for bus %02x cannot be told",
                                              controller->index));
    return nic_name(path_name(firmware_bus, address, suffix), g_strconcat(place, " (path)", NULL));
}

/* Whether @bus registers @slot under its plain number with the guest's kernel, were it the only
 * one. Slot 1 of a pc's root bus holds the PIIX3, which cannot be unplugged. */
static gboolean
registers_slot(const VasGuestDefinition *definition, const VasPciController *controller, guint slot)
{
    switch (controller->model) {
    case VAS_PCI_ROOT:
        return slot > 1 && has_acpi_hotplug(definition, controller->index);
    case VAS_PCI_BRIDGE:
    case VAS_PCIE_TO_PCI_BRIDGE:
        return has_acpi_hotplug(definition, controller->index);
    default:
        return FALSE;
    }
}

/* A bus that the guest's kernel sees before that of @address and whose slot has the same number: it
 * takes the plain slot number away, so that @address gets one like "3-1". NULL: none. */
static const VasPciController *
bus_with_same_slot(const VasGuestDefinition *definition, VasGuestAddress address)
{
    int own = vas_slots_firmware_bus(definition, address.pci.bus);
    const VasPciController *root = vas_slots_bus(definition, 0);

    if (own > 0 && registers_slot(definition, root, address.pci.slot))
        return root;
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);
        int other = vas_slots_firmware_bus(definition, controller->index);

        if (other >= 0 && other < own && registers_slot(definition, controller, address.pci.slot))
            return controller;
    }
    return NULL;
}

/* Another NIC that systemd from 257 on would name by the same slot number; NULL: none. */
static const VasNic *
nic_with_same_slot(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);
        VasPciAddress other = nic->guest_address.pci;
        const VasPciController *controller;

        if (!nic->has_guest_address || nic->acpi_index > 0 || other.bus == address.pci.bus ||
            other.slot != address.pci.slot)
            continue;
        controller = vas_slots_bus(definition, other.bus);
        if (controller != NULL && registers_slot(definition, controller, other.slot))
            return nic;
    }
    return NULL;
}

static VasNicName *
predict_slot(const VasGuestDefinition *definition, const VasPciController *controller,
             VasGuestAddress address)
{
    g_autofree char *suffix = function_suffix(definition, address);
    int firmware_bus = vas_slots_firmware_bus(definition, controller->index);
    const VasPciController *same = bus_with_same_slot(definition, address);
    const VasNic *rival = nic_with_same_slot(definition, address);
    g_autofree char *place = describe_place(controller, firmware_bus, address);
    g_autoptr(GString) why = g_string_new(place);

    g_string_append(why, " (slot)");
    if (same != NULL) {
        g_autofree char *path = path_name(firmware_bus, address, suffix);

        g_string_append_printf(why, "; systemd before 257: %s, as bus %02x has a slot %u too", path,
                               same->index, address.pci.slot);
    }
    if (rival != NULL)
        g_string_append_printf(why, "; from 257 on the NIC at %s is called the same",
                               vas_guest_address_text(rival->guest_address).text);
    return nic_name(g_strdup_printf("ens%u%s", address.pci.slot, suffix), g_strdup(why->str));
}

static VasNicName *
predict_by_place(const VasGuestDefinition *definition, VasGuestAddress address)
{
    const VasPciController *controller = vas_slots_bus(definition, address.pci.bus);

    if (controller == NULL)
        return nic_name(NULL,
                        g_strdup_printf("bus %02x does not exist yet: its number in the guest "
                                        "depends on where libvirt puts the port",
                                        address.pci.bus));
    switch (controller->model) {
    case VAS_PCIE_ROOT_PORT:
    case VAS_PCIE_SWITCH_DOWNSTREAM_PORT:
    case VAS_PCIE_ROOT:
    case VAS_PCI_EXPANDER_BUS:
    case VAS_DMI_TO_PCI_BRIDGE:
        return predict_path(definition, controller, address);
    case VAS_PCI_ROOT:
        if (!has_acpi_hotplug(definition, controller->index))
            return predict_path(definition, controller, address);
        return predict_slot(definition, controller, address);
    case VAS_PCI_BRIDGE:
    case VAS_PCIE_TO_PCI_BRIDGE:
        if (vas_slots_firmware_bus(definition, controller->index) < 0)
            return predict_path(definition, controller, address);
        if (!has_acpi_hotplug(definition, controller->index))
            return nic_name(NULL, g_strdup_printf("depends on the slot numbers that the guest's "
                                                  "driver gives to %s %02x, without ACPI hot-plug",
                                                  vas_pci_model_name(controller->model),
                                                  controller->index));
        return predict_slot(definition, controller, address);
    case VAS_PCIE_SWITCH_UPSTREAM_PORT:
    case VAS_PCIE_EXPANDER_BUS:
    case VAS_PCI_MODEL_UNKNOWN:
        break;
    }
    return nic_name(NULL, g_strdup_printf("bus %02x (%s) takes no NIC", controller->index,
                                          vas_pci_model_name(controller->model)));
}

VasNicName *
vas_nic_name_predict(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index)
{
    g_autoptr(VasNicName) by_place = NULL;

    if (acpi_index <= 0)
        return predict_by_place(definition, address);
    if (has_acpi_hotplug(definition, address.pci.bus))
        return nic_name(g_strdup_printf("eno%d", acpi_index),
                        g_strdup_printf("acpi index %d (onboard)", acpi_index));
    by_place = predict_by_place(definition, address);
    return nic_name(
        g_steal_pointer(&by_place->name),
        g_strdup_printf("%s; acpi index %d does not show here", by_place->why, acpi_index));
}
