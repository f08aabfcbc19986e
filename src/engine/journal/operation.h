/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A command is on record where its kind says. One on a guest is so in the metadata of both its
 * definitions: the live record is gone with the guest's run, while what the command did to the host
 * and the config is not. One about the host alone is in a file (engine/journal/record-file.h). */

/* Makes the operation that @steps (GPtrArray of VasStep) carry out; their subjects are @results, as
 * they are before. Returns full. */
VasOperation *vas_operation_of_steps(VasOperationKind kind, const VasContext *context,
                                     const GPtrArray *steps, const GPtrArray *results);

/* Puts @operation on record, before its first step, unless it is empty; @guest is NULL for one of
 * the host, else it was read under its lock, and gives up its records (vas_record_take).
 * *ret_recorded: it is there, and has to be closed. If the metadata of a guest cannot be written,
 * whatever was written is taken back: VAS_ERROR of vas_record_store. If the file cannot be written,
 * a NOTE says so, and the command goes on. */
gboolean vas_operation_begin(const VasContext *context, const VasGuest *guest,
                             const VasOperation *operation, gboolean *ret_recorded, GError **error);

/* Writes it once more, which waits for whatever libvirt was told to do before: it lets one command
 * at a time change a guest (virDomainObjBeginJob in src/hypervisor/domain_job.c, which
 * qemuDomainSetMetadata calls). What a killed command sent last is over then. */
gboolean vas_operation_let_settle(const VasContext *context, const VasGuest *guest,
                                  const VasOperation *operation, GError **error);

/* Ends @operation of a guest: nothing of it stays on record - or what is left of it, when
 * @operation has any devices or ports by now, unless a later command has taken that over. The guest
 * may be gone, too. FALSE: the record could not be written, even with the connection opened again,
 * and a NOTE says so; the command's work does not depend on it, and whoever finds the record finds
 * nothing to do.
 */
gboolean vas_operation_end(const VasContext *context, const VasGuest *guest,
                           const VasOperation *operation);

/* Tells as a NOTE that all of it stays on record, and why. @guest as of vas_operation_begin. */
void vas_operation_note_left(const VasContext *context, const VasGuest *guest, const GError *cause);
/* Tells the command that takes up what a command on @guest (as of vas_operation_begin) has left.
 * Returns full. */
char *vas_operation_recover_command(const VasGuest *guest);
/* Adds to the hint of *@failure that command; @when it helps is told if there is no other hint. */
void vas_operation_hint_recover(GError **failure, const VasGuest *guest, const char *when);

/* Whether the operation called @id stands on record in @scope of @guest, as it is now, with
 * @device: a later command that takes the device over takes it out of there. */
gboolean vas_operation_has_device(const VasContext *context, const VasGuest *guest, VasScope scope,
                                  const char *id, VasHostAddress device, gboolean *ret_has,
                                  GError **error);

/* Closes the record of a command that undoes what fails: what stays is what could not be undone.
 * @guest as of vas_operation_begin, @results by subject; *@failure (NULL: none) is the error of
 * vas_execute, whose hint then ends with recover. */
void vas_operation_close(const VasContext *context, const VasGuest *guest,
                         const VasOperation *operation, const GPtrArray *results, GError **failure);

/* The unfinished operations that stand in either definition of @guest, each once. GPtrArray of
 * const VasOperation. Returns container. */
GPtrArray *vas_operation_list(const VasGuest *guest);
/* Their ids. GPtrArray of char *. Returns full. */
GPtrArray *vas_operation_ids(const VasGuest *guest);

G_END_DECLS
