/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* The guest's firmware and kernel number the slots that QEMU describes; NIC names are made of these
 * numbers. */

typedef enum {
    VAS_SHOWN_NO,
    VAS_SHOWN_YES,
    VAS_SHOWN_DEPENDS, /* on the QEMU that runs the guest, which the definition does not tell */
} VasShown;

/* Whether the guest learns of the slots of @bus by ACPI: QEMU describes them on buses whose
 * hot-plug is ACPI's - not with native pciehp (q35 machines up to 6.0), not on bus 0 of q35, not
 * below expander buses. A bus that is not there yet counts as the root port that libvirt adds. */
VasShown vas_slot_number_is_described(const VasGuestDefinition *definition, guint bus);

/* Whether the kernel is shown the acpi index of a device at @address. */
VasShown vas_slot_number_shows_index(const VasGuestDefinition *definition, VasGuestAddress address);

/* A number that may depend on something. */
typedef struct {
    gboolean known;
    guint number; /* 0: none that names anything */
} VasSlotNumber;

/* ACPI's own number (_SUN) of the device at @address. */
VasSlotNumber vas_slot_number_of_device(const VasGuestDefinition *definition,
                                        VasGuestAddress address);

/* The number in /sys/bus/pci/slots of the slot of @address. A number that an earlier bus has taken
 * already is none: the kernel makes "3-1" of it; *ret_taker (may be NULL) is that bus then, else
 * NULL. */
VasSlotNumber vas_slot_number_in_kernel(const VasGuestDefinition *definition,
                                        VasGuestAddress address,
                                        const VasPciController **ret_taker);

G_END_DECLS
