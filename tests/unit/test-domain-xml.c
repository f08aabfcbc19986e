/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"
#include "xml/domain-xml.h"

#include <string.h>

#define GUEST(devices) "<domain type='kvm'><devices>" devices "</devices></domain>"

static VasGuestDefinition *
parse(const char *xml)
{
    g_autoptr(GError) error = NULL;
    VasGuestDefinition *definition = vas_domain_xml_parse(xml, &error);

    g_assert_no_error(error);
    return definition;
}

static VasGuestDefinition *
parse_file(const char *name)
{
    g_autofree char *xml = testing_data(name);

    return parse(xml);
}

/* Tells all that an assignment has in one line, to compare with a table's. */
static char *
describe(const VasAssignment *assignment)
{
    GString *line = g_string_new(vas_assignment_type_name(assignment->type));

    g_assert_true(assignment->has_device);
    g_string_append_printf(line, " %s", vas_host_address_text(assignment->device).text);
    if (assignment->alias != NULL)
        g_string_append_printf(line, " %s", assignment->alias);
    if (assignment->has_guest_address)
        g_string_append_printf(line, " at %s",
                               vas_guest_address_text(assignment->guest_address).text);
    if (assignment->has_mac)
        g_string_append_printf(line, " mac %s", vas_mac_address_text(assignment->mac).text);
    if (assignment->vlan >= 0)
        g_string_append_printf(line, " vlan %d", assignment->vlan);
    if (assignment->acpi_index > 0)
        g_string_append_printf(line, " acpi %d", assignment->acpi_index);
    if (assignment->boot_order > 0)
        g_string_append_printf(line, " boot %d", assignment->boot_order);
    if (assignment->network != NULL)
        g_string_append_printf(line, " network %s", assignment->network);
    if (assignment->unmanaged)
        g_string_append(line, " unmanaged");
    return g_string_free(line, FALSE);
}

static void
assert_assignments(const VasGuestDefinition *definition, const char *const *expected)
{
    g_assert_cmpuint(definition->assignments->len, ==, g_strv_length((char **) expected));
    for (guint i = 0; i < definition->assignments->len; i++) {
        g_autofree char *line = describe(g_ptr_array_index(definition->assignments, i));

        g_assert_cmpstr(line, ==, expected[i]);
    }
}

static void
assert_occupants(const VasGuestDefinition *definition, const char *const *expected)
{
    g_assert_cmpuint(definition->occupants->len, ==, g_strv_length((char **) expected));
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);
        g_autofree char *line = g_strdup_printf(
            "%s %s", vas_guest_address_text(occupant->address).text, occupant->name);

        g_assert_cmpstr(line, ==, expected[i]);
    }
}

static void
test_assignments(void)
{
    g_autoptr(VasGuestDefinition) q35_live = parse_file("xml/domain-q35-live.xml");
    g_autoptr(VasGuestDefinition) q35_config = parse_file("xml/domain-q35-config.xml");
    g_autoptr(VasGuestDefinition) pc_live = parse_file("xml/domain-pc-live.xml");
    g_autoptr(VasGuestDefinition) pc_config = parse_file("xml/domain-pc-config.xml");

    assert_assignments(
        q35_live,
        (const char *const[]){
            "hostdev 0000:05:00.0 virtio-disk1 at 0000:04:00.0",
            "interface 0000:01:10.0 ua-vf0 at 0000:02:00.0 mac 52:54:00:22:22:22 vlan 42 acpi 7 "
            "boot 2",
            "interface 0000:01:10.4 hostdev1 at 0000:06:00.0 mac 52:54:00:33:33:33",
            "hostdev 0000:07:00.0 ua-usb at 0000:00:09.0",
            NULL,
        });
    /* The pool's VF is not known in the config. */
    assert_assignments(
        q35_config,
        (const char *const[]){
            "hostdev 0000:05:00.0 at 0000:04:00.0",
            "interface 0000:01:10.0 ua-vf0 at 0000:02:00.0 mac 52:54:00:22:22:22 vlan 42 acpi 7 "
            "boot 2",
            "hostdev 0000:07:00.0 ua-usb at 0000:00:09.0",
            NULL,
        });
    assert_assignments(
        pc_live, (const char *const[]){
                     "interface 0000:01:10.6 hostdev0 at 0000:00:03.0 mac 52:54:00:44:44:44 acpi 9",
                     "interface 0000:01:10.2 hostdev1 at 0000:01:01.0 mac 52:54:00:55:55:55",
                     "hostdev 0000:07:00.1 at 0000:00:08.0 unmanaged",
                     "hostdev 10000:e1:00.0",
                     NULL,
                 });
    assert_assignments(pc_config,
                       (const char *const[]){
                           "interface 0000:01:10.2 at 0000:01:01.0 mac 52:54:00:55:55:55",
                           "hostdev 0000:07:00.1 at 0000:00:08.0 unmanaged",
                           "hostdev 10000:e1:00.0",
                           NULL,
                       });
}

