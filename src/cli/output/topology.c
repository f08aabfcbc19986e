/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/topology.h"

#include "cli/output/assignment-pair.h"
#include "cli/output/describe.h"
#include "cli/print/terminal.h"
#include "core/inventory/iommu-group.h"
#include "engine/journal/pending.h"

/* The making of a picture works with these. */
typedef struct {
    const VasInventory *inventory;
    GHashTable *devices;
    GHashTable *guests;
    GHashTable *facts;
    GHashTable *nodes; /* VasTopologyNode by VasDevice, borrowed */
    VasTopology *topology;
} Making;

static const struct {
    const char *name;
    const char *meaning;
} states[] = {
    [VAS_TOPOLOGY_SETTLED] = {"settled", "has it"},
    [VAS_TOPOLOGY_NEXT_START] = {"next-start", "gets it at its next start (config only)"},
    [VAS_TOPOLOGY_UNTIL_STOP] = {"until-stop", "has it until it stops (live only)"},
    [VAS_TOPOLOGY_DIFFERS] = {"differs", "has it, and its config says otherwise"},
    [VAS_TOPOLOGY_PENDING] = {"pending", "was asked to release it"},
    [VAS_TOPOLOGY_USED] = {"used", "uses it through the host's driver"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(states) == VAS_TOPOLOGY_N_STATES);

const char *
vas_topology_state_name(VasTopologyState state)
{
    return states[state].name;
}

const char *
vas_topology_state_meaning(VasTopologyState state)
{
    return states[state].meaning;
}

static void
node_free(VasTopologyNode *node)
{
    g_free(node->title);
    g_free(node->address);
    g_free(node->label);
    g_ptr_array_unref(node->lines);
    g_free(node);
}

static void
box_free(VasTopologyBox *box)
{
    g_free(box->title);
    g_free(box->details);
    g_ptr_array_unref(box->nodes);
    g_free(box);
}

void
vas_topology_free(VasTopology *topology)
{
    if (topology == NULL)
        return;
    g_ptr_array_unref(topology->cards);
    g_ptr_array_unref(topology->guests);
    g_free(topology);
}

static VasTopologyBox *
add_box(GPtrArray *boxes, const char *title, const char *details)
{
    VasTopologyBox *box = g_new0(VasTopologyBox, 1);

    box->title = vas_terminal_text(title, TRUE);
    box->details = details != NULL ? vas_terminal_text(details, TRUE) : NULL;
    box->nodes = g_ptr_array_new_with_free_func((GDestroyNotify) node_free);
    g_ptr_array_add(boxes, box);
    return box;
}

static VasTopologyNode *
add_node(VasTopologyBox *box, VasTopologyKind kind, const char *title, const char *address)
{
    VasTopologyNode *node = g_new0(VasTopologyNode, 1);

    node->kind = kind;
    node->title = vas_terminal_text(title, TRUE);
    node->address = g_strdup(address);
    node->lines = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(box->nodes, node);
    return node;
}

static void
add_line(VasTopologyNode *node, const char *line)
{
    g_ptr_array_add(node->lines, vas_terminal_text(line, TRUE));
}

static void
append_part(GString *line, const char *part)
{
    if (part == NULL)
        return;
    if (line->len > 0)
        g_string_append(line, ", ");
    g_string_append(line, part);
}

/* Lists the settings that are not as they are when nobody has set any. */
static char *
settings_text(const VasVfSettings *settings)
{
    guint fields = 0;

    if (!vas_mac_address_is_zero(settings->mac))
        fields |= VAS_VF_MAC;
    if (settings->vlan > 0)
        fields |= VAS_VF_VLAN;
    if (settings->trust > 0)
        fields |= VAS_VF_TRUST;
    if (settings->spoof_check == 0)
        fields |= VAS_VF_SPOOF_CHECK;
    if (settings->link_state > VAS_VF_LINK_AUTO)
        fields |= VAS_VF_LINK_STATE;
    if (settings->max_rate > 0 || settings->min_rate > 0)
        fields |= VAS_VF_RATE;
    return fields != 0 ? vas_vf_settings_text(settings, fields) : NULL;
}

static void
add_pf_line(const Making *making, VasTopologyNode *node, const VasDevice *pf)
{
    const VasTopologyFacts *facts = g_hash_table_lookup(making->facts, pf);
    g_autofree char *vfs = g_strdup_printf("%u of %u VFs", pf->vfs->len, pf->max_vfs);
    g_autofree char *numa =
        pf->numa_node >= 0 ? g_strdup_printf("NUMA node %d", pf->numa_node) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);

    if (facts != NULL && facts->knows_link)
        append_part(line, facts->is_up ? "up" : "down");
    append_part(line, vfs);
    append_part(line, pf->driver);
    append_part(line, numa);
    add_line(node, line->str);
}

