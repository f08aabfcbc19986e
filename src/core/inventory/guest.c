/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/guest.h"

#include "core/value/error.h"
#include "core/value/shell-word.h"

#include <string.h>

void
vas_occupant_free(VasOccupant *occupant)
{
    if (occupant == NULL)
        return;
    g_free(occupant->name);
    g_free(occupant);
}

void
vas_nic_free(VasNic *nic)
{
    if (nic == NULL)
        return;
    g_free(nic->alias);
    g_free(nic->other_place);
    g_free(nic->port);
    g_free(nic);
}

VasGuestDefinition *
vas_guest_definition_new(void)
{
    VasGuestDefinition *definition = g_new0(VasGuestDefinition, 1);

    definition->assignments = g_ptr_array_new_with_free_func((GDestroyNotify) vas_assignment_free);
    definition->network_nics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_assignment_free);
    definition->controllers = g_ptr_array_new_with_free_func(g_free);
    definition->occupants = g_ptr_array_new_with_free_func((GDestroyNotify) vas_occupant_free);
    definition->nics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_nic_free);
    definition->uses = g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_use_free);
    definition->aliases = g_ptr_array_new_with_free_func(g_free);
    definition->boot_orders = g_array_new(FALSE, FALSE, sizeof(int));
    return definition;
}

void
vas_guest_definition_free(VasGuestDefinition *definition)
{
    if (definition == NULL)
        return;
    g_free(definition->machine);
    g_free(definition->platform.architecture);
    g_free(definition->platform.cpu_mode);
    g_free(definition->platform.cpu_model);
    g_free(definition->platform.system);
    g_ptr_array_unref(definition->assignments);
    g_ptr_array_unref(definition->network_nics);
    g_ptr_array_unref(definition->controllers);
    g_ptr_array_unref(definition->occupants);
    g_ptr_array_unref(definition->nics);
    g_ptr_array_unref(definition->uses);
    g_ptr_array_unref(definition->aliases);
    g_array_unref(definition->boot_orders);
    g_free(definition->uuid);
    vas_guest_record_free(definition->record);
    g_free(definition);
}

const VasOccupant *
vas_guest_definition_occupant(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);
        VasGuestAddress sits_at = occupant->address;

        sits_at.pci.function = address.pci.function;
        if (vas_guest_address_equal(sits_at, address))
            return occupant;
    }
    return NULL;
}

gboolean
vas_guest_definition_is_occupied(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        if (vas_guest_address_equal(occupant->address, address))
            return TRUE;
    }
    return FALSE;
}

gboolean
vas_guest_definition_is_shared_slot(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);
        VasGuestAddress sits_at = occupant->address;

        sits_at.pci.function = address.pci.function;
        if (vas_guest_address_equal(sits_at, address) &&
            occupant->address.pci.function != address.pci.function)
            return TRUE;
    }
    return FALSE;
}

const VasAssignment *
vas_guest_definition_find_device(const VasGuestDefinition *definition, VasHostAddress device)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (assignment->has_device && vas_host_address_equal(assignment->device, device))
            return assignment;
    }
    return NULL;
}

gboolean
vas_guest_definition_has_device(const VasGuestDefinition *definition, VasHostAddress device)
{
    return vas_guest_definition_find_device(definition, device) != NULL;
}

/* @network NULL: a candidate may be of any, or of none. */
static const VasAssignment *
find_tied(const GPtrArray *candidates, const VasAssignment *assignment, const char *network)
{
    const VasAssignment *found = NULL;
    VasTie strongest = VAS_TIE_NONE;

    for (guint i = 0; i < candidates->len; i++) {
        const VasAssignment *candidate = g_ptr_array_index(candidates, i);
        VasTie tie = vas_assignment_tie(assignment, candidate);

        if (tie == VAS_TIE_NONE || tie < strongest ||
            (network != NULL && g_strcmp0(candidate->network, network) != 0))
            continue;
        found = tie > strongest ? candidate : NULL;
        strongest = tie;
    }
    return found;
}

