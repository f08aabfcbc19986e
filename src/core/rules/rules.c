/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules.h"

#include "core/nic/nic-name.h"
#include "core/rules/attach-case.h"
#include "core/rules/rules-acpi-index.h"
#include "core/rules/rules-host.h"
#include "core/rules/rules-place.h"
#include "core/rules/rules-team.h"
#include "core/rules/rules-use.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"
#include "core/value/shell-word.h"

#include <string.h>

#define MAC_ATTEMPTS 256

/* QEMU starts no guest, and plugs nothing into a running one, whose emulated IOMMU does not tell it
 * what the guest maps (vtd_machine_done_notify_one in its hw/i386/intel_iommu.c). */
gboolean
vas_rules_check_guest_iommu(const VasGuest *guest, const VasGuestDefinition *definition,
                            GError **error)
{
    if (definition == NULL || !definition->platform.blind_iommu)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                "the intel-iommu of %sguest %s has no caching_mode: QEMU takes no assigned device",
                definition == guest->config ? "the config of " : "", guest->name);
    vas_error_set_hint(error,
                       "put <driver caching_mode='on' intremap='on'/> into its <iommu>, and "
                       "<ioapic driver='qemu'/> into its <features>: virsh edit %s",
                       guest->word);
    return FALSE;
}

/* The side that says what the assignment is; NULL: the device is new to the guest. */
static const VasAssignment *
existing_side(const VasAttachCase *c)
{
    if (c->own.live != NULL && (c->missing != 0 || (c->scope & VAS_SCOPE_LIVE) != 0))
        return c->own.live;
    return c->own.config;
}

static gboolean
check_named_once(const VasAttachCase *c, GError **error)
{
    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        if (!vas_host_address_equal(vas_attach_case_earlier(c, i)->device, c->device->address))
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s is named twice",
                    vas_host_address_text(c->device->address).text);
        return FALSE;
    }
    return TRUE;
}

static gboolean
refuse_held(const VasAttachCase *c, const VasHolding *holding, GError **error)
{
    VasPciAddressText device = vas_host_address_text(c->device->address);
    const char *name = holding->guest->name;

    if (holding->live != NULL && holding->config != NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                    "%s is in use by guest %s and in its config", device.text, name);
    else if (holding->live != NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "%s is in use by guest %s, live only",
                    device.text, name);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "%s is in the config of guest %s",
                    device.text, name);
    vas_error_set_hint(error, "free it: virt-assign detach %s %s", holding->guest->word,
                       device.text);
    return FALSE;
}

/* Refuses a device of another guest and finds what this one has of it. libvirt never looks into the
 * configs of guests that are shut off: a guest whose device is taken could not be started any
 * more. */
static gboolean
check_holders(VasAttachCase *c, GError **error)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(c->inventory, c->device);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);

        if (holding->guest == c->guest)
            c->own = *holding;
        else
            return refuse_held(c, holding, error);
    }
    return vas_rules_check_unused(c->inventory, c->device, VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG,
                                  error);
}

static gboolean
check_as_wished(const VasAttachCase *c, const VasAssignment *side, const char *where,
                GError **error)
{
    g_autofree char *mismatch = NULL;
    VasPciAddressText device = vas_host_address_text(c->device->address);

    if (side == NULL)
        return TRUE;
    mismatch = vas_assignment_wish_mismatch(c->wish, side);
    if (mismatch == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is already in %s (%s), with %s",
                device.text, c->guest->name, where, mismatch);
    vas_error_set_hint(error, "detach it first: virt-assign detach %s %s", c->guest->word,
                       device.text);
    return FALSE;
}

