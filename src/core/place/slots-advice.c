/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-advice.h"

#include "core/place/pci-bus.h"
#include "core/place/slots-accept.h"

char *
vas_slots_obstacle(const VasSlotRequest *request, VasGuestAddress address)
{
    const char *holder = vas_slots_holder(vas_slot_request_definition(request), address);
    g_autoptr(GError) refusal = NULL;

    if (holder != NULL)
        return g_strdup(holder);
    if (vas_slot_request_is_reserved(request, address))
        return g_strdup("another device of this command");
    if (request->config != NULL)
        holder = vas_slots_holder(request->config, address);
    if (holder != NULL)
        return g_strdup_printf("%s in the config", holder);
    if (vas_slot_request_is_hot(request) &&
        !vas_slots_accept(request->live, address, TRUE, &refusal))
        return g_strdup(refusal->message);
    if ((request->scope & VAS_SCOPE_CONFIG) != 0 &&
        !vas_slots_accept(request->config, address, FALSE, NULL))
        return g_strdup("not in the config");
    return NULL;
}

/* Says why no slot of @bus is left, with the first that is not simply taken. */
static void
describe_slots(const VasSlotRequest *request, guint bus, VasPciModel model, GString *text)
{
    VasPciBusRules rules = vas_pci_bus_rules(model);

    g_string_append_printf(text, "bus %02x (%s, full", bus, vas_pci_model_name(model));
    for (guint slot = rules.first_slot; slot <= rules.last_slot; slot++) {
        VasGuestAddress address = {{.bus = (guint8) bus, .slot = (guint8) slot}};
        g_autofree char *obstacle = NULL;

        if (vas_slots_holder(vas_slot_request_definition(request), address) != NULL)
            continue;
        obstacle = vas_slots_obstacle(request, address);
        g_string_append_printf(text, " but for %s: %s", vas_guest_address_text(address).text,
                               obstacle != NULL ? obstacle : "free");
        break;
    }
    g_string_append_c(text, ')');
}

char *
vas_slots_describe(const VasSlotRequest *request)
{
    const VasGuestDefinition *definition = vas_slot_request_definition(request);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint bus = 0; bus <= vas_slots_last_bus(definition); bus++) {
        const VasPciController *controller = vas_slots_bus(definition, bus);
        VasGuestAddress address = {{.bus = (guint8) bus}};
        VasPciBusRules rules;
        g_autofree char *obstacle = NULL;

        if (controller == NULL)
            continue;
        rules = vas_pci_bus_rules(controller->model);
        if (!rules.offered ||
            (vas_slot_request_is_hot(request) && (!rules.hotplug || controller->hotplug_off)))
            continue;
        g_string_append(text, text->len > 0 ? ", " : "");
        if (rules.last_slot > 0) {
            describe_slots(request, bus, controller->model, text);
            continue;
        }
        obstacle = vas_slots_obstacle(request, address);
        g_string_append_printf(text, "%s (%s)", vas_guest_address_text(address).text,
                               obstacle != NULL ? obstacle : "free");
    }
    return text->len > 0 ? g_strdup(text->str) : NULL;
}

char *
vas_slots_way_out(const VasSlotRequest *request)
{
    const VasGuestDefinition *definition = vas_slot_request_definition(request);
    VasPciModel new_bus = vas_slots_new_bus(definition);
    const char *what = new_bus == VAS_PCIE_ROOT_PORT ? "root port" : "pci-bridge";

    if (!vas_slots_has_pci(definition))
        return g_strdup("give it a machine with PCI");
    if (new_bus != VAS_PCIE_ROOT_PORT && new_bus != VAS_PCI_BRIDGE)
        return g_strdup("detach what it can do without");
    if (definition->guest == NULL)
        return g_strdup_printf("give it another %s, from its next start on", what);
    return g_strdup_printf(
        "give it another %s, from its next start on: virt-assign ports %s --add 1", what,
        definition->guest);
}
