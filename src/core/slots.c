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

/* The root bus of XML that leaves it out. */
static const VasPciController implicit_pci_root = {.model = VAS_PCI_ROOT, .bus_number = -1};
static const VasPciController implicit_pcie_root = {.model = VAS_PCIE_ROOT, .bus_number = -1};

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

static guint
highest_bus(const VasGuestDefinition *definition)
{
    guint highest = 0;

    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        highest = MAX(highest, controller->index);
    }
    return highest;
}

/* Whether libvirt adds root ports to a shut-off guest for buses that do not exist yet. */
static gboolean
grows_root_ports(const VasGuestDefinition *definition)
{
    return vas_slots_bus(definition, 0)->model == VAS_PCIE_ROOT;
}

/* Who has the whole slot of @address; NULL: nobody. */
static const char *
slot_holder(const VasGuestDefinition *definition, VasGuestAddress address)
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

    if (!rules.offered || controller->index > VAS_PCI_BUS_MAX || (hot && controller->hotplug_off))
        return;
    for (guint slot = rules.first_slot; slot <= rules.last_slot; slot++) {
        VasGuestAddress address = slot_address(controller->index, slot);

        if (slot_holder(definition, address) == NULL)
            g_array_append_val(free_addresses, address);
    }
}

GArray *
vas_slots_free(const VasGuestDefinition *definition, gboolean hot)
{
    GArray *free_addresses = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    const gboolean express_first[] = {TRUE, FALSE};
    guint buses = MIN(highest_bus(definition), VAS_PCI_BUS_MAX) + 1;

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

/* The bus of @address does not exist: may it be the one that libvirt adds next? */
static gboolean
check_new_bus(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
              GError **error)
{
    guint last = highest_bus(definition);

    if (hot || !grows_root_ports(definition) || address.pci.bus != last + 1)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": the guest has no PCI bus %02x, its buses are 00 to %02x", address.pci.bus,
                      last);
    if (address.pci.slot != 0)
        return refuse(error, VAS_ERROR_UNUSABLE, address,
                      ": libvirt adds bus %02x as a pcie-root-port, which has slot 00 only",
                      address.pci.bus);
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
    holder = slot_holder(definition, address);
    if (holder != NULL)
        return refuse(error, VAS_ERROR_TAKEN, address, " is taken by %s", holder);
    return TRUE;
}

/* What an address is chosen for. */
typedef struct {
    const VasGuestDefinition *live;   /* may be NULL, not both */
    const VasGuestDefinition *config; /* may be NULL */
    const GArray *reserved;           /* VasGuestAddress; may be NULL */
} Choice;

static const VasGuestDefinition *
leading_definition(const Choice *choice)
{
    return choice->live != NULL ? choice->live : choice->config;
}

static gboolean
is_reserved(const Choice *choice, VasGuestAddress address)
{
    for (guint i = 0; choice->reserved != NULL && i < choice->reserved->len; i++) {
        if (vas_guest_address_equal(g_array_index(choice->reserved, VasGuestAddress, i), address))
            return TRUE;
    }
    return FALSE;
}

/* Who keeps @choice off the port at @address. Returns full. */
static char *
describe_port_holder(const Choice *choice, VasGuestAddress address)
{
    const char *holder = slot_holder(leading_definition(choice), address);

    if (holder != NULL)
        return g_strdup(holder);
    if (is_reserved(choice, address))
        return g_strdup("another device of this command");
    if (choice->config != NULL) {
        g_autoptr(GError) refusal = NULL;

        holder = slot_holder(choice->config, address);
        if (holder != NULL)
            return g_strdup_printf("%s in the config", holder);
        if (!check_address(choice->config, address, FALSE, &refusal))
            return g_strdup("not in the config");
    }
    return g_strdup("free");
}

/* "0000:01:00.0 (virtio-disk0), bus 02 (pci-bridge)": what could take the device, were it not full.
 * NULL: nothing. Returns full. */
