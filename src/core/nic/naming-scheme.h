/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A naming scheme of systemd-udevd, as far as the names of PCI NICs in guests depend on it. */
typedef struct {
    const char *name;
    /* A NIC behind a bridge is not named by the hot-plug slot that the bridge itself is in... */
    gboolean bridge_no_slot;
    /* ... unless the NIC is one of several functions. */
    gboolean bridge_multifunction_slot;
    /* A slot's number is what ACPI says of the device itself (_SUN), whatever the kernel calls the
     * slot. */
    gboolean firmware_sun;
    gboolean infiniband; /* InfiniBand gets names too, else it keeps the kernel's */
    int onboard_max;     /* a higher index is not believed */
} VasNamingScheme;

/* "v238" to "v261", "rhel-8.0" to "rhel-10.1", "latest". A newer one of systemd ("v270") counts as
 * the newest. VAS_ERROR_INVALID lists them in its hint. Static. */
const VasNamingScheme *vas_naming_scheme_find(const char *name, GError **error);

/* The newest scheme is the one of the newest systemd whose rules are known here; the older one is
 * systemd 252's, the last with the rules before. Static. */
const VasNamingScheme *vas_naming_scheme_newest(void);
const VasNamingScheme *vas_naming_scheme_older(void);

/* All schemes, oldest first, systemd's before RHEL's; NULL at the end. Static. */
const VasNamingScheme *vas_naming_scheme_nth(guint n);

G_END_DECLS
