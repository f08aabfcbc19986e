/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-firmware.h"

/* The walk that gives out bus numbers. */
typedef struct {
    const VasGuestDefinition *definition;
    int numbers[VAS_PCI_BUS_MAX + 1]; /* by libvirt's bus; -1: not reached */
    int next;
} Numbering;

static guint
slot_and_function(const VasPciController *controller)
{
    return (guint) controller->address.pci.slot << 3 | controller->address.pci.function;
}

/* The first bridge on @bus, by slot and function, that has no number yet. */
static const VasPciController *
first_unnumbered_bridge(const Numbering *numbering, guint bus)
{
    const GPtrArray *controllers = numbering->definition->controllers;
    const VasPciController *first = NULL;

    for (guint i = 0; i < controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(controllers, i);

        if (!controller->has_address || controller->address.pci.bus != bus ||
            vas_pci_model_is_expander(controller->model) || controller->index > VAS_PCI_BUS_MAX ||
            numbering->numbers[controller->index] >= 0)
            continue;
        if (first == NULL || slot_and_function(controller) < slot_and_function(first))
            first = controller;
    }
    return first;
}

static void
number_bridges_on(Numbering *numbering, guint bus)
{
    const VasPciController *bridge;

    while ((bridge = first_unnumbered_bridge(numbering, bus)) != NULL) {
        numbering->numbers[bridge->index] = numbering->next++;
        number_bridges_on(numbering, bridge->index);
    }
}

static void
number_hierarchy(Numbering *numbering, guint bus, int number)
{
    numbering->numbers[bus] = number;
    numbering->next = number + 1;
    number_bridges_on(numbering, bus);
}

int
vas_slots_firmware_bus(const VasGuestDefinition *definition, guint bus)
{
    Numbering numbering = {.definition = definition};

    if (bus > VAS_PCI_BUS_MAX)
        return -1;
    for (guint i = 0; i <= VAS_PCI_BUS_MAX; i++)
        numbering.numbers[i] = -1;
    number_hierarchy(&numbering, 0, 0);
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (!vas_pci_model_is_expander(controller->model) || controller->bus_number < 0 ||
            controller->index > VAS_PCI_BUS_MAX || numbering.numbers[controller->index] >= 0)
            continue;
        /* A conventional expander has a bridge of its own, and devices sit behind it
         * (pxb_dev_realize_common in QEMU's hw/pci-bridge/pci_expander_bridge.c). */
        number_hierarchy(&numbering, controller->index,
                         controller->bus_number +
                             (controller->model == VAS_PCI_EXPANDER_BUS ? 1 : 0));
    }
    return numbering.numbers[bus] <= VAS_PCI_BUS_MAX ? numbering.numbers[bus] : -1;
}

guint
vas_slots_firmware_room(const VasGuestDefinition *definition)
{
    Numbering numbering = {.definition = definition};
    int limit = VAS_PCI_BUS_MAX + 1;

    for (guint i = 0; i <= VAS_PCI_BUS_MAX; i++)
        numbering.numbers[i] = -1;
    number_hierarchy(&numbering, 0, 0);
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (vas_pci_model_is_expander(controller->model) && controller->bus_number >= 0)
            limit = MIN(limit, controller->bus_number);
    }
    return limit > numbering.next ? (guint) (limit - numbering.next) : 0;
}
