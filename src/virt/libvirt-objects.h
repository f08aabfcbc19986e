/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/hypervisor.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* libvirt's objects with an owner. Freeing one resets libvirt's last error: vas_virt_error_set
 * comes before the end of the scope. */
typedef virDomain VasVirDomain;
typedef virNodeDevice VasVirNodeDevice;

void vas_libvirt_domain_free(VasVirDomain *domain);
void vas_libvirt_node_device_free(VasVirNodeDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVirDomain, vas_libvirt_domain_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVirNodeDevice, vas_libvirt_node_device_free)

/* Finds a guest by its UUID. VAS_ERROR_NOT_FOUND, VAS_ERROR_UNREACHABLE. Returns full. */
VasVirDomain *vas_libvirt_find_domain(virConnectPtr connection, const char *uuid, GError **error);

/* The flag that lists the node devices of @kind. */
unsigned int vas_libvirt_node_device_flag(VasNodeDeviceKind kind);

/* Sets libvirt's last error as the reason why @what with @name could not be read. A reply that is
 * longer than libvirt's messages can be fails as a lost connection does; an answer to a small
 * question tells them apart, and makes it VAS_ERROR_FAILED. */
void vas_libvirt_set_reply_error(virConnectPtr connection, const char *what, const char *name,
                                 GError **error);

/* Asks libvirt what a list tells of the guest. Returns full; NULL: it cannot be asked, as when the
 * guest is gone since it was found. */
VasGuestListing *vas_libvirt_listing_of(virDomainPtr domain, GError **error);

G_END_DECLS
