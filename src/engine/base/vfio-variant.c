/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/vfio-variant.h"

#include "host/pci/endpoint.h"
#include "host/system/kernel.h"

#define FIRST_TO_CHOOSE 9007000
#define FIRST_WITH_MODEL 10000000
#define PLAIN "vfio-pci"

/* The variant that is best for @device; NULL: none, or it cannot be told. Returns full. */
static char *
best_variant(const VasHost *host, VasHostAddress device)
{
    g_autofree char *modalias = vas_endpoint_modalias(host, device, NULL);
    g_autoptr(GPtrArray) modules =
        modalias != NULL ? vas_kernel_modules_for(host, "vfio_pci", modalias) : NULL;
    const char *best = modules != NULL && modules->len > 0 ? g_ptr_array_index(modules, 0) : NULL;

    /* vfio-pci itself has an alias, too, which fits every device. */
    return best != NULL && !g_str_equal(best, "vfio_pci") ? g_strdup(best) : NULL;
}

static void
note_old_libvirt(const VasContext *context, VasHostAddress device, const char *variant,
                 gulong version)
{
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "libvirt %lu.%lu.%lu puts %s on " PLAIN ", though the kernel has %s for "
                         "it, which libvirt chooses from 9.7 on; for what only %s can do, such as "
                         "migration, update libvirt",
                         version / 1000000, version / 1000 % 1000, version % 1000,
                         vas_host_address_text(device).text, variant, variant);
}

char *
vas_vfio_variant_expected(const VasContext *context, const VasDevice *device, const char *model)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *variant = NULL;
    gulong version;

    if (context->host == NULL || context->hypervisor == NULL)
        return NULL;
    variant = best_variant(context->host, device->address);
    if (variant == NULL && model == NULL)
        return NULL;
    version = hypervisor->version(hypervisor);
    if (version >= FIRST_WITH_MODEL && model != NULL)
        return g_strdup(model);
    if (variant == NULL || version == 0)
        return NULL;
    if (version < FIRST_TO_CHOOSE) {
        note_old_libvirt(context, device->address, variant, version);
        return g_strdup(PLAIN);
    }
    return vas_device_is_on_vfio(device) ? NULL : g_steal_pointer(&variant);
}
