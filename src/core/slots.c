/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/slots.h"

#include "core/error.h"

#include <string.h>

#define HINT_ADDRESSES 4

static gboolean
is_q35(const VasGuestDefinition *definition)
{
    return definition->machine != NULL && (strcmp(definition->machine, "q35") == 0 ||
                                           g_str_has_prefix(definition->machine, "pc-q35"));
}

static gboolean
is_i440fx(const VasGuestDefinition *definition)
{
    return definition->machine == NULL ||
           (g_str_has_prefix(definition->machine, "pc") && !is_q35(definition));
}

gboolean
vas_slots_has_pci(const VasGuestDefinition *definition)
{
    static const char *const machines[] = {"isapc", "microvm", "none", NULL};

    return definition->controllers->len > 0 || definition->machine == NULL ||
           !g_strv_contains(machines, definition->machine);
}

/* The root bus of XML that leaves it out. */
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
    return is_q35(definition) ? &implicit_pcie_root : &implicit_pci_root;
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
    if (address.pci.slot == 0x01 && is_i440fx(definition))
        return "the PIIX3 chipset";
    if (address.pci.slot == 0x1f && is_q35(definition))
        return "the ICH9 chipset";
    return NULL;
}

static VasGuestAddress
slot_address(guint bus, guint slot)
{
    return (VasGuestAddress){{.bus = (guint8) bus, .slot = (guint8) slot}};
}

/* Adds what is free on @controller. */
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

static gboolean refuse(GError **error, VasError code, VasGuestAddress address, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

static gboolean
refuse(GError **error, VasError code, VasGuestAddress address, const char *format, ...)
{
    va_list arguments;
    g_autofree char *cause = NULL;

    va_start(arguments, format);
    cause = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, VAS_ERROR, code, "guest address %s%s", vas_guest_address_text(address).text,
                cause);
    return FALSE;
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
    if (vas_slots_bus(definition, 0)->model == VAS_PCIE_ROOT)
        return VAS_PCIE_ROOT_PORT;
    return is_i440fx(definition) && vas_slots_has_pci(definition) ? VAS_PCI_BRIDGE
                                                                  : VAS_PCI_MODEL_UNKNOWN;
}

/* virDomainPCIAddressSetGrow in src/conf/domain_addr.c. */
VasPciModel
vas_slots_new_bus(const VasGuestDefinition *definition)
{
    VasPciModel model = vas_slots_port_model(definition);

    if (vas_slots_last_bus(definition) == VAS_PCI_BUS_MAX ||
        (model == VAS_PCI_BRIDGE && !has_free_slot(definition, 0)))
        return VAS_PCI_MODEL_UNKNOWN;
    return model;
}

/* The bus of @address does not exist: may it be the one that libvirt adds next? */
static gboolean
check_new_bus(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
              GError **error)
{
    guint last = vas_slots_last_bus(definition);
    VasPciModel model = vas_slots_new_bus(definition);
    VasPciBusRules rules = vas_pci_bus_rules(model);

    if (hot || model == VAS_PCI_MODEL_UNKNOWN || address.pci.bus != last + 1)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": the guest has no PCI bus %02x, its buses are 00 to %02x", address.pci.bus,
                      last);
    if (address.pci.slot < rules.first_slot || address.pci.slot > rules.last_slot)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": libvirt adds bus %02x as a %s, which has %s", address.pci.bus,
                      vas_pci_model_name(model),
                      rules.last_slot == 0 ? "slot 00 only" : "slots 01 to 1f");
    return TRUE;
}

static gboolean
check_bus(const VasPciController *controller, VasGuestAddress address, gboolean hot, GError **error)
{
    VasPciBusRules rules = vas_pci_bus_rules(controller->model);
    const char *model = vas_pci_model_name(controller->model);
    guint bus = address.pci.bus;

    if (!rules.endpoints)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": bus %02x (%s) takes ports and bridges only", bus, model);
    if (rules.last_slot == 0 && address.pci.slot != 0)
        return refuse(error, VAS_ERROR_UNUSABLE, address, ": bus %02x (%s) has slot 00 only", bus,
                      model);
    if (address.pci.slot < rules.first_slot || address.pci.slot > rules.last_slot)
        return refuse(error, VAS_ERROR_UNUSABLE, address, ": bus %02x (%s) has slots %02x to %02x",
                      bus, model, rules.first_slot, rules.last_slot);
    if (hot && !rules.hotplug)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": nothing can be hot-plugged into bus %02x (%s)", bus, model);
    if (hot && controller->hotplug_off)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": hot-plug is switched off for bus %02x (%s)", bus, model);
    return TRUE;
}

static gboolean
check_address(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
              GError **error)
{
    const VasPciController *controller;
    const char *holder;

    if (address.pci.domain != 0)
        return refuse(error, VAS_ERROR_UNUSABLE, address, ": a guest has PCI domain 0000 only");
    if (address.pci.function != 0)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": a device gets a slot of its own, as function 0");
    controller = vas_slots_bus(definition, address.pci.bus);
    if (controller == NULL)
        return check_new_bus(definition, address, hot, error);
    if (!check_bus(controller, address, hot, error))
        return FALSE;
    holder = vas_slots_holder(definition, address);
    if (holder != NULL)
        return refuse(error, VAS_ERROR_TAKEN, address, " is taken by %s", holder);
    return TRUE;
}

static void
set_free_hint(const VasGuestDefinition *definition, gboolean hot, GError **error)
{
    g_autoptr(GArray) free_addresses = vas_slots_free(definition, hot);
    g_autoptr(GString) text = g_string_new("free: ");
    guint shown = MIN(free_addresses->len, HINT_ADDRESSES);
    VasSlotRequest request = {.live = hot ? definition : NULL,
                              .config = hot ? NULL : definition,
                              .scope = hot ? VAS_SCOPE_LIVE : VAS_SCOPE_CONFIG};
    g_autofree char *places = NULL;

    for (guint i = 0; i < shown; i++)
        g_string_append_printf(
            text, "%s%s", i > 0 ? ", " : "",
            vas_guest_address_text(g_array_index(free_addresses, VasGuestAddress, i)).text);
    if (shown > 0) {
        vas_error_set_hint(error, "%s", text->str);
        return;
    }
    places = vas_slots_describe(&request);
    vas_error_set_hint(error, "none is free: %s; %s", places != NULL ? places : "no port is there",
                       vas_slots_way_out(&request));
}

gboolean
vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
                GError **error)
{
    if (check_address(definition, address, hot, error))
        return TRUE;
    if (error != NULL)
        set_free_hint(definition, hot, error);
    return FALSE;
}

gboolean
vas_slots_check_device(const VasGuestDefinition *definition, const VasDevice *device,
                       VasGuestAddress address, gboolean hot, GError **error)
{
    if (!vas_slots_check(definition, address, hot, error))
        return FALSE;
    if (device->is_express || vas_slots_bus(definition, address.pci.bus) != NULL ||
        vas_slots_new_bus(definition) != VAS_PCIE_ROOT_PORT)
        return TRUE;
    refuse(error, VAS_ERROR_UNUSABLE, address,
           ": libvirt adds no bus %02x for a conventional PCI device", address.pci.bus);
    set_free_hint(definition, hot, error);
    return FALSE;
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
