/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/bounded-calls.h"
#include "virt/libvirt-objects.h"

G_BEGIN_DECLS

/* Requests are the calls of libvirt that a guest can delay: libvirt asks its QEMU or its agent,
 * waits for who does, or for a kernel that waits for QEMU. All of them take @domain, which is the
 * guest with the UUID @guest, or @device, which is called @name, and are given up as
 * virt/bounded-calls has it. @impact is VIR_DOMAIN_AFFECT_LIVE or VIR_DOMAIN_AFFECT_CONFIG. */

/* Reads the guest's XML; @flags are libvirt's. libvirt 11.0 to 11.4 let nobody read a guest that
 * they are changing (qemuDomainGetXMLDesc in src/qemu/qemu_driver.c begins a job). Returns full. */
char *vas_libvirt_request_guest_xml(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                    unsigned int flags, GError **error);
/* Reads the element stored under @uri; *ret_xml NULL: none. */
gboolean vas_libvirt_request_get_metadata(VasBoundedCalls *calls, const char *guest,
                                          VasVirDomain *domain, const char *uri,
                                          unsigned int impact, char **ret_xml, GError **error);

gboolean vas_libvirt_request_attach(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                    const char *xml, unsigned int impact, GError **error);
gboolean vas_libvirt_request_unplug(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                    const char *alias, GError **error);
gboolean vas_libvirt_request_detach_config(VasBoundedCalls *calls, const char *guest,
                                           VasVirDomain *domain, const char *xml, GError **error);
/* @xml NULL removes it. */
gboolean vas_libvirt_request_set_metadata(VasBoundedCalls *calls, const char *guest,
                                          VasVirDomain *domain, const char *uri, const char *prefix,
                                          const char *xml, unsigned int impact, GError **error);
/* GPtrArray of VasAgentInterface. An agent that does not answer is VAS_ERROR_NOT_READY. */
GPtrArray *vas_libvirt_request_agent_interfaces(VasBoundedCalls *calls, const char *guest,
                                                VasVirDomain *domain, GError **error);

/* @driver NULL: libvirt's choice. */
gboolean vas_libvirt_request_node_detach(VasBoundedCalls *calls, const char *name,
                                         VasVirNodeDevice *device, const char *driver,
                                         GError **error);
gboolean vas_libvirt_request_node_reattach(VasBoundedCalls *calls, const char *name,
                                           VasVirNodeDevice *device, GError **error);

G_END_DECLS
