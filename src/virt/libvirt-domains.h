/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/libvirt-objects.h"

G_BEGIN_DECLS

/* The guests of one connection that libvirt has told of, by UUID. libvirt takes a domain object as
 * the guest that has its UUID at the time of the call, so one that is looked up once serves all
 * later calls, and a second request before each of them is spared. Only its name and its ID, which
 * libvirt told when it was looked up, grow old. Safe to use from several threads. */
typedef struct VasLibvirtDomains VasLibvirtDomains;

VasLibvirtDomains *vas_libvirt_domains_new(void);
void vas_libvirt_domains_free(VasLibvirtDomains *domains);

/* Forgets all, as before their connection is closed. */
void vas_libvirt_domains_forget(VasLibvirtDomains *domains);

/* Takes a reference of its own to @domain, in the place of an older one of the same UUID. */
void vas_libvirt_domains_add(VasLibvirtDomains *domains, virDomainPtr domain);

/* Finds the guest for a call that needs no more of it than its UUID: libvirt is asked only if it
 * has not told of it yet. Errors as below. Returns full. */
VasVirDomain *vas_libvirt_domains_find(VasLibvirtDomains *domains, virConnectPtr connection,
                                       const char *uuid, GError **error);

/* Asks libvirt for the guest as it is now, and adds it. VAS_ERROR_NOT_FOUND, VAS_ERROR_UNREACHABLE.
 * Returns full. */
VasVirDomain *vas_libvirt_domains_look_up(VasLibvirtDomains *domains, virConnectPtr connection,
                                          const char *uuid, GError **error);

G_END_DECLS
