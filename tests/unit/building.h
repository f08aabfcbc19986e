/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* These build guests and hosts by hand, to test decisions on: no XML, no hypervisor. A malformed
 * address fails the test. */

VasHostAddress building_host_address(const char *text);
VasGuestAddress building_guest_address(const char *text);
VasMacAddress building_mac(const char *text);

/* Makes a "pc-q35-7.2" with ACPI: pcie-root and @ports root ports, buses 1 to @ports, in
 * 0000:00:02.0, 0000:00:02.1 ... as libvirt places them. Returns full. */
VasGuestDefinition *building_q35(guint ports);

/* Makes a "pc-i440fx-7.2" with ACPI: pci-root and @bridges pci-bridges, buses 1 to @bridges, in
 * 0000:00:05.0, 0000:00:06.0 ... Returns full. */
VasGuestDefinition *building_pc(guint bridges);

/* @address NULL: a root bus. Borrowed. */
VasPciController *building_add_controller(VasGuestDefinition *definition, VasPciModel model,
                                          guint index, const char *address);

/* Puts a device of no interest at @address; @name is its alias too. */
void building_occupy(VasGuestDefinition *definition, const char *address, const char *name);

/* Adds an emulated NIC. @address NULL: none yet. Borrowed. */
VasNic *building_add_nic(VasGuestDefinition *definition, const char *alias, const char *mac,
                         const char *address);

/* Adds a device of the host, with all that goes with it: occupant, alias, and the NIC of an
 * interface. NULL stands for what it has not. Borrowed. */
VasAssignment *building_add_assignment(VasGuestDefinition *definition, VasAssignmentType type,
                                       const char *device, const char *alias, const char *mac,
                                       const char *address);

/* Makes the definition use @device without an assignment, as a macvtap in mode passthrough, or,
 * @shared, in mode bridge. */
void building_add_use(VasGuestDefinition *definition, const char *device, gboolean shared);

/* Takes both definitions; @live NULL: shut off, @config NULL: transient. Its UUID follows from the
 * name. Returns full. */
VasGuest *building_guest(const char *name, VasGuestDefinition *live, VasGuestDefinition *config);

/* A host without guests:
 *   0000:00:01.0  PCI bridge
 *   0000:01:00.0  PF enp1s0, VFs 0 to 3: 0000:01:10.0, .2, .4, .6; VF 1 is enp1s0v1 on the host
 *   0000:02:00.0  PF enp2s0, VF 0: 0000:02:10.0
 *   0000:03:00.0  PF enp3s0, no VFs, up to 7
 *   0000:04:00.0  USB controller
 *   0000:05:00.0  NVMe PF, VF 0: 0000:05:00.1
 *   0000:06:00.0  PF without network interface, no VFs
 * Returns full. */
VasInventory *building_host(void);

/* Finds a device, and fails the test if it is not there. Borrowed from @inventory. */
VasDevice *building_device(const VasInventory *inventory, const char *address);

G_END_DECLS