static void
test_occupants(void)
{
    g_autoptr(VasGuestDefinition) live = parse_file("xml/domain-q35-live.xml");
    g_autoptr(VasGuestDefinition) config = parse_file("xml/domain-q35-config.xml");
    g_autoptr(VasGuestDefinition) pc = parse_file("xml/domain-pc-config.xml");

    assert_occupants(live, (const char *const[]){
                               "0000:00:02.0 pci.1",
                               "0000:00:02.1 pci.2",
                               "0000:00:02.2 pci.3",
                               "0000:00:02.3 pci.4",
                               "0000:00:04.0 pci.5",
                               "0000:00:09.0 ua-usb",
                               "0000:00:0a.0 rng0",
                               "0000:00:1f.2 ide",
                               "0000:01:00.0 net0",
                               "0000:02:00.0 ua-vf0",
                               "0000:03:00.0 virtio-disk0",
                               "0000:04:00.0 virtio-disk1",
                               "0000:05:00.0 pci.6",
                               "0000:06:00.0 hostdev1",
                               NULL,
                           });
    assert_occupants(config, (const char *const[]){
                                 "0000:00:02.0 controller pci 1",
                                 "0000:00:02.1 controller pci 2",
                                 "0000:00:02.2 controller pci 3",
                                 "0000:00:02.3 controller pci 4",
                                 "0000:00:04.0 controller pci 5",
                                 "0000:00:09.0 ua-usb",
                                 "0000:00:0a.0 rng virtio",
                                 "0000:00:1f.2 controller sata 0",
                                 "0000:01:00.0 interface 52:54:00:11:11:11",
                                 "0000:02:00.0 ua-vf0",
                                 "0000:03:00.0 disk vda",
                                 "0000:04:00.0 disk vdb",
                                 "0000:05:00.0 controller pci 6",
                                 "0000:06:00.0 interface 52:54:00:33:33:33",
                                 NULL,
                             });
    assert_occupants(pc, (const char *const[]){
                             "0000:00:01.2 controller usb 0",
                             "0000:00:02.0 video",
                             "0000:00:03.0 interface 52:54:00:44:44:44",
                             "0000:00:04.0 disk vda",
                             "0000:00:05.0 controller pci 1",
                             "0000:00:06.0 memballoon virtio",
                             "0000:00:07.0 sound ich6",
                             "0000:00:08.0 hostdev 0000:07:00.1",
                             "0000:00:09.0 hostdev mdev",
                             "0000:01:01.0 interface 52:54:00:55:55:55",
                             NULL,
                         });
}

static void
test_controllers(void)
{
    static const struct {
        VasPciModel model;
        gboolean hotplug_off;
        int bus_number;
        const char *address;
    } rows[] = {
        {VAS_PCIE_ROOT, FALSE, -1, NULL},
        {VAS_PCIE_ROOT_PORT, FALSE, -1, "0000:00:02.0"},
        {VAS_PCIE_ROOT_PORT, FALSE, -1, "0000:00:02.1"},
        {VAS_PCIE_ROOT_PORT, TRUE, -1, "0000:00:02.2"},
        {VAS_PCIE_ROOT_PORT, FALSE, -1, "0000:00:02.3"},
        {VAS_PCIE_EXPANDER_BUS, FALSE, 64, "0000:00:04.0"},
        {VAS_PCIE_ROOT_PORT, FALSE, -1, "0000:05:00.0"},
    };
    g_autoptr(VasGuestDefinition) definition = parse_file("xml/domain-q35-live.xml");

    g_assert_cmpuint(definition->controllers->len, ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        g_assert_cmpuint(controller->index, ==, i);
        g_assert_cmpint(controller->model, ==, rows[i].model);
        g_assert_cmpint(controller->hotplug_off, ==, rows[i].hotplug_off);
        g_assert_cmpint(controller->bus_number, ==, rows[i].bus_number);
        g_assert_cmpint(controller->has_address, ==, rows[i].address != NULL);
        if (rows[i].address != NULL)
            g_assert_cmpstr(vas_guest_address_text(controller->address).text, ==, rows[i].address);
    }
}

