/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device.h"
#include "core/guest.h"
#include "core/pci-bus.h"

G_BEGIN_DECLS

/* A guest's PCI buses and what sits on them, from one definition. The rules of what a bus takes are
 * libvirt's: virDomainPCIAddressBusSetModel in src/conf/domain_addr.c. */

/* May a device be plugged at @address? @hot: into the running guest. Refused: domain not 0, no such
 * bus, slot out of the bus's range, function not 0, bus without hot-plug (when @hot) or that takes
 * no endpoints (VAS_ERROR_UNUSABLE), slot taken (VAS_ERROR_TAKEN, with the holder's name). The hint
 * lists some free addresses. With @hot FALSE the bus that libvirt would add next is accepted too
 * (vas_slots_new_bus). */
gboolean vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address,
                         gboolean hot, GError **error);

/* The same for @device: for a conventional one on a bus yet to come libvirt adds, on a pcie-root
 * machine, a bridge, and puts it on another bus than asked (virDomainPCIAddressSetGrow in
 * src/conf/domain_addr.c). */
gboolean vas_slots_check_device(const VasGuestDefinition *definition, const VasDevice *device,
                                VasGuestAddress address, gboolean hot, GError **error);

/* The addresses that vas_slots_check accepts on existing buses, in order of preference: PCIe root
 * and downstream ports before conventional buses, each by number; pcie-root and dmi-to-pci-bridge,
 * which a user may name for the config, are left out, as libvirt does when it chooses.
 * GArray of VasGuestAddress. Returns full. */
GArray *vas_slots_free(const VasGuestDefinition *definition, gboolean hot);

/* Who has the slot of @address, all of it: no other device gets in there; NULL: nobody. Borrowed.
 */
const char *vas_slots_holder(const VasGuestDefinition *definition, VasGuestAddress address);

/* What an address is wanted for; all of it borrowed. */
typedef struct {
    const VasDevice *device;          /* NULL: any PCIe function, near no NUMA node */
    const VasGuestDefinition *live;   /* the guest's; NULL: it does not run */
    const VasGuestDefinition *config; /* NULL: it is transient */
    VasScope scope;                   /* those of them that the device is added to */
    const GArray *reserved;           /* VasGuestAddress promised to others; NULL: none */
} VasSlotRequest;

/* The best address of those that can be hot-plugged and are free in every definition of the
 * request's scope. A PCIe function rather goes to a root or downstream port, a conventional one to
 * a bridge; then to an expander bus near its NUMA node, then to the main hierarchy; then bus and
 * slot decide: the same request gives the same address on every host. What the other definition has
 * is left alone: the config's devices come back at their addresses. For config alone, when
 * everything is taken, the next new bus (libvirt adds its controller), but not for a conventional
 * device on a pcie-root machine, for which libvirt would move the address. VAS_ERROR_NO_SLOT names
 * the ports that exist and who sits there, the hint the way out. */
gboolean vas_slots_choose(const VasSlotRequest *request, VasGuestAddress *ret_address,
                          GError **error);

/* "0000:01:00.0 (virtio-disk0), bus 02 (pci-bridge, full)": what could take the device, were it not
 * full. NULL: nothing. Returns full. */
char *vas_slots_describe(const VasSlotRequest *request);

/* How the guest gets more room, for a hint. Static. */
const char *vas_slots_way_out(const VasSlotRequest *request);

/* Whether the guest's machine has PCI at all: QEMU has a few without, for which libvirt lists no
 * PCI controller. */
gboolean vas_slots_has_pci(const VasGuestDefinition *definition);

/* The controller that makes bus @bus; NULL: no such bus. Borrowed. */
const VasPciController *vas_slots_bus(const VasGuestDefinition *definition, guint bus);

/* The highest there is. */
guint vas_slots_last_bus(const VasGuestDefinition *definition);

/* What libvirt adds to a shut-off guest for an address on the bus behind the last one:
 * pcie-root-port, pci-bridge, or nothing (VAS_PCI_MODEL_UNKNOWN). */
VasPciModel vas_slots_new_bus(const VasGuestDefinition *definition);

/* What a guest of this machine is given to have more places for devices: pcie-root-port,
 * pci-bridge, or nothing (VAS_PCI_MODEL_UNKNOWN). */
VasPciModel vas_slots_port_model(const VasGuestDefinition *definition);

/* The host's NUMA node that @bus is near, being below an expander bus with one; -1: none. */
int vas_slots_host_node(const VasGuestDefinition *definition, guint bus);

/* The number that the guest's firmware (SeaBIOS, OVMF: depth first in the order of slot and
 * function) gives to libvirt's bus @bus: what the guest's kernel shows and NIC names are made of.
 * -1: no such bus, or it hangs below nothing. */
int vas_slots_firmware_bus(const VasGuestDefinition *definition, guint bus);

/* How many more buses fit in, before the numbers are used up or reach those of an expander bus. */
guint vas_slots_firmware_room(const VasGuestDefinition *definition);

G_END_DECLS
