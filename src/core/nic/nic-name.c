/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name.h"

#include "core/place/machine.h"
#include "core/place/slot-number.h"
#include "core/place/slots-firmware.h"
#include "core/place/slots.h"

#include <string.h>

void
vas_nic_name_free(VasNicName *name)
{
    if (name == NULL)
        return;
    g_free(name->name);
    g_free(name->why);
    g_free(name);
}

/* Takes both. */
static VasNicName *
nic_name(char *name, char *why)
{
    VasNicName *prediction = g_new(VasNicName, 1);

    prediction->name = name;
    prediction->why = why;
    return prediction;
}

gboolean
vas_nic_name_exposes_acpi_index(const VasGuestDefinition *definition, VasGuestAddress address)
{
    return vas_slot_number_shows_index(definition, address) == VAS_SHOWN_YES;
}

/* Whether the header of the function at @address says that it is one of several: QEMU sets that bit
 * for multifunction='on', which libvirt adds to function 0 by itself where there are others. */
static gboolean
says_multifunction(const VasGuestDefinition *definition, VasGuestAddress address)
{
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);
        VasGuestAddress neighbour = occupant->address;

        if (vas_guest_address_equal(neighbour, address) && occupant->multifunction)
            return TRUE;
        neighbour.pci.function = 0;
        if (vas_guest_address_equal(neighbour, address) && occupant->address.pci.function != 0)
            return TRUE;
    }
    return FALSE;
}

/* "f1" where the slot has several functions, else "". */
static char *
function_suffix(const VasGuestDefinition *definition, VasGuestAddress address)
{
    if (address.pci.function == 0 && !says_multifunction(definition, address))
        return g_strdup("");
    return g_strdup_printf("f%u", address.pci.function);
}

static const char *
bus_word(VasPciModel model)
{
    switch (model) {
    case VAS_PCIE_ROOT_PORT:
        return "root port";
    case VAS_PCIE_SWITCH_DOWNSTREAM_PORT:
        return "switch port";
    default:
        return vas_pci_model_name(model);
    }
}

/* "root port on guest bus 2, slot 0". Returns full. */
static char *
describe_place(const VasPciController *controller, int firmware_bus, VasGuestAddress address)
{
    if (controller->index == 0)
        return g_strdup_printf("root bus, slot %u", address.pci.slot);
    return g_strdup_printf("%s on guest bus %d, slot %u", bus_word(controller->model), firmware_bus,
                           address.pci.slot);
}

/* A place in the guest for which a name is looked for. */
typedef struct {
    const VasGuestDefinition *definition;
    const VasPciController *controller;
    VasGuestAddress address;
    int firmware_bus;
    const char *suffix; /* of the function */
    const char *prefix; /* of the kind: "en", "ib" */
    const char *text;   /* describe_place */
} Place;

/* Name by the guest's own bus number: names_pci_slot in systemd's udev-builtin-net_id.c. */
static VasNicName *
path_name(const Place *place)
{
    return nic_name(g_strdup_printf("%sp%ds%u%s", place->prefix, place->firmware_bus,
                                    place->address.pci.slot, place->suffix),
                    g_strconcat(place->text, " (path)", NULL));
}

/* The kernel has the slots' numbers from shpchp, which most kernels have, where ACPI does not tell
 * of the slots. */
static VasNicName *
slot_name(const Place *place, guint number)
{
    VasShown described = vas_slot_number_is_described(place->definition, place->address.pci.bus);

    return nic_name(
        g_strdup_printf("%ss%u%s", place->prefix, number, place->suffix),
        g_strconcat(place->text,
                    described == VAS_SHOWN_NO ? " (slot, by shpchp in the guest)" : " (slot)",
                    NULL));
}

/* udev falls back to the slot of a bridge above (pci_get_hotplug_slot in udev-builtin-net_id.c): a
 * NIC behind the bridge takes its number, as far as the scheme has it. */