/* libvirt prints them in the order in which they were added; here they are by index. */
static void
test_controller_order(void)
{
    g_autoptr(VasGuestDefinition) definition = parse_file("xml/domain-pc-config.xml");
    const VasPciController *root = g_ptr_array_index(definition->controllers, 0);
    const VasPciController *bridge = g_ptr_array_index(definition->controllers, 1);

    g_assert_cmpuint(definition->controllers->len, ==, 2);
    g_assert_cmpint(root->model, ==, VAS_PCI_ROOT);
    g_assert_cmpint(bridge->model, ==, VAS_PCI_BRIDGE);
}

static void
test_nics(void)
{
    g_autoptr(VasGuestDefinition) definition = parse_file("xml/domain-q35-live.xml");
    g_autoptr(VasGuestDefinition) pc = parse_file("xml/domain-pc-config.xml");
    const VasNic *bridged = g_ptr_array_index(definition->nics, 0);
    const VasNic *vf = g_ptr_array_index(definition->nics, 1);
    const VasNic *pooled = g_ptr_array_index(pc->nics, 0);

    g_assert_cmpuint(definition->nics->len, ==, 3);
    g_assert_cmpstr(bridged->alias, ==, "net0");
    g_assert_cmpstr(vas_mac_address_text(bridged->mac).text, ==, "52:54:00:11:11:11");
    g_assert_cmpint(bridged->acpi_index, ==, 0);
    g_assert_cmpstr(vas_guest_address_text(vf->guest_address).text, ==, "0000:02:00.0");
    g_assert_cmpint(vf->acpi_index, ==, 7);
    g_assert_cmpuint(pc->nics->len, ==, 2);
    g_assert_null(pooled->alias);
    g_assert_true(pooled->has_mac);
    g_assert_cmpint(pooled->acpi_index, ==, 9);
}

static void
test_machine(void)
{
    static const struct {
        const char *file;
        int run_id;
        const char *machine;
        gboolean acpi, boot_devices;
        guint n_boot_orders;
    } rows[] = {
        {"xml/domain-q35-live.xml", 3, "pc-q35-7.2", TRUE, FALSE, 2},
        {"xml/domain-q35-config.xml", -1, "pc-q35-7.2", TRUE, FALSE, 2},
        {"xml/domain-pc-live.xml", 9, "pc-i440fx-7.2", FALSE, TRUE, 0},
        {"xml/domain-pc-config.xml", -1, "pc-i440fx-7.2", FALSE, TRUE, 0},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasGuestDefinition) definition = parse_file(rows[i].file);

        g_assert_cmpint(definition->run_id, ==, rows[i].run_id);
        g_assert_cmpstr(definition->machine, ==, rows[i].machine);
        g_assert_cmpint(definition->acpi, ==, rows[i].acpi);
        g_assert_cmpint(definition->boot_devices, ==, rows[i].boot_devices);
        g_assert_cmpuint(definition->boot_orders->len, ==, rows[i].n_boot_orders);
    }
}

static void
test_aliases(void)
{
    g_autoptr(VasGuestDefinition) live = parse_file("xml/domain-q35-live.xml");
    g_autoptr(VasGuestDefinition) config = parse_file("xml/domain-q35-config.xml");

    g_assert_true(vas_guest_definition_has_alias(live, "ua-vf0"));
    g_assert_true(vas_guest_definition_has_alias(live, "serial0"));
    g_assert_true(vas_guest_definition_has_alias(live, "pcie.0"));
    g_assert_true(vas_guest_definition_has_alias(live, "hostdev3"));
    g_assert_cmpuint(config->aliases->len, ==, 2);
    g_assert_true(vas_guest_definition_has_alias(config, "ua-usb"));
}

