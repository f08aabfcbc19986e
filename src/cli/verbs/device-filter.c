/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs/device-filter.h"

#include "core/inventory/selector.h"
#include "core/value/error.h"

#include <string.h>

static gboolean
parse_hex_id(const char *text, int *ret_id)
{
    guint64 id;

    if (strlen(text) != 4 || !g_ascii_string_to_unsigned(text, 16, 0, G_MAXUINT16, &id, NULL))
        return FALSE;
    *ret_id = (int) id;
    return TRUE;
}

/* "8086" or "8086:10ca". */
static gboolean
parse_id(const char *text, VasDeviceFilter *filter, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);

    if (parts[0] != NULL && parse_hex_id(parts[0], &filter->vendor_id) &&
        (parts[1] == NULL || parse_hex_id(parts[1], &filter->product_id)))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "--id: \"%s\" is not VENDOR or VENDOR:PRODUCT, of four hex digits each", text);
    return FALSE;
}

gboolean
vas_device_filter_read(VasDeviceFilter *filter, const VasOptions *options, GError **error)
{
    filter->options = options;
    filter->device_class = VAS_CLASS_ALL;
    filter->vendor_id = -1;
    filter->product_id = -1;
    if (options->free && options->assigned) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "list: --assigned and --free exclude each other");
        return FALSE;
    }
    if (options->class_name != NULL &&
        !vas_device_class_parse(options->class_name, &filter->device_class, error)) {
        g_prefix_error(error, "--class: ");
        return FALSE;
    }
    return options->id == NULL || parse_id(options->id, filter, error);
}

gboolean
vas_device_filter_find(VasDeviceFilter *filter, const VasInventory *inventory, GError **error)
{
    const VasOptions *options = filter->options;

    if (options->pf != NULL) {
        filter->pf = vas_selector_device(inventory, options->pf, error);
        if (filter->pf == NULL) {
            g_prefix_error(error, "--pf: ");
            return FALSE;
        }
        if (filter->pf->kind != VAS_DEVICE_PF) {
            g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE, "--pf: %s is not an SR-IOV PF",
                        vas_host_address_text(filter->pf->address).text);
            return FALSE;
        }
    }
    if (options->guest != NULL) {
        filter->guest = vas_selector_guest(inventory, options->guest, error);
        if (filter->guest == NULL) {
            g_prefix_error(error, "--guest: ");
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
matches(const VasDeviceFilter *filter, const VasInventory *inventory, const VasDevice *device)
{
    if (filter->options->class_name == NULL && (device->is_bridge || vas_device_is_chipset(device)))
        return FALSE;
    if (!vas_device_in_class(device, filter->device_class))
        return FALSE;
    if (filter->vendor_id >= 0 && device->vendor_id != filter->vendor_id)
        return FALSE;
    if (filter->product_id >= 0 && device->product_id != filter->product_id)
        return FALSE;
    if (filter->pf != NULL && vas_inventory_pf_of(inventory, device) != filter->pf)
        return FALSE;
    if (filter->guest != NULL && !vas_inventory_is_held_by(inventory, device, filter->guest))
        return FALSE;
    if (filter->options->free)
        return vas_inventory_is_free(inventory, device);
    return !filter->options->assigned || !vas_inventory_is_free(inventory, device);
}

GPtrArray *
vas_device_filter_choose(const VasDeviceFilter *filter, const VasInventory *inventory)
{
    GPtrArray *chosen = g_ptr_array_new();

    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (matches(filter, inventory, device))
            g_ptr_array_add(chosen, device);
    }
    return chosen;
}