static char *
describe_ports(const Choice *choice)
{
    const VasGuestDefinition *definition = leading_definition(choice);
    g_autoptr(GString) text = g_string_new(NULL);
    guint buses = MIN(highest_bus(definition), VAS_PCI_BUS_MAX) + 1;

    for (guint bus = 0; bus < buses; bus++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);
        VasGuestAddress address = slot_address(bus, 0);
        g_autofree char *holder = NULL;

        if (controller == NULL || !vas_pci_bus_rules(controller->model).offered ||
            (choice->live != NULL && controller->hotplug_off))
            continue;
        g_string_append(text, text->len > 0 ? ", " : "");
        if (vas_pci_bus_rules(controller->model).last_slot > 0) {
            g_string_append_printf(text, "bus %02x (%s, full)", bus,
                                   vas_pci_model_name(controller->model));
            continue;
        }
        holder = describe_port_holder(choice, address);
        g_string_append_printf(text, "%s (%s)", vas_guest_address_text(address).text, holder);
    }
    return text->len > 0 ? g_strdup(text->str) : NULL;
}

/* How a guest in which everything is taken gets more room. */
static const char *
way_out(const VasGuestDefinition *definition)
{
    if (grows_root_ports(definition))
        return "shut the guest off and attach with --config: libvirt then adds a root port; or add "
               "<controller type='pci' model='pcie-root-port'/> with virsh edit and start it anew";
    return "shut the guest off and add <controller type='pci' model='pci-bridge'/> with virsh edit";
}

static void
set_free_hint(const VasGuestDefinition *definition, gboolean hot, GError **error)
{
    g_autoptr(GArray) free_addresses = vas_slots_free(definition, hot);
    g_autoptr(GString) text = g_string_new("free: ");
    guint shown = MIN(free_addresses->len, HINT_ADDRESSES);
    Choice choice = {.live = hot ? definition : NULL, .config = hot ? NULL : definition};
    g_autofree char *ports = NULL;

    for (guint i = 0; i < shown; i++)
        g_string_append_printf(
            text, "%s%s", i > 0 ? ", " : "",
            vas_guest_address_text(g_array_index(free_addresses, VasGuestAddress, i)).text);
    if (shown > 0) {
        vas_error_set_hint(error, "%s", text->str);
        return;
    }
    ports = describe_ports(&choice);
    vas_error_set_hint(error, "none is free: %s; %s", ports != NULL ? ports : "no port is there",
                       way_out(definition));
}

gboolean
vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
                GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (check_address(definition, address, hot, &refusal))
        return TRUE;
    set_free_hint(definition, hot, &refusal);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

/* The first bus that libvirt has yet to add and that nobody was promised. */
static gboolean
choose_new_bus(const Choice *choice, VasGuestAddress *ret_address)
{
    if (choice->live != NULL || !grows_root_ports(choice->config))
        return FALSE;
    for (guint bus = highest_bus(choice->config) + 1; bus <= VAS_PCI_BUS_MAX; bus++) {
        if (!is_reserved(choice, slot_address(bus, 0))) {
            *ret_address = slot_address(bus, 0);
            return TRUE;
        }
    }
    return FALSE;
}

static void
set_no_slot(const Choice *choice, GError **error)
{
    g_autofree char *ports = describe_ports(choice);

    if (ports != NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT, "the guest has no free slot%s: %s",
                    choice->live != NULL ? " that can be hot-plugged" : "", ports);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT,
                    "the guest has no port and no bus that takes a %sdevice",
                    choice->live != NULL ? "hot-plugged " : "");
    vas_error_set_hint(error, "%s", way_out(leading_definition(choice)));
}

gboolean
vas_slots_choose(const VasGuestDefinition *live, const VasGuestDefinition *config,
                 const GArray *reserved, VasGuestAddress *ret_address, GError **error)
{
    const Choice choice = {.live = live, .config = config, .reserved = reserved};
    g_autoptr(GArray) candidates = vas_slots_free(leading_definition(&choice), TRUE);

    for (guint i = 0; i < candidates->len; i++) {
        VasGuestAddress address = g_array_index(candidates, VasGuestAddress, i);

        if (is_reserved(&choice, address))
            continue;
        if (config != NULL && !check_address(config, address, FALSE, NULL))
            continue;
        *ret_address = address;
        return TRUE;
    }
    if (choose_new_bus(&choice, ret_address))
        return TRUE;
    set_no_slot(&choice, error);
    return FALSE;
}
