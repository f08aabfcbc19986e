/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/ports.h"

#include "core/inventory/selector.h"
#include "core/nic/nic-renames.h"
#include "core/place/pci-bus.h"
#include "core/place/port-plan.h"
#include "core/place/slots-firmware.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/base/scan.h"
#include "engine/command/command.h"
#include "engine/steps/ports-steps.h"

void
vas_guest_ports_free(VasGuestPorts *ports)
{
    if (ports == NULL)
        return;
    g_ptr_array_unref(ports->ports);
    g_array_unref(ports->added);
    g_ptr_array_unref(ports->renames);
    vas_inventory_free(ports->inventory);
    g_free(ports);
}

/* Takes *@inventory on success. */
static VasGuestPorts *
list_ports(VasInventory **inventory, const char *guest_name, GError **error)
{
    const VasGuest *guest = vas_selector_guest(*inventory, guest_name, error);
    VasGuestPorts *ports;

    if (guest == NULL)
        return NULL;
    ports = g_new0(VasGuestPorts, 1);
    ports->inventory = g_steal_pointer(inventory);
    ports->guest = guest;
    ports->ports = vas_ports_list(guest);
    ports->added = g_array_new(FALSE, FALSE, sizeof(VasNewPort));
    ports->renames = g_ptr_array_new_with_free_func(g_free);
    return ports;
}

VasGuestPorts *
vas_ports_read(const VasContext *context, const char *guest_name, GError **error)
{
    const VasScanSubject subject = {.guest = guest_name};
    g_autoptr(VasInventory) inventory = vas_scan_about(context, &subject, error);

    return inventory != NULL ? list_ports(&inventory, guest_name, error) : NULL;
}

static gboolean
check_persistent(const VasGuest *guest, GError **error)
{
    if (guest->config != NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                "guest %s is transient: ports are added to a config, and it has none", guest->name);
    vas_error_set_hint(error, "make it persistent with virsh define, or give it the ports in the "
                              "XML that it is started from");
    return FALSE;
}

/* A NIC whose name changes takes the guest's network configuration with it. */
static gboolean
check_renames(const VasContext *context, const GPtrArray *renames, gboolean force, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < renames->len; i++) {
        const char *rename = g_ptr_array_index(renames, i);

        if (force)
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "--force overrides: %s", rename);
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", rename);
    }
    if (force || renames->len == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "NICs would get other names: %s", text->str);
    vas_error_set_hint(error, "--force, when the guest's network configuration can take it");
    return FALSE;
}

typedef struct {
    const VasPortsRequest *request;
    VasGuest *after;      /* with the config that the guest gets */
    GPtrArray *added;     /* const VasPciController, of that config */
    GPtrArray *renames;   /* char * */
    VasGuestPorts *ports; /* how it is in the end */
    VasPortsRun run;
} Ports;

static void
ports_clear(Ports *ports)
{
    g_clear_pointer(&ports->added, g_ptr_array_unref);
    g_clear_pointer(&ports->renames, g_ptr_array_unref);
    vas_guest_free(ports->after);
    vas_guest_ports_free(ports->ports);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ports, ports_clear)

/* A port has one place, a bridge all slots of its bus. A device that is in the running guest only
 * takes no place from the next start on. */
static guint
count_needed(const VasGuestDefinition *config, const VasPortsRequest *request)
{
    VasPciBusRules rules = vas_pci_bus_rules(vas_slots_port_model(config));
    guint places = rules.last_slot > 0 ? rules.last_slot - rules.first_slot + 1 : 1;
    g_autoptr(GArray) there = NULL;

    if (request->count > 0)
        return request->count;
    there = vas_slots_free(config, TRUE);
    return there->len >= request->free ? 0 : (request->free - there->len + places - 1) / places;
}

static gboolean
decide(VasCommand *command, GError **error)
{
    Ports *ports = command->data;
    const VasGuest *before = command->guest;
    g_autoptr(VasAssignment) none = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    if (!check_persistent(before, error))
        return FALSE;
    command->phrase = g_strdup_printf("add ports to %s", before->name);
    ports->after = vas_scan_guest(command->context, before->uuid, error);
    if (ports->after == NULL || !check_persistent(ports->after, error))
        return FALSE;
    ports->added = vas_port_plan(ports->after->config,
                                 count_needed(ports->after->config, ports->request), error);
    if (ports->added == NULL)
        return FALSE;
    ports->renames = vas_nic_renames(command->inventory, before->config, ports->after->config);
    if (!check_renames(command->context, ports->renames, ports->request->force, error))
        return FALSE;
    ports->run = (VasPortsRun){command->context, before, ports->added};
    if (ports->added->len > 0)
        vas_ports_plan_steps(&ports->run, command->steps);
    g_ptr_array_add(command->results, vas_result_new(before->name, none));
    return TRUE;
}

static gboolean
record(VasCommand *command, GError **error)
{
    const Ports *ports = command->data;

    (void) error;
    if (ports->added->len == 0)
        return TRUE;
    command->operation = vas_operation_new(VAS_OPERATION_PORTS, command->context->origin);
    for (guint i = 0; i < ports->added->len; i++)
        g_ptr_array_add(command->operation->ports,
                        g_memdup2(g_ptr_array_index(ports->added, i), sizeof(VasPciController)));
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    Ports *ports = command->data;

    return vas_ports_execute(&ports->run, command->steps, command->results, error);
}

static gboolean
conclude(VasCommand *command, GError **error)
{
    Ports *ports = command->data;
    g_autoptr(VasInventory) now =
        command->dry_run ? g_steal_pointer(&command->inventory)
                         : vas_scan_behind_change(command->context, ports->after->uuid, error);

    if (now == NULL)
        return FALSE;
    ports->ports = list_ports(&now, ports->after->uuid, error);
    if (ports->ports == NULL)
        return FALSE;
    for (guint i = 0; i < ports->added->len; i++) {
        const VasPciController *controller = g_ptr_array_index(ports->added, i);
        VasNewPort port = {controller->index, controller->model, controller->address,
                           vas_slots_firmware_bus(ports->after->config, controller->index)};

        g_array_append_val(ports->ports->added, port);
    }
    g_ptr_array_unref(ports->ports->renames);
    ports->ports->renames = g_ptr_array_ref(ports->renames);
    ports->ports->outcome = ports->added->len == 0 ? VAS_OUTCOME_ALREADY
                            : command->dry_run     ? VAS_OUTCOME_PLANNED
                                                   : VAS_OUTCOME_DONE;
    return TRUE;
}

static const VasCommandClass class = {
    .name = "ports",
    .decide = decide,
    .record = record,
    .execute = execute,
    .conclude = conclude,
};

gboolean
vas_ports_add(const VasContext *context, const VasPortsRequest *request, VasGuestPorts **ret_ports,
              GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    g_auto(Ports) ports = {.request = request};
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &ports,
                          .guest_name = request->guest,
                          .timeout = request->timeout,
                          .dry_run = request->dry_run};

    if (!vas_command_run(&command, ret_results, ret_steps, error))
        return FALSE;
    *ret_ports = g_steal_pointer(&ports.ports);
    return TRUE;
}
