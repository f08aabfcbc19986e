/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical.h"

#include "host/need/critical-display.h"
#include "host/need/critical-network.h"
#include "host/need/critical-storage.h"
#include "host/need/mounts.h"

GPtrArray *
vas_critical_find(const VasHost *host, GError **error)
{
    g_autoptr(GPtrArray) uses = vas_critical_uses_new();
    g_autoptr(GPtrArray) mounts = vas_mounts_read(host, error);

    if (mounts == NULL || !vas_critical_find_storage(host, mounts, uses, error) ||
        !vas_critical_find_network(host, mounts, uses, error))
        return NULL;
    vas_critical_find_display(host, uses);
    return g_steal_pointer(&uses);
}
