/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/bar-window.h"

#include "core/place/machine.h"
#include "core/place/slot-number.h"
#include "core/place/slots.h"

/* Q35_PCI_HOST_HOLE64_SIZE_DEFAULT in QEMU's hw/pci-host/q35.c, I440FX_PCI_HOST_HOLE64_SIZE_DEFAULT
 * in i440fx.c. */
#define DEFAULT_Q35 (G_GUINT64_CONSTANT(1) << 35)
#define DEFAULT_PC (G_GUINT64_CONSTANT(1) << 31)
#define GIB (G_GUINT64_CONSTANT(1) << 30)

gboolean
vas_bar_window_size(const VasGuestDefinition *definition, guint64 *ret_size)
{
    if (!vas_machine_is_x86(definition->machine))
        return FALSE;
    if (definition->platform.has_pci_hole64)
        *ret_size = definition->platform.pci_hole64;
    else
        *ret_size = vas_machine_is_q35(definition->machine) ? DEFAULT_Q35 : DEFAULT_PC;
    return TRUE;
}

gboolean
vas_bar_window_of_port_stays(const VasGuestDefinition *definition)
{
    /* The bus behind the last stands for all root ports. */
    return vas_slot_number_is_described(definition, vas_slots_last_bus(definition) + 1) ==
           VAS_SHOWN_YES;
}

guint64
vas_bar_window_needed(VasLargeBars bars)
{
    /* From its first multiple of 1 GiB on the window has all of its size: it begins at one
     * (pc_pci_hole64_start in hw/i386/pc.c) or at the lowest BAR or window that the firmware put
     * above 4 GiB, and ends at one (q35_host_get_pci_hole64_end in hw/pci-host/q35.c). */
    return bars.sum + (bars.largest > GIB ? bars.largest - GIB : 0);
}

guint64
vas_bar_window_advised_gib(guint64 needed)
{
    guint64 gib = 1;

    while (gib < needed / GIB + (needed % GIB != 0))
        gib *= 2;
    return gib;
}
