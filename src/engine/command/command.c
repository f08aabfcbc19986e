/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/command/command.h"

#include "core/inventory/selector.h"
#include "core/report/result.h"
#include "core/report/step.h"
#include "engine/journal/operation.h"
#include "engine/recover/recover-host.h"
#include "engine/recover/recover.h"

static const VasGuest *
find_guest(const VasCommand *command, const VasInventory *inventory, GError **error)
{
    return command->by_uuid ? vas_selector_guest_by_uuid(inventory, command->guest_name, error)
                            : vas_selector_guest(inventory, command->guest_name, error);
}

static void
find_devices(const VasCommand *command, const VasInventory *inventory, VasClaimSet *set)
{
    for (guint i = 0; command->devices != NULL && command->devices[i] != NULL; i++) {
        const VasDevice *device = vas_selector_device(inventory, command->devices[i], NULL);

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, command->whole_group);
    }
}

/* A VasClaimFinder. Whatever is to be recovered first is claimed, too. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasCommand *command = data;
    const VasGuest *guest =
        command->guest_name != NULL ? find_guest(command, inventory, NULL) : NULL;

    if (guest != NULL)
        vas_recover_add_things(inventory, guest, set);
    if (command->class->find != NULL)
        command->class->find(command, inventory, set);
    else
        find_devices(command, inventory, set);
}

static gboolean
claim(VasCommand *command, GError **error)
{
    const VasScanSubject subject = {.guest = command->guest_name,
                                    .names = command->devices,
                                    .may_name_other = command->class->names_assignments};
    gboolean is_near = command->guest_name != NULL && !command->looks_at_all;

    command->claim =
        vas_claim_take(command->context, is_near ? &subject : NULL, find_things, command,
                       command->timeout, command->dry_run, &command->inventory, error);
    return command->claim != NULL;
}

static gboolean
recover_host_first(const VasCommand *command, GError **error)
{
    return vas_recover_host_first(command->context, command->devices, command->whole_group,
                                  command->timeout, command->dry_run, error);
}

static gboolean
claim_host(VasCommand *command, GError **error)
{
    return vas_context_check_local(command->context, command->class->name, error) &&
           (command->class->leaves_records || recover_host_first(command, error)) &&
           claim(command, error);
}

/* A command that takes devices from the host takes them as a command of the host left them. */
static gboolean
claim_guest(VasCommand *command, GError **error)
{
    const char *const *own = command->class->goes_on ? command->devices : NULL;
    const VasRecoverFirst how = {.own = own,
                                 .timeout = command->timeout,
                                 .force = command->force_recovery,
                                 .adopt = command->adopt_recovery,
                                 .dry_run = command->dry_run,
                                 .recoveries = command->recoveries};
    gboolean takes_devices = command->devices != NULL && own == NULL;
    const VasGuest *guest = NULL;

    if (takes_devices && !recover_host_first(command, error))
        return FALSE;
    guest = claim(command, error) ? find_guest(command, command->inventory, error) : NULL;
    if (guest == NULL ||
        !vas_recover_first(command->context, guest, &how, &command->inventory, error))
        return FALSE;
    command->guest = find_guest(command, command->inventory, error);
    return command->guest != NULL;
}

/* A step may have lent the locks: until they are back another command may be writing to the same
 * metadata. */
static void
close_operation(VasCommand *command, GError **failure)
{
    g_autoptr(GError) locked = NULL;

    if (!vas_claim_regain(command->claim, &locked)) {
        vas_operation_note_left(command->context, command->guest, locked);
    } else if (command->class->cut != NULL) {
        command->class->cut(command);
        (void) vas_operation_end(command->context, command->guest, command->operation);
    } else {
        vas_operation_close(command->context, command->guest, command->operation, command->results,
                            failure);
    }
}

static gboolean
put_on_record(VasCommand *command, GError **error)
{
    GError *failure = NULL;

    if (command->class->record == NULL)
        return TRUE;
    if (command->class->record(command, &failure) &&
        (command->steps->len == 0 ||
         vas_operation_begin(command->context, command->guest, command->operation,
                             &command->is_recorded, &failure)))
        return TRUE;
    vas_results_fail(command->results, failure);
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean
carry_out(VasCommand *command, GError **error)
{
    GError *failure = NULL;

    if (!put_on_record(command, error))
        return FALSE;
    (void) command->class->execute(command, &failure);
    if (command->is_recorded)
        close_operation(command, &failure);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean
run_decided(VasCommand *command, GError **error)
{
    if (command->dry_run ? !vas_results_check(command->results, error) : !carry_out(command, error))
        return FALSE;
    if (command->class->conclude == NULL || command->class->conclude(command, error))
        return TRUE;
    /* How the world is by now cannot be told: no result is. */
    g_clear_pointer(&command->results, g_ptr_array_unref);
    return FALSE;
}

static void
clear(VasCommand *command)
{
    g_clear_pointer(&command->operation, vas_operation_free);
    g_clear_pointer(&command->steps, g_ptr_array_unref);
    g_clear_pointer(&command->results, g_ptr_array_unref);
    g_clear_pointer(&command->phrase, g_free);
    command->guest = NULL;
    g_clear_pointer(&command->inventory, vas_inventory_free);
    g_clear_pointer(&command->claim, vas_claim_free);
}

gboolean
vas_command_run(VasCommand *command, GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    gboolean is_decided;
    gboolean ok;

    command->steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    command->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    is_decided =
        (command->guest_name != NULL ? claim_guest(command, error) : claim_host(command, error)) &&
        command->class->decide(command, error);
    ok = is_decided && run_decided(command, error);
    vas_interrupt_claim(command->context->interrupt, error);
    if (!ok && command->phrase != NULL)
        g_prefix_error(error, "%s: ", command->phrase);
    if (is_decided)
        *ret_results = g_steal_pointer(&command->results);
    if (is_decided && command->dry_run)
        *ret_steps = g_steal_pointer(&command->steps);
    clear(command);
    return ok;
}
