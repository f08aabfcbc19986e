/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/machine.h"

#include <stdio.h>
#include <string.h>

/* Ubuntu's machines are called by release (hw/i386/pc_q35.c of its QEMU), RHEL's by its version. */
static const struct {
    const char *suffix;
    guint version;
} named_versions[] = {
    {"xenial", 205},    {"yakkety", 206},   {"zesty", 208},     {"artful", 210},
    {"bionic", 211},    {"cosmic", 212},    {"disco", 301},     {"eoan", 400},
    {"focal", 402},     {"groovy", 500},    {"hirsute", 502},   {"impish", 600},
    {"jammy", 602},     {"kinetic", 700},   {"lunar", 702},     {"mantic", 800},
    {"noble", 802},     {"oracular", 900},  {"plucky", 902},    {"rhel7.6.0", 212},
    {"rhel8.0.0", 301}, {"rhel8.1.0", 401}, {"rhel8.2.0", 402}, {"rhel8.3.0", 501},
    {"rhel8.4.0", 502}, {"rhel8.5.0", 600}, {"rhel8.6.0", 602}, {"questing", 1001},
    {"rhel9.0.0", 602}, {"rhel9.2.0", 702}, {"rhel9.4.0", 802}, {"rhel9.6.0", 901},
};

gboolean
vas_machine_is_x86(const char *machine)
{
    return machine == NULL || g_str_has_prefix(machine, "pc") || strcmp(machine, "q35") == 0;
}

gboolean
vas_machine_is_q35(const char *machine)
{
    return machine != NULL && (g_str_has_prefix(machine, "pc-q35") || strcmp(machine, "q35") == 0);
}

gboolean
vas_machine_is_s390(const char *machine)
{
    return machine != NULL && g_str_has_prefix(machine, "s390-");
}

/* RHEL's machines that are not in the table have at least the devices of the first of their family.
 * 0: not one of them. */
static guint
oldest_of_rhel(const char *suffix)
{
    guint major;
    guint minor;

    if (sscanf(suffix, "rhel%3u.%2u.", &major, &minor) != 2)
        return 0;
    return major >= 10 ? 901 : major == 9 ? 602 : 0;
}

static guint
version_of_suffix(const char *suffix)
{
    guint major;
    guint minor;

    if (sscanf(suffix, "%3u.%2u", &major, &minor) == 2)
        return major * 100 + minor;
    /* "jammy" and "jammy-hpb" are one machine with another width of addresses. */
    for (gsize i = 0; i < G_N_ELEMENTS(named_versions); i++) {
        gsize length = strlen(named_versions[i].suffix);

        if (strncmp(suffix, named_versions[i].suffix, length) == 0 &&
            (suffix[length] == '\0' || suffix[length] == '-'))
            return named_versions[i].version;
    }
    return oldest_of_rhel(suffix);
}

guint
vas_machine_version(const char *machine)
{
    static const char *const prefixes[] = {"pc-q35-", "pc-i440fx-"};

    if (machine == NULL || strcmp(machine, "q35") == 0 || strcmp(machine, "pc") == 0)
        return G_MAXUINT;
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(machine, prefixes[i]))
            return version_of_suffix(machine + strlen(prefixes[i]));
    }
    return 0;
}