/* Checks, like check_as_wished, the name that the guest gives to the NIC where it is. */
static gboolean
check_named_as_wished(const VasAttachCase *c, const VasGuestDefinition *definition,
                      const VasAssignment *side, const char *where, GError **error)
{
    VasPciAddressText device = vas_host_address_text(c->device->address);
    g_autoptr(VasNicName) name = NULL;

    if (c->wish->guest_name == NULL || side == NULL || !side->has_guest_address)
        return TRUE;
    name = vas_nic_name_predict(definition, side->guest_address, side->acpi_index, NULL);
    if (g_strcmp0(name->name, c->wish->guest_name) == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s is already in %s (%s), where it is %s instead of %s", device.text,
                c->guest->name, where, name->name != NULL ? name->name : name->why,
                c->wish->guest_name);
    vas_error_set_hint(error, "detach it first: virt-assign detach %s %s", c->guest->word,
                       device.text);
    return FALSE;
}

/* The sides that the guest has already must be what is asked for: those in the scope and, where a
 * side is to be added, the other side too, as both are to be the same. */
static gboolean
check_own_sides(VasAttachCase *c, GError **error)
{
    VasScope present = (VasScope) ((c->own.live != NULL ? VAS_SCOPE_LIVE : 0) |
                                   (c->own.config != NULL ? VAS_SCOPE_CONFIG : 0));
    VasScope looked_at;

    c->missing = c->scope & ~present;
    looked_at = c->missing != 0 ? VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG : c->scope;
    return ((looked_at & VAS_SCOPE_LIVE) == 0 ||
            (check_as_wished(c, c->own.live, "live", error) &&
             check_named_as_wished(c, c->guest->live, c->own.live, "live", error))) &&
           ((looked_at & VAS_SCOPE_CONFIG) == 0 ||
            (check_as_wished(c, c->own.config, "config", error) &&
             check_named_as_wished(c, c->guest->config, c->own.config, "config", error)));
}

static gboolean
check_pf(const VasAttachCase *c, GError **error)
{
    const VasPfLink *link = c->pf_link;
    VasPciAddressText pf = vas_host_address_text(c->device->pf);
    g_autofree char *interface = NULL;

    if (link == NULL || !link->known)
        return TRUE;
    if (link->interface == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                    "PF %s has no network interface to set MAC and VLAN through", pf.text);
        vas_error_set_hint(error, "--as hostdev");
        return FALSE;
    }
    if (!link->up) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY, "PF %s (%s) is down", link->interface,
                    pf.text);
        interface = vas_shell_word(link->interface);
        vas_error_set_hint(error, "ip link set %s up", interface);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_mac_free(const VasAttachCase *c, VasMacAddress mac, GError **error)
{
    const VasGuest *holder = vas_inventory_find_mac(c->inventory, mac, &c->own, c->wish->team);
    VasMacAddressText text = vas_mac_address_text(mac);

    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        const VasAssignment *promised = vas_attach_case_earlier(c, i);
        g_autofree char *what = g_strdup_printf("MAC %s", text.text);

        if (promised->has_mac && vas_mac_address_equal(promised->mac, mac))
            return vas_attach_case_refuse_promised(promised, VAS_ERROR_TAKEN, what, error);
    }
    if (holder == NULL)
        return TRUE;
    if (holder == c->guest)
        g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "MAC %s is used by another NIC of guest %s",
                    text.text, holder->name);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "MAC %s is used by guest %s", text.text,
                    holder->name);
    return FALSE;
}

static gboolean
settle_mac(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    VasPciAddressText device = vas_host_address_text(c->device->address);
    g_autofree char *seed = g_strdup_printf("%s/%s", c->guest->uuid, device.text);

    if (assignment->has_mac)
        return check_mac_free(c, assignment->mac, error);
    for (guint attempt = 0; attempt < MAC_ATTEMPTS; attempt++) {
        VasMacAddress mac = vas_mac_address_from_seed(seed, attempt);

        if (check_mac_free(c, mac, NULL)) {
            assignment->has_mac = TRUE;
            assignment->mac = mac;
            return TRUE;
        }
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "no unused MAC found for %s in %d attempts",
                device.text, MAC_ATTEMPTS);
    vas_error_set_hint(error, "name one: --mac");
    return FALSE;
}

