/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/hypervisor.h"

G_BEGIN_DECLS

/* Opens libvirt at @uri; NULL: libvirt's own choice (LIBVIRT_DEFAULT_URI, then its configuration,
 * then probing). @read_only: as `virsh -r`. Silences libvirt's printing to stderr, starts the event
 * loop thread, turns keepalive on. VAS_ERROR_UNREACHABLE, VAS_ERROR_DENIED with what to do. Returns
 * full. */
VasHypervisor *vas_libvirt_hypervisor_open(const char *uri, gboolean read_only, GError **error);

/* The URI that libvirt settled on. Returns full; NULL if it cannot be asked. */
char *vas_libvirt_hypervisor_uri(VasHypervisor *self);

/* Whether libvirt at @uri drives the machine we run on: a socket in libvirt's own folder, where
 * only root puts any, or localhost without a port. A port is as a rule the near end of a tunnel,
 * and so may any other socket be, or a command that makes the connection. The devices of libvirt's
 * test driver are no machine's. */
gboolean vas_libvirt_uri_is_local(const char *uri);

/* libvirt's version as MAJOR.MINOR.RELEASE, of the library we run with. Returns full. */
char *vas_libvirt_library_version(void);

G_END_DECLS
