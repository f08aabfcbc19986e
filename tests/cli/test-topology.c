/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "building.h"
#include "cli/output/topology-dot.h"
#include "cli/output/topology-layout.h"
#include "cli/output/topology-svg.h"
#include "testing.h"

#include <string.h>

/* One host is drawn in several sizes, with guests in every state: two PFs on one card share the
 * VFs, and every fifth VF is free. */

typedef struct {
    guint vfs;
    guint guests;
} Size;

typedef struct {
    VasInventory *inventory;
    GHashTable *devices;
    GHashTable *facts;
} Host;

static VasDevice *
add_device(Host *host, const char *address, VasDeviceKind kind)
{
    VasDevice *device = vas_device_new();
    VasTopologyFacts *facts = g_new0(VasTopologyFacts, 1);

    device->address = building_host_address(address);
    device->kind = kind;
    device->class_code = 0x020000;
    device->vendor_id = 0x8086;
    device->product_id = 0x1572;
    device->vendor = g_strdup("Intel Corporation");
    device->product = g_strdup("Ethernet Controller X710 for 10GbE SFP+");
    device->driver = g_strdup(kind == VAS_DEVICE_PF ? "i40e" : "iavf");
    vas_inventory_take_device(host->inventory, device);
    g_hash_table_add(host->devices, device);
    g_hash_table_insert(host->facts, device, facts);
    return device;
}

static VasDevice *
add_pf(Host *host, guint function)
{
    g_autofree char *address = g_strdup_printf("0000:3b:00.%u", function);
    VasDevice *pf = add_device(host, address, VAS_DEVICE_PF);
    VasTopologyFacts *facts = g_hash_table_lookup(host->facts, pf);

    pf->interface = g_strdup_printf("enp59s0f%u", function);
    pf->max_vfs = 64;
    pf->numa_node = 0;
    facts->knows_link = TRUE;
    facts->is_up = function == 0;
    return pf;
}

/* Returns the address. */
static char *
add_vf(Host *host, VasDevice *pf, guint number)
{
    char *address = g_strdup_printf("0000:3b:%02x.%u", 2 + number / 8, number % 8);
    VasDevice *vf = add_device(host, address, VAS_DEVICE_VF);
    VasTopologyFacts *facts = g_hash_table_lookup(host->facts, vf);

    vf->pf = pf->address;
    g_array_append_val(pf->vfs, vf->address);
    facts->knows_settings = TRUE;
    facts->settings = (VasVfSettings){.vlan_protocol = VAS_VLAN_PROTOCOL, .spoof_check = 1};
    if (number % 5 == 4)
        return address;
    facts->settings.mac = (VasMacAddress){{0x52, 0x54, 0, 0, 0, (guint8) number}};
    facts->settings.vlan = number % 2 == 0 ? 100 + (int) number : 0;
    facts->settings.trust = number % 4 == 3;
    return address;
}

static VasAssignment *
give(VasGuestDefinition *definition, const char *vf, guint number, const char *mac)
{
    g_autofree char *guest_address =
        g_strdup_printf("0000:%02x:00.0", 1 + definition->assignments->len);
    g_autofree char *alias = g_strdup_printf("ua-vf%u", number);

    return building_add_assignment(definition, VAS_ASSIGNMENT_INTERFACE, vf, alias, mac,
                                   guest_address);
}

static void
ask_to_release(VasGuestDefinition *live, const VasAssignment *assignment)
{
    VasPendingRelease *release = g_new0(VasPendingRelease, 1);

    release->alias = g_strdup(assignment->alias);
    release->device = assignment->device;
    release->run_id = 1;
    release->is_proven = TRUE;
    if (live->record == NULL)
        live->record = vas_guest_record_new();
    g_ptr_array_add(live->record->releases, release);
}

/* The guest @number stands to its devices in the state of that number. */
static void
give_vf(VasGuest *guest, guint number, const char *vf, guint vf_number)
{
    g_autofree char *mac = g_strdup_printf("52:54:00:00:00:%02x", vf_number);
    VasAssignment *live = NULL;

    if (number % 8 == VAS_TOPOLOGY_USED) {
        building_add_use(guest->live, vf, FALSE);
        return;
    }
    if (guest->live != NULL)
        live = give(guest->live, vf, vf_number, mac);
    if (number % 8 == VAS_TOPOLOGY_PENDING)
        ask_to_release(guest->live, live);
    if (guest->config != NULL && number % 8 != VAS_TOPOLOGY_UNTIL_STOP)
        (void) give(guest->config, vf, vf_number,
                    number % 8 == VAS_TOPOLOGY_DIFFERS ? "52:54:00:ff:00:01" : mac);
}