static void
add_vf_line(const Making *making, VasTopologyNode *node, const VasDevice *vf)
{
    const VasTopologyFacts *facts = g_hash_table_lookup(making->facts, vf);
    gboolean is_free = vas_inventory_is_free(making->inventory, vf);
    g_autofree char *settings =
        facts != NULL && facts->knows_settings ? settings_text(&facts->settings) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);

    if (is_free)
        append_part(line, "free");
    if (is_free)
        append_part(line, vf->driver);
    append_part(line, settings);
    if (line->len > 0)
        add_line(node, line->str);
}

static void
register_node(const Making *making, VasTopologyNode *node, const VasDevice *device, char *label)
{
    node->label = label;
    g_hash_table_insert(making->nodes, (gpointer) device, node);
}

static void
add_vf(const Making *making, VasTopologyBox *box, const VasDevice *vf, const char *pf)
{
    g_autofree char *title =
        vf->vf_index >= 0 ? g_strdup_printf("VF %d", vf->vf_index) : g_strdup("VF");
    VasTopologyNode *node =
        add_node(box, VAS_TOPOLOGY_VF, title, vas_host_address_text(vf->address).text);

    add_vf_line(making, node, vf);
    register_node(making, node, vf, g_strdup_printf("%s %s", pf, title));
}

static void
add_pf(const Making *making, VasTopologyBox *box, const VasDevice *pf)
{
    VasPciAddressText address = vas_host_address_text(pf->address);
    const char *title = pf->interface != NULL ? pf->interface : "PF";
    VasTopologyNode *node = add_node(box, VAS_TOPOLOGY_PF, title, address.text);

    add_pf_line(making, node, pf);
    register_node(making, node, pf, g_strdup(pf->interface != NULL ? node->title : address.text));
    for (guint i = 0; i < pf->vfs->len; i++) {
        const VasDevice *vf =
            vas_inventory_find_device(making->inventory, g_array_index(pf->vfs, VasHostAddress, i));

        if (vf != NULL && g_hash_table_contains(making->devices, vf))
            add_vf(making, box, vf, node->label);
    }
}

static void
add_function(const Making *making, VasTopologyBox *box, const VasDevice *device)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    VasTopologyNode *node =
        add_node(box, VAS_TOPOLOGY_FUNCTION, vas_describe_class(device), address.text);
    g_autoptr(GString) line = g_string_new(NULL);

    append_part(line, device->interface);
    append_part(line, device->driver);
    if (line->len > 0)
        add_line(node, line->str);
    register_node(making, node, device, g_strdup(address.text));
}

