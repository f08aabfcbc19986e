/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/show-text.h"

#include "cli/output/assignment-pair.h"
#include "cli/output/describe.h"
#include "cli/output/nic-table.h"
#include "cli/print/fields.h"
#include "cli/print/table.h"
#include "core/inventory/iommu-group.h"
#include "core/rules/rules-critical.h"
#include "engine/check/wish-state.h"

static void
add_number(GString *text, gboolean utf8, const char *key, int number)
{
    if (number >= 0)
        vas_fields_add_format(text, utf8, key, "%d", number);
    else
        vas_fields_add(text, utf8, key, NULL);
}

static void
add_vfs(GString *text, gboolean utf8, const VasDevice *pf)
{
    vas_fields_add_format(text, utf8, "VFs", "%u of %u", pf->vfs->len, pf->max_vfs);
    for (guint i = 0; i < pf->vfs->len; i++) {
        g_autofree char *key = g_strdup_printf("VF %u", i);
        VasHostAddress vf = g_array_index(pf->vfs, VasHostAddress, i);

        vas_fields_add(text, utf8, key, vas_host_address_text(vf).text);
    }
}

static void
add_sriov(GString *text, gboolean utf8, const VasInventory *inventory, const VasDevice *device)
{
    const VasDevice *pf = vas_inventory_pf_of(inventory, device);
    g_autofree char *number =
        device->vf_index >= 0 ? g_strdup_printf("VF %d", device->vf_index) : g_strdup("VF");

    switch (device->kind) {
    case VAS_DEVICE_FUNCTION:
        vas_fields_add(text, utf8, "kind", "function without SR-IOV");
        break;
    case VAS_DEVICE_PF:
        vas_fields_add(text, utf8, "kind", "PF");
        add_vfs(text, utf8, device);
        break;
    case VAS_DEVICE_VF:
        if (pf != NULL && pf->interface != NULL)
            vas_fields_add_format(text, utf8, "kind", "%s of %s (%s)", number,
                                  vas_host_address_text(device->pf).text, pf->interface);
        else
            vas_fields_add_format(text, utf8, "kind", "%s of %s", number,
                                  vas_host_address_text(device->pf).text);
        break;
    }
}

static void
add_critical(GString *text, gboolean utf8, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) reasons = vas_rules_critical_reasons(inventory, device);

    for (guint i = 0; i < reasons->len; i++)
        vas_fields_add(text, utf8, "critical", g_ptr_array_index(reasons, i));
}

static void
add_pools(GString *text, gboolean utf8, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) pools = vas_inventory_pools_of(inventory, device);

    for (guint i = 0; i < pools->len; i++) {
        g_autofree char *pool = vas_pool_describe(g_ptr_array_index(pools, i));

        vas_fields_add(text, utf8, "in pool of", pool);
    }
}

/* Adds every setting that the PF holds, except a MAC that nobody set. */
static void
add_vf_settings(GString *text, gboolean utf8, const VasVfSettings *settings)
{
    guint fields = VAS_VF_SPOOF_CHECK | VAS_VF_TRUST | VAS_VF_LINK_STATE | VAS_VF_RATE |
                   VAS_VF_VLAN | (vas_mac_address_is_zero(settings->mac) ? 0 : (guint) VAS_VF_MAC);
    g_autofree char *what = vas_vf_settings_text(settings, fields);

    vas_fields_add(text, utf8, "VF settings", what);
}

static void
add_holding(GString *text, gboolean utf8, const VasHolding *holding)
{
    const VasAssignment *fact = holding->live != NULL ? holding->live : holding->config;
    g_autofree char *difference = NULL;

    g_string_append_c(text, '\n');
    vas_fields_add_format(text, utf8, "guest", "%s (%s)", holding->guest->name,
                          vas_guest_state_name(holding->guest->state));
    vas_fields_add(text, utf8, "where",
                   vas_describe_presence(holding->live != NULL, holding->config != NULL));
    vas_fields_add(text, utf8, "type", vas_assignment_type_name(fact->type));
    vas_fields_add(text, utf8, "alias", fact->alias);
    vas_fields_add(text, utf8, "guest address",
                   fact->has_guest_address ? vas_guest_address_text(fact->guest_address).text
                                           : NULL);
    if (fact->has_mac)
        vas_fields_add(text, utf8, "MAC", vas_mac_address_text(fact->mac).text);
    if (fact->vlan >= 0)
        add_number(text, utf8, "VLAN", fact->vlan);
    if (holding->live != NULL && holding->config != NULL)
        difference = vas_assignment_difference(holding->live, holding->config);
    if (difference != NULL)
        vas_fields_add(text, utf8, "difference", difference);
}

