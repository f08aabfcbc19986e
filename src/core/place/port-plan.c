/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/port-plan.h"

#include "core/place/slots-firmware.h"
#include "core/value/error.h"

#define FUNCTIONS 8
#define FIRST_SLOT 1
#define LAST_SLOT 31

static VasGuestAddress
place(guint slot, guint function)
{
    return (VasGuestAddress){{.slot = (guint8) slot, .function = (guint8) function}};
}

static guint
devfn(VasGuestAddress address)
{
    return (guint) address.pci.slot << 3 | address.pci.function;
}

/* The controller that has exactly that place on bus 0; NULL: none. */
static const VasPciController *
controller_at(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (controller->has_address && vas_guest_address_equal(controller->address, address))
            return controller;
    }
    return NULL;
}

/* Whether a port may go to @address: the first one of a slot, or one more where ports share it. */
static gboolean
is_place(const VasGuestDefinition *definition, VasPciModel model, VasGuestAddress address)
{
    const VasPciController *first;

    if (address.pci.function == 0)
        return vas_slots_holder(definition, address) == NULL;
    first = controller_at(definition, place(address.pci.slot, 0));
    return model == VAS_PCIE_ROOT_PORT && first != NULL && first->model == model &&
           first->multifunction && !vas_guest_definition_is_occupied(definition, address);
}

/* The bridges on bus 0 all have a bus of their own; this is the last one's place. 0: there is
 * none. */
static guint
last_bridge(const VasGuestDefinition *definition)
{
    guint last = 0;

    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (controller->has_address && controller->address.pci.bus == 0 &&
            !vas_pci_model_is_expander(controller->model))
            last = MAX(last, devfn(controller->address));
    }
    return last;
}

/* The first place behind all bridges, else the first in the last slot there is. */
static gboolean
find_place(const VasGuestDefinition *definition, VasPciModel model, VasGuestAddress *ret_place)
{
    guint last = last_bridge(definition);
    VasGuestAddress before = {0};

    for (guint i = FIRST_SLOT * FUNCTIONS; i < (LAST_SLOT + 1) * FUNCTIONS; i++) {
        VasGuestAddress candidate = place(i / FUNCTIONS, i % FUNCTIONS);

        if (!is_place(definition, model, candidate))
            continue;
        if (i > last) {
            *ret_place = candidate;
            return TRUE;
        }
        if (candidate.pci.slot != before.pci.slot)
            before = candidate;
    }
    if (before.pci.slot < FIRST_SLOT)
        return FALSE;
    *ret_place = before;
    return TRUE;
}

static gboolean
has_chassis(const VasGuestDefinition *definition, int chassis)
{
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (controller->chassis == chassis)
            return TRUE;
    }
    return FALSE;
}

/* The index, as libvirt does (qemuDomainAssignPCIAddresses), unless it is in use: QEMU starts no
 * guest with two root ports of one chassis and slot (pcie_chassis_add_slot in hw/pci/pcie_port.c).
 */
static int
find_chassis(const VasGuestDefinition *definition, guint index)
{
    int chassis = (int) index;

    for (int i = 1; has_chassis(definition, chassis) && i <= VAS_PCI_BUS_MAX; i++)
        chassis = i;
    return chassis;
}

static const VasPciController *
add_port(VasGuestDefinition *definition, VasPciModel model, VasGuestAddress address)
{
    VasPciController *controller = g_new0(VasPciController, 1);
    VasOccupant *occupant = g_new(VasOccupant, 1);

    controller->index = vas_slots_last_bus(definition) + 1;
    controller->model = model;
    controller->bus_number = -1;
    controller->host_node = -1;
    controller->chassis = find_chassis(definition, controller->index);
    controller->has_address = TRUE;
    controller->address = address;
    controller->multifunction = model == VAS_PCIE_ROOT_PORT && address.pci.function == 0;
    g_ptr_array_add(definition->controllers, controller);
    occupant->address = address;
    occupant->name = g_strdup_printf("controller pci %u", controller->index);
    g_ptr_array_add(definition->occupants, occupant);
    return controller;
}

static gboolean
check_numbers(const VasGuestDefinition *definition, guint count, GError **error)
{
    guint indices = VAS_PCI_BUS_MAX - vas_slots_last_bus(definition);
    guint numbers = vas_slots_firmware_room(definition);

    if (count <= indices && count <= numbers)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT,
                "there are bus numbers for %u more ports, not for %u", MIN(indices, numbers),
                count);
    if (numbers < indices)
        vas_error_set_hint(error, "an expander bus takes the numbers from its busNr on");
    return FALSE;
}

GPtrArray *
vas_port_plan(VasGuestDefinition *definition, guint count, GError **error)
{
    VasPciModel model = vas_slots_port_model(definition);
    g_autoptr(GPtrArray) ports = g_ptr_array_new();

    if (!vas_slots_has_pci(definition)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT, "the guest's machine has no PCI");
        vas_error_set_hint(error, "give it a machine with PCI");
        return NULL;
    }
    if (model == VAS_PCI_MODEL_UNKNOWN) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                    "a guest of machine %s takes no more ports",
                    definition->machine != NULL ? definition->machine : "unknown");
        vas_error_set_hint(error, "ports are added to q35, virt and i440fx machines");
        return NULL;
    }
    if (!check_numbers(definition, count, error))
        return NULL;
    for (guint i = 0; i < count; i++) {
        VasGuestAddress address;

        if (!find_place(definition, model, &address)) {
            g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT,
                        "bus 00 has slots for %u more of %s, not for %u", i,
                        vas_pci_model_name(model), count);
            return NULL;
        }
        g_ptr_array_add(ports, (gpointer) add_port(definition, model, address));
    }
    return g_steal_pointer(&ports);
}
