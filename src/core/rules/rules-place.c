/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-place.h"

#include "core/nic/nic-name-choice.h"
#include "core/nic/nic-name-effects.h"
#include "core/nic/nic-name.h"
#include "core/place/slots-check.h"
#include "core/place/slots-choose.h"
#include "core/rules/rules-rename.h"
#include "core/value/error.h"

static gboolean
check_guest_address(const VasAttachCase *c, VasGuestAddress address, GError **error)
{
    g_autofree char *what =
        g_strdup_printf("guest address %s", vas_guest_address_text(address).text);

    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        const VasAssignment *promised = vas_attach_case_earlier(c, i);

        if (promised->has_guest_address &&
            vas_guest_address_equal(promised->guest_address, address))
            return vas_attach_case_refuse_promised(promised, VAS_ERROR_TAKEN, what, error);
    }
    if (vas_attach_case_missing_live(c) != NULL &&
        !vas_slots_check(vas_attach_case_missing_live(c), address, TRUE, error))
        return FALSE;
    if (vas_attach_case_missing_config(c) != NULL &&
        !vas_slots_check(vas_attach_case_missing_config(c), address, FALSE, error)) {
        g_prefix_error(error, "config of %s: ", c->guest->name);
        return FALSE;
    }
    return TRUE;
}

/* The device keeps, on the side that is added, the address it has on the other. */
static gboolean
check_kept_address(const VasAttachCase *c, VasGuestAddress address, GError **error)
{
    VasPciAddressText device = vas_host_address_text(c->device->address);
    const char *where = c->own.live != NULL ? "running" : "the config of";
    g_autoptr(GError) refusal = NULL;
    GError *conflict;

    if (check_guest_address(c, address, &refusal))
        return TRUE;
    conflict = refusal->code == VAS_ERROR_TAKEN ? vas_error_recode(refusal, VAS_ERROR_CONFLICT)
                                                : g_steal_pointer(&refusal);
    g_prefix_error(&conflict, "%s is in %s %s at %s: ", device.text, where, c->guest->name,
                   vas_guest_address_text(address).text);
    vas_error_set_hint(&conflict, "detach it first: virt-assign detach %s %s", c->guest->word,
                       device.text);
    g_propagate_error(error, conflict);
    return FALSE;
}

/* The same address can lead to another name on the side that is added. */
static gboolean
check_kept_name(const VasAttachCase *c, const VasAssignment *assignment, GError **error)
{
    const VasGuestDefinition *added = vas_attach_case_missing_live(c) != NULL
                                          ? vas_attach_case_missing_live(c)
                                          : vas_attach_case_missing_config(c);
    VasPciAddressText device = vas_host_address_text(c->device->address);
    g_autoptr(VasGuestDefinition) with = NULL;
    g_autoptr(VasNicName) name = NULL;

    if (c->wish->guest_name == NULL)
        return TRUE;
    with = vas_nic_name_with(added, assignment, VAS_NIC_ETHERNET);
    name = vas_nic_name_predict(with, assignment->guest_address, assignment->acpi_index, NULL);
    if (g_strcmp0(name->name, c->wish->guest_name) == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s is in %s %s at %s, where it would be %s instead of %s by %s", device.text,
                c->own.live != NULL ? "running" : "the config of", c->guest->name,
                vas_guest_address_text(assignment->guest_address).text,
                name->name != NULL ? name->name : name->why, c->wish->guest_name,
                added == c->guest->live ? "what is live" : "the config");
    vas_error_set_hint(error, "detach it first: virt-assign detach %s %s", c->guest->word,
                       device.text);
    return FALSE;
}

/* Reserves the addresses that the config promises to devices that are not in the running guest
 * now. */
static void
reserve_promised(const VasAttachCase *c, GArray *reserved)
{
    const VasGuestDefinition *config = c->guest->config;

    if (config == NULL || (c->missing & VAS_SCOPE_CONFIG) != 0)
        return;
    for (guint i = 0; i < config->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(config->occupants, i);

        g_array_append_val(reserved, occupant->address);
    }
}

/* One name is for one device. A place that is promised is taken only where the name has no other.
 */
static gboolean
choose_by_name(const VasAttachCase *c, GArray *reserved, VasAssignment *assignment, GError **error)
{
    VasNicNameSearch search = {
        .live = vas_attach_case_missing_live(c),
        .config = vas_attach_case_missing_config(c),
        .reserved = reserved,
        .has_guest_address = c->wish->has_guest_address,
        .guest_address = c->wish->guest_address,
        .acpi_index = c->wish->acpi_index,
    };
    g_autofree char *what = g_strdup_printf("the name %s", c->wish->guest_name);

    if (vas_attach_case_count_earlier(c) > 0)
        return vas_attach_case_refuse_promised(vas_attach_case_earlier(c, 0), VAS_ERROR_TAKEN, what,
                                               error);
    reserve_promised(c, reserved);
    if (vas_nic_name_choose(&search, c->wish->guest_name, &assignment->guest_address,
                            &assignment->acpi_index, NULL))
        return TRUE;
    search.reserved = NULL;
    return vas_nic_name_choose(&search, c->wish->guest_name, &assignment->guest_address,
                               &assignment->acpi_index, error);
}

/* A VasSlotRequest carries this as its data: what is settled so far of an assignment. */
typedef struct {
    const VasAttachCase *c;
    const VasAssignment *assignment;
} Unplaced;

static gboolean
renames_nobody(gconstpointer data, VasGuestAddress address)
{
    const Unplaced *unplaced = data;
    const VasAttachCase *c = unplaced->c;
    VasAssignment placed = *unplaced->assignment;
    const VasAttachDecision decision = {
        .device = c->device, .scope = c->scope, .missing = c->missing, .assignment = &placed};

    placed.has_guest_address = TRUE;
    placed.guest_address = address;
    if (c->wish->acpi_index > 0)
        placed.acpi_index = c->wish->acpi_index;
    return vas_rules_check_renames(c->guest, &decision, c->earlier, FALSE, NULL, NULL);
}

gboolean
vas_rules_settle_place(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    VasSlotRequest request = {.device = c->device,
                              .live = c->guest->live,
                              .config = c->guest->config,
                              .scope = c->missing,
                              .suits = renames_nobody};
    const Unplaced unplaced = {c, assignment};
    g_autoptr(GArray) reserved = NULL;

    if (assignment->has_guest_address)
        return check_kept_address(c, assignment->guest_address, error) &&
               check_kept_name(c, assignment, error);
    assignment->has_guest_address = TRUE;
    if (c->wish->has_guest_address && c->wish->guest_name == NULL) {
        assignment->guest_address = c->wish->guest_address;
        return check_guest_address(c, assignment->guest_address, error);
    }
    reserved = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        if (vas_attach_case_earlier(c, i)->has_guest_address)
            g_array_append_val(reserved, vas_attach_case_earlier(c, i)->guest_address);
    }
    if (c->wish->guest_name != NULL)
        return choose_by_name(c, reserved, assignment, error);
    request.reserved = reserved;
    request.data = &unplaced;
    return vas_slots_choose(&request, &assignment->guest_address, error);
}