static Host
host_new(Size size)
{
    Host host = {vas_inventory_new(), g_hash_table_new(NULL, NULL),
                 g_hash_table_new_full(NULL, NULL, NULL, g_free)};
    VasDevice *pfs[] = {add_pf(&host, 0), add_pf(&host, 1)};

    for (guint i = 0; i < size.guests; i++) {
        g_autofree char *name = g_strdup_printf("%s%u", i % 2 == 0 ? "database" : "web", i);

        vas_inventory_take_guest(
            host.inventory,
            building_guest(name, i % 8 == VAS_TOPOLOGY_NEXT_START ? NULL : building_q35(4),
                           i % 8 == 7 ? NULL : building_q35(4)));
    }
    for (guint i = 0; i < size.vfs; i++) {
        g_autofree char *vf = add_vf(&host, pfs[i * 2 / size.vfs], i);
        guint guest = i * 3 % size.guests;

        if (i % 5 != 4)
            give_vf(g_ptr_array_index(host.inventory->guests, guest), guest, vf, i);
    }
    vas_inventory_link(host.inventory);
    return host;
}

static void
host_free(Host *host)
{
    vas_inventory_free(host->inventory);
    g_hash_table_unref(host->devices);
    g_hash_table_unref(host->facts);
}

static VasTopology *
topology_of(const Host *host)
{
    return vas_topology_new(host->inventory, host->devices, NULL, host->facts);
}

static void
test_pictures(void)
{
    static const Size sizes[] = {{2, 1}, {8, 4}, {14, 8}};

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Host host = host_new(sizes[i]);
        g_autoptr(VasTopology) topology = topology_of(&host);
        g_autofree char *dot = vas_topology_dot(topology);
        g_autofree char *svg = vas_topology_svg(topology);
        g_autofree char *svg_name =
            g_strdup_printf("cli/topology-%ux%u.svg", sizes[i].vfs, sizes[i].guests);
        g_autofree char *dot_name =
            g_strdup_printf("cli/topology-%ux%u.dot", sizes[i].vfs, sizes[i].guests);

        testing_assert_golden(svg_name, svg);
        testing_assert_golden(dot_name, dot);
        host_free(&host);
    }
}

static void
check_boxes(const VasTopology *topology, const GPtrArray *boxes)
{
    int bottom = 0;

    for (guint i = 0; i < boxes->len; i++) {
        const VasTopologyBox *box = g_ptr_array_index(boxes, i);
        int node_bottom = box->y;

        g_assert_cmpint(box->y, >, bottom);
        bottom = box->y + box->height;
        g_assert_cmpint(bottom, <, topology->height);
        g_assert_cmpint(box->x, >, 0);
        g_assert_cmpint(box->x + box->width, <, topology->width);
        for (guint j = 0; j < box->nodes->len; j++) {
            const VasTopologyNode *node = g_ptr_array_index(box->nodes, j);

            g_assert_cmpint(node->y, >, node_bottom);
            node_bottom = node->y + node->height;
            g_assert_cmpint(node_bottom, <, bottom);
            g_assert_cmpint(node->x, >, box->x);
            g_assert_cmpint(node->x + node->width, <, box->x + box->width);
            g_assert_cmpint(node->height, >, (int) node->lines->len * VAS_LAYOUT_LINE);
        }
    }
}

/* Nothing lies upon another, whatever the size. */
static void
test_layout(void)
{
    for (guint vfs = 1; vfs <= 64; vfs += 9) {
        for (guint guests = 1; guests <= 24; guests += 5) {
            Host host = host_new((Size){vfs, guests});
            g_autoptr(VasTopology) topology = topology_of(&host);
            const VasTopologyBox *card = g_ptr_array_index(topology->cards, 0);
            const VasTopologyBox *guest = g_ptr_array_index(topology->guests, 0);

            g_test_message("%u VFs, %u guests", vfs, guests);
            vas_topology_lay_out(topology);
            check_boxes(topology, topology->cards);
            check_boxes(topology, topology->guests);
            g_assert_cmpint(card->x + card->width, <, guest->x);
            host_free(&host);
        }
    }
}

static const VasTopologyNode *
find_port(const VasTopology *topology, VasTopologyState state)
{
    for (guint i = 0; i < topology->guests->len; i++) {
        const VasTopologyBox *guest = g_ptr_array_index(topology->guests, i);

        for (guint j = 0; j < guest->nodes->len; j++) {
            const VasTopologyNode *port = g_ptr_array_index(guest->nodes, j);

            if (port->state == state)
                return port;
        }
    }
    return NULL;
}

static void
test_states(void)
{
    static const char *const said[] = {
        [VAS_TOPOLOGY_SETTLED] = NULL,
        [VAS_TOPOLOGY_NEXT_START] = "config only",
        [VAS_TOPOLOGY_UNTIL_STOP] = "live only",
        [VAS_TOPOLOGY_DIFFERS] = "MAC",
        [VAS_TOPOLOGY_PENDING] = "asked to release",
        [VAS_TOPOLOGY_USED] = NULL,
    };
    Host host = host_new((Size){14, 8});
    g_autoptr(VasTopology) topology = topology_of(&host);

    for (int i = 0; i < VAS_TOPOLOGY_N_STATES; i++) {
        const VasTopologyNode *port = find_port(topology, (VasTopologyState) i);

        g_test_message("%s", vas_topology_state_name((VasTopologyState) i));
        g_assert_nonnull(port);
        g_assert_cmpuint(port->lines->len, ==, said[i] != NULL ? 2 : 1);
        g_assert_true(said[i] == NULL ||
                      strstr(g_ptr_array_index(port->lines, 1), said[i]) != NULL);
        g_assert_cmpuint(port->device->links, >, 0);
    }
    host_free(&host);
}

