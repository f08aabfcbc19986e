/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/guest-use.h"

#define CLASS_NVME 0x0108

VasGuestUse *
vas_guest_use_new(VasGuestUseKind kind, const char *source)
{
    VasGuestUse *use = g_new0(VasGuestUse, 1);

    use->kind = kind;
    use->source = g_strdup(source);
    use->devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    return use;
}

void
vas_guest_use_free(VasGuestUse *use)
{
    if (use == NULL)
        return;
    g_free(use->source);
    g_free(use->means);
    g_free(use->element);
    g_array_unref(use->devices);
    g_free(use);
}

void
vas_guest_use_add_device(VasGuestUse *use, VasHostAddress device)
{
    g_array_append_val(use->devices, device);
}

gboolean
vas_guest_use_takes(const VasGuestUse *use, const VasDevice *device)
{
    switch (use->kind) {
    case VAS_GUEST_USE_INTERFACE:
        return !use->shared;
    case VAS_GUEST_USE_MDEV:
        return TRUE;
    case VAS_GUEST_USE_BLOCK:
        return device->class_code >> 8 == CLASS_NVME;
    case VAS_GUEST_USE_USB:
    case VAS_GUEST_USE_SCSI_HOST:
        return FALSE;
    }
    return FALSE;
}

const VasGuestUse *
vas_guest_use_find(const GPtrArray *uses, const VasDevice *device)
{
    const VasGuestUse *found = NULL;

    for (guint i = 0; i < uses->len; i++) {
        const VasGuestUse *use = g_ptr_array_index(uses, i);

        if (!vas_host_addresses_have(use->devices, device->address))
            continue;
        if (vas_guest_use_takes(use, device))
            return use;
        if (found == NULL)
            found = use;
    }
    return found;
}
