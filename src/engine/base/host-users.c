/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/host-users.h"

#include "core/value/error.h"
#include "host/need/device-users.h"

static gboolean
refuse(const VasDevice *device, const GPtrArray *users, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    g_autofree char *text = vas_error_reasons(users, "check", address.text);

    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "%s is in use on the host: %s", address.text,
                text);
    vas_error_set_hint(error, "end that first; --force takes it nevertheless, and may wait for "
                              "them without end");
    return FALSE;
}

gboolean
vas_host_users_check(const VasContext *context, const VasDevice *device, gboolean force,
                     GPtrArray *overridden, GError **error)
{
    g_autoptr(GPtrArray) users = NULL;
    gboolean are_all = FALSE;

    if (context->host == NULL || !vas_driver_is_host(device->driver))
        return TRUE;
    users = vas_device_users_find(context->host, device, &are_all);
    if (users->len == 0)
        return TRUE;
    if (!force)
        return refuse(device, users, error);
    for (guint i = 0; i < users->len; i++)
        g_ptr_array_add(overridden, g_strdup(g_ptr_array_index(users, i)));
    return TRUE;
}
