/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/ports-text.h"

#include "cli/print/table.h"
#include "core/place/pci-bus.h"

static const VasTableColumn columns[] = {
    {.heading = "ADDRESS"},
    {.heading = "MODEL"},
    {.heading = "GUEST BUS", .right = TRUE},
    {.heading = "NUMA", .right = TRUE},
    {.heading = "HOT-PLUG"},
    {.heading = "STATE", .flexible = TRUE},
};

static gboolean
is_single(const VasPort *port)
{
    return vas_pci_bus_rules(port->model).last_slot == 0;
}

/* "0000:02:00.0", "0000:01:01.0-1f.0". Returns full. */
static char *
describe_range(const VasPort *port)
{
    VasPciBusRules rules = vas_pci_bus_rules(port->model);
    VasGuestAddress first = {{.bus = (guint8) port->bus, .slot = rules.first_slot}};

    if (is_single(port))
        return g_strdup(vas_guest_address_text(first).text);
    return g_strdup_printf("%s-%02x.0", vas_guest_address_text(first).text, rules.last_slot);
}

static const char *
describe_hotplug(const VasPort *port, const VasGuest *guest)
{
    if (!port->hotplug)
        return "no";
    return port->live || guest->live == NULL ? "yes" : "next start";
}

/* Only aliases of the user's are the same in both definitions (virDomainDeviceAliasIsUserAlias). */
static gboolean
is_another(const VasPortUse *use)
{
    return (g_str_has_prefix(use->live, "ua-") || g_str_has_prefix(use->config, "ua-")) &&
           !g_str_equal(use->live, use->config);
}

/* Returns full. */
static char *
describe_use(const VasPortUse *use, const VasGuest *guest)
{
    if (use->live != NULL && use->config != NULL && is_another(use))
        return g_strdup_printf("%s; in the config %s", use->live, use->config);
    if (use->live != NULL)
        return g_strdup_printf("%s%s", use->live,
                               use->config == NULL && guest->config != NULL ? " (live only)" : "");
    return g_strdup_printf("%s%s", use->config,
                           guest->live != NULL ? " (promised by the config)" : "");
}

/* Returns full. */
static char *
describe_state(const VasPort *port, const VasGuest *guest)
{
    if (is_single(port))
        return port->free->len > 0 ? g_strdup("free")
                                   : describe_use(g_ptr_array_index(port->taken, 0), guest);
    if (port->free->len == 0)
        return g_strdup("full");
    return g_strdup_printf(
        "%u of %u free, from %s", port->free->len, port->free->len + port->taken->len,
        vas_guest_address_text(g_array_index(port->free, VasGuestAddress, 0)).text);
}

static char *
number_text(int number)
{
    return number >= 0 ? g_strdup_printf("%d", number) : NULL;
}

static void
add_row(VasTable *table, const VasPort *port, const VasGuest *guest)
{
    g_autofree char *range = describe_range(port);
    g_autofree char *guest_bus = number_text(port->guest_bus);
    g_autofree char *node = number_text(port->host_node);
    g_autofree char *state = describe_state(port, guest);
    const char *const cells[] = {range, vas_pci_model_name(port->model), guest_bus,
                                 node,  describe_hotplug(port, guest),   state};

    vas_table_add(table, 0, port->live ? VAS_TABLE_LIVE : VAS_TABLE_PLAIN, cells);
}

static void
append_no_pci(GString *text, const VasTerminal *terminal, const VasGuest *guest)
{
    const VasGuestDefinition *definition = guest->live != NULL ? guest->live : guest->config;

    vas_terminal_add_line(
        text, terminal,
        "%s takes no PCI devices: its machine, %s, has no PCI bus; give it a "
        "machine with PCI: virsh edit %s",
        guest->name, definition->machine != NULL ? definition->machine : "unknown", guest->word);
}

void
vas_ports_text(GString *text, const VasTerminal *terminal, const VasGuestPorts *ports)
{
    g_autoptr(VasTable) table = vas_table_new(columns, G_N_ELEMENTS(columns));
    g_autofree char *rows = NULL;
    guint count = vas_ports_count_free(ports->ports, ports->guest);

    if (!vas_ports_has_pci(ports->guest)) {
        append_no_pci(text, terminal, ports->guest);
        return;
    }
    for (guint i = 0; i < ports->ports->len; i++)
        add_row(table, g_ptr_array_index(ports->ports, i), ports->guest);
    rows = vas_table_format(table, terminal);
    g_string_append(text, rows);
    g_string_append_printf(text, "%sfree for a hot-plug%s: %u\n", text->len > 0 ? "\n" : "",
                           ports->guest->live != NULL ? "" : ", once it runs", count);
}

static void
append_names(GString *text, const VasTerminal *terminal, const VasGuestPorts *ports)
{
    if (ports->renames->len == 0) {
        g_string_append(text, "the names of its NICs stay as they are\n");
        return;
    }
    for (guint i = 0; i < ports->renames->len; i++)
        vas_terminal_add_line(text, terminal, "%s",
                              (const char *) g_ptr_array_index(ports->renames, i));
}

void
vas_ports_text_added(GString *text, const VasTerminal *terminal, const VasGuestPorts *ports)
{
    const VasGuest *guest = ports->guest;

    if (ports->added->len == 0) {
        vas_terminal_add_line(text, terminal, "%s has enough free places from its next start on",
                              guest->name);
        return;
    }
    for (guint i = 0; i < ports->added->len; i++) {
        const VasNewPort *port = &g_array_index(ports->added, VasNewPort, i);

        vas_terminal_add_line(text, terminal, "%s: bus %02x, a %s at %s, guest bus %d", guest->name,
                              port->bus, vas_pci_model_name(port->model),
                              vas_guest_address_text(port->address).text, port->guest_bus);
    }
    append_names(text, terminal, ports);
    vas_terminal_add_line(text, terminal, "%s has them from its next start on%s", guest->name,
                          guest->live != NULL
                              ? "; a reboot from inside is not a start: shut it off, then start it"
                              : "");
}
