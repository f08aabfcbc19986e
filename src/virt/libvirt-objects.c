/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-objects.h"

#include "virt/virt-error.h"

void
vas_libvirt_domain_free(VasVirDomain *domain)
{
    if (domain != NULL)
        virDomainFree(domain);
}

void
vas_libvirt_node_device_free(VasVirNodeDevice *device)
{
    if (device != NULL)
        virNodeDeviceFree(device);
}

VasVirDomain *
vas_libvirt_find_domain(virConnectPtr connection, const char *uuid, GError **error)
{
    VasVirDomain *domain = virDomainLookupByUUIDString(connection, uuid);

    if (domain == NULL)
        vas_virt_error_set(error, "guest %s", uuid);
    return domain;
}
