/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/nic-table.h"

#include "cli/output/describe.h"
#include "cli/print/table.h"

static const VasTableColumn columns[] = {
    {.heading = "MAC"},   {.heading = "GUEST ADDRESS"}, {.heading = "ACPI INDEX", .right = TRUE},
    {.heading = "WHERE"}, {.heading = "NAME"},          {.heading = "WHY", .flexible = TRUE},
};

static const VasTableColumn verified_columns[] = {
    {.heading = "MAC"},
    {.heading = "GUEST ADDRESS"},
    {.heading = "ACPI INDEX", .right = TRUE},
    {.heading = "WHERE"},
    {.heading = "NAME"},
    {.heading = "ACTUAL"},
    {.heading = "WHY", .flexible = TRUE},
};

static VasTableStyle
style_of(const VasGuestNic *nic, gboolean verified)
{
    const char *predicted = nic->name != NULL ? nic->name->name : NULL;

    if (nic->next != NULL ||
        (verified && predicted != NULL && g_strcmp0(predicted, nic->actual) != 0))
        return VAS_TABLE_DIFFERENT;
    return nic->live != NULL ? VAS_TABLE_LIVE : VAS_TABLE_PLAIN;
}

static void
add_row(VasTable *table, const VasGuestNic *nic, gboolean verified)
{
    const VasNic *fact = vas_guest_nic_fact(nic);
    VasMacAddressText mac = vas_mac_address_text(fact->mac);
    VasPciAddressText address = vas_guest_address_text(fact->guest_address);
    const char *why = nic->name != NULL ? nic->name->why : "it has no guest address yet";
    g_autofree char *acpi_index =
        fact->acpi_index > 0 ? g_strdup_printf("%d", fact->acpi_index) : NULL;
    const char *cells[G_N_ELEMENTS(verified_columns)] = {
        fact->has_mac ? mac.text : NULL,
        fact->has_guest_address ? address.text : fact->other_place,
        acpi_index,
        vas_describe_presence(nic->live != NULL, nic->config != NULL),
        nic->name != NULL ? nic->name->name : NULL,
        verified ? nic->actual : why,
        why,
    };

    vas_table_add(table, 0, style_of(nic, verified), cells);
}

void
vas_nic_table_append(GString *text, const VasTerminal *terminal, const GPtrArray *nics,
                     gboolean verified)
{
    g_autoptr(VasTable) table =
        verified ? vas_table_new(verified_columns, G_N_ELEMENTS(verified_columns))
                 : vas_table_new(columns, G_N_ELEMENTS(columns));
    g_autofree char *lines = NULL;

    for (guint i = 0; i < nics->len; i++)
        add_row(table, g_ptr_array_index(nics, i), verified);
    lines = vas_table_format(table, terminal);
    g_string_append_printf(text, "NICs: %u\n%s", nics->len, lines);
}
