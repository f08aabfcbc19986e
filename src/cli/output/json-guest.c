/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-guest.h"

#include "cli/output/assignment-pair.h"
#include "cli/output/json-device.h"
#include "cli/print/json.h"
#include "engine/check/wish-state.h"

static void
add_guest_identity(JsonBuilder *json, const VasGuest *guest)
{
    const VasGuestDefinition *definition = vas_guest_fact(guest);

    vas_json_add_text(json, "name", guest->name);
    vas_json_add_text(json, "uuid", guest->uuid);
    vas_json_add_text(json, "state", vas_guest_state_name(guest->state));
    vas_json_add_text(json, "machine", definition != NULL ? definition->machine : NULL);
}

static void
add_port(JsonBuilder *json, const VasPort *port)
{
    json_builder_begin_object(json);
    vas_json_add_number(json, "bus", port->bus);
    vas_json_add_text(json, "model", vas_pci_model_name(port->model));
    vas_json_add_number_from(json, "guest_bus", port->guest_bus, 0);
    vas_json_add_number_from(json, "numa_node", port->host_node, 0);
    vas_json_add_boolean(json, "live", port->live);
    vas_json_add_boolean(json, "config", port->config);
    vas_json_add_boolean(json, "hotplug", port->hotplug);
    vas_json_begin_member(json, "free", json_builder_begin_array);
    for (guint i = 0; i < port->free->len; i++)
        json_builder_add_string_value(
            json, vas_guest_address_text(g_array_index(port->free, VasGuestAddress, i)).text);
    json_builder_end_array(json);
    vas_json_begin_member(json, "taken", json_builder_begin_array);
    for (guint i = 0; i < port->taken->len; i++) {
        const VasPortUse *use = g_ptr_array_index(port->taken, i);

        json_builder_begin_object(json);
        vas_json_add_guest_address(json, TRUE, use->address);
        vas_json_add_text(json, "live", use->live);
        vas_json_add_text(json, "config", use->config);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void
add_new_port(JsonBuilder *json, const VasNewPort *port)
{
    json_builder_begin_object(json);
    vas_json_add_number(json, "bus", port->bus);
    vas_json_add_text(json, "model", vas_pci_model_name(port->model));
    vas_json_add_guest_address(json, TRUE, port->address);
    vas_json_add_number_from(json, "guest_bus", port->guest_bus, 0);
    json_builder_end_object(json);
}

void
vas_json_add_ports(JsonBuilder *json, const VasGuestPorts *ports, const char *outcome)
{
    vas_json_begin_member(json, "guest", json_builder_begin_object);
    add_guest_identity(json, ports->guest);
    json_builder_end_object(json);
    vas_json_add_boolean(json, "pci", vas_ports_has_pci(ports->guest));
    vas_json_begin_member(json, "ports", json_builder_begin_array);
    for (guint i = 0; i < ports->ports->len; i++)
        add_port(json, g_ptr_array_index(ports->ports, i));
    json_builder_end_array(json);
    vas_json_begin_member(json, "added", json_builder_begin_array);
    for (guint i = 0; i < ports->added->len; i++)
        add_new_port(json, &g_array_index(ports->added, VasNewPort, i));
    json_builder_end_array(json);
    vas_json_add_texts(json, "renames", ports->renames);
    vas_json_add_text(json, "outcome", outcome);
}

static void
add_pair(JsonBuilder *json, const VasAssignmentPair *pair)
{
    const VasAssignment *fact = vas_assignment_pair_fact(pair);

    json_builder_begin_object(json);
    vas_json_add_host_address(json, "device", fact->has_device, fact->device);
    vas_json_add_text(json, "alias", fact->alias);
    vas_json_add_guest_address(json, fact->has_guest_address, fact->guest_address);
    vas_json_add_text(json, "type", vas_assignment_type_name(fact->type));
    vas_json_add_mac(json, fact->has_mac, fact->mac);
    vas_json_add_number_from(json, "vlan", fact->vlan, 0);
    vas_json_add_text(json, "network", pair->config != NULL ? pair->config->network : NULL);
    vas_json_add_boolean(json, "live", pair->live != NULL);
    vas_json_add_boolean(json, "config", pair->config != NULL);
    vas_json_add_text(json, "difference", pair->difference);
    vas_json_add_text(json, "predicted_name", pair->name != NULL ? pair->name->name : NULL);
    json_builder_end_object(json);
}

/* The settings now are told of a running guest's VF: they are the host's else. */
static void
add_wish(JsonBuilder *json, const VasWishState *state)
{
    gboolean tells_now = state->is_live && state->has_settings;

    json_builder_begin_object(json);
    vas_json_add_host_address(json, "device", TRUE, state->wish->device);
    vas_json_add_wish(json, state->wish);
    if (state->is_seal_told)
        vas_json_add_boolean(json, "sealed", state->wish->is_proven);
    else
        vas_json_add_null(json, "sealed");
    vas_json_add_boolean(json, "live", state->is_live);
    vas_json_add_boolean(json, "config", state->config != NULL);
    if (state->wish->identity != NULL)
        vas_json_add_boolean(json, "is_same_device", state->is_meant);
    else
        vas_json_add_null(json, "is_same_device");
    vas_json_add_vf_settings(json, tells_now ? &state->settings : NULL);
    json_builder_end_object(json);
}

void
vas_json_add_wishes(JsonBuilder *json, const GArray *wishes)
{
    vas_json_begin_member(json, "wishes", json_builder_begin_array);
    for (guint i = 0; i < wishes->len; i++)
        add_wish(json, &g_array_index(wishes, VasWishState, i));
    json_builder_end_array(json);
}

static void
add_nic(JsonBuilder *json, const VasGuestNic *nic)
{
    const VasNic *fact = vas_guest_nic_fact(nic);

    json_builder_begin_object(json);
    vas_json_add_mac(json, fact->has_mac, fact->mac);
    vas_json_add_guest_address(json, fact->has_guest_address, fact->guest_address);
    vas_json_add_number_from(json, "acpi_index", fact->acpi_index, 1);
    vas_json_add_boolean(json, "live", nic->live != NULL);
    vas_json_add_boolean(json, "config", nic->config != NULL);
    vas_json_add_text(json, "predicted_name", nic->name != NULL ? nic->name->name : NULL);
    vas_json_add_text(json, "why", nic->name != NULL ? nic->name->why : NULL);
    vas_json_add_text(json, "next_name", nic->next != NULL ? nic->next->name : NULL);
    vas_json_add_text(json, "actual_name", nic->actual);
    json_builder_end_object(json);
}

void
vas_json_add_guest(JsonBuilder *json, const VasInventory *inventory, const VasGuest *guest,
                   const GPtrArray *nics)
{
    g_autoptr(GPtrArray) pairs = vas_assignment_pairs(inventory, guest);

    vas_json_begin_member(json, "guest", json_builder_begin_object);
    add_guest_identity(json, guest);
    vas_json_begin_member(json, "assignments", json_builder_begin_array);
    for (guint i = 0; i < pairs->len; i++)
        add_pair(json, g_ptr_array_index(pairs, i));
    json_builder_end_array(json);
    vas_json_begin_member(json, "nics", json_builder_begin_array);
    for (guint i = 0; i < nics->len; i++)
        add_nic(json, g_ptr_array_index(nics, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
}
