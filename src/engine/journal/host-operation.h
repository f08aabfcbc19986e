/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-operation.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* The record of a command that is about the host alone, from before its first step to its end. */

/* Writes the record. FALSE: it cannot be written, and a NOTE says so; the command goes on, since a
 * user whom libvirt lets take a device need not be root. */
gboolean vas_host_operation_begin(const VasContext *context, const VasHostOperation *operation);

/* Removes the record when the command has ended with *@failure, which may be NULL: success. After a
 * failed undo it stays, for the devices whose undo failed if each of @results has an error of its
 * own, and the error's hint says how to go on. */
void vas_host_operation_close(const VasContext *context, VasHostOperation *operation,
                              const GPtrArray *results, GError **failure);

G_END_DECLS
