/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* A search leads from a name back to an address or an acpi index. */
typedef struct {
    const VasGuestDefinition *live;   /* it is hot-plugged into this one; NULL: it is not */
    const VasGuestDefinition *config; /* NULL: not that one; one of the two is there */
    const GArray *reserved; /* VasGuestAddress, promised to others of the same command; or NULL */
    gboolean has_guest_address; /* this one, and no other */
    VasGuestAddress guest_address;
    int acpi_index; /* this one, and no other; 0: whichever it takes */
} VasNicNameSearch;

/* Finds where a NIC has to go to be called @name ("ens1", "enp2s0", "eno7") under the newest naming
 * scheme and systemd 252's alike, live and in the config: *ret_acpi_index is 0 but for an eno<N>.
 * Whether that index is free is not looked at. VAS_ERROR_INVALID: no PCI NIC gets a name of this
 * form. VAS_ERROR_TAKEN: a NIC has it. VAS_ERROR_CONFLICT: what was given leads to another name.
 * VAS_ERROR_UNUSABLE, VAS_ERROR_NO_SLOT: nothing there leads to it, and why. */
gboolean vas_nic_name_choose(const VasNicNameSearch *search, const char *name,
                             VasGuestAddress *ret_address, int *ret_acpi_index, GError **error);

/* Whether @name has the form of a name that a NIC with a slot of its own gets. VAS_ERROR_INVALID
 * says what the forms are. */
gboolean vas_nic_name_check(const char *name, GError **error);

G_END_DECLS