const VasAssignment *
vas_guest_definition_counterpart(const VasGuestDefinition *definition,
                                 const VasAssignment *assignment)
{
    return find_tied(definition->assignments, assignment, NULL);
}

const VasAssignment *
vas_guest_definition_find_network_nic(const VasGuestDefinition *definition,
                                      const VasAssignment *assignment)
{
    return find_tied(definition->network_nics, assignment, assignment->network);
}

const VasNic *
vas_guest_definition_find_nic(const VasGuestDefinition *definition, const char *alias)
{
    for (guint i = 0; i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);

        if (g_strcmp0(nic->alias, alias) == 0)
            return nic;
    }
    return NULL;
}

gboolean
vas_guest_definition_has_alias(const VasGuestDefinition *definition, const char *alias)
{
    return g_ptr_array_find_with_equal_func(definition->aliases, alias, g_str_equal, NULL);
}

VasGuest *
vas_guest_new(const char *name, const char *uuid)
{
    VasGuest *guest = g_new0(VasGuest, 1);

    guest->name = g_strdup(name);
    guest->uuid = g_strdup(uuid);
    guest->word = vas_shell_word(vas_shell_word_is_impossible(name) ? uuid : name);
    guest->run_id = -1;
    return guest;
}

void
vas_guest_free(VasGuest *guest)
{
    if (guest == NULL)
        return;
    g_free(guest->name);
    g_free(guest->uuid);
    g_free(guest->word);
    vas_guest_definition_free(guest->live);
    vas_guest_definition_free(guest->config);
    g_free(guest);
}

const VasAssignment *
vas_guest_counterpart(const VasGuest *guest, const VasAssignment *assignment)
{
    gboolean is_live =
        guest->live != NULL && g_ptr_array_find(guest->live->assignments, assignment, NULL);
    const VasGuestDefinition *own = is_live ? guest->live : guest->config;
    const VasGuestDefinition *other = is_live ? guest->config : guest->live;
    const VasAssignment *found =
        other != NULL ? vas_guest_definition_counterpart(other, assignment) : NULL;

    return found != NULL && vas_guest_definition_counterpart(own, found) == assignment ? found
                                                                                       : NULL;
}

gboolean
vas_guest_is_active(const VasGuest *guest)
{
    return guest->live != NULL;
}

const char *
vas_guest_state_name(VasGuestState state)
{
    switch (state) {
    case VAS_GUEST_SHUT_OFF:
        return "shut off";
    case VAS_GUEST_RUNNING:
        return "running";
    case VAS_GUEST_PAUSED:
        return "paused";
    case VAS_GUEST_OTHER:
        return "other";
    }
    return "other";
}

gboolean
vas_guest_resolve_scope(const VasGuest *guest, VasScope asked, VasScope *ret_scope, GError **error)
{
    if ((asked & VAS_SCOPE_LIVE) != 0 && guest->live == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                    "guest %s is shut off: --live needs it running", guest->name);
        vas_error_set_hint(error, "leave out --live, or start it first: virsh start %s",
                           guest->word);
        return FALSE;
    }
    if ((asked & VAS_SCOPE_CONFIG) != 0 && guest->config == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                    "guest %s is transient: it has no config", guest->name);
        vas_error_set_hint(error, "leave out --config, or make it persistent with virsh define");
        return FALSE;
    }
    if (guest->live == NULL && guest->config == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                    "guest %s is neither running nor persistent: it has ended", guest->name);
        return FALSE;
    }
    if (asked != 0)
        *ret_scope = asked;
    else
        *ret_scope = (VasScope) ((guest->live != NULL ? VAS_SCOPE_LIVE : 0) |
                                 (guest->config != NULL ? VAS_SCOPE_CONFIG : 0));
    return TRUE;
}
