/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-accept.h"

#include "core/place/pci-bus.h"
#include "core/value/error.h"

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
    guint last = vas_slots_last_bus(definition);
    VasPciModel model = vas_slots_new_bus(definition);
    VasPciBusRules rules = vas_pci_bus_rules(model);

    if (!vas_slots_has_pci(definition))
        return refuse(error, VAS_ERROR_UNUSABLE, address, ": the guest's machine has no PCI");
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

gboolean
vas_slots_accept(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
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
