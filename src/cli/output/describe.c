/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/describe.h"

#include "core/inventory/iommu-group.h"

const char *
vas_describe_class(const VasDevice *device)
{
    if (device->class_name != NULL)
        return device->class_name;
    return vas_device_class_label(device->class_code);
}

char *
vas_describe_product(const VasDevice *device)
{
    g_autofree char *ids = g_strdup_printf("%04x:%04x", device->vendor_id, device->product_id);

    if (device->vendor == NULL)
        return g_steal_pointer(&ids);
    if (device->product == NULL)
        return g_strdup_printf("%s %04x", device->vendor, device->product_id);
    return g_strdup_printf("%s %s", device->vendor, device->product);
}

const char *
vas_describe_presence(gboolean live, gboolean config)
{
    if (live)
        return config ? "live, config" : "live";
    return config ? "config" : "nowhere";
}

char *
vas_describe_holding(const VasHolding *holding)
{
    const VasGuest *guest = holding->guest;

    if (holding->live == NULL)
        return g_strdup_printf("%s (config only)", guest->name);
    if (holding->config == NULL && guest->persistent)
        return g_strdup_printf("%s (live only)", guest->name);
    if (vas_assignment_is_mate(holding->live))
        return g_strdup_printf("%s (held mate)", guest->name);
    return g_strdup(guest->name);
}

char *
vas_describe_using(const VasUsing *using)
{
    return g_strdup_printf("%s%s, %s", using->guest->name, using->live ? "" : " (config only)",
                           using->use->means);
}
