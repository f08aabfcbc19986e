/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots.h"

#include "core/place/machine.h"
#include "core/place/pci-bus.h"
#include "core/place/slots-firmware.h"

/* libvirt lists the root bus of every machine that has PCI, but for pc and q35 it is known where
 * the XML leaves it out. */
static const VasPciController implicit_pci_root = {
    .model = VAS_PCI_ROOT, .bus_number = -1, .chassis = -1, .host_node = -1};
static const VasPciController implicit_pcie_root = {
    .model = VAS_PCIE_ROOT, .bus_number = -1, .chassis = -1, .host_node = -1};

static const VasPciController *
find_controller(const VasGuestDefinition *definition, guint index)
{
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (controller->index == index)
            return controller;
    }
    return NULL;
}

const VasPciController *
vas_slots_bus(const VasGuestDefinition *definition, guint bus)
{
    const VasPciController *controller = find_controller(definition, bus);

    if (controller != NULL || bus != 0)
        return controller;
    if (vas_machine_is_q35(definition->machine))
        return &implicit_pcie_root;
    return vas_machine_is_x86(definition->machine) ? &implicit_pci_root : NULL;
}

gboolean
vas_slots_has_pci(const VasGuestDefinition *definition)
{
    return vas_slots_bus(definition, 0) != NULL;
}

gboolean
vas_slots_can_unplug(const VasGuestDefinition *definition, const VasAssignment *assignment)
{
    const VasPciController *bus = NULL;

    if (!assignment->has_guest_address)
        return TRUE;
    bus = vas_slots_bus(definition, assignment->guest_address.pci.bus);
    return bus == NULL || (vas_pci_bus_rules(bus->model).hotplug && !bus->hotplug_off);
}

guint
vas_slots_last_bus(const VasGuestDefinition *definition)
{
    guint highest = 0;

    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        highest = MAX(highest, controller->index);
    }
    return MIN(highest, VAS_PCI_BUS_MAX);
}

const char *
vas_slots_holder(const VasGuestDefinition *definition, VasGuestAddress address)
{
    const VasOccupant *occupant = vas_guest_definition_occupant(definition, address);

    if (occupant != NULL)
        return occupant->name;
    if (address.pci.domain != 0 || address.pci.bus != 0)
        return NULL;
    /* QEMU's own functions, which libvirt reserves though no element stands for them
     * (qemuDomainValidateDevicePCISlotsPIIX3 and ...Q35 in src/qemu/qemu_domain_address.c). */
    if (vas_machine_is_q35(definition->machine))
        return address.pci.slot == 0x1f ? "the ICH9 chipset" : NULL;
    return address.pci.slot == 0x01 && vas_machine_is_x86(definition->machine) ? "the PIIX3 chipset"
                                                                               : NULL;
}

static VasGuestAddress
slot_address(guint bus, guint slot)
{
    return (VasGuestAddress){{.bus = (guint8) bus, .slot = (guint8) slot}};
}

/* Adds the free addresses on @controller. */
static void
append_free_on_bus(const VasGuestDefinition *definition, const VasPciController *controller,
                   gboolean hot, GArray *free_addresses)
{
    VasPciBusRules rules = vas_pci_bus_rules(controller->model);

    if (!rules.offered || controller->index > VAS_PCI_BUS_MAX ||
        (hot && (!rules.hotplug || controller->hotplug_off)))
        return;
    for (guint slot = rules.first_slot; slot <= rules.last_slot; slot++) {
        VasGuestAddress address = slot_address(controller->index, slot);

        if (vas_slots_holder(definition, address) == NULL)
            g_array_append_val(free_addresses, address);
    }
}

GArray *
vas_slots_free(const VasGuestDefinition *definition, gboolean hot)
{
    GArray *free_addresses = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    const gboolean express_first[] = {TRUE, FALSE};
    guint buses = vas_slots_last_bus(definition) + 1;

    for (gsize i = 0; i < G_N_ELEMENTS(express_first); i++) {
        for (guint bus = 0; bus < buses; bus++) {
            const VasPciController *controller = vas_slots_bus(definition, bus);

            if (controller != NULL &&
                vas_pci_bus_rules(controller->model).express == express_first[i])
                append_free_on_bus(definition, controller, hot, free_addresses);
        }
    }
    return free_addresses;
}

static gboolean
has_free_slot(const VasGuestDefinition *definition, guint bus)
{
    VasPciBusRules rules = vas_pci_bus_rules(vas_slots_bus(definition, bus)->model);

    for (guint slot = rules.first_slot; slot <= rules.last_slot; slot++) {
        if (vas_slots_holder(definition, slot_address(bus, slot)) == NULL)
            return TRUE;
    }
    return FALSE;
}

VasPciModel
vas_slots_port_model(const VasGuestDefinition *definition)
{
    const VasPciController *root = vas_slots_bus(definition, 0);

    if (root != NULL && root->model == VAS_PCIE_ROOT)
        return VAS_PCIE_ROOT_PORT;
    return vas_machine_is_x86(definition->machine) ? VAS_PCI_BRIDGE : VAS_PCI_MODEL_UNKNOWN;
}

/* virDomainPCIAddressSetGrow in src/conf/domain_addr.c. */
VasPciModel
vas_slots_new_bus(const VasGuestDefinition *definition)
{
    VasPciModel model = vas_slots_port_model(definition);

    if (vas_slots_last_bus(definition) == VAS_PCI_BUS_MAX ||
        vas_slots_firmware_room(definition) == 0 ||
        (model == VAS_PCI_BRIDGE && !has_free_slot(definition, 0)))
        return VAS_PCI_MODEL_UNKNOWN;
    return model;
}

int
vas_slots_host_node(const VasGuestDefinition *definition, guint bus)
{
    /* No chain of bridges is longer than there are bridges: a circle ends here too. */
    for (guint i = 0; i <= definition->controllers->len; i++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);

        if (controller == NULL || !controller->has_address)
            return -1;
        if (vas_pci_model_is_expander(controller->model))
            return controller->host_node;
        bus = controller->address.pci.bus;
    }
    return -1;
}
