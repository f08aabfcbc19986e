/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-objects.h"

#include "core/value/error.h"
#include "virt/virt-error.h"

#include <libvirt/virterror.h>

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

void
vas_libvirt_set_reply_error(virConnectPtr connection, const char *what, const char *name,
                            GError **error)
{
    g_autoptr(GError) failure = NULL;
    unsigned long version;

    vas_virt_error_set(&failure, "read %s %s", what, name);
    if (vas_error_libvirt_code(failure) != VIR_ERR_RPC ||
        virConnectGetLibVersion(connection, &version) < 0) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return;
    }
    g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_FAILED));
    vas_error_set_hint(error,
                       "libvirt still answers: what it was to tell of %s %s may be longer "
                       "than its messages can be",
                       what, name);
}

static VasGuestState
guest_state_of(int state)
{
    switch (state) {
    case VIR_DOMAIN_SHUTOFF:
        return VAS_GUEST_SHUT_OFF;
    case VIR_DOMAIN_RUNNING:
    case VIR_DOMAIN_BLOCKED:
        return VAS_GUEST_RUNNING;
    case VIR_DOMAIN_PAUSED:
        return VAS_GUEST_PAUSED;
    default:
        return VAS_GUEST_OTHER;
    }
}

VasGuestListing *
vas_libvirt_listing_of(virDomainPtr domain, GError **error)
{
    g_autoptr(VasGuestListing) listing = g_new0(VasGuestListing, 1);
    char uuid[VIR_UUID_STRING_BUFLEN];
    int persistent = virDomainIsPersistent(domain);
    int state;

    if (persistent < 0 || virDomainGetState(domain, &state, NULL, 0) < 0 ||
        virDomainGetUUIDString(domain, uuid) < 0) {
        vas_virt_error_set(error, "list guests");
        return NULL;
    }
    listing->name = g_strdup(virDomainGetName(domain));
    listing->uuid = g_strdup(uuid);
    listing->state = guest_state_of(state);
    /* The ID is of the moment of the listing, the state of now. */
    listing->run_id = listing->state == VAS_GUEST_SHUT_OFF ? -1 : (int) virDomainGetID(domain);
    listing->persistent = persistent != 0;
    return g_steal_pointer(&listing);
}

unsigned int
vas_libvirt_node_device_flag(VasNodeDeviceKind kind)
{
    static const unsigned int flags[VAS_NODE_DEVICE_KINDS] = {
        [VAS_NODE_DEVICE_PCI] = VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV,
        [VAS_NODE_DEVICE_NET] = VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET,
        [VAS_NODE_DEVICE_STORAGE] = VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE,
        [VAS_NODE_DEVICE_MDEV] = VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV,
    };

    return flags[kind];
}