static VasNicName *
name_by_bridge_slot(const Place *place, const VasNamingScheme *scheme)
{
    const VasPciController *bridge = place->controller;

    for (guint i = 0; i <= place->definition->controllers->len; i++) {
        VasSlotNumber number;

        if (bridge == NULL || !bridge->has_address)
            break;
        number = vas_slot_number_in_kernel(place->definition, bridge->address, NULL);
        if (number.known && number.number > 0) {
            if (scheme->bridge_no_slot && !(scheme->bridge_multifunction_slot &&
                                            says_multifunction(place->definition, place->address)))
                break;
            return slot_name(place, number.number);
        }
        bridge = vas_slots_bus(place->definition, bridge->address.pci.bus);
    }
    return path_name(place);
}

static VasNicName *
unknown_slot(const Place *place)
{
    return nic_name(NULL,
                    g_strdup_printf("depends on the slot numbers that QEMU and the guest's kernel "
                                    "give to %s %02x",
                                    vas_pci_model_name(place->controller->model),
                                    place->controller->index));
}

/* ACPI's number can depend on the QEMU that runs the guest. Where the kernel's number is the same,
 * it is that one either way. */
static VasNicName *
name_by_slot(const Place *place, const VasNamingScheme *scheme)
{
    VasSlotNumber in_kernel = vas_slot_number_in_kernel(place->definition, place->address, NULL);
    VasSlotNumber number = {.known = TRUE, .number = 0};

    if (scheme->firmware_sun)
        number = vas_slot_number_of_device(place->definition, place->address);
    if (!number.known && in_kernel.number == place->address.pci.slot)
        number = in_kernel;
    if (number.known && number.number == 0)
        number = in_kernel;
    if (!number.known)
        return unknown_slot(place);
    return number.number > 0 ? slot_name(place, number.number) : name_by_bridge_slot(place, scheme);
}

static gboolean
takes_nics(VasPciModel model)
{
    return model != VAS_PCIE_SWITCH_UPSTREAM_PORT && model != VAS_PCIE_EXPANDER_BUS &&
           model != VAS_PCI_MODEL_UNKNOWN;
}

/* Name of a NIC that is not on PCI; on the channels of s390x it is the end of its bus id, without
 * leading zeros: names_ccw in systemd's udev-builtin-net_id.c. */
static VasNicName *
name_elsewhere(const char *place)
{
    const char *id = strchr(place, '.');

    if (id == NULL)
        return nic_name(NULL, g_strdup_printf("it is on %s, not on PCI", place));
    id += strspn(id, ".0");
    return nic_name(g_strconcat("enc", *id != '\0' ? id : "0", NULL),
                    g_strdup_printf("channel device %s (path)", place));
}

static VasNicName *
predict_by_place(const VasGuestDefinition *definition, VasGuestAddress address, const char *prefix,
                 const VasNamingScheme *scheme)
{
    const VasPciController *controller = vas_slots_bus(definition, address.pci.bus);
    g_autofree char *suffix = function_suffix(definition, address);
    g_autofree char *text = NULL;
    Place place = {definition, controller, address, -1, suffix, prefix, NULL};

    if (vas_machine_is_s390(definition->machine))
        return nic_name(NULL, g_strdup("a PCI device of s390x is named by the uid and fid of its "
                                       "<zpci>, as the guest's kernel and systemd take them"));
    if (controller == NULL)
        return nic_name(NULL,
                        g_strdup_printf("bus %02x does not exist yet: its number in the guest "
                                        "depends on where libvirt puts the port",
                                        address.pci.bus));
    if (!takes_nics(controller->model))
        return nic_name(NULL, g_strdup_printf("bus %02x (%s) takes no NIC", controller->index,
                                              vas_pci_model_name(controller->model)));
    place.firmware_bus = vas_slots_firmware_bus(definition, controller->index);
    if (place.firmware_bus < 0)
        return nic_name(NULL, g_strdup_printf("the guest's number for bus %02x cannot be told",
                                              controller->index));
    text = describe_place(controller, place.firmware_bus, address);
    place.text = text;
    return name_by_slot(&place, scheme);
}