/* Adds by what the device is known again when it sits elsewhere, or something else in its place. */
static void
add_identity(GString *text, gboolean utf8, const VasIdentity *identity)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (identity->keys[i] != NULL)
            vas_fields_add_format(text, utf8, "card key", "%s %s", vas_card_key_label(i),
                                  identity->keys[i]);
    }
    if (!vas_identity_has_key(identity))
        vas_fields_add_format(text, utf8, "card key", "none%s%s",
                              identity->may_have_more_keys ? " that can be read here" : "",
                              identity->place != NULL ? ": known by its place only" : "");
    vas_fields_add(text, utf8, "place", identity->place != NULL ? identity->place : "unknown");
}

void
vas_show_text_device(GString *text, const VasTerminal *terminal, const VasInventory *inventory,
                     const VasDevice *device, const VasIdentity *identity,
                     const VasVfSettings *settings)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);
    VasDeviceState state = vas_inventory_device_state(inventory, device);
    gboolean utf8 = terminal->utf8;

    vas_fields_add(text, utf8, "device", vas_host_address_text(device->address).text);
    vas_fields_add(text, utf8, "node device", device->nodedev);
    vas_fields_add_format(text, utf8, "class", "%s (%06x)", vas_describe_class(device),
                          device->class_code);
    vas_fields_add_format(text, utf8, "vendor", "%s (%04x)",
                          device->vendor != NULL ? device->vendor : "unknown", device->vendor_id);
    vas_fields_add_format(text, utf8, "product", "%s (%04x)",
                          device->product != NULL ? device->product : "unknown",
                          device->product_id);
    if (device->has_subsystem)
        vas_fields_add_format(text, utf8, "subsystem", "%04x:%04x", device->subsystem_vendor_id,
                              device->subsystem_id);
    add_sriov(text, utf8, inventory, device);
    if (identity != NULL)
        add_identity(text, utf8, identity);
    g_string_append_c(text, '\n');
    vas_fields_add(text, utf8, "state", vas_device_state_name(state));
    vas_fields_add(text, utf8, "driver", device->driver);
    vas_fields_add(text, utf8, "interface", device->interface);
    for (guint i = 0; i < device->other_names->len; i++)
        vas_fields_add(text, utf8, "also called", g_ptr_array_index(device->other_names, i));
    add_number(text, utf8, "IOMMU group", device->iommu_group);
    add_number(text, utf8, "NUMA node", device->numa_node);
    add_critical(text, utf8, inventory, device);
    add_pools(text, utf8, inventory, device);
    if (settings != NULL)
        add_vf_settings(text, utf8, settings);
    for (guint i = 0; i < holdings->len; i++)
        add_holding(text, utf8, &g_array_index(holdings, VasHolding, i));
    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);
        g_autofree char *user = vas_describe_using(using);

        vas_fields_add_format(text, utf8, using->takes ? "used by" : "shared by", "%s: %s", user,
                              using->use->element);
    }
}

static const VasTableColumn assignment_columns[] = {
    {.heading = "DEVICE"},
    {.heading = "TYPE"},
    {.heading = "GUEST ADDRESS"},
    {.heading = "MAC"},
    {.heading = "VLAN", .right = TRUE},
    {.heading = "ALIAS", .flexible = TRUE},
    {.heading = "WHERE"},
    {.heading = "NAME"},
    {.heading = "DIFFERENCE", .flexible = TRUE},
};

/* A persistent guest that runs has two definitions: a device in only one of them is a difference.
 */
static char *
difference_text(const VasGuest *guest, const VasAssignmentPair *pair)
{
    if (pair->difference != NULL)
        return g_strdup(pair->difference);
    if (guest->live == NULL || guest->config == NULL)
        return NULL;
    if (pair->config == NULL)
        return g_strdup("not in the config");
    return pair->live == NULL ? g_strdup("not in the running guest") : NULL;
}

