/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The part of libvirt's domain capabilities that is about host devices. */
typedef struct {
    char *domain_type;    /* "kvm", "qemu"; NULL: not said */
    gboolean has_hostdev; /* <hostdev supported='yes'> with PCI among its types */
    /* "vfio" among its PCI backends, which libvirt says when the host has an IOMMU and
     * /dev/vfio/vfio (virQEMUCapsFillDomainDeviceHostdevCaps in src/qemu/qemu_capabilities.c). */
    gboolean has_vfio;
} VasAssignmentCapabilities;

/* VAS_ERROR_FAILED if @xml is not a <domainCapabilities>. */
gboolean vas_capabilities_xml_parse(const char *xml, VasAssignmentCapabilities *ret_capabilities,
                                    GError **error);
void vas_assignment_capabilities_clear(VasAssignmentCapabilities *capabilities);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasAssignmentCapabilities, vas_assignment_capabilities_clear)

G_END_DECLS
