/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* A guest's PCI buses and what sits on them, from one definition. The rules of what a bus takes are
 * libvirt's: virDomainPCIAddressBusSetModel in src/conf/domain_addr.c. */

/* The addresses that vas_slots_accept accepts on existing buses, in order of preference: PCIe root
 * and downstream ports before conventional buses, each by number; pcie-root and dmi-to-pci-bridge,
 * which a user may name for the config, are left out, as libvirt does when it chooses.
 * GArray of VasGuestAddress. Returns full. */
GArray *vas_slots_free(const VasGuestDefinition *definition, gboolean hot);

/* Names the holder of the slot of @address, all of it: no other device gets in there. NULL: nobody
 * has it. Borrowed. */
const char *vas_slots_holder(const VasGuestDefinition *definition, VasGuestAddress address);

/* The controller that makes bus @bus; NULL: no such bus. Borrowed. */
const VasPciController *vas_slots_bus(const VasGuestDefinition *definition, guint bus);

/* Whether the guest's machine has PCI at all: a bus 0. */
gboolean vas_slots_has_pci(const VasGuestDefinition *definition);

/* Whether the port of @assignment may take a request to unplug it, now or later: not where nothing
 * can be unplugged at all. */
gboolean vas_slots_can_unplug(const VasGuestDefinition *definition,
                              const VasAssignment *assignment);

/* The highest bus that there is. */
guint vas_slots_last_bus(const VasGuestDefinition *definition);

/* libvirt adds this controller to a shut-off guest for an address on the bus behind the last one:
 * pcie-root-port, pci-bridge, or nothing (VAS_PCI_MODEL_UNKNOWN): no more, too, than the guest's
 * firmware has numbers for. */
VasPciModel vas_slots_new_bus(const VasGuestDefinition *definition);

/* A guest of this machine is given this controller to have more places for devices: pcie-root-port,
 * pci-bridge, or nothing (VAS_PCI_MODEL_UNKNOWN). */
VasPciModel vas_slots_port_model(const VasGuestDefinition *definition);

/* The host's NUMA node that @bus is near, being below an expander bus with one; -1: none. */
int vas_slots_host_node(const VasGuestDefinition *definition, guint bus);

G_END_DECLS
