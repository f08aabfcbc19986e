/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "core/inventory/guest.h"
#include "core/report/result.h"

G_BEGIN_DECLS

/* Whether @refusal, of one device of a command that is to keep going, leaves the others their
 * chance. FALSE when it is about the command as a whole: it makes no sense (exit 2), libvirt is
 * gone, a signal came. */
gboolean vas_refusal_spares_others(const GError *refusal);

/* The failed result of @device, which the command calls @name (NULL: nothing has that name), with
 * @refusal, which it takes. @guest NULL: of a command on the host. Returns full. */
VasResult *vas_refusal_take_result(const VasGuest *guest, const VasDevice *device, const char *name,
                                   GError *refusal);

G_END_DECLS