static gboolean
is_shown(const Making *making, const VasDevice *device)
{
    if (g_hash_table_contains(making->devices, device))
        return TRUE;
    for (guint i = 0; i < device->vfs->len; i++) {
        const VasDevice *vf = vas_inventory_find_device(
            making->inventory, g_array_index(device->vfs, VasHostAddress, i));

        if (vf != NULL && g_hash_table_contains(making->devices, vf))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_of_one_card(const VasDevice *a, const VasDevice *b)
{
    VasPciAddress address = a->address.pci;

    address.function = b->address.pci.function;
    return vas_pci_address_equal(address, b->address.pci);
}

/* The devices are sorted by address, so that the functions of a card follow one another. */
static void
add_cards(const Making *making)
{
    const VasDevice *last = NULL;
    VasTopologyBox *box = NULL;

    for (guint i = 0; i < making->inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(making->inventory->devices, i);
        g_autofree char *product = NULL;

        if (vas_inventory_pf_of(making->inventory, device) != NULL || !is_shown(making, device))
            continue;
        if (last == NULL || !is_of_one_card(last, device)) {
            product = vas_describe_product(device);
            box = add_box(making->topology->cards, product, NULL);
        }
        last = device;
        if (device->kind == VAS_DEVICE_PF)
            add_pf(making, box, device);
        else
            add_function(making, box, device);
    }
}

static VasTopologyState
state_of(const VasGuest *guest, const VasAssignmentPair *pair)
{
    const VasGuestRecord *record = guest->live != NULL ? guest->live->record : NULL;
    const VasPendingRelease *release = NULL;

    if (pair->live == NULL)
        return VAS_TOPOLOGY_NEXT_START;
    if (record != NULL)
        release = vas_pending_find(record->releases, pair->live);
    if (release != NULL && release->is_proven && release->run_id == guest->run_id)
        return VAS_TOPOLOGY_PENDING;
    if (pair->config == NULL)
        return guest->persistent ? VAS_TOPOLOGY_UNTIL_STOP : VAS_TOPOLOGY_SETTLED;
    return pair->difference != NULL ? VAS_TOPOLOGY_DIFFERS : VAS_TOPOLOGY_SETTLED;
}

/* Borrowed. */
static const char *
port_title(const VasAssignmentPair *pair, const VasDevice *device)
{
    if (pair->name != NULL)
        return pair->name->name != NULL ? pair->name->name : "NIC, name unknown";
    if (vas_assignment_is_mate(vas_assignment_pair_fact(pair)))
        return "held mate";
    return device != NULL ? vas_describe_class(device) : "device";
}

static VasTopologyNode *
add_port(VasTopologyBox *box, VasTopologyNode *device, const char *title, const char *address,
         VasTopologyState state)
{
    VasTopologyNode *port = add_node(box, VAS_TOPOLOGY_PORT, title, address);

    port->device = device;
    port->state = state;
    device->links++;
    add_line(port, device->label);
    return port;
}

/* Where the PF does not tell its settings, the guest does. */
static void
complete_vf(VasTopologyNode *node, const VasAssignment *fact)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *vlan = fact->vlan > 0 ? g_strdup_printf("VLAN %d", fact->vlan) : NULL;
    g_autofree char *mac =
        fact->has_mac ? g_strdup_printf("MAC %s", vas_mac_address_text(fact->mac).text) : NULL;

    append_part(line, vlan);
    append_part(line, mac);
    if (node->kind == VAS_TOPOLOGY_VF && node->lines->len == 0 && line->len > 0)
        add_line(node, line->str);
}

/* A guest's XML may name a device that the host does not have, or has no more. */
static VasTopologyNode *
add_missing(const Making *making, VasHostAddress address)
{
    VasPciAddressText text = vas_host_address_text(address);
    VasTopologyBox *box = add_box(making->topology->cards, "not on this host", NULL);
    VasTopologyNode *node = add_node(box, VAS_TOPOLOGY_FUNCTION, "no such device", text.text);

    node->label = g_strdup(text.text);
    return node;
}

static gboolean
is_named(const Making *making, const VasGuest *guest)
{
    return making->guests == NULL || g_hash_table_contains(making->guests, guest);
}

/* NULL: @fact is of a device that is not to be shown. */
static VasTopologyNode *
node_of(const Making *making, const VasGuest *guest, const VasAssignment *fact,
        const VasDevice *device)
{
    if (device != NULL)
        return g_hash_table_lookup(making->nodes, device);
    return fact->has_device && is_named(making, guest) ? add_missing(making, fact->device) : NULL;
}

static void
add_assignment(const Making *making, VasTopologyBox *box, const VasGuest *guest,
               const VasAssignmentPair *pair)
{
    const VasAssignment *fact = vas_assignment_pair_fact(pair);
    const VasDevice *device =
        fact->has_device ? vas_inventory_find_device(making->inventory, fact->device) : NULL;
    VasTopologyNode *node = node_of(making, guest, fact, device);
    VasTopologyState state = state_of(guest, pair);
    VasPciAddressText address = vas_guest_address_text(fact->guest_address);
    VasTopologyNode *port = NULL;

    if (node == NULL)
        return;
    complete_vf(node, fact);
    port = add_port(box, node, port_title(pair, device),
                    fact->has_guest_address ? address.text : NULL, state);
    if (state == VAS_TOPOLOGY_DIFFERS)
        add_line(port, pair->difference);
    else if (state != VAS_TOPOLOGY_SETTLED)
        add_line(port, vas_topology_state_meaning(state));
}

static void
add_assignments(const Making *making, VasTopologyBox *box, const VasGuest *guest)
{
    g_autoptr(GPtrArray) pairs = vas_assignment_pairs(making->inventory, guest);

    for (guint i = 0; i < pairs->len; i++)
        add_assignment(making, box, guest, g_ptr_array_index(pairs, i));
}

static void
add_uses(const Making *making, VasTopologyBox *box, const VasGuest *guest)
{
    for (guint i = 0; i < making->inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(making->inventory->devices, i);
        VasTopologyNode *node = g_hash_table_lookup(making->nodes, device);
        g_autoptr(GArray) usings = vas_inventory_usings(making->inventory, device);

        for (guint j = 0; node != NULL && j < usings->len; j++) {
            const VasUsing *using = &g_array_index(usings, VasUsing, j);

            if (using->guest == guest)
                add_port(box, node, using->use->means, NULL, VAS_TOPOLOGY_USED);
        }
    }
}

static void
add_guest(const Making *making, const VasGuest *guest)
{
    GPtrArray *guests = making->topology->guests;
    g_autofree char *details = g_strdup_printf("%s%s", vas_guest_state_name(guest->state),
                                               guest->persistent ? "" : ", transient");
    VasTopologyBox *box = add_box(guests, guest->name, details);

    box->is_idle = !vas_guest_is_active(guest);
    add_assignments(making, box, guest);
    add_uses(making, box, guest);
    if (box->nodes->len == 0 && (making->guests == NULL || !is_named(making, guest)))
        g_ptr_array_remove(guests, box);
}

VasTopology *
vas_topology_new(const VasInventory *inventory, GHashTable *devices, GHashTable *guests,
                 GHashTable *facts)
{
    VasTopology *topology = g_new0(VasTopology, 1);
    g_autoptr(GHashTable) nodes = g_hash_table_new(NULL, NULL);
    const Making making = {inventory, devices, guests, facts, nodes, topology};

    topology->cards = g_ptr_array_new_with_free_func((GDestroyNotify) box_free);
    topology->guests = g_ptr_array_new_with_free_func((GDestroyNotify) box_free);
    add_cards(&making);
    for (guint i = 0; i < inventory->guests->len; i++)
        add_guest(&making, g_ptr_array_index(inventory->guests, i));
    return topology;
}

static guint
count_kind(const VasTopology *topology, VasTopologyKind kind)
{
    guint count = 0;

    for (guint i = 0; i < topology->cards->len; i++) {
        const VasTopologyBox *card = g_ptr_array_index(topology->cards, i);

        for (guint j = 0; j < card->nodes->len; j++) {
            const VasTopologyNode *node = g_ptr_array_index(card->nodes, j);

            count += node->kind == kind;
        }
    }
    return count;
}

char *
vas_topology_summary(const VasTopology *topology)
{
    guint pfs = count_kind(topology, VAS_TOPOLOGY_PF);
    guint vfs = count_kind(topology, VAS_TOPOLOGY_VF);
    guint others = count_kind(topology, VAS_TOPOLOGY_FUNCTION);
    guint guests = topology->guests->len;
    g_autofree char *other =
        others > 0 ? g_strdup_printf("%u other device%s, ", others, others == 1 ? "" : "s") : NULL;

    return g_strdup_printf("%u PF%s, %u VF%s, %s%u guest%s", pfs, pfs == 1 ? "" : "s", vfs,
                           vfs == 1 ? "" : "s", other != NULL ? other : "", guests,
                           guests == 1 ? "" : "s");
}

static void
describe_boxes(GString *text, const GPtrArray *boxes, const char *what)
{
    for (guint i = 0; i < boxes->len; i++) {
        const VasTopologyBox *box = g_ptr_array_index(boxes, i);

        g_string_append_printf(text, "%s %s", what, box->title);
        if (box->details != NULL)
            g_string_append_printf(text, " (%s)", box->details);
        g_string_append_c(text, '\n');
        for (guint j = 0; j < box->nodes->len; j++) {
            const VasTopologyNode *node = g_ptr_array_index(box->nodes, j);

            g_string_append_printf(text, "- %s", node->title);
            if (node->address != NULL)
                g_string_append_printf(text, " at %s", node->address);
            for (guint k = 0; k < node->lines->len; k++)
                g_string_append_printf(text, "; %s", (char *) g_ptr_array_index(node->lines, k));
            g_string_append_c(text, '\n');
        }
    }
}

char *
vas_topology_describe(const VasTopology *topology)
{
    GString *text = g_string_new(NULL);

    describe_boxes(text, topology->cards, "card");
    describe_boxes(text, topology->guests, "guest");
    return g_string_free(text, FALSE);
}
