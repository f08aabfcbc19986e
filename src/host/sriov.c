/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov.h"

#include "core/error.h"
#include "host/sysfs.h"

#include <net/if.h>

static gboolean
read_up(const VasHost *host, const char *interface, gboolean *ret_up, GError **error)
{
    g_autofree char *path = g_build_filename("/sys/class/net", interface, "flags", NULL);
    g_autofree char *text = vas_sysfs_read(host, path, error);
    guint64 flags;

    if (text == NULL)
        return FALSE;
    if (!g_str_has_prefix(text, "0x") ||
        !g_ascii_string_to_unsigned(text + 2, 16, 0, G_MAXUINT32, &flags, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" are no flags of an interface",
                    path, text);
        return FALSE;
    }
    *ret_up = (flags & IFF_UP) != 0;
    return TRUE;
}

gboolean
vas_sriov_read_link(const VasHost *host, VasHostAddress pf, char **ret_interface, gboolean *ret_up,
                    GError **error)
{
    g_autofree char *folder = vas_sysfs_device_path(pf, "net");
    g_auto(GStrv) interfaces = vas_sysfs_list(host, folder);
    gboolean up = FALSE;

    if (interfaces[0] == NULL && !vas_sysfs_has_device(host, pf)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "device %s is not on this host",
                    vas_host_address_text(pf).text);
        return FALSE;
    }
    if (interfaces[0] != NULL && !read_up(host, interfaces[0], &up, error))
        return FALSE;
    *ret_interface = g_strdup(interfaces[0]);
    *ret_up = up;
    return TRUE;
}
