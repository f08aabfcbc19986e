/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/pci-address.h"

G_BEGIN_DECLS

/* What virt-assign keeps in a guest's own metadata: small, versioned, one element. */
#define VAS_METADATA_URI "urn:virt-assign:domain:1"
#define VAS_METADATA_PREFIX "virt-assign"

/* A release that is asked of the running guest, written before libvirt is, and has not been seen
 * to happen. It stands in the
 * live metadata only: it ends with the guest's run as the request itself does. */
typedef struct {
    char *alias; /* live alias */
    VasHostAddress device;
    int run_id;      /* VasGuest.run_id it was asked in: another run knows nothing of it */
    gint64 asked_at; /* seconds since the epoch */
} VasPendingRelease;

void vas_pending_release_free(VasPendingRelease *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPendingRelease, vas_pending_release_free)

/* @xml: the metadata element as libvirt gives it back (without the namespace declaration), NULL:
 * none. GPtrArray of VasPendingRelease, empty if there are none. An element of a newer version is
 * VAS_ERROR_UNSUPPORTED, what is malformed VAS_ERROR_FAILED. Returns full. */
GPtrArray *vas_metadata_xml_parse(const char *xml, GError **error);

/* The element to store; NULL for an empty list: there is nothing to keep. Returns full. */
char *vas_metadata_xml_format(const GPtrArray *pending);

G_END_DECLS
