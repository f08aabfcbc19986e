/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* The record of a command on a guest, in the metadata of both its definitions: of the live one it
 * is gone with the guest's run, while what the command did to the host and the config is not. */

/* The operation that @steps (GPtrArray of VasStep) are; their subjects are @results, as they are
 * before. Returns full. */
VasOperation *vas_operation_of_steps(VasOperationKind kind, const VasContext *context,
                                     const GPtrArray *steps, const GPtrArray *results);

/* Puts @operation on record, before its first step; one of nothing is not. What was written is
 * taken back when it fails. VAS_ERROR of vas_record_store. */
gboolean vas_operation_begin(const VasContext *context, const VasGuest *guest,
                             const VasOperation *operation, const GPtrArray *results,
                             GError **error);

/* Writes it once more, which waits for whatever libvirt was told to do before: it lets one command
 * at a time change a guest (virDomainObjBeginJob in src/hypervisor/domain_job.c, which
 * qemuDomainSetMetadata calls). What a killed command sent last is over then. */
gboolean vas_operation_let_settle(const VasContext *context, const VasGuest *guest,
                                  const VasOperation *operation, GError **error);

/* Its end: nothing of it stays on record - or what is left of it, when @operation has any devices
 * or ports by now, unless a later command has taken that over. The guest may be gone, too. What
 * cannot be written, the connection opened again, is told as a NOTE: the command's work does not
 * depend on it, and whoever finds the record finds nothing to do. FALSE then. */
gboolean vas_operation_end(const VasContext *context, const VasGuest *guest,
                           const VasOperation *operation);

/* Tells as a NOTE that all of it stays on record, and why. */
void vas_operation_note_left(const VasContext *context, const VasGuest *guest, const GError *cause);

/* Whether the operation called @id stands on record in @scope of @guest, as it is now, with
 * @device: a later command that takes the device over takes it out of there. */
gboolean vas_operation_has_device(const VasContext *context, const VasGuest *guest, VasScope scope,
                                  const char *id, VasHostAddress device, gboolean *ret_has,
                                  GError **error);

/* The end of a command that undoes what fails, with what became of it: @results by subject, and
 * @failure (taken; NULL: none), which is what vas_execute said. What could not be undone stays on
 * record, and the hint says, last, recover. Returns whether it succeeded. */
gboolean vas_operation_close(const VasContext *context, const VasGuest *guest,
                             VasOperation *operation, const GPtrArray *results, GError *failure,
                             GError **error);

/* The unfinished operations that stand in either definition of @guest, each once. GPtrArray of
 * const VasOperation. Returns container. */
GPtrArray *vas_operation_list(const VasGuest *guest);

G_END_DECLS
