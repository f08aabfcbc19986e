/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/naming-scheme.h"

#include "core/value/error.h"

#include <string.h>

/* ONBOARD_14BIT_INDEX_MAX and ONBOARD_16BIT_INDEX_MAX in systemd's udev-builtin-net_id.c. */
#define INDEX_14_BIT 16383
#define INDEX_16_BIT 65535

#define NEWEST "v261"
#define OLDER "v252"

/* NAMING_V238 ... in systemd's src/shared/netif-naming-scheme.h, and NAMING_RHEL_8_0 ... in RHEL
 * 10's: what is left out there in words is the same here in columns. udev walks to parent slots
 * whatever the scheme, though the man page dates that to v239. */
static const VasNamingScheme schemes[] = {
    /* name, bridge_no_slot, bridge_multifunction_slot, firmware_sun, infiniband, onboard_max */
    {"v238", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"v239", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"v240", FALSE, FALSE, FALSE, TRUE, INDEX_14_BIT},
    {"v241", FALSE, FALSE, FALSE, TRUE, INDEX_14_BIT},
    {"v243", FALSE, FALSE, FALSE, TRUE, INDEX_14_BIT},
    {"v245", FALSE, FALSE, FALSE, TRUE, INDEX_14_BIT},
    {"v247", TRUE, FALSE, FALSE, TRUE, INDEX_14_BIT},
    {"v249", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"v250", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"v251", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"v252", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"v253", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"v254", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"v255", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"v257", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"v258", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"v259", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"v260", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"v261", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"rhel-8.0", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.1", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.2", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.3", FALSE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.4", TRUE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.5", TRUE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.6", TRUE, FALSE, FALSE, FALSE, INDEX_14_BIT},
    {"rhel-8.7", TRUE, FALSE, FALSE, FALSE, INDEX_16_BIT},
    {"rhel-8.8", TRUE, FALSE, FALSE, FALSE, INDEX_16_BIT},
    {"rhel-8.9", TRUE, FALSE, FALSE, FALSE, INDEX_16_BIT},
    {"rhel-8.10", TRUE, FALSE, FALSE, FALSE, INDEX_16_BIT},
    {"rhel-9.0", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.1", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.2", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.3", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.4", TRUE, TRUE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.5", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.6", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-9.7", TRUE, FALSE, FALSE, TRUE, INDEX_16_BIT},
    {"rhel-10.0", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
    {"rhel-10.1", TRUE, FALSE, TRUE, TRUE, INDEX_16_BIT},
};

static const VasNamingScheme *
find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (strcmp(schemes[i].name, name) == 0)
            return &schemes[i];
    }
    return NULL;
}

/* Whether @name is a scheme of a systemd that is newer than this table: "v270". */
static gboolean
is_newer(const char *name)
{
    guint64 number = 0;
    guint64 newest = g_ascii_strtoull(&NEWEST[1], NULL, 10);

    return name[0] == 'v' &&
           g_ascii_string_to_unsigned(name + 1, 10, newest + 1, 999, &number, NULL);
}

const VasNamingScheme *
vas_naming_scheme_find(const char *name, GError **error)
{
    gboolean is_newest = strcmp(name, "latest") == 0 || is_newer(name);
    const VasNamingScheme *scheme = find(is_newest ? NEWEST : name);

    if (scheme != NULL)
        return scheme;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not a naming scheme of systemd",
                name);
    vas_error_set_hint(error, "v238 to " NEWEST ", rhel-8.0 to rhel-10.1, or latest, which is %s",
                       NEWEST);
    return NULL;
}

const VasNamingScheme *
vas_naming_scheme_newest(void)
{
    return find(NEWEST);
}

const VasNamingScheme *
vas_naming_scheme_older(void)
{
    return find(OLDER);
}

const VasNamingScheme *
vas_naming_scheme_nth(guint n)
{
    return n < G_N_ELEMENTS(schemes) ? &schemes[n] : NULL;
}
