/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-group.h"

#include "core/inventory/iommu-group.h"
#include "core/rules/rules-use.h"
#include "core/value/error.h"

gboolean
vas_rules_is_decided(const GPtrArray *decisions, const VasDevice *device)
{
    for (guint i = 0; i < decisions->len; i++) {
        const VasAttachDecision *decision = g_ptr_array_index(decisions, i);

        if (decision->device == device)
            return TRUE;
    }
    return FALSE;
}

/* A member of the group that another guest has; borrowed. */
typedef struct {
    const VasGuest *guest;
    const VasDevice *device;
} Claim;

static void
collect_claims(const VasInventory *inventory, const VasGuest *guest, const VasDevice *mate,
               GArray *claims, GPtrArray *names)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, mate);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);
        const Claim claim = {holding->guest, mate};

        if (holding->guest == guest)
            continue;
        g_array_append_val(claims, claim);
        g_ptr_array_add(names,
                        g_strdup_printf("%s (%s%s)", vas_host_address_text(mate->address).text,
                                        holding->guest->name,
                                        holding->live == NULL ? ", in its config" : ""));
    }
}

static gboolean
check_other_guests(const VasInventory *inventory, const VasGuest *guest, const VasDevice *device,
                   const GPtrArray *mates, GError **error)
{
    g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(Claim));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *list = NULL;
    const Claim *first = NULL;

    for (guint i = 0; i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);

        if (!vas_rules_check_unused(inventory, mate, VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG, error))
            return FALSE;
        collect_claims(inventory, guest, mate, claims, names);
    }
    if (claims->len == 0)
        return TRUE;
    first = &g_array_index(claims, Claim, 0);
    list = vas_error_name_list(names);
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "IOMMU group %d goes to one guest only, and others have more of it: %s",
                device->iommu_group, list != NULL ? list : "many devices");
    vas_error_set_hint(error, "free %s: virt-assign detach %s %s",
                       claims->len == 1 ? "it" : "them, such as", first->guest->word,
                       vas_host_address_text(first->device->address).text);
    return FALSE;
}

/* @mate is on a host driver. libvirt takes what a config has from the host before the guest starts,
 * all of it, but hot-plugs one at a time. */
static gboolean
is_in_the_way(const VasGuest *guest, const VasAttachDecision *decision, const VasDevice *mate,
              gboolean decided, gboolean whole_group)
{
    if (whole_group && !decided)
        return FALSE;
    if ((decision->missing & VAS_SCOPE_LIVE) != 0 &&
        !vas_guest_definition_has_device(guest->live, mate->address))
        return TRUE;
    return (decision->missing & VAS_SCOPE_CONFIG) != 0 && !decided &&
           !vas_guest_definition_has_device(guest->config, mate->address);
}

static gboolean
refuse_blocked(const VasDevice *device, const GPtrArray *blockers, GError **error)
{
    g_autofree char *names = vas_error_name_list(blockers);

    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "IOMMU group %d goes to a guest as a whole only, and the host has more of it: %s",
                device->iommu_group, names != NULL ? names : "many devices");
    vas_error_set_hint(error,
                       "--group holds these for the guest, too, as long as it has the device; or "
                       "take all from the host: virt-assign host-detach %s --group; or put the "
                       "card into a slot with an IOMMU group of its own",
                       vas_host_address_text(device->address).text);
    return FALSE;
}

gboolean
vas_rules_check_group(const VasInventory *inventory, const VasGuest *guest,
                      const VasAttachDecision *decision, const GPtrArray *decisions,
                      gboolean whole_group, GError **error)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(inventory, decision->device);
    g_autoptr(GPtrArray) blockers = g_ptr_array_new_with_free_func(g_free);

    if (decision->missing == 0)
        return TRUE;
    if (!check_other_guests(inventory, guest, decision->device, mates, error))
        return FALSE;
    for (guint i = 0; i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);

        if (vas_iommu_group_is_blocked_by(mate) &&
            is_in_the_way(guest, decision, mate, vas_rules_is_decided(decisions, mate),
                          whole_group))
            g_ptr_array_add(blockers,
                            g_strdup_printf("%s (%s)", vas_host_address_text(mate->address).text,
                                            mate->driver));
    }
    return blockers->len == 0 || refuse_blocked(decision->device, blockers, error);
}
