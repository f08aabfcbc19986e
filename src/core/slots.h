/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/pci-bus.h"

G_BEGIN_DECLS

/* A guest's PCI buses and what sits on them, from one definition. The rules of what a bus takes are
 * libvirt's: virDomainPCIAddressBusSetModel in src/conf/domain_addr.c. */

/* May a device be plugged at @address? @hot: into the running guest. Refused: domain not 0, no such
 * bus, slot out of the bus's range, function not 0, bus without hot-plug (when @hot) or that takes
 * no endpoints (VAS_ERROR_UNUSABLE), slot taken (VAS_ERROR_TAKEN, with the holder's name). The hint
 * lists some free addresses. With @hot FALSE one bus more than there are is accepted on a pcie-root
 * machine: libvirt then adds the root port. */
gboolean vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address,
                         gboolean hot, GError **error);

/* The addresses that vas_slots_check accepts on existing buses, in order of preference: PCIe root
 * and downstream ports before conventional buses, each by number; pcie-root and dmi-to-pci-bridge,
 * which a user may name for the config, are left out, as libvirt does when it chooses.
 * GArray of VasGuestAddress. Returns full. */
GArray *vas_slots_free(const VasGuestDefinition *definition, gboolean hot);

/* The first address free in @live (hot) and in @config; either may be NULL, not both. For config
 * alone, when every port is taken, the next new bus of a pcie-root machine (libvirt adds the port).
 * @reserved (GArray of VasGuestAddress, or NULL) are promised to others of the same command.
 * VAS_ERROR_NO_SLOT names the ports that exist and who sits there, the hint the way out. */
gboolean vas_slots_choose(const VasGuestDefinition *live, const VasGuestDefinition *config,
                          const GArray *reserved, VasGuestAddress *ret_address, GError **error);

/* The controller that makes bus @bus; NULL: no such bus. Borrowed. */
const VasPciController *vas_slots_bus(const VasGuestDefinition *definition, guint bus);

/* The number that the guest's firmware (SeaBIOS, OVMF: depth first in the order of slot and
 * function) gives to libvirt's bus @bus: what the guest's kernel shows and NIC names are made of.
 * -1: no such bus, or it hangs below nothing. */
int vas_slots_firmware_bus(const VasGuestDefinition *definition, guint bus);

G_END_DECLS
