/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook-run.h"

#include "core/value/error.h"
#include "engine/base/scan-devices.h"
#include "engine/journal/proof.h"
#include "engine/journal/vf-note.h"
#include "engine/steps/vf-settings.h"
#include "engine/verbs/hook-identity.h"
#include "host/files/hook-heard.h"
#include "host/sriov/sriov.h"
#include "xml/domain-xml.h"

struct VasHookRun {
    const VasContext *context;
    VasHookPhase phase;
    VasGuest *guest;
    const VasGuestDefinition *definition; /* its live or config, as the phase has it */
    GPtrArray *wishes;                    /* VasWish, borrowed: those that count */
    VasInventory *inventory;              /* their devices and PFs, and no guest */
};

static void
collect_wishes(VasHookRun *run)
{
    const VasGuestRecord *record = run->definition->record;

    vas_proof_check(run->context, run->guest->uuid, run->definition->record);
    for (guint i = 0; record != NULL && i < record->wishes->len; i++) {
        VasWish *wish = g_ptr_array_index(record->wishes, i);

        if (wish->is_proven && vas_guest_definition_has_device(run->definition, wish->device))
            g_ptr_array_add(run->wishes, wish);
    }
}

/* At "prepare" the guest has none of its devices yet. */
static VasGuest *
make_guest(VasHookPhase phase, const char *name, VasGuestDefinition *definition)
{
    VasGuest *guest = vas_guest_new(name, definition->uuid);

    guest->run_id = definition->run_id;
    if (phase == VAS_HOOK_PREPARE)
        guest->config = definition;
    else
        guest->live = definition;
    return guest;
}

VasHookRun *
vas_hook_run_new(const VasContext *context, VasHookPhase phase, const char *guest, const char *xml,
                 GError **error)
{
    VasGuestDefinition *definition = vas_domain_xml_parse(xml, error);
    VasHookRun *run = NULL;

    if (definition == NULL)
        return NULL;
    if (definition->uuid == NULL) {
        vas_guest_definition_free(definition);
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "the XML of guest %s has no UUID", guest);
        return NULL;
    }
    run = g_new0(VasHookRun, 1);
    run->context = context;
    run->phase = phase;
    run->definition = definition;
    run->guest = make_guest(phase, guest, definition);
    run->wishes = g_ptr_array_new();
    run->inventory = vas_inventory_new();
    if (phase != VAS_HOOK_RELEASE)
        collect_wishes(run);
    return run;
}

void
vas_hook_run_free(VasHookRun *run)
{
    if (run == NULL)
        return;
    vas_guest_free(run->guest);
    g_ptr_array_unref(run->wishes);
    vas_inventory_free(run->inventory);
    g_free(run);
}

gboolean
vas_hook_run_is_required(const VasHookRun *run)
{
    for (guint i = 0; i < run->wishes->len; i++) {
        if (((const VasWish *) g_ptr_array_index(run->wishes, i))->is_required)
            return TRUE;
    }
    return FALSE;
}

/* Reads @addresses; a device that is not there is left out. */
static void
read_devices(const VasHookRun *run, const GArray *addresses)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) names = NULL;
    gboolean from_kernel = TRUE;

    for (guint i = 0; i < addresses->len; i++) {
        VasHostAddress address = g_array_index(addresses, VasHostAddress, i);

        if (vas_inventory_find_device(run->inventory, address) == NULL)
            g_strv_builder_add(builder, vas_pci_address_nodedev(address.pci).text);
    }
    names = g_strv_builder_end(builder);
    (void) vas_scan_devices(run->context, run->inventory, (const char *const *) names, &from_kernel,
                            NULL);
}

/* Reads @addresses and their PFs. */
static void
read_near(const VasHookRun *run, const GArray *addresses)
{
    g_autoptr(GArray) pfs = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    read_devices(run, addresses);
    for (guint i = 0; i < run->inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(run->inventory->devices, i);

        if (device->kind == VAS_DEVICE_VF)
            g_array_append_val(pfs, device->pf);
    }
    read_devices(run, pfs);
    (void) vas_scan_interfaces(run->context, run->inventory, TRUE, NULL);
}

static void
read_wished(const VasHookRun *run)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; i < run->wishes->len; i++)
        g_array_append_val(addresses,
                           ((const VasWish *) g_ptr_array_index(run->wishes, i))->device);
    read_near(run, addresses);
}

/* *ret_plan NULL: nothing is to be set and nothing to be noted. */
static gboolean
plan_settings(const VasHookRun *run, const VasWish *wish, VasVfPlan **ret_plan, GError **error)
{
    const VasDevice *device = vas_inventory_find_device(run->inventory, wish->device);
    g_autofree char *interface = vas_vf_plan_pf_interface(run->context, device);
    const VasPfLink link = {.known = TRUE, .interface = interface};
    const VasAttachDecision decision = {
        .device = device,
        .scope = VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG,
        .missing = run->phase == VAS_HOOK_PREPARE ? VAS_SCOPE_LIVE : 0,
        .assignment =
            (VasAssignment *) vas_guest_definition_find_device(run->definition, wish->device)};

    if (device == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "device %s is not on this host",
                    vas_host_address_text(wish->device).text);
        return FALSE;
    }
    return vas_vf_plan_attach(run->context, run->inventory, run->guest, &decision, &wish->settings,
                              &link, ret_plan, error);
}

