/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-acpi-index.h"

#include "core/nic/guest-nics.h"
#include "core/place/machine.h"
#include "core/place/slot-number.h"
#include "core/value/error.h"

/* A machine that is not known here is not refused: it may well show the index. */
static gboolean
check_acpi_index_shows(const VasGuest *guest, const VasGuestDefinition *definition,
                       const VasAssignment *assignment, GError **error)
{
    VasShown shown = VAS_SHOWN_YES;

    if (definition != NULL)
        shown = vas_slot_number_shows_index(definition, assignment->guest_address);
    if (shown == VAS_SHOWN_YES ||
        (shown == VAS_SHOWN_DEPENDS && vas_machine_version(definition->machine) == 0))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNUSABLE,
                "acpi index %d does not show in %s at %s%s: QEMU shows it on buses with ACPI "
                "hot-plug only",
                assignment->acpi_index, guest->name,
                vas_guest_address_text(assignment->guest_address).text,
                shown == VAS_SHOWN_DEPENDS ? " with every QEMU" : "");
    vas_error_set_hint(error, "leave out --acpi-index, or use a root port of a machine from "
                              "pc-q35-6.1 on, with <acpi/>");
    return FALSE;
}

static gboolean
refuse_acpi_index(const VasGuest *guest, const VasGuestDefinition *definition, int acpi_index,
                  const char *holder, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "acpi index %d is taken by %s of %s%s",
                acpi_index, holder, definition == guest->live ? "" : "the config of ", guest->name);
    return FALSE;
}

/* Both definitions count, whatever the scope, as with aliases: a device of the other definition
 * will be there too one day, and QEMU takes no index twice. @own is what @definition has of the
 * device itself. */
static gboolean
check_acpi_index_free(const VasGuest *guest, const VasGuestDefinition *definition,
                      const VasAssignment *own, int acpi_index, GError **error)
{
    for (guint i = 0; definition != NULL && i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);
        g_autofree char *holder = vas_nic_describe(nic);

        if (nic->acpi_index == acpi_index &&
            (own == NULL || !vas_guest_address_equal(nic->guest_address, own->guest_address)))
            return refuse_acpi_index(guest, definition, acpi_index,
                                     nic->alias != NULL ? nic->alias : holder, error);
    }
    /* A plain <hostdev> has one too, and any other device may. */
    for (guint i = 0; definition != NULL && i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        if (occupant->acpi_index == acpi_index &&
            (own == NULL || !vas_guest_address_equal(occupant->address, own->guest_address)))
            return refuse_acpi_index(guest, definition, acpi_index, occupant->name, error);
    }
    return TRUE;
}

gboolean
vas_rules_check_acpi_index(const VasGuest *guest, VasScope missing, const VasHolding *own,
                           const VasAssignment *assignment, GError **error)
{
    return ((missing & VAS_SCOPE_LIVE) == 0 ||
            check_acpi_index_shows(guest, guest->live, assignment, error)) &&
           ((missing & VAS_SCOPE_CONFIG) == 0 ||
            check_acpi_index_shows(guest, guest->config, assignment, error)) &&
           check_acpi_index_free(guest, guest->live, own->live, assignment->acpi_index, error) &&
           check_acpi_index_free(guest, guest->config, own->config, assignment->acpi_index, error);
}
