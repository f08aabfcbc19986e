/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-effects.h"

#include "core/nic/guest-nics.h"
#include "core/place/slots.h"

#define SLOT_MAX 31
#define FUNCTION_MAX 7

static void
copy_controller(VasGuestDefinition *copy, const VasPciController *controller)
{
    g_ptr_array_add(copy->controllers, g_memdup2(controller, sizeof *controller));
}

static void
copy_occupant(VasGuestDefinition *copy, const VasOccupant *occupant)
{
    VasOccupant *another = g_memdup2(occupant, sizeof *occupant);

    another->name = g_strdup(occupant->name);
    g_ptr_array_add(copy->occupants, another);
}

static void
copy_nic(VasGuestDefinition *copy, const VasNic *nic)
{
    VasNic *another = g_memdup2(nic, sizeof *nic);

    another->alias = g_strdup(nic->alias);
    another->other_place = g_strdup(nic->other_place);
    another->port = g_strdup(nic->port);
    g_ptr_array_add(copy->nics, another);
}

static VasGuestDefinition *
copy_definition(const VasGuestDefinition *definition)
{
    VasGuestDefinition *copy = vas_guest_definition_new();

    copy->machine = g_strdup(definition->machine);
    copy->acpi = definition->acpi;
    for (guint i = 0; i < definition->controllers->len; i++)
        copy_controller(copy, g_ptr_array_index(definition->controllers, i));
    for (guint i = 0; i < definition->occupants->len; i++)
        copy_occupant(copy, g_ptr_array_index(definition->occupants, i));
    for (guint i = 0; i < definition->nics->len; i++)
        copy_nic(copy, g_ptr_array_index(definition->nics, i));
    return copy;
}

static gboolean
is_root_port_at(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        if (controller->model == VAS_PCIE_ROOT_PORT && controller->has_address &&
            vas_guest_address_equal(controller->address, address))
            return TRUE;
    }
    return FALSE;
}

/* libvirt fills the functions of a slot that root ports are in before it begins another
 * (VIR_PCI_CONNECT_AGGREGATE_SLOT in virDomainPCIAddressFindUnusedFunctionOnBus,
 * src/conf/domain_addr.c). */
static gboolean
find_place_for_root_port(const VasGuestDefinition *definition, VasGuestAddress *ret_address)
{
    for (guint8 slot = 1; slot < SLOT_MAX; slot++) {
        VasGuestAddress address = {{.slot = slot}};
        gboolean aggregates = is_root_port_at(definition, address);

        if (!aggregates && vas_guest_definition_occupant(definition, address) != NULL)
            continue;
        while (address.pci.function < FUNCTION_MAX &&
               vas_guest_definition_is_occupied(definition, address))
            address.pci.function++;
        if (vas_guest_definition_is_occupied(definition, address))
            continue;
        *ret_address = address;
        return TRUE;
    }
    return FALSE;
}

static void
add_occupant(VasGuestDefinition *definition, VasGuestAddress address, const char *name,
             gboolean fixed, int acpi_index)
{
    VasOccupant *occupant = g_new0(VasOccupant, 1);

    occupant->address = address;
    occupant->name = g_strdup(name);
    occupant->fixed = fixed;
    occupant->acpi_index = acpi_index;
    g_ptr_array_add(definition->occupants, occupant);
}

static void
add_root_port(VasGuestDefinition *definition, guint bus)
{
    VasPciController *controller = NULL;
    VasGuestAddress place;

    if (!find_place_for_root_port(definition, &place))
        return;
    controller = g_new0(VasPciController, 1);
    controller->index = bus;
    controller->model = VAS_PCIE_ROOT_PORT;
    controller->bus_number = -1;
    controller->has_address = TRUE;
    controller->address = place;
    g_ptr_array_add(definition->controllers, controller);
    add_occupant(definition, place, "the root port that libvirt adds", TRUE, 0);
}

VasGuestDefinition *
vas_nic_name_with(const VasGuestDefinition *definition, const VasAssignment *assignment,
                  VasNicKind kind)
{
    VasGuestDefinition *copy = copy_definition(definition);
    const char *name = assignment->alias != NULL ? assignment->alias : "hostdev";
    VasNic *nic = NULL;

    if (!assignment->has_guest_address)
        return copy;
    if (vas_slots_bus(copy, assignment->guest_address.pci.bus) == NULL &&
        vas_slots_port_model(copy) == VAS_PCIE_ROOT_PORT)
        add_root_port(copy, assignment->guest_address.pci.bus);
    add_occupant(copy, assignment->guest_address, name, FALSE, assignment->acpi_index);
    if (kind == VAS_NIC_NONE)
        return copy;
    nic = g_new0(VasNic, 1);
    nic->alias = g_strdup(name);
    nic->has_mac = assignment->has_mac;
    nic->mac = assignment->mac;
    nic->has_guest_address = TRUE;
    nic->guest_address = assignment->guest_address;
    nic->acpi_index = assignment->acpi_index;
    nic->is_infiniband = kind == VAS_NIC_INFINIBAND;
    g_ptr_array_add(copy->nics, nic);
    return copy;
}

/* The NIC of @definition from number @from on that claims @name; NULL: none. */
static const VasNic *
find_claim(const VasGuestDefinition *definition, guint from, const char *name,
           const VasNamingScheme *scheme)
{
    for (guint i = from; i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);
        g_autoptr(VasNicName) claimed = vas_nic_name_of(definition, nic, scheme);

        if (claimed != NULL && g_strcmp0(claimed->name, name) == 0)
            return nic;
    }
    return NULL;
}

/* NULL: the NIC keeps its name. Returns full. */
static char *
describe_change(const VasGuestDefinition *before, const VasGuestDefinition *after,
                const VasNic *nic, const VasNamingScheme *scheme)
{
    g_autoptr(VasNicName) was = vas_nic_name_of(before, nic, scheme);
    g_autoptr(VasNicName) is = vas_nic_name_of(after, nic, scheme);
    g_autofree char *text = vas_nic_describe(nic);

    if (was->name == NULL)
        return NULL;
    if (is->name == NULL)
        return g_strdup_printf("%s from %s to what cannot be told", text, was->name);
    if (!g_str_equal(was->name, is->name))
        return g_strdup_printf("%s from %s to %s", text, was->name, is->name);
    if (find_claim(after, before->nics->len, was->name, scheme) == NULL)
        return NULL;
    return g_strdup_printf("%s from %s to a name like eth0 (naming scheme %s: the new NIC claims "
                           "%s too, and the one that the guest finds first gets it)",
                           text, was->name, scheme->name, was->name);
}

GPtrArray *
vas_nic_name_changes(const VasGuestDefinition *before, const VasGuestDefinition *after)
{
    const VasNamingScheme *const schemes[] = {vas_naming_scheme_newest(),
                                              vas_naming_scheme_older()};
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < before->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(before->nics, i);
        char *change = NULL;

        for (gsize k = 0; nic->has_guest_address && change == NULL && k < G_N_ELEMENTS(schemes);
             k++)
            change = describe_change(before, after, nic, schemes[k]);
        if (change != NULL)
            g_ptr_array_add(changes, change);
    }
    return changes;
}
