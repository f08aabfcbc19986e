/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slot-number.h"

#include "core/place/machine.h"
#include "core/place/slots-firmware.h"
#include "core/place/slots.h"

/* q35 machines have ACPI's hot-plug from this version on, and PCI Express's own before:
 * pc_compat_6_0 in QEMU's hw/i386/pc.c. */
#define FIRST_WITH_ACPI_HOTPLUG 601
/* QEMU describes more from this version on: devices that cannot be hot-plugged, too, if they have
 * an acpi index, and every function of a slot (build_append_pci_bus_devices in
 * hw/i386/acpi-build.c). An older machine may run in a newer QEMU. */
#define FIRST_WITH_STATIC_INDEX 800

static const VasSlotNumber no_number = {.known = TRUE, .number = 0};
static const VasSlotNumber unknown_number = {.known = FALSE};

static gboolean
starts_hierarchy(VasPciModel model)
{
    return model == VAS_PCI_EXPANDER_BUS || model == VAS_PCIE_EXPANDER_BUS;
}

/* The machine decides, besides the bus itself, whether ACPI does the hot-plug. */
static VasShown
machine_describes(const VasGuestDefinition *definition)
{
    guint version = vas_machine_version(definition->machine);

    if (!definition->acpi || !vas_machine_is_x86(definition->machine))
        return VAS_SHOWN_NO;
    if (!vas_machine_is_q35(definition->machine))
        return VAS_SHOWN_YES;
    if (version == 0)
        return VAS_SHOWN_DEPENDS;
    return version >= FIRST_WITH_ACPI_HOTPLUG ? VAS_SHOWN_YES : VAS_SHOWN_NO;
}

/* QEMU gives a bridge's bus to ACPI when ACPI has the bus that the bridge is on, or when that is
 * the root bus (acpi_pcihp_device_plug_cb in hw/acpi/pcihp.c). */
static gboolean
chain_is_described(const VasGuestDefinition *definition, guint bus)
{
    /* No chain of bridges is longer than there are bridges: a circle ends here too. */
    for (guint i = 0; i <= definition->controllers->len; i++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);

        if (bus == 0)
            return TRUE;
        if (controller == NULL || controller->hotplug_off || starts_hierarchy(controller->model) ||
            controller->model == VAS_PCI_MODEL_UNKNOWN)
            return FALSE;
        bus = controller->address.pci.bus;
    }
    return FALSE;
}

VasShown
vas_slot_number_is_described(const VasGuestDefinition *definition, guint bus)
{
    const VasPciController *controller = vas_slots_bus(definition, bus);
    const VasPciController *root = vas_slots_bus(definition, 0);

    if (root == NULL || (bus == 0 && (root->model != VAS_PCI_ROOT || root->hotplug_off)))
        return VAS_SHOWN_NO;
    if (controller == NULL && root->model != VAS_PCIE_ROOT)
        return VAS_SHOWN_NO;
    if (controller != NULL && !chain_is_described(definition, bus))
        return VAS_SHOWN_NO;
    return machine_describes(definition);
}

/* QEMU describes the devices of a bus from the start where nothing can be plugged in by any
 * means. */
static gboolean
is_static(const VasGuestDefinition *definition, guint bus)
{
    const VasPciController *controller = vas_slots_bus(definition, bus);

    if (controller == NULL)
        return FALSE;
    return controller->model == VAS_PCIE_ROOT || controller->model == VAS_DMI_TO_PCI_BRIDGE ||
           controller->hotplug_off;
}

static gboolean
is_below_expander(const VasGuestDefinition *definition, guint bus)
{
    for (guint i = 0; i <= definition->controllers->len && bus != 0; i++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);

        if (controller == NULL)
            return FALSE;
        if (starts_hierarchy(controller->model))
            return TRUE;
        bus = controller->address.pci.bus;
    }
    return FALSE;
}

VasShown
vas_slot_number_shows_index(const VasGuestDefinition *definition, VasGuestAddress address)
{
    VasShown described = vas_slot_number_is_described(definition, address.pci.bus);

    if (described == VAS_SHOWN_YES && address.pci.function != 0 &&
        vas_machine_version(definition->machine) < FIRST_WITH_STATIC_INDEX)
        return VAS_SHOWN_DEPENDS;
    if (described != VAS_SHOWN_NO)
        return described;
    if (!definition->acpi || !vas_machine_is_x86(definition->machine) ||
        !is_static(definition, address.pci.bus) || is_below_expander(definition, address.pci.bus))
        return VAS_SHOWN_NO;
    return vas_machine_version(definition->machine) >= FIRST_WITH_STATIC_INDEX ? VAS_SHOWN_YES
                                                                               : VAS_SHOWN_DEPENDS;
}

