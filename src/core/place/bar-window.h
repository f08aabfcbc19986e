/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* 64-bit prefetchable BARs, of one device or of several. */
typedef struct {
    guint64 sum;     /* bytes; 0: none */
    guint64 largest; /* of the BARs in @sum */
} VasLargeBars;

/* The window is the room above 4 GiB that a guest's machine has for such BARs: a hot-plugged device
 * has to find place there. The window of its port, which the firmware set at the start, is part of
 * it. Where hot-plug is PCI Express's own (pciehp_configure_device), Linux 6.1 and 6.12 leave that
 * window if the BARs fit it, and else give the port, when nothing else is behind it, another one:
 * as large as the device needs, and never smaller than it was. Of a port below a switch it has to
 * fit the window of the switch, which stays (pci_assign_unassigned_bridge_resources, which releases
 * the port's window before its second try, and pbus_size_mem, both in drivers/pci/setup-bus.c).
 * Where hot-plug is ACPI's, no window changes: enable_slot in acpiphp_glue.c only assigns what
 * fits, but for Linux 6.5 and some 6.6 (40613da52b13, which 6.7 reverted). At a start the
 * machine's window is no limit:
 * SeaBIOS makes room for whatever is there (pci_bios_map_devices in src/fw/pciinit.c), OVMF in a
 * window of its own (PlatformDynamicMmioWindow in OvmfPkg/Library/PlatformInitLib/MemDetect.c), and
 * QEMU tells the guest of a window that covers it (q35_host_get_pci_hole64_end in
 * hw/pci-host/q35.c). */

/* FALSE: not known for the guest's machine. */
gboolean vas_bar_window_size(const VasGuestDefinition *definition, guint64 *ret_size);

/* Whether a hot-plugged device has to do with the window that its port has since the start. */
gboolean vas_bar_window_of_port_stays(const VasGuestDefinition *definition);

/* The size of a window that has room for @bars wherever it begins: a BAR begins at a multiple of
 * its size, and the window does not. */
guint64 vas_bar_window_needed(VasLargeBars bars);

/* The next power of two from @needed on, in GiB: a value for <pcihole64>. */
guint64 vas_bar_window_advised_gib(guint64 needed);

G_END_DECLS
