/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/saved-vfs.h"

#include "host/system/sysfs.h"

#include <string.h>

/* A place where the number of VFs can be kept. */
typedef struct {
    const char *folder;
    const char *suffix;
    const char *marker; /* the word that sets the number there */
} Place;

static const Place places[] = {
    {"/etc/udev/rules.d", ".rules", "sriov_numvfs"},
    /* systemd.link(5), [SR-IOV] since 251. */
    {"/etc/systemd/network", ".link", "SR-IOVVirtualFunctions="},
    {"/etc/systemd/system", ".service", "sriov_numvfs"},
    {"/etc/tmpfiles.d", ".conf", "sriov_numvfs"},
    {"/etc/sysfs.d", ".conf", "sriov_numvfs"},
    {"/etc/network/interfaces.d", "", "sriov_numvfs"},
    {"/etc/network", "interfaces", "sriov_numvfs"},
    {"/etc/rc.d", "rc.local", "sriov_numvfs"},
    {"/etc", "rc.local", "sriov_numvfs"},
    {"/etc", "sysfs.conf", "sriov_numvfs"},
    /* nm-settings(5), sriov.total-vfs. */
    {"/etc/NetworkManager/system-connections", ".nmconnection", "total-vfs="},
};

/* The line of @text that has @marker and is not a comment; NULL: none. Returns full. */
static char *
line_with(const char *text, const char *marker)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (line[0] != '#' && line[0] != ';' && strstr(line, marker) != NULL)
            return g_strdup(line);
    }
    return NULL;
}

/* @word as a whole: enp1s0 is not named by enp1s0f1. */
static gboolean
has_word(const char *text, const char *word)
{
    gsize length = word != NULL ? strlen(word) : 0;

    for (const char *at = length > 0 ? strstr(text, word) : NULL; at != NULL;
         at = strstr(at + 1, word)) {
        if ((at == text || !g_ascii_isalnum(at[-1])) && !g_ascii_isalnum(at[length]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
names_pf(const char *text, const VasMappedPf *pf)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);

    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        if (has_word(text, pf->interfaces[i]))
            return TRUE;
    }
    return has_word(text, vas_host_address_text(pf->address).text) || has_word(lower, pf->mac);
}

static char *
saved_in(const VasHost *host, const char *path, const char *marker, const VasMappedPf *pf)
{
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_autofree char *line = text != NULL && names_pf(text, pf) ? line_with(text, marker) : NULL;

    return line != NULL ? g_strdup_printf("%s: %s", path, line) : NULL;
}

/* "options igb max_vfs=7": of drivers out of the kernel's tree, and of old kernels. */
static char *
saved_as_option(const VasHost *host, const VasMappedPf *pf)
{
    g_auto(GStrv) files = vas_sysfs_list(host, "/etc/modprobe.d");

    for (guint i = 0; pf->driver != NULL && files[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("/etc/modprobe.d", files[i], NULL);
        g_autofree char *text =
            g_str_has_suffix(files[i], ".conf") ? vas_sysfs_read(host, path, NULL) : NULL;
        g_autofree char *line = text != NULL ? line_with(text, "max_vfs=") : NULL;

        if (line != NULL && has_word(line, pf->driver))
            return g_strdup_printf("%s: %s", path, line);
    }
    return NULL;
}

char *
vas_saved_vfs_find(const VasHost *host, const VasMappedPf *pf)
{
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_auto(GStrv) files = vas_sysfs_list(host, places[i].folder);

        for (guint j = 0; files[j] != NULL; j++) {
            g_autofree char *path = g_build_filename(places[i].folder, files[j], NULL);
            char *found = NULL;

            if (g_str_has_suffix(files[j], places[i].suffix))
                found = saved_in(host, path, places[i].marker, pf);
            if (found != NULL)
                return found;
        }
    }
    return saved_as_option(host, pf);
}
