/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/ports.h"

#include "core/place/pci-bus.h"
#include "core/place/slots-firmware.h"

void
vas_port_use_free(VasPortUse *use)
{
    if (use == NULL)
        return;
    g_free(use->live);
    g_free(use->config);
    g_free(use);
}

void
vas_port_free(VasPort *port)
{
    if (port == NULL)
        return;
    g_array_unref(port->free);
    g_ptr_array_unref(port->taken);
    g_free(port);
}

static const char *
holder_in(const VasGuestDefinition *definition, VasGuestAddress address)
{
    return definition != NULL ? vas_slots_holder(definition, address) : NULL;
}

static void
add_slot(VasPort *port, const VasGuestDefinition *live, const VasGuestDefinition *config,
         VasGuestAddress address)
{
    const char *live_holder = holder_in(live, address);
    const char *config_holder = holder_in(config, address);
    VasPortUse *use;

    if (live_holder == NULL && config_holder == NULL) {
        g_array_append_val(port->free, address);
        return;
    }
    use = g_new(VasPortUse, 1);
    use->address = address;
    use->live = g_strdup(live_holder);
    use->config = g_strdup(config_holder);
    g_ptr_array_add(port->taken, use);
}

/* @live and @config are the definitions that have the bus; NULL: this one does not. */
static void
add_port(GPtrArray *ports, const VasGuestDefinition *live, const VasGuestDefinition *config,
         guint bus)
{
    const VasGuestDefinition *fact = live != NULL ? live : config;
    const VasPciController *controller = vas_slots_bus(fact, bus);
    VasPciBusRules rules = vas_pci_bus_rules(controller->model);
    VasPort *port;

    if (!rules.endpoints)
        return;
    port = g_new(VasPort, 1);
    port->bus = bus;
    port->model = controller->model;
    port->guest_bus = vas_slots_firmware_bus(fact, bus);
    port->host_node = vas_slots_host_node(fact, bus);
    port->live = live != NULL;
    port->config = config != NULL;
    port->hotplug = rules.hotplug && !controller->hotplug_off;
    port->free = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    port->taken = g_ptr_array_new_with_free_func((GDestroyNotify) vas_port_use_free);
    for (guint slot = rules.first_slot; slot <= rules.last_slot; slot++)
        add_slot(port, live, config,
                 (VasGuestAddress){{.bus = (guint8) bus, .slot = (guint8) slot}});
    g_ptr_array_add(ports, port);
}

static const VasPciController *
bus_in(const VasGuestDefinition *definition, guint bus)
{
    return definition != NULL ? vas_slots_bus(definition, bus) : NULL;
}

GPtrArray *
vas_ports_list(const VasGuest *guest)
{
    GPtrArray *ports = g_ptr_array_new_with_free_func((GDestroyNotify) vas_port_free);

    for (guint bus = 0; bus <= VAS_PCI_BUS_MAX; bus++) {
        const VasPciController *live = bus_in(guest->live, bus);
        const VasPciController *config = bus_in(guest->config, bus);
        gboolean same = live != NULL && config != NULL && live->model == config->model;

        if (live != NULL)
            add_port(ports, guest->live, same ? guest->config : NULL, bus);
        if (config != NULL && !same)
            add_port(ports, NULL, guest->config, bus);
    }
    return ports;
}

guint
vas_ports_count_free(const GPtrArray *ports, const VasGuest *guest)
{
    guint count = 0;

    for (guint i = 0; i < ports->len; i++) {
        const VasPort *port = g_ptr_array_index(ports, i);

        if (port->hotplug && (port->live || guest->live == NULL))
            count += port->free->len;
    }
    return count;
}

gboolean
vas_ports_has_pci(const VasGuest *guest)
{
    return (guest->live != NULL && vas_slots_has_pci(guest->live)) ||
           (guest->config != NULL && vas_slots_has_pci(guest->config));
}
