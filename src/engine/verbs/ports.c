/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/ports.h"

#include "core/inventory/selector.h"
#include "core/nic/nic-renames.h"
#include "core/place/port-plan.h"
#include "core/place/slots-firmware.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/recover/recover.h"
#include "engine/run/claim.h"
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
    g_autoptr(VasInventory) inventory = vas_scan(context, error);

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

static GPtrArray *
new_results(const VasGuest *guest)
{
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(VasAssignment) none = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    g_ptr_array_add(results, vas_result_new(guest->name, none));
    return results;
}

/* This is what a command is about to do. */
typedef struct {
    VasGuest *after;    /* with the config that the guest gets */
    GPtrArray *added;   /* const VasPciController, of that config */
    GPtrArray *renames; /* char * */
} PortsPlan;

static void
ports_plan_clear(PortsPlan *plan)
{
    g_clear_pointer(&plan->added, g_ptr_array_unref);
    g_clear_pointer(&plan->renames, g_ptr_array_unref);
    vas_guest_free(plan->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PortsPlan, ports_plan_clear)

static gboolean
make_plan(const VasContext *context, const VasGuestPorts *before, const VasPortsRequest *request,
          PortsPlan *plan, GError **error)
{
    plan->after = vas_scan_guest(context, before->guest->uuid, error);
    if (plan->after == NULL || !check_persistent(plan->after, error))
        return FALSE;
    plan->added = vas_port_plan(plan->after->config, request->count, error);
    if (plan->added == NULL)
        return FALSE;
    plan->renames = vas_nic_renames(before->inventory, before->guest->config, plan->after->config);
    return check_renames(context, plan->renames, request->force, error);
}

static void
keep_plan(VasGuestPorts *ports, const PortsPlan *plan, VasOutcome outcome)
{
    for (guint i = 0; i < plan->added->len; i++) {
        const VasPciController *controller = g_ptr_array_index(plan->added, i);
        VasNewPort port = {controller->index, controller->model, controller->address,
                           vas_slots_firmware_bus(plan->after->config, controller->index)};

        g_array_append_val(ports->added, port);
    }
    g_ptr_array_unref(ports->renames);
    ports->renames = g_ptr_array_ref(plan->renames);
    ports->outcome = outcome;
}

static gboolean
add_ports(const VasContext *context, const VasPortsRequest *request, VasGuestPorts **ports,
          GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    g_auto(PortsPlan) plan = {0};
    VasPortsRun run = {.context = context, .before = (*ports)->guest};
    g_autoptr(GPtrArray) results = new_results((*ports)->guest);
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(VasInventory) inventory = NULL;
    VasGuestPorts *now = NULL;

    if (!make_plan(context, *ports, request, &plan, error))
        return FALSE;
    run.added = plan.added;
    steps = vas_ports_plan_steps(&run);
    if (request->dry_run) {
        keep_plan(*ports, &plan, VAS_OUTCOME_PLANNED);
        *ret_steps = g_steal_pointer(&steps);
    } else {
        if (!vas_ports_execute(&run, steps, results, error))
            return FALSE;
        inventory = vas_scan_behind_change(context, error);
        if (inventory == NULL)
            return FALSE;
        now = list_ports(&inventory, (*ports)->guest->uuid, error);
        if (now == NULL)
            return FALSE;
        keep_plan(now, &plan, VAS_OUTCOME_DONE);
        vas_guest_ports_free(*ports);
        *ports = now;
    }
    *ret_results = g_steal_pointer(&results);
    return TRUE;
}

/* A VasClaimFinder. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasPortsRequest *request = data;
    const VasGuest *guest = vas_selector_guest(inventory, request->guest, NULL);

    if (guest != NULL)
        vas_recover_add_things(inventory, guest, set);
}

gboolean
vas_ports_add(const VasContext *context, const VasPortsRequest *request, VasGuestPorts **ret_ports,
              GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim = vas_claim_take(context, find_things, request, request->timeout,
                                               request->dry_run, &inventory, error);
    g_autoptr(VasGuestPorts) ports = NULL;

    if (claim == NULL || !vas_recover_first(context, request->guest, NULL, request->timeout,
                                            request->dry_run, &inventory, error))
        return FALSE;
    ports = list_ports(&inventory, request->guest, error);
    if (ports == NULL || !check_persistent(ports->guest, error))
        return FALSE;
    if (!add_ports(context, request, &ports, ret_results, ret_steps, error)) {
        g_prefix_error(error, "add ports to %s: ", ports->guest->name);
        return FALSE;
    }
    *ret_ports = g_steal_pointer(&ports);
    return TRUE;
}
