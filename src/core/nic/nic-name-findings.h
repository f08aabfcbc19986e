/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/nic/guest-nics.h"
#include "core/report/finding.h"

G_BEGIN_DECLS

/* These checks append to @findings (GPtrArray of VasFinding) each reason why the names of a guest's
 * NICs are less than sure, and a way out with each. They append nothing where all is well. The ids:
 *   names.collision   two NICs claim one name: which gets it depends on which is found first
 *   names.acpi-index  one acpi index twice (a problem: such a guest does not start), or one that
 *                     the guest is not shown
 *   names.unknown     a name that cannot be told
 *   names.port        a name that may end with the port that the NIC's driver tells
 *   names.upgrade     a name that changes when the guest's systemd becomes 257 or newer
 *   names.next-start  a name that changes at the guest's next start */

/* Looks at one @definition of @guest; @where is "live" or "config". @scheme NULL: the newest scheme
 * and systemd 252's are both looked at. */
void vas_nic_name_find_in_definition(GPtrArray *findings, const VasGuest *guest,
                                     const VasGuestDefinition *definition, const char *where,
                                     const VasNamingScheme *scheme);

/* Looks at the guest as a whole: both its definitions, and what differs between them. */
void vas_nic_name_find(GPtrArray *findings, const VasGuest *guest, const VasNamingScheme *scheme);

G_END_DECLS