/* A detach sends it back: it has to be all of the element, and only that. */
static void
test_element(void)
{
    g_autoptr(VasGuestDefinition) definition = parse_file("xml/domain-q35-live.xml");
    const VasAssignment *vf = g_ptr_array_index(definition->assignments, 1);
    const VasAssignment *nvme = g_ptr_array_index(definition->assignments, 0);

    g_assert_cmpstr(
        vf->element, ==,
        "<interface type=\"hostdev\" managed=\"yes\">\n"
        "  <mac address=\"52:54:00:22:22:22\"/>\n"
        "  <driver name=\"vfio\"/>\n"
        "  <source>\n"
        "    <address type=\"pci\" domain=\"0x0000\" bus=\"0x01\" slot=\"0x10\" "
        "function=\"0x0\"/>\n"
        "  </source>\n"
        "  <vlan>\n"
        "    <tag id=\"42\"/>\n"
        "  </vlan>\n"
        "  <boot order=\"2\"/>\n"
        "  <alias name=\"ua-vf0\"/>\n"
        "  <acpi index=\"7\"/>\n"
        "  <address type=\"pci\" domain=\"0x0000\" bus=\"0x02\" slot=\"0x00\" function=\"0x0\"/>\n"
        "</interface>\n");
    g_assert_cmpstr(nvme->disk, ==, "vdb");
    g_assert_true(g_str_has_prefix(nvme->element, "<disk type=\"nvme\" device=\"disk\">\n"));
}

static void
test_team(void)
{
    g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(
        GUEST("<interface type='network'><alias name='ua-stays'/><teaming type='persistent'/>"
              "</interface><interface type='network'><alias name='ua-goes'/>"
              "<teaming type='transient' persistent='ua-stays'/></interface>"),
        NULL);

    g_assert_true(vas_guest_definition_find_nic(definition, "ua-stays")->is_team_backup);
    g_assert_false(vas_guest_definition_find_nic(definition, "ua-goes")->is_team_backup);
    g_assert_null(vas_guest_definition_find_nic(definition, "ua-none"));
}

static void
test_no_assignments(void)
{
    static const char *const devices[] = {
        GUEST("<hostdev mode='subsystem' type='usb'><source><address bus='1' device='3'/></source>"
              "</hostdev>"),
        GUEST(
            "<hostdev mode='subsystem' type='mdev'><source><address uuid='u'/></source></hostdev>"),
        GUEST("<interface type='hostdev'><source><address type='usb' bus='0' device='2'/></source>"
              "</interface>"),
        GUEST("<interface type='network'><source network='pool'/></interface>"),
        GUEST("<disk type='nvme'><source type='file'><address bus='1'/></source></disk>"),
        GUEST("<disk type='file'><source><address bus='1'/></source></disk>"),
        GUEST("<hostdev mode='subsystem' type='pci'/>"),
        GUEST("<hostdev mode='subsystem' type='pci'><source><address/></source></hostdev>"),
        GUEST("<hostdev mode='subsystem' type='pci'><source><address bus='0x100'/></source>"
              "</hostdev>"),
        GUEST("<hostdev type='pci'><source><address bus='1' slot='32'/></source></hostdev>"),
        GUEST("<hostdev type='pci'><source><address bus='1' function='8'/></source></hostdev>"),
        GUEST("<hostdev type='pci'><source><address domain='0x100000000'/></source></hostdev>"),
        GUEST("<x:hostdev xmlns:x='urn:x' type='pci'><source><address bus='1'/></source>"
              "</x:hostdev>"),
    };

    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        g_autoptr(VasGuestDefinition) definition = parse(devices[i]);

        g_test_message("%s", devices[i]);
        g_assert_cmpuint(definition->assignments->len, ==, 0);
        g_assert_cmpuint(definition->occupants->len, ==, 0);
    }
}

static const VasOccupant *
occupant_at(const VasGuestDefinition *definition, guint8 slot, guint8 function)
{
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        if (occupant->address.pci.slot == slot && occupant->address.pci.function == function)
            return occupant;
    }
    g_assert_not_reached();
}

