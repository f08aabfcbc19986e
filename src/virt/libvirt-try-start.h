/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/bounded-calls.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* Has libvirt start the guest @name as @xml has it, paused and with nothing of it kept. TRUE: it
 * started; it was ended at once. A program that libvirt calls at the start can delay it: it is
 * given up as virt/bounded-calls has it. */
gboolean vas_libvirt_try_start(VasBoundedCalls *calls, virConnectPtr connection, const char *name,
                               const char *xml, GError **error);

G_END_DECLS