/* Says in words who has @alias in @definition. Returns full. */
static char *
describe_alias_owner(const VasGuestDefinition *definition, const char *alias)
{
    for (guint i = 0; i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (g_strcmp0(assignment->alias, alias) == 0 && assignment->has_device)
            return g_strdup(vas_host_address_text(assignment->device).text);
    }
    for (guint i = 0; i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);

        if (g_strcmp0(nic->alias, alias) == 0 && nic->has_mac)
            return g_strdup_printf("the NIC %s", vas_mac_address_text(nic->mac).text);
    }
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        if (strcmp(occupant->name, alias) == 0)
            return g_strdup_printf("what is at guest address %s",
                                   vas_guest_address_text(occupant->address).text);
    }
    return g_strdup("another device");
}

static gboolean
check_alias_free(const VasAttachCase *c, const VasGuestDefinition *definition,
                 const VasAssignment *own, const char *alias, GError **error)
{
    g_autofree char *owner = NULL;

    if (definition == NULL || !vas_guest_definition_has_alias(definition, alias) ||
        (own != NULL && g_strcmp0(own->alias, alias) == 0))
        return TRUE;
    owner = describe_alias_owner(definition, alias);
    g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "alias %s is taken by %s in %s%s", alias, owner,
                definition == c->guest->config ? "the config of " : "", c->guest->name);
    vas_error_set_hint(error, "name another: --name");
    return FALSE;
}

static gboolean
settle_alias(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    g_autofree char *what = NULL;

    /* An alias of libvirt's own making (hostdev0) holds for that run of the guest only. */
    if (assignment->alias != NULL && !vas_alias_check(assignment->alias, NULL))
        g_clear_pointer(&assignment->alias, g_free);
    if (assignment->alias == NULL)
        assignment->alias = c->wish->alias != NULL ? g_strdup(c->wish->alias)
                                                   : vas_alias_for_device(c->device->address);
    what = g_strdup_printf("alias %s", assignment->alias);
    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        if (g_strcmp0(vas_attach_case_earlier(c, i)->alias, assignment->alias) == 0)
            return vas_attach_case_refuse_promised(vas_attach_case_earlier(c, i), VAS_ERROR_TAKEN,
                                                   what, error);
    }
    /* Both definitions are checked, whatever the scope: one alias for two devices in live and
     * config would pass for one assignment (vas_assignment_is_counterpart), and a detach would take
     * the wrong one. */
    return check_alias_free(c, c->guest->live, c->own.live, assignment->alias, error) &&
           check_alias_free(c, c->guest->config, c->own.config, assignment->alias, error);
}

static gboolean
check_boot_order_free(const VasAttachCase *c, const VasGuestDefinition *definition, int order,
                      GError **error)
{
    const char *guest = c->guest->name;

    if (definition == NULL)
        return TRUE;
    if (definition->boot_devices) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                    "%s boots by <os><boot dev=''/>: libvirt takes no boot order beside it", guest);
        vas_error_set_hint(error, "leave out --boot-order, or give the guest's disks a "
                                  "<boot order=''/> instead with virsh edit");
        return FALSE;
    }
    for (guint i = 0; i < definition->boot_orders->len; i++) {
        if (g_array_index(definition->boot_orders, int, i) != order)
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                    "boot order %d is taken by another device of %s", order, guest);
        return FALSE;
    }
    return TRUE;
}

static gboolean
settle_boot_order(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    g_autofree char *what = NULL;

    if (c->wish->boot_order > 0)
        assignment->boot_order = c->wish->boot_order;
    if (assignment->boot_order == 0)
        return TRUE;
    what = g_strdup_printf("boot order %d", assignment->boot_order);
    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        if (vas_attach_case_earlier(c, i)->boot_order == assignment->boot_order)
            return vas_attach_case_refuse_promised(vas_attach_case_earlier(c, i),
                                                   VAS_ERROR_CONFLICT, what, error);
    }
    return check_boot_order_free(c, vas_attach_case_missing_live(c), assignment->boot_order,
                                 error) &&
           check_boot_order_free(c, vas_attach_case_missing_config(c), assignment->boot_order,
                                 error);
}

