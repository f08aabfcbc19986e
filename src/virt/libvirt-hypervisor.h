/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/hypervisor.h"

G_BEGIN_DECLS

/* Opens libvirt at @uri; NULL: libvirt's own choice (LIBVIRT_DEFAULT_URI, then its configuration,
 * then probing). @read_only: as `virsh -r`. Silences libvirt's printing to stderr, starts the event
 * loop thread, turns keepalive on. VAS_ERROR_UNREACHABLE, VAS_ERROR_DENIED with what to do. Returns
 * full. */
VasHypervisor *vas_libvirt_hypervisor_open(const char *uri, gboolean read_only, GError **error);

/* Calls that a guest can delay are given up after @seconds, at first after a minute. */
void vas_libvirt_hypervisor_set_patience(VasHypervisor *self, guint seconds);

/* The URI that libvirt settled on. Returns full; NULL if it cannot be asked. */
char *vas_libvirt_hypervisor_uri(VasHypervisor *self);

G_END_DECLS