static VasNicName *
predict_onboard(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
                const char *prefix, const VasNamingScheme *scheme)
{
    VasShown shown = acpi_index <= scheme->onboard_max
                         ? vas_slot_number_shows_index(definition, address)
                         : VAS_SHOWN_NO;
    g_autoptr(VasNicName) by_place = NULL;

    if (shown == VAS_SHOWN_YES)
        return nic_name(g_strdup_printf("%so%d", prefix, acpi_index),
                        g_strdup_printf("acpi index %d (onboard)", acpi_index));
    by_place = predict_by_place(definition, address, prefix, scheme);
    if (shown == VAS_SHOWN_NO)
        return nic_name(
            g_steal_pointer(&by_place->name),
            g_strdup_printf("%s; acpi index %d does not show here", by_place->why, acpi_index));
    return nic_name(NULL,
                    g_strdup_printf("%so%d, or as without an acpi index (%s): depends on the QEMU "
                                    "that runs the machine",
                                    prefix, acpi_index,
                                    by_place->name != NULL ? by_place->name : by_place->why));
}

static VasNicName *
predict_by_scheme(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
                  const char *prefix, const VasNamingScheme *scheme)
{
    return acpi_index > 0 ? predict_onboard(definition, address, acpi_index, prefix, scheme)
                          : predict_by_place(definition, address, prefix, scheme);
}

/* Says why an older systemd calls the NIC otherwise: another bus has the slot's number in the
 * kernel. Returns full. */
static char *
describe_older(const VasGuestDefinition *definition, VasGuestAddress address, const char *name)
{
    const VasPciController *taker = NULL;

    (void) vas_slot_number_in_kernel(definition, address, &taker);
    if (name == NULL)
        return g_strdup("systemd before 257: cannot be told");
    if (taker == NULL)
        return g_strdup_printf("systemd before 257: %s", name);
    return g_strdup_printf("systemd before 257: %s, as bus %02x has a slot %u too", name,
                           taker->index, address.pci.slot);
}

static VasNicName *
predict(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
        const char *prefix, const VasNamingScheme *scheme)
{
    g_autoptr(VasNicName) newest = NULL;
    g_autoptr(VasNicName) older = NULL;
    g_autofree char *difference = NULL;

    if (scheme != NULL)
        return predict_by_scheme(definition, address, acpi_index, prefix, scheme);
    newest = predict_by_scheme(definition, address, acpi_index, prefix, vas_naming_scheme_newest());
    older = predict_by_scheme(definition, address, acpi_index, prefix, vas_naming_scheme_older());
    if (g_strcmp0(newest->name, older->name) == 0)
        return g_steal_pointer(&newest);
    difference = describe_older(definition, address, older->name);
    return nic_name(g_steal_pointer(&newest->name),
                    g_strdup_printf("%s; %s", newest->why, difference));
}

VasNicName *
vas_nic_name_predict(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
                     const VasNamingScheme *scheme)
{
    return predict(definition, address, acpi_index, "en", scheme);
}

/* get_ifname_prefix in systemd's udev-builtin-net_id.c. */
static VasNicName *
name_of_infiniband(const VasGuestDefinition *definition, const VasNic *nic,
                   const VasNamingScheme *scheme)
{
    if (scheme != NULL && !scheme->infiniband)
        return nic_name(NULL, g_strdup("systemd before 240 names no InfiniBand port: it keeps the "
                                       "kernel's name, such as ib0"));
    return predict(definition, nic->guest_address, nic->acpi_index, "ib", scheme);
}

/* The port comes last, behind an "n" (names_pci_slot and names_pci_onboard in
 * udev-builtin-net_id.c, get_port_specifier). */
VasNicName *
vas_nic_name_of(const VasGuestDefinition *definition, const VasNic *nic,
                const VasNamingScheme *scheme)
{
    VasNicName *name = NULL;
    g_autofree char *bare = NULL;
    g_autofree char *why = NULL;

    if (!nic->has_guest_address)
        return nic->other_place != NULL ? name_elsewhere(nic->other_place) : NULL;
    name = nic->is_infiniband
               ? name_of_infiniband(definition, nic, scheme)
               : vas_nic_name_predict(definition, nic->guest_address, nic->acpi_index, scheme);
    if (nic->port == NULL || name->name == NULL)
        return name;
    bare = name->name;
    why = name->why;
    name->name = g_strdup_printf("%sn%s", bare, nic->port);
    name->why = g_strdup_printf("%s, or %s if the guest's driver tells no port", why, bare);
    return name;
}