static gboolean
note_settings(const VasHookRun *run, const VasWish *wish, GError **error)
{
    g_autoptr(VasVfPlan) plan = NULL;

    return plan_settings(run, wish, &plan, error) &&
           (plan == NULL || vas_vf_settings_record(run->context, plan, error));
}

/* By now the PF holds libvirt's MAC and VLAN: what was before can only be noted at "prepare". */
static gboolean
check_noted(const VasVfPlan *plan, GError **error)
{
    if (plan->record == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "what %s was set to before is not noted: it stays as it is",
                vas_host_address_text(plan->vf.device).text);
    return FALSE;
}

static gboolean
set_settings(const VasHookRun *run, const VasWish *wish, GError **error)
{
    g_autoptr(VasVfPlan) plan = NULL;

    return plan_settings(run, wish, &plan, error) &&
           (plan == NULL ||
            (check_noted(plan, error) && vas_vf_settings_set(run->context, plan, error) &&
             (!plan->set_priority || vas_vf_settings_set_priority(run->context, plan, error))));
}

static gboolean
see_to_settings(const VasHookRun *run, GError **error)
{
    for (guint i = 0; i < run->wishes->len; i++) {
        const VasWish *wish = g_ptr_array_index(run->wishes, i);
        g_autoptr(GError) failure = NULL;

        if (vas_vf_wish_is_empty(&wish->settings) ||
            (run->phase == VAS_HOOK_PREPARE ? note_settings(run, wish, &failure)
                                            : set_settings(run, wish, &failure)))
            continue;
        if (wish->is_required) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                             "guest %s starts without the settings of %s: %s", run->guest->name,
                             vas_host_address_text(wish->device).text, failure->message);
    }
    return TRUE;
}

/* libvirt refuses an <interface> whose PF is down, too, with less of a cause. */
static gboolean
check_link(const VasHookRun *run, const VasWish *wish, GError **error)
{
    const VasDevice *device = vas_inventory_find_device(run->inventory, wish->device);
    const VasAssignment *assignment =
        vas_guest_definition_find_device(run->definition, wish->device);
    g_autofree char *interface = NULL;
    gboolean is_up = TRUE;

    if (device == NULL || device->kind != VAS_DEVICE_VF ||
        assignment->type != VAS_ASSIGNMENT_INTERFACE ||
        !vas_sriov_read_link(run->context->host, device->pf, &interface, &is_up, NULL) ||
        interface == NULL || is_up)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY, "the PF of %s, %s, is down",
                vas_host_address_text(wish->device).text, interface);
    vas_error_set_hint(error, "ip link set %s up", interface);
    return FALSE;
}

static gboolean
prepare(const VasHookRun *run, GError **error)
{
    for (guint i = 0; i < run->wishes->len; i++) {
        const VasWish *wish = g_ptr_array_index(run->wishes, i);

        if (!vas_hook_check_identity(run->context, run->inventory, wish, error) ||
            !check_link(run, wish, error))
            return FALSE;
    }
    return see_to_settings(run, error);
}

static void
put_back(const VasHookRun *run, VasHostAddress device)
{
    const VasAssignment *assignment = vas_guest_definition_find_device(run->definition, device);
    VasAssignmentType type = assignment != NULL ? assignment->type : VAS_ASSIGNMENT_HOSTDEV;
    g_autoptr(VasVfPlan) plan =
        vas_vf_plan_release(run->context, run->inventory, run->guest, device, type);
    g_autoptr(GError) failure = NULL;
    gboolean is_known = FALSE;
    VasVfSettings settings;

    if (plan != NULL && !vas_vf_settings_put_back(run->context, run->inventory, run->guest, plan,
                                                  &is_known, &settings, &failure))
        vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                             "the settings of %s stay as guest %s had them, and noted: %s",
                             vas_host_address_text(device).text, run->guest->name,
                             failure->message);
}

/* The guest's run is over: whatever is noted of it is to be as before. */
static void
release(const VasHookRun *run)
{
    g_autoptr(GPtrArray) notes = vas_vf_note_list(run->context->host);
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; i < notes->len; i++) {
        const VasVfRecord *record = g_ptr_array_index(notes, i);

        if (g_str_equal(record->guest, run->guest->uuid))
            g_array_append_val(devices, record->device);
    }
    if (devices->len == 0)
        return;
    read_near(run, devices);
    for (guint i = 0; i < devices->len; i++)
        put_back(run, g_array_index(devices, VasHostAddress, i));
}

gboolean
vas_hook_run(const VasHookRun *run, GError **error)
{
    if (run->phase == VAS_HOOK_RELEASE) {
        release(run);
        return TRUE;
    }
    if (run->wishes->len == 0)
        return TRUE;
    read_wished(run);
    if (run->phase == VAS_HOOK_PREPARE ? prepare(run, error) : see_to_settings(run, error))
        return TRUE;
    g_prefix_error(error, "guest %s is not to start: ", run->guest->name);
    return FALSE;
}

gboolean
vas_hook_answer(const VasContext *context, const char *probe, GError **error)
{
    g_auto(VasLibvirtDaemon) daemon = {0};
    int failure;

    vas_libvirt_daemon_find(context->host, &daemon);
    failure = vas_hook_heard_write(context->host, &daemon, vas_hook_call_nonce(probe));
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "virt-assign's hook is heard%s%s",
                failure != 0 ? ", and could not note it: " : "",
                failure != 0 ? g_strerror(failure) : "");
    return FALSE;
}