/* NIC names depend on these, besides addresses. */
static void
test_occupants_for_names(void)
{
#define AT(slot, rest) "<address type='pci' bus='0' slot='" slot "' " rest "/>"
    g_autoptr(VasGuestDefinition) definition =
        parse(GUEST("<controller type='pci' index='1' model='pci-bridge'>" AT(
            "1",
            "") "</controller>"
                "<controller type='usb' model='piix3-uhci'>" AT(
                    "2",
                    "") "</controller>"
                        "<controller type='usb' model='qemu-xhci'>" AT(
                            "3",
                            "") "</controller>"
                                "<controller type='sata'>" AT(
                                    "4",
                                    "") "</controller>"
                                        "<video><model type='virtio'/>" AT(
                                            "5",
                                            "") "</video>"
                                                "<interface type='network'><acpi index='7'/>" AT(
                                                    "6",
                                                    "multifunction='on'") "</interface>"
                                                                          "<disk><acpi "
                                                                          "index='8'/>" AT(
                                                                              "6",
                                                                              "function='1'") "</"
                                                                                              "disk"
                                                                                              ">"));
    static const gboolean fixed[] = {TRUE, TRUE, FALSE, FALSE, TRUE, FALSE};

    for (guint8 i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_assert_cmpint(occupant_at(definition, i + 1, 0)->fixed, ==, fixed[i]);
    g_assert_true(occupant_at(definition, 6, 0)->multifunction);
    g_assert_false(occupant_at(definition, 6, 1)->multifunction);
    g_assert_cmpint(occupant_at(definition, 6, 0)->acpi_index, ==, 7);
    g_assert_cmpint(occupant_at(definition, 6, 1)->acpi_index, ==, 8);
    g_assert_cmpint(occupant_at(definition, 3, 0)->acpi_index, ==, 0);
}

/* An administrator writes addresses in decimal, and without the parts that are 0. */
static void
test_hand_written(void)
{
    g_autoptr(VasGuestDefinition) definition = parse(
        GUEST("<hostdev type='pci'><source><address bus='10' slot='0x1f' function='7'/></source>"
              "<address type='pci' bus='3'/></hostdev>"
              "<interface type='hostdev'><source network='pool'><address type='pci' domain='65536' "
              "bus='1'/></source><mac address='none'/><vlan><tag id='4095'/></vlan>"
              "<boot order='x'/><acpi index='-1'/><address type='pci'/></interface>"));

    assert_assignments(definition, (const char *const[]){
                                       "hostdev 0000:0a:1f.7 at 0000:03:00.0 unmanaged",
                                       "interface 10000:01:00.0 network pool unmanaged",
                                       NULL,
                                   });
    assert_occupants(definition, (const char *const[]){"0000:03:00.0 hostdev 0000:0a:1f.7", NULL});
}

/* libvirt has not chosen these yet: nobody sits there. */
static void
test_no_guest_address(void)
{
    g_autoptr(VasGuestDefinition) definition =
        parse(GUEST("<rng model='virtio'><address type='pci' domain='0' bus='0' slot='0'/></rng>"
                    "<rng model='virtio'><address type='pci'/></rng>"
                    "<rng model='virtio'><address type='ccw' cssid='0xfe' ssid='0x0'/></rng>"
                    "<sound model='ich6'><address type='pci' slot='0x20'/></sound>"));

    g_assert_cmpuint(definition->occupants->len, ==, 0);
}

static void
test_nics_that_are_not_on_pci(void)
{
    static const char *const places[] = {"fe.1.000a", "ccw", "usb", NULL, NULL};
    g_autoptr(VasGuestDefinition) definition = parse(
        GUEST("<interface><address type='ccw' cssid='0xfe' ssid='0x1' devno='0x000a'/></interface>"
              "<interface><address type='ccw' cssid='0xfe'/></interface>"
              "<interface><address type='usb' bus='0' port='1'/></interface>"
              "<interface><address type='pci'/></interface><interface/>"));

    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        g_assert_cmpstr(((const VasNic *) g_ptr_array_index(definition->nics, i))->other_place, ==,
                        places[i]);
}

static void
test_odd_controllers(void)
{
    g_autoptr(VasGuestDefinition) definition =
        parse(GUEST("<controller type='pci' index='256' model='pci-bridge'/>"
                    "<controller type='pci' model='pci-bridge'/>"
                    "<controller type='pci' index='2' model='pci-of-tomorrow'/>"
                    "<controller type='pci' index='1'/>"
                    "<controller type='scsi' index='0' model='virtio-scsi'/>"));

    g_assert_cmpuint(definition->controllers->len, ==, 2);
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        g_assert_cmpuint(controller->index, ==, i + 1);
        g_assert_cmpint(controller->model, ==, VAS_PCI_MODEL_UNKNOWN);
    }
}

