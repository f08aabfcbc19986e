/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "building.h"

#include "core/place/slots.h"

VasHostAddress
building_host_address(const char *text)
{
    VasHostAddress address = {0};
    g_autoptr(GError) error = NULL;

    vas_host_address_parse(text, &address, &error);
    g_assert_no_error(error);
    return address;
}

VasGuestAddress
building_guest_address(const char *text)
{
    return (VasGuestAddress){.pci = building_host_address(text).pci};
}

VasMacAddress
building_mac(const char *text)
{
    VasMacAddress mac = {0};
    g_autoptr(GError) error = NULL;

    vas_mac_address_parse(text, &mac, &error);
    g_assert_no_error(error);
    return mac;
}

static VasOccupant *
add_occupant(VasGuestDefinition *definition, VasGuestAddress address, const char *name)
{
    VasOccupant *occupant = g_new0(VasOccupant, 1);

    occupant->address = address;
    occupant->name = g_strdup(name);
    g_ptr_array_add(definition->occupants, occupant);
    return occupant;
}

static void
add_alias(VasGuestDefinition *definition, const char *alias)
{
    if (alias != NULL)
        g_ptr_array_add(definition->aliases, g_strdup(alias));
}

VasPciController *
building_add_controller(VasGuestDefinition *definition, VasPciModel model, guint index,
                        const char *address)
{
    VasPciController *controller = g_new0(VasPciController, 1);
    g_autofree char *name = g_strdup_printf("pci.%u", index);

    controller->model = model;
    controller->index = index;
    controller->bus_number = -1;
    controller->chassis = -1;
    controller->host_node = -1;
    g_ptr_array_add(definition->controllers, controller);
    if (address == NULL)
        return controller;
    controller->has_address = TRUE;
    controller->address = building_guest_address(address);
    add_occupant(definition, controller->address, name)->fixed = TRUE;
    return controller;
}

static VasGuestDefinition *
new_machine(const char *machine, VasPciModel root)
{
    VasGuestDefinition *definition = vas_guest_definition_new();

    definition->machine = g_strdup(machine);
    definition->acpi = TRUE;
    building_add_controller(definition, root, 0, NULL);
    return definition;
}

VasGuestDefinition *
building_q35(guint ports)
{
    VasGuestDefinition *definition = new_machine("pc-q35-7.2", VAS_PCIE_ROOT);

    for (guint i = 0; i < ports; i++) {
        g_autofree char *address = g_strdup_printf("0000:00:%02x.%x", 2 + i / 8, i % 8);

        building_add_controller(definition, VAS_PCIE_ROOT_PORT, i + 1, address);
    }
    return definition;
}

VasGuestDefinition *
building_pc(guint bridges)
{
    VasGuestDefinition *definition = new_machine("pc-i440fx-7.2", VAS_PCI_ROOT);

    for (guint i = 0; i < bridges; i++) {
        g_autofree char *address = g_strdup_printf("0000:00:%02x.0", 5 + i);

        building_add_controller(definition, VAS_PCI_BRIDGE, i + 1, address);
    }
    return definition;
}

void
building_occupy(VasGuestDefinition *definition, const char *address, const char *name)
{
    add_occupant(definition, building_guest_address(address), name);
    add_alias(definition, name);
}

static VasNic *
add_nic(VasGuestDefinition *definition, const char *alias, const char *mac, const char *address)
{
    VasNic *nic = g_new0(VasNic, 1);

    nic->alias = g_strdup(alias);
    nic->has_mac = mac != NULL;
    if (mac != NULL)
        nic->mac = building_mac(mac);
    nic->has_guest_address = address != NULL;
    if (address != NULL)
        nic->guest_address = building_guest_address(address);
    g_ptr_array_add(definition->nics, nic);
    return nic;
}

VasNic *
building_add_nic(VasGuestDefinition *definition, const char *alias, const char *mac,
                 const char *address)
{
    VasNic *nic = add_nic(definition, alias, mac, address);

    add_alias(definition, alias);
    if (address != NULL)
        add_occupant(definition, nic->guest_address, alias != NULL ? alias : "interface");
    return nic;
}

VasAssignment *
building_add_assignment(VasGuestDefinition *definition, VasAssignmentType type, const char *device,
                        const char *alias, const char *mac, const char *address)
{
    VasAssignment *assignment = vas_assignment_new(type);

    assignment->has_device = device != NULL;
    if (device != NULL)
        assignment->device = building_host_address(device);
    assignment->alias = g_strdup(alias);
    assignment->has_mac = mac != NULL;
    if (mac != NULL)
        assignment->mac = building_mac(mac);
    assignment->has_guest_address = address != NULL;
    if (address != NULL) {
        assignment->guest_address = building_guest_address(address);
        add_occupant(definition, assignment->guest_address, alias != NULL ? alias : "hostdev");
    }
    add_alias(definition, alias);
    if (type == VAS_ASSIGNMENT_INTERFACE)
        add_nic(definition, alias, mac, address);
    g_ptr_array_add(definition->assignments, assignment);
    return assignment;
}