/* A release that nothing vouches for, or of an earlier run, does not show. */
static void
test_releases_that_do_not_count(void)
{
    Host host = host_new((Size){14, 8});

    for (guint i = 0; i < 2; i++) {
        const VasGuest *guest = g_ptr_array_index(host.inventory->guests, VAS_TOPOLOGY_PENDING / 2);
        VasPendingRelease *release = g_ptr_array_index(guest->live->record->releases, 0);
        g_autoptr(VasTopology) topology = NULL;

        release->is_proven = i == 0;
        release->run_id = i == 0 ? 2 : 1;
        topology = topology_of(&host);
        g_assert_null(find_port(topology, VAS_TOPOLOGY_PENDING));
    }
    host_free(&host);
}

/* A guest may be called anything. */
static void
test_strange_names(void)
{
    static const GMarkupParser nothing = {0};
    Host host = host_new((Size){2, 1});
    VasGuest *guest = g_ptr_array_index(host.inventory->guests, 0);
    g_autoptr(VasTopology) topology = NULL;
    g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new(&nothing, 0, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *svg = NULL;
    g_autofree char *dot = NULL;

    g_free(guest->name);
    guest->name = g_strdup("a<b>&\"c\\N\033[2J\xe2\x80\xae]]>");
    topology = topology_of(&host);
    dot = vas_topology_dot(topology);
    svg = vas_topology_svg(topology);
    g_assert_true(g_markup_parse_context_parse(parser, svg, -1, &error));
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(parser, &error));
    g_assert_no_error(error);
    g_assert_nonnull(strstr(svg, ">a&lt;b&gt;&amp;&quot;c\\N\\x1b[2J\\u202e]]&gt;<"));
    g_assert_nonnull(strstr(dot, "label=\"a<b>&\\\"c\\\\N\\\\x1b[2J\\\\u202e]]>\\nrunning\""));
    host_free(&host);
}

/* A text that is too long for a picture is cut there, and whole behind it. */
static void
test_long_name(void)
{
    Host host = host_new((Size){2, 1});
    VasGuest *guest = g_ptr_array_index(host.inventory->guests, 0);
    g_autofree char *name = g_strnfill(300, 'x');
    g_autofree char *whole = g_strdup_printf("guest %s (running)", name);
    g_autofree char *drawn = g_strdup_printf("</title>\n%.*s…</text>", VAS_LAYOUT_CUT - 1, name);
    g_autofree char *svg = NULL;
    g_autoptr(VasTopology) topology = NULL;

    g_free(guest->name);
    guest->name = g_strdup(name);
    topology = topology_of(&host);
    svg = vas_topology_svg(topology);
    g_assert_nonnull(strstr(svg, whole));
    g_assert_nonnull(strstr(svg, drawn));
    g_assert_cmpint(topology->width, <, 1600);
    host_free(&host);
}

/* The config of a guest that was moved here may name what another host had. */
static void
test_missing_device(void)
{
    Host host = host_new((Size){2, 1});
    VasGuest *guest = g_ptr_array_index(host.inventory->guests, 0);
    g_autoptr(GHashTable) others = g_hash_table_new(NULL, NULL);
    g_autoptr(VasTopology) all = NULL;
    g_autoptr(VasTopology) of_others = NULL;
    const VasTopologyBox *last = NULL;

    (void) give(guest->config, "0000:99:00.0", 9, "52:54:00:00:00:99");
    all = topology_of(&host);
    last = g_ptr_array_index(all->cards, all->cards->len - 1);
    g_assert_cmpstr(last->title, ==, "not on this host");
    g_assert_cmpstr(((const VasTopologyNode *) g_ptr_array_index(last->nodes, 0))->address, ==,
                    "0000:99:00.0");
    of_others = vas_topology_new(host.inventory, host.devices, others, host.facts);
    last = g_ptr_array_index(of_others->cards, of_others->cards->len - 1);
    g_assert_cmpstr(last->title, !=, "not on this host");
    host_free(&host);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topology/pictures", test_pictures);
    g_test_add_func("/topology/layout", test_layout);
    g_test_add_func("/topology/states", test_states);
    g_test_add_func("/topology/releases-that-do-not-count", test_releases_that_do_not_count);
    g_test_add_func("/topology/strange-names", test_strange_names);
    g_test_add_func("/topology/long-name", test_long_name);
    g_test_add_func("/topology/missing-device", test_missing_device);
    return g_test_run();
}
