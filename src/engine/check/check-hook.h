/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* These add what there is to tell of our hook of libvirt's (host/files/hook-link.h), as far as
 * files tell. Nobody is asked. Only for a guest with wishes it matters that there is none. */
void vas_check_hook_of_host(const VasHost *host, GPtrArray *findings);
void vas_check_hook_of_guest(const VasContext *context, const VasGuest *guest, GPtrArray *findings);

G_END_DECLS
