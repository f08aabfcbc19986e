/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/numvfs-path.h"

#include <fnmatch.h>
#include <string.h>

gboolean
vas_numvfs_path_fits(const VasMappedPf *pf, const char *pattern)
{
    VasPciAddressText address = vas_host_address_text(pf->address);
    g_autofree char *by_address =
        g_strdup_printf("/sys/bus/pci/devices/%s/sriov_numvfs", address.text);
    g_autofree char *real = g_strdup_printf("/%s/sriov_numvfs", address.text);

    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        g_autofree char *path =
            g_strdup_printf("/sys/class/net/%s/device/sriov_numvfs", pf->interfaces[i]);

        if (fnmatch(pattern, path, FNM_PATHNAME) == 0)
            return TRUE;
    }
    return fnmatch(pattern, by_address, FNM_PATHNAME) == 0 ||
           (g_str_has_prefix(pattern, "/sys/devices/") && g_str_has_suffix(pattern, real));
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

gboolean
vas_text_names_pf(const char *text, const VasMappedPf *pf)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);

    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        if (has_word(text, pf->interfaces[i]))
            return TRUE;
    }
    return has_word(lower, vas_host_address_text(pf->address).text) || has_word(lower, pf->mac);
}