static gboolean
settle_acpi_index(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    g_autofree char *what = NULL;

    if (c->wish->acpi_index > 0)
        assignment->acpi_index = c->wish->acpi_index;
    if (assignment->acpi_index == 0)
        return TRUE;
    what = g_strdup_printf("acpi index %d", assignment->acpi_index);
    for (guint i = 0; i < vas_attach_case_count_earlier(c); i++) {
        if (vas_attach_case_earlier(c, i)->acpi_index == assignment->acpi_index)
            return vas_attach_case_refuse_promised(vas_attach_case_earlier(c, i), VAS_ERROR_TAKEN,
                                                   what, error);
    }
    return vas_rules_check_acpi_index(c->guest, c->missing, &c->own, assignment, error);
}

/* The assignment as the sides that have the device already say it, else empty. */
static VasAssignment *
start_assignment(const VasAttachCase *c)
{
    const VasAssignment *existing = existing_side(c);
    VasAssignment *assignment;

    if (existing != NULL) {
        assignment = vas_assignment_copy(existing);
    } else {
        assignment = vas_assignment_new(c->wish->has_type ? c->wish->type
                                                          : vas_rules_default_type(c->device));
        assignment->vlan = c->wish->vlan;
    }
    g_clear_pointer(&assignment->element, g_free);
    assignment->has_device = TRUE;
    assignment->device = c->device->address;
    if (c->missing != 0)
        g_clear_pointer(&assignment->network, g_free);
    return assignment;
}

static gboolean
settle_assignment(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    if (c->wish->has_mac) {
        assignment->has_mac = TRUE;
        assignment->mac = c->wish->mac;
    }
    if (!vas_rules_check_guest_iommu(c->guest, vas_attach_case_missing_live(c), error) ||
        !vas_rules_check_guest_iommu(c->guest, vas_attach_case_missing_config(c), error) ||
        !vas_rules_settle_team(c, assignment, error))
        return FALSE;
    assignment->unmanaged = c->wish->unmanaged;
    if (assignment->unmanaged &&
        !vas_rules_check_unmanaged(c->device, "managed='yes' in the template", error))
        return FALSE;
    if (assignment->type == VAS_ASSIGNMENT_INTERFACE &&
        (!check_pf(c, error) || !settle_mac(c, assignment, error)))
        return FALSE;
    return settle_alias(c, assignment, error) && settle_boot_order(c, assignment, error) &&
           vas_rules_settle_place(c, assignment, error) && settle_acpi_index(c, assignment, error);
}

VasAttachDecision *
vas_rules_decide_attach(const VasInventory *inventory, const VasGuest *guest,
                        const VasDevice *device, const VasAssignmentWish *wish, VasScope scope,
                        const VasPfLink *pf_link, const GPtrArray *earlier, GError **error)
{
    VasAttachCase c = {
        .inventory = inventory,
        .guest = guest,
        .device = device,
        .wish = wish,
        .pf_link = pf_link,
        .earlier = earlier,
        .own = {.guest = guest},
    };
    g_autoptr(VasAssignment) assignment = NULL;
    VasAttachDecision *decision;

    if (!vas_guest_resolve_scope(guest, scope, &c.scope, error) ||
        !vas_rules_check_wish(device, wish, error) || !check_named_once(&c, error) ||
        !check_holders(&c, error) || !check_own_sides(&c, error))
        return NULL;
    assignment = start_assignment(&c);
    if (c.missing != 0 && (!vas_rules_check_iommu_group(inventory, device, error) ||
                           !settle_assignment(&c, assignment, error)))
        return NULL;
    decision = g_new0(VasAttachDecision, 1);
    decision->device = device;
    decision->scope = c.scope;
    decision->missing = c.missing;
    decision->assignment = g_steal_pointer(&assignment);
    return decision;
}
