/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/pf-attribute.h"

#include "core/value/error.h"
#include "host/system/sysfs.h"

gboolean
vas_pf_attribute_read(const VasHost *host, VasHostAddress pf, const char *leaf, guint *ret_number,
                      GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(pf, leaf);
    g_autofree char *text = vas_sysfs_read(host, path, error);
    guint64 number;

    if (text == NULL)
        return FALSE;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &number, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" is not a number of VFs", path,
                    text);
        return FALSE;
    }
    *ret_number = (guint) number;
    return TRUE;
}