/* The <node> is the guest's; where its memory is bound to says which of the host's it is near. */
static void
test_expander_nodes(void)
{
    static const struct {
        const char *numatune;
        int nodes[3]; /* of the expanders with <node> 0, with <node> 1, without */
    } rows[] = {
        {"", {0, 1, -1}},
        {"<numatune><memory mode='strict' nodeset='1'/></numatune>", {1, 1, -1}},
        {"<numatune><memory mode='strict' nodeset='0-1'/><memnode cellid='0' mode='strict' "
         "nodeset='1'/></numatune>",
         {1, -1, -1}},
        {"<numatune><memory mode='strict' placement='auto'/></numatune>", {-1, -1, -1}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *xml =
            g_strdup_printf("<domain type='kvm'>%s<devices>"
                            "<controller type='pci' index='1' model='pcie-expander-bus'>"
                            "<target busNr='64'><node>0</node></target></controller>"
                            "<controller type='pci' index='2' model='pcie-expander-bus'>"
                            "<target busNr='128'><node>1</node></target></controller>"
                            "<controller type='pci' index='3' model='pcie-expander-bus'/>"
                            "</devices></domain>",
                            rows[i].numatune);
        g_autoptr(VasGuestDefinition) definition = parse(xml);

        for (guint k = 0; k < G_N_ELEMENTS(rows[i].nodes); k++) {
            const VasPciController *expander = g_ptr_array_index(definition->controllers, k);

            g_assert_cmpint(expander->host_node, ==, rows[i].nodes[k]);
        }
    }
}

static void
test_chassis(void)
{
    g_autoptr(VasGuestDefinition) definition =
        parse(GUEST("<controller type='pci' index='1' model='pcie-root-port'>"
                    "<target chassis='9' port='0x10'/></controller>"
                    "<controller type='pci' index='2' model='pci-bridge'>"
                    "<target chassisNr='3'/></controller>"
                    "<controller type='pci' index='3' model='pcie-to-pci-bridge'/>"));
    static const int numbers[] = {9, 3, -1};

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);

        g_assert_cmpint(controller->chassis, ==, numbers[i]);
    }
}

static void
test_bare(void)
{
    g_autoptr(VasGuestDefinition) definition = parse("<domain type='lxc'/>");

    g_assert_null(definition->machine);
    g_assert_false(definition->acpi);
    g_assert_false(definition->boot_devices);
    g_assert_cmpuint(definition->controllers->len, ==, 0);
}

static void
test_errors(void)
{
    static const struct {
        const char *xml;
        const char *part;
    } rows[] = {
        {"", "domain XML is not XML"},
        {"<domain>", "domain XML is not XML: line 1: "},
        {"<network/>", "domain XML is a <network>, expected a <domain>"},
        {"<!DOCTYPE domain><domain/>", "document type declaration"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(rows[i].xml, &error);

        g_assert_null(definition);
        testing_assert_error(&error, VAS_ERROR_FAILED, rows[i].part);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/domain-xml/assignments", test_assignments);
    g_test_add_func("/domain-xml/occupants", test_occupants);
    g_test_add_func("/domain-xml/occupants-for-names", test_occupants_for_names);
    g_test_add_func("/domain-xml/controllers", test_controllers);
    g_test_add_func("/domain-xml/controller-order", test_controller_order);
    g_test_add_func("/domain-xml/nics", test_nics);
    g_test_add_func("/domain-xml/machine", test_machine);
    g_test_add_func("/domain-xml/aliases", test_aliases);
    g_test_add_func("/domain-xml/element", test_element);
    g_test_add_func("/domain-xml/team", test_team);
    g_test_add_func("/domain-xml/no-assignments", test_no_assignments);
    g_test_add_func("/domain-xml/hand-written", test_hand_written);
    g_test_add_func("/domain-xml/no-guest-address", test_no_guest_address);
    g_test_add_func("/domain-xml/nics-that-are-not-on-pci", test_nics_that_are_not_on_pci);
    g_test_add_func("/domain-xml/odd-controllers", test_odd_controllers);
    g_test_add_func("/domain-xml/expander-nodes", test_expander_nodes);
    g_test_add_func("/domain-xml/chassis", test_chassis);
    g_test_add_func("/domain-xml/bare", test_bare);
    g_test_add_func("/domain-xml/errors", test_errors);
    return g_test_run();
}