/* Only these buses have slots beyond slot 0, which names nothing: udev takes numbers from 1. */
static gboolean
has_numbered_slots(VasPciModel model)
{
    return model == VAS_PCI_ROOT || model == VAS_PCI_BRIDGE || model == VAS_PCIE_TO_PCI_BRIDGE ||
           model == VAS_DMI_TO_PCI_BRIDGE;
}

VasSlotNumber
vas_slot_number_of_device(const VasGuestDefinition *definition, VasGuestAddress address)
{
    const VasPciController *controller = vas_slots_bus(definition, address.pci.bus);

    if (controller == NULL || !has_numbered_slots(controller->model))
        return no_number;
    switch (vas_slot_number_is_described(definition, address.pci.bus)) {
    case VAS_SHOWN_NO:
        return no_number;
    case VAS_SHOWN_DEPENDS:
        return unknown_number;
    case VAS_SHOWN_YES:
        break;
    }
    if (address.pci.function != 0 &&
        vas_machine_version(definition->machine) < FIRST_WITH_STATIC_INDEX)
        return unknown_number;
    return (VasSlotNumber){.known = TRUE, .number = address.pci.slot};
}

/* Whether a fixed device in @slot keeps anything from being plugged in there. */
static gboolean
is_fixed(const VasGuestDefinition *definition, const VasPciController *controller, guint slot)
{
    VasGuestAddress address = {{.bus = (guint8) controller->index, .slot = (guint8) slot}};
    const VasOccupant *occupant = vas_guest_definition_occupant(definition, address);

    /* The PIIX3 sits there, though no element stands for it. */
    if (controller->model == VAS_PCI_ROOT && slot == 1)
        return TRUE;
    return occupant != NULL && occupant->fixed;
}

/* The guest's shpchp registers all slots of these bridges where hot-plug is native, whatever is in
 * them (shpc_init in QEMU's hw/pci/shpc.c). It does that for the first bridge only: the slots of
 * the others have the same numbers. */
static gboolean
has_shpc(const VasGuestDefinition *definition, const VasPciController *controller)
{
    return (controller->model == VAS_PCI_BRIDGE || controller->model == VAS_PCIE_TO_PCI_BRIDGE) &&
           definition->acpi && vas_machine_is_q35(definition->machine) &&
           machine_describes(definition) == VAS_SHOWN_NO;
}

static gboolean
registers(const VasGuestDefinition *definition, const VasPciController *controller, guint slot)
{
    if (!has_numbered_slots(controller->model) || slot == 0)
        return FALSE;
    if (has_shpc(definition, controller))
        return TRUE;
    return vas_slot_number_is_described(definition, controller->index) == VAS_SHOWN_YES &&
           !is_fixed(definition, controller, slot);
}

/* Whether it can be told what the kernel does with the slots of @controller's bus. */
static gboolean
is_told(const VasGuestDefinition *definition, const VasPciController *controller)
{
    switch (vas_slot_number_is_described(definition, controller->index)) {
    case VAS_SHOWN_YES:
        return TRUE;
    case VAS_SHOWN_DEPENDS:
        return FALSE;
    case VAS_SHOWN_NO:
        break;
    }
    return has_shpc(definition, controller) ||
           (controller->model != VAS_PCI_BRIDGE && controller->model != VAS_PCIE_TO_PCI_BRIDGE);
}

/* The kernel comes to the buses in the order of their numbers (pci_scan_child_bus), and the first
 * of them has the plain number (pci_create_slot in drivers/pci/slot.c). */
static const VasPciController *
find_taker(const VasGuestDefinition *definition, VasGuestAddress address)
{
    int own = vas_slots_firmware_bus(definition, address.pci.bus);
    const VasPciController *root = vas_slots_bus(definition, 0);

    if (own > 0 && root != NULL && registers(definition, root, address.pci.slot))
        return root;
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);
        int other = vas_slots_firmware_bus(definition, controller->index);

        if (other >= 0 && other < own && registers(definition, controller, address.pci.slot))
            return controller;
    }
    return NULL;
}

VasSlotNumber
vas_slot_number_in_kernel(const VasGuestDefinition *definition, VasGuestAddress address,
                          const VasPciController **ret_taker)
{
    const VasPciController *controller = vas_slots_bus(definition, address.pci.bus);
    const VasPciController *taker = NULL;

    if (ret_taker != NULL)
        *ret_taker = NULL;
    if (controller == NULL || !has_numbered_slots(controller->model))
        return no_number;
    if (!is_told(definition, controller))
        return unknown_number;
    if (!registers(definition, controller, address.pci.slot))
        return no_number;
    taker = find_taker(definition, address);
    if (ret_taker != NULL)
        *ret_taker = taker;
    return (VasSlotNumber){.known = TRUE, .number = taker == NULL ? address.pci.slot : 0};
}
