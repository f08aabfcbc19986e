/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/device-table.h"

#include "cli/output/describe.h"
#include "cli/print/table.h"
#include "core/rules/rules-critical.h"

static const VasTableColumn list_columns[] = {
    {.heading = "ADDRESS"},
    {.heading = "CLASS", .flexible = TRUE},
    {.heading = "DRIVER"},
    {.heading = "GROUP", .right = TRUE},
    {.heading = "NUMA", .right = TRUE},
    {.heading = "INTERFACE"},
    {.heading = "GUEST"},
    {.heading = "CRIT"},
    {.heading = "NAME", .flexible = TRUE},
};

static char *
number_text(int number)
{
    return number >= 0 ? g_strdup_printf("%d", number) : NULL;
}

/* NULL: nobody. Returns full. */
static char *
holders_text(const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) holders = NULL;

    for (guint i = 0; i < holdings->len; i++) {
        g_autofree char *holder = vas_describe_holding(&g_array_index(holdings, VasHolding, i));

        g_strv_builder_add(builder, holder);
    }
    for (guint i = 0; i < usings->len; i++) {
        g_autofree char *user = vas_describe_using(&g_array_index(usings, VasUsing, i));

        g_strv_builder_add(builder, user);
    }
    holders = g_strv_builder_end(builder);
    return holders[0] != NULL ? g_strjoinv(", ", holders) : NULL;
}

/* The reasons are for `show`: they would fill the line. NULL: not critical. Static. */
static const char *
critical_mark(const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) reasons = vas_rules_critical_reasons(inventory, device);

    return reasons->len > 0 ? "yes" : NULL;
}

static VasTableStyle
style_of(const VasInventory *inventory, const VasDevice *device)
{
    return vas_inventory_device_state(inventory, device) == VAS_DEVICE_STATE_ASSIGNED
               ? VAS_TABLE_LIVE
               : VAS_TABLE_PLAIN;
}

static void
add_list_row(VasTable *table, guint depth, const VasInventory *inventory, const VasDevice *device)
{
    g_autofree char *group = number_text(device->iommu_group);
    g_autofree char *numa = number_text(device->numa_node);
    g_autofree char *holders = holders_text(inventory, device);
    g_autofree char *product = vas_describe_product(device);
    VasPciAddressText address = vas_host_address_text(device->address);
    const char *cells[] = {
        address.text, vas_describe_class(device), device->driver, group,
        numa,         device->interface,          holders,        critical_mark(inventory, device),
        product,
    };

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(list_columns));
    vas_table_add(table, depth, style_of(inventory, device), cells);
}

static const VasTableColumn tree_columns[] = {
    {.heading = "DEVICE"},
    {.heading = "DRIVER"},
    {.heading = "INTERFACE"},
    {.heading = "NAME", .flexible = TRUE},
};

static void
add_holding_row(VasTable *table, guint depth, const VasHolding *holding)
{
    const VasAssignment *fact = holding->live != NULL ? holding->live : holding->config;
    g_autofree char *guest = vas_describe_holding(holding);
    g_autoptr(GString) what = g_string_new(vas_assignment_type_name(fact->type));
    const char *cells[] = {guest, "", "", NULL};

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(tree_columns));
    if (fact->has_guest_address)
        g_string_append_printf(what, " at guest address %s",
                               vas_guest_address_text(fact->guest_address).text);
    if (fact->has_mac)
        g_string_append_printf(what, ", MAC %s", vas_mac_address_text(fact->mac).text);
    if (fact->vlan > 0)
        g_string_append_printf(what, ", VLAN %d", fact->vlan);
    cells[3] = what->str;
    vas_table_add(table, depth, holding->live != NULL ? VAS_TABLE_LIVE : VAS_TABLE_PLAIN, cells);
}

static void
add_using_row(VasTable *table, guint depth, const VasUsing *using)
{
    g_autofree char *user = vas_describe_using(using);
    const char *cells[] = {user, "", "", using->use->element};

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(tree_columns));
    vas_table_add(table, depth, using->live ? VAS_TABLE_LIVE : VAS_TABLE_PLAIN, cells);
}

static void
add_tree_rows(VasTable *table, guint depth, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);
    g_autofree char *product = vas_describe_product(device);
    VasPciAddressText address = vas_host_address_text(device->address);
    const char *cells[] = {address.text, device->driver, device->interface, product};

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(tree_columns));
    vas_table_add(table, depth, style_of(inventory, device), cells);
    for (guint i = 0; i < holdings->len; i++)
        add_holding_row(table, depth + 1, &g_array_index(holdings, VasHolding, i));
    for (guint i = 0; i < usings->len; i++)
        add_using_row(table, depth + 1, &g_array_index(usings, VasUsing, i));
}

/* A device and, below it, those of its VFs that are in the list too. */
static void
add_device_rows(VasTable *table, const VasInventory *inventory, const GPtrArray *devices,
                const VasDevice *device, gboolean tree)
{
    void (*add)(VasTable *, guint, const VasInventory *, const VasDevice *) =
        tree ? add_tree_rows : add_list_row;

    add(table, 0, inventory, device);
    for (guint i = 0; i < device->vfs->len; i++) {
        VasHostAddress address = g_array_index(device->vfs, VasHostAddress, i);
        VasDevice *vf = vas_inventory_find_device(inventory, address);

        if (vf != NULL && g_ptr_array_find((GPtrArray *) devices, vf, NULL))
            add(table, 1, inventory, vf);
    }
}

char *
vas_device_table_format(const VasInventory *inventory, const GPtrArray *devices, gboolean tree,
                        const VasTerminal *terminal)
{
    g_autoptr(VasTable) table = tree ? vas_table_new(tree_columns, G_N_ELEMENTS(tree_columns))
                                     : vas_table_new(list_columns, G_N_ELEMENTS(list_columns));

    for (guint i = 0; i < devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(devices, i);
        const VasDevice *pf = vas_inventory_pf_of(inventory, device);

        if (pf == NULL || !g_ptr_array_find((GPtrArray *) devices, pf, NULL))
            add_device_rows(table, inventory, devices, device, tree);
    }
    return vas_table_format(table, terminal);
}