static void
add_pair_row(VasTable *table, const VasGuest *guest, const VasAssignmentPair *pair)
{
    const VasAssignment *fact = vas_assignment_pair_fact(pair);
    VasPciAddressText device = vas_host_address_text(fact->device);
    VasPciAddressText guest_address = vas_guest_address_text(fact->guest_address);
    VasMacAddressText mac = vas_mac_address_text(fact->mac);
    g_autofree char *vlan = fact->vlan >= 0 ? g_strdup_printf("%d", fact->vlan) : NULL;
    g_autofree char *difference = difference_text(guest, pair);
    VasTableStyle style = pair->live != NULL ? VAS_TABLE_LIVE : VAS_TABLE_PLAIN;
    const char *cells[] = {
        fact->has_device ? device.text : NULL,
        vas_assignment_type_name(fact->type),
        vas_assignment_is_mate(fact) ? "held mate"
        : fact->has_guest_address    ? guest_address.text
                                     : NULL,
        fact->has_mac ? mac.text : NULL,
        vlan,
        fact->alias,
        vas_describe_presence(pair->live != NULL, pair->config != NULL),
        pair->name != NULL ? pair->name->name : NULL,
        difference != NULL ? difference : "",
    };

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(assignment_columns));
    vas_table_add(table, 0, difference != NULL ? VAS_TABLE_DIFFERENT : style, cells);
}

static void
add_assignments(GString *text, const VasTerminal *terminal, const VasInventory *inventory,
                const VasGuest *guest)
{
    g_autoptr(VasTable) table = vas_table_new(assignment_columns, G_N_ELEMENTS(assignment_columns));
    g_autoptr(GPtrArray) pairs = vas_assignment_pairs(inventory, guest);
    g_autofree char *lines = NULL;

    for (guint i = 0; i < pairs->len; i++)
        add_pair_row(table, guest, g_ptr_array_index(pairs, i));
    lines = vas_table_format(table, terminal);
    g_string_append_printf(text, "\nassignments: %u\n%s", pairs->len, lines);
}

static const VasTableColumn wish_columns[] = {
    {.heading = "DEVICE"},       {.heading = "SETTINGS", .flexible = TRUE},
    {.heading = "REQUIRED"},     {.heading = "NOW", .flexible = TRUE},
    {.heading = "DEVICE IS IT"}, {.heading = "SEALED"},
};

static void
add_wish_row(VasTable *table, const VasWishState *state)
{
    const VasVfWish *wished = &state->wish->settings;
    VasPciAddressText device = vas_host_address_text(state->wish->device);
    g_autofree char *settings = vas_vf_wish_text(wished);
    g_autofree char *now = state->is_live && state->has_settings
                               ? vas_vf_settings_text(&state->settings, vas_vf_wish_fields(wished))
                               : NULL;
    const char *cells[] = {
        device.text,
        *settings != '\0' ? settings : NULL,
        state->wish->is_required ? "yes" : "no",
        now != NULL && *now != '\0' ? now : NULL,
        state->wish->identity == NULL ? NULL
        : state->is_meant             ? "yes"
                                      : "no",
        !state->is_seal_told     ? NULL
        : state->wish->is_proven ? "yes"
                                 : "no",
    };

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(wish_columns));
    vas_table_add(table, 0, state->is_meant ? VAS_TABLE_PLAIN : VAS_TABLE_DIFFERENT, cells);
}

void
vas_show_text_wishes(GString *text, const VasTerminal *terminal, const GArray *wishes)
{
    g_autoptr(VasTable) table = vas_table_new(wish_columns, G_N_ELEMENTS(wish_columns));
    g_autofree char *lines = NULL;

    if (wishes->len == 0)
        return;
    for (guint i = 0; i < wishes->len; i++)
        add_wish_row(table, &g_array_index(wishes, VasWishState, i));
    lines = vas_table_format(table, terminal);
    g_string_append_printf(text, "\nkept for each start: %u\n%s", wishes->len, lines);
}

void
vas_show_text_guest(GString *text, const VasTerminal *terminal, const VasInventory *inventory,
                    const VasGuest *guest, const GPtrArray *nics)
{
    const VasGuestDefinition *definition = vas_guest_fact(guest);
    gboolean utf8 = terminal->utf8;

    vas_fields_add(text, utf8, "guest", guest->name);
    vas_fields_add(text, utf8, "UUID", guest->uuid);
    vas_fields_add_format(text, utf8, "state", "%s%s", vas_guest_state_name(guest->state),
                          guest->persistent ? "" : ", transient");
    vas_fields_add(text, utf8, "machine", definition != NULL ? definition->machine : NULL);
    add_assignments(text, terminal, inventory, guest);
    g_string_append_c(text, '\n');
    vas_nic_table_append(text, terminal, nics, FALSE);
}
