/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether libvirt at @uri drives the machine we run on: a socket in libvirt's own folder, where
 * only root puts any, or localhost without a port. A port is as a rule the near end of a tunnel;
 * any other socket may be one too, or a command that makes the connection. The devices of libvirt's
 * test driver belong to no machine. */
gboolean vas_libvirt_uri_is_local(const char *uri);

G_END_DECLS
