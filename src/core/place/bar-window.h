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
 * has to find place there, whatever window the firmware gave to the root port, since the guest's
 * kernel moves the windows of empty ports (pci_assign_unassigned_bridge_resources in
 * drivers/pci/setup-bus.c, which pciehp_pci.c and acpiphp_glue.c call). At a start it is no limit:
 * SeaBIOS makes room for whatever is there (pci_bios_map_devices in src/fw/pciinit.c), OVMF in a
 * window of its own (PlatformDynamicMmioWindow in OvmfPkg/Library/PlatformInitLib/MemDetect.c), and
 * QEMU tells the guest of a window that covers it (q35_host_get_pci_hole64_end in
 * hw/pci-host/q35.c). */

/* FALSE: not known for the guest's machine. */
gboolean vas_bar_window_size(const VasGuestDefinition *definition, guint64 *ret_size);

/* The size of a window that has room for @bars wherever it begins: a BAR begins at a multiple of
 * its size, and the window does not. */
guint64 vas_bar_window_needed(VasLargeBars bars);

/* The next power of two from @needed on, in GiB: a value for <pcihole64>. */
guint64 vas_bar_window_advised_gib(guint64 needed);

G_END_DECLS
