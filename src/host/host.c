/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/host.h"

#include "core/error.h"
#include "host/vf-settings.h"

static gboolean
refuse_vf_settings(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                   gpointer data, GError **error)
{
    (void) ret_settings;
    (void) data;
    g_set_error(
        error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
        "the settings of VF %d of %s are not to be had: the host is a folder, not the machine",
        vf_index, pf_interface);
    return FALSE;
}

VasHost *
vas_host_new(const char *root)
{
    VasHost *host = g_new0(VasHost, 1);
    gboolean is_machine = root == NULL || g_str_equal(root, "/");

    host->root = g_strdup(is_machine ? "/" : root);
    host->read_vf_settings = is_machine ? vas_vf_settings_read_netlink : refuse_vf_settings;
    return host;
}

void
vas_host_free(VasHost *host)
{
    if (host == NULL)
        return;
    g_free(host->root);
    g_free(host);
}

char *
vas_host_path(const VasHost *host, const char *path)
{
    return g_build_filename(host->root, path, NULL);
}