void
building_add_use(VasGuestDefinition *definition, const char *device, gboolean shared)
{
    VasGuestUse *use = vas_guest_use_new(VAS_GUEST_USE_INTERFACE, "eth0");

    use->shared = shared;
    use->means = g_strdup(shared ? "by macvtap (bridge)" : "by macvtap");
    use->element = g_strdup("<interface type='direct'> on eth0");
    vas_guest_use_add_device(use, building_host_address(device));
    g_ptr_array_add(definition->uses, use);
}

VasGuest *
building_guest(const char *name, VasGuestDefinition *live, VasGuestDefinition *config)
{
    g_autofree char *uuid = g_strdup_printf("00000000-0000-4000-8000-%012x", g_str_hash(name));
    VasGuest *guest = vas_guest_new(name, uuid);

    guest->run_id = live != NULL ? 1 : -1;
    guest->state = live != NULL ? VAS_GUEST_RUNNING : VAS_GUEST_SHUT_OFF;
    guest->persistent = config != NULL;
    guest->live = live;
    guest->config = config;
    if (live != NULL)
        live->guest = guest->word;
    if (config != NULL)
        config->guest = guest->word;
    return guest;
}

static VasDevice *
add_device(VasInventory *inventory, const char *address, guint32 class_code, const char *driver,
           const char *interface)
{
    VasDevice *device = vas_device_new();

    device->address = building_host_address(address);
    device->nodedev = g_strdup(vas_pci_address_nodedev(device->address.pci).text);
    device->class_code = class_code;
    device->driver = g_strdup(driver);
    device->interface = g_strdup(interface);
    device->is_express = TRUE;
    device->iommu_group = 100 + (int) inventory->devices->len;
    vas_inventory_take_device(inventory, device);
    return device;
}

static VasDevice *
add_pf(VasInventory *inventory, const char *address, guint32 class_code, const char *driver,
       const char *interface)
{
    VasDevice *pf = add_device(inventory, address, class_code, driver, interface);

    pf->kind = VAS_DEVICE_PF;
    pf->max_vfs = 7;
    return pf;
}

static void
add_vf(VasInventory *inventory, VasDevice *pf, const char *address, const char *driver,
       const char *interface)
{
    VasDevice *vf = add_device(inventory, address, pf->class_code, driver, interface);

    vf->kind = VAS_DEVICE_VF;
    vf->pf = pf->address;
    g_array_append_val(pf->vfs, vf->address);
}

#define CLASS_ETHERNET 0x020000
#define CLASS_NVME 0x010802
#define CLASS_XHCI 0x0c0330
#define CLASS_BRIDGE 0x060400

VasInventory *
building_host(void)
{
    VasInventory *inventory = vas_inventory_new();
    VasDevice *pf;

    add_device(inventory, "0000:00:1f.0", CLASS_BRIDGE, NULL, NULL);
    add_device(inventory, "0000:00:01.0", CLASS_BRIDGE, "pcieport", NULL)->is_bridge = TRUE;
    pf = add_pf(inventory, "0000:01:00.0", CLASS_ETHERNET, "igb", "enp1s0");
    add_vf(inventory, pf, "0000:01:10.0", "igbvf", NULL);
    add_vf(inventory, pf, "0000:01:10.2", "igbvf", "enp1s0v1");
    add_vf(inventory, pf, "0000:01:10.4", "vfio-pci", NULL);
    add_vf(inventory, pf, "0000:01:10.6", NULL, NULL);
    pf = add_pf(inventory, "0000:02:00.0", CLASS_ETHERNET, "igb", "enp2s0");
    add_vf(inventory, pf, "0000:02:10.0", "igbvf", NULL);
    add_pf(inventory, "0000:03:00.0", CLASS_ETHERNET, "igb", "enp3s0");
    add_device(inventory, "0000:04:00.0", CLASS_XHCI, "xhci_hcd", NULL);
    pf = add_pf(inventory, "0000:05:00.0", CLASS_NVME, "nvme", NULL);
    add_vf(inventory, pf, "0000:05:00.1", "nvme", NULL);
    add_pf(inventory, "0000:06:00.0", CLASS_ETHERNET, "vfio-pci", NULL);
    vas_inventory_link(inventory);
    return inventory;
}

VasDevice *
building_device(const VasInventory *inventory, const char *address)
{
    VasDevice *device = vas_inventory_find_device(inventory, building_host_address(address));

    g_assert_nonnull(device);
    return device;
}
