/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A command on a guest is on record in the metadata of both its definitions: the live record is
 * gone with the guest's run, while what the command did to the host and the config is not. */

/* Makes the operation that @steps (GPtrArray of VasStep) carry out; their subjects are @results, as
 * they are before. Returns full. */
VasOperation *vas_operation_of_steps(VasOperationKind kind, const VasContext *context,
                                     const GPtrArray *steps, const GPtrArray *results);

/* Puts @operation on record, before its first step, unless it is empty. If that fails, whatever was
 * written is taken back. VAS_ERROR of vas_record_store. */
gboolean vas_operation_begin(const VasContext *context, const VasGuest *guest,
                             const VasOperation *operation, const GPtrArray *results,
                             GError **error);

/* Writes it once more, which waits for whatever libvirt was told to do before: it lets one command
 * at a time change a guest (virDomainObjBeginJob in src/hypervisor/domain_job.c, which
 * qemuDomainSetMetadata calls). What a killed command sent last is over then. */
gboolean vas_operation_let_settle(const VasContext *context, const VasGuest *guest,
                                  const VasOperation *operation, GError **error);

/* Ends @operation: nothing of it stays on record - or what is left of it, when @operation has any
 * devices or ports by now, unless a later command has taken that over. The guest may be gone, too.
 * FALSE: the record could not be written, even with the connection opened again, and a NOTE says
 * so; the command's work does not depend on it, and whoever finds the record finds nothing to do.
 */
gboolean vas_operation_end(const VasContext *context, const VasGuest *guest,
                           const VasOperation *operation);

/* Tells as a NOTE that all of it stays on record, and why. */
void vas_operation_note_left(const VasContext *context, const VasGuest *guest, const GError *cause);

/* Whether the operation called @id stands on record in @scope of @guest, as it is now, with
 * @device: a later command that takes the device over takes it out of there. */
gboolean vas_operation_has_device(const VasContext *context, const VasGuest *guest, VasScope scope,
                                  const char *id, VasHostAddress device, gboolean *ret_has,
                                  GError **error);

/* Ends a command that undoes what fails, with what became of it: @results by subject, and @failure
 * (taken; NULL: none), the error of vas_execute. Whatever could not be undone stays on record, and
 * the hint ends with recover. Returns whether the command succeeded. */
gboolean vas_operation_close(const VasContext *context, const VasGuest *guest,
                             VasOperation *operation, const GPtrArray *results, GError *failure,
                             GError **error);

/* The unfinished operations that stand in either definition of @guest, each once. GPtrArray of
 * const VasOperation. Returns container. */
GPtrArray *vas_operation_list(const VasGuest *guest);

G_END_DECLS
