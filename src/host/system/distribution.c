/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/distribution.h"

#include "host/system/sysfs.h"

#include <string.h>

static const struct {
    const char *id;
    VasDistribution distribution;
} families[] = {
    {"debian", VAS_DISTRIBUTION_DEBIAN},
    {"ubuntu", VAS_DISTRIBUTION_DEBIAN},
    {"fedora", VAS_DISTRIBUTION_FEDORA},
    {"rhel", VAS_DISTRIBUTION_FEDORA},
    {"centos", VAS_DISTRIBUTION_FEDORA},
    {"suse", VAS_DISTRIBUTION_SUSE},
    {"opensuse", VAS_DISTRIBUTION_SUSE},
    {"opensuse-leap", VAS_DISTRIBUTION_SUSE},
    {"opensuse-tumbleweed", VAS_DISTRIBUTION_SUSE},
    {"sles", VAS_DISTRIBUTION_SUSE},
};

/* @key with its '='. Returns full; NULL: not there. */
static char *
value_of(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], key))
            return g_shell_unquote(lines[i] + strlen(key), NULL);
    }
    return NULL;
}

static VasDistribution
family_of(const char *ids)
{
    g_auto(GStrv) words = g_strsplit(ids, " ", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        for (guint j = 0; j < G_N_ELEMENTS(families); j++) {
            if (g_str_equal(words[i], families[j].id))
                return families[j].distribution;
        }
    }
    return VAS_DISTRIBUTION_OTHER;
}

VasDistribution
vas_distribution_read(const VasHost *host)
{
    g_autofree char *text = vas_sysfs_read(host, "/etc/os-release", NULL);
    g_autofree char *id = NULL;
    g_autofree char *like = NULL;
    VasDistribution distribution = VAS_DISTRIBUTION_OTHER;

    if (text == NULL)
        text = vas_sysfs_read(host, "/usr/lib/os-release", NULL);
    if (text == NULL)
        return VAS_DISTRIBUTION_OTHER;
    id = value_of(text, "ID=");
    like = value_of(text, "ID_LIKE=");
    if (id != NULL)
        distribution = family_of(id);
    if (distribution == VAS_DISTRIBUTION_OTHER && like != NULL)
        distribution = family_of(like);
    return distribution;
}
