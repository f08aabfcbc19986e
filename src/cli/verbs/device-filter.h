/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/options.h"
#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* The options of `list` say what a device must be. Borrows from the options and the inventory. */
typedef struct {
    const VasOptions *options;
    VasDeviceClass device_class;
    const VasDevice *pf;   /* NULL: any or none */
    const VasGuest *guest; /* NULL: any or none */
    int vendor_id;         /* -1: any */
    int product_id;        /* -1: any */
} VasDeviceFilter;

/* Reads the options that need no inventory. VAS_ERROR_USAGE, VAS_ERROR_INVALID. */
gboolean vas_device_filter_read(VasDeviceFilter *filter, const VasOptions *options, GError **error);

/* Finds the PF and the guest that the options name. VAS_ERROR as of the selectors;
 * VAS_ERROR_UNSUITABLE if the device is not a PF. */
gboolean vas_device_filter_find(VasDeviceFilter *filter, const VasInventory *inventory,
                                GError **error);

/* Lists the devices that pass, by address: GPtrArray of const VasDevice. Returns full. */
GPtrArray *vas_device_filter_choose(const VasDeviceFilter *filter, const VasInventory *inventory);

G_END_DECLS
