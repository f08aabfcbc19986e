/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/vf-settings.h"

#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/vf-note.h"
#include "host/pci/driver.h"

/* A user whom libvirt lets take a device need not be root: libvirt alone puts back then what it
 * set.
 */
gboolean
vas_vf_settings_record(const VasContext *context, const VasVfPlan *plan, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (plan->record == NULL || vas_vf_note_write(context->host, plan->record, &refusal))
        return TRUE;
    if (context->must_lock || !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "detach will not put the settings of %s back: %s",
                         vas_host_address_text(plan->vf.device).text, refusal->message);
    return TRUE;
}

static gboolean
take_record_back(const VasContext *context, const VasVfPlan *plan, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (plan->record == NULL ||
        (plan->record_before != NULL
             ? vas_vf_note_write(context->host, plan->record_before, &refusal)
             : vas_vf_note_remove(context->host, plan->vf.device, &refusal)) ||
        (!context->must_lock && g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED)))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean
vas_vf_settings_set(const VasContext *context, const VasVfPlan *plan, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (vas_vf_state_write(context->host, &plan->vf, plan->set, &plan->target, &refusal))
        return TRUE;
    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNSUPPORTED))
        vas_error_set_hint(&refusal, "the PF's driver has no such setting: leave it out");
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean
vas_vf_settings_set_priority(const VasContext *context, const VasVfPlan *plan, GError **error)
{
    return vas_vf_state_write(context->host, &plan->vf, VAS_VF_VLAN, &plan->target, error);
}

typedef enum {
    OWNER_HOST,
    OWNER_GUEST, /* the guest that it is about */
    OWNER_OTHER,
} Owner;

/* A VF that no VFIO driver has is in no guest, which the kernel tells of the VF by itself; one that
 * is gone is in none, either. */
static gboolean
read_is_vfio(const VasContext *context, const VasVfPlan *plan, gboolean *ret_is_vfio,
             GError **error)
{
    g_autofree char *driver = NULL;
    g_autoptr(GError) refusal = NULL;

    if (!vas_driver_read(context->host, plan->vf.device, &driver, &refusal) &&
        !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    *ret_is_vfio = vas_driver_serves_vfio(context->host, plan->vf.device, driver);
    return TRUE;
}

static void
tell_other_owner(const VasContext *context, const VasVfPlan *plan, const VasGuest *holder)
{
    g_autofree char *name = vas_vf_plan_name(plan);

    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "%s%s has %s now: its settings are left alone",
                         holder != NULL ? "guest " : "",
                         holder != NULL ? holder->name : "a process (through VFIO)", name);
}

/* A running guest that cannot be read may be the one that has the VF. */
static gboolean
check_all_readable(const VasVfPlan *plan, const VasInventory *now, GError **error)
{
    g_autofree char *unreadable = vas_inventory_name_unreadable(now);
    g_autofree char *name = vas_vf_plan_name(plan);

    if (unreadable == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "a running guest that cannot be read (%s) may have %s: its settings are left alone",
                unreadable, name);
    vas_error_set_hint(error, "the notes say why a guest cannot be read: mend that");
    return FALSE;
}

/* Finds out who has the VF now; if it is somebody else, a NOTE says so. Who has a VF that is on a
 * VFIO driver - a guest that is about to start may not have opened it yet - only the guests tell.
 */
static gboolean
find_owner(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
           const VasVfPlan *plan, Owner *ret_owner, GError **error)
{
    const VasDevice *device = vas_inventory_find_device(inventory, plan->vf.device);
    g_autoptr(VasInventory) now = NULL;
    const VasGuest *holder = NULL;
    g_autoptr(GError) held = NULL;
    gboolean is_vfio = FALSE;

    *ret_owner = OWNER_HOST;
    if (!read_is_vfio(context, plan, &is_vfio, error))
        return FALSE;
    if (!is_vfio)
        return TRUE;
    now = vas_scan_guests(context, error);
    if (now == NULL)
        return FALSE;
    holder = vas_inventory_running_holder(now, device);
    if (holder == NULL && !check_all_readable(plan, now, error))
        return FALSE;
    if (holder == NULL && !vas_vfio_use_check(context, inventory, now, plan->vf.device, &held) &&
        !g_error_matches(held, VAS_ERROR, VAS_ERROR_IN_USE)) {
        g_propagate_error(error, g_steal_pointer(&held));
        return FALSE;
    }
    if (holder != NULL && g_str_equal(holder->uuid, guest->uuid))
        *ret_owner = OWNER_GUEST;
    else if (holder != NULL || held != NULL)
        *ret_owner = OWNER_OTHER;
    if (*ret_owner == OWNER_OTHER)
        tell_other_owner(context, plan, holder);
    return TRUE;
}

/* Not every driver lets the MAC be taken away where the administrator had set none: the VF then
 * keeps the MAC it had, which is not a failure. */
static gboolean
write_back(const VasContext *context, const VasVfPlan *plan, guint fields,
           const VasVfSettings *wanted, GError **error)
{
    gboolean free_mac = (fields & VAS_VF_MAC) != 0 && vas_mac_address_is_zero(wanted->mac);
    guint first = free_mac ? fields & ~(guint) VAS_VF_MAC : fields;
    g_autoptr(GError) refusal = NULL;

    if (!vas_vf_state_write(context->host, &plan->vf, first, wanted, error))
        return FALSE;
    if (free_mac && !vas_vf_state_write(context->host, &plan->vf, VAS_VF_MAC, wanted, &refusal)) {
        g_autofree char *name = vas_vf_plan_name(plan);

        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s keeps the MAC that libvirt set, though none was set before: %s",
                             name, refusal->message);
    }
    return TRUE;
}

gboolean
vas_vf_settings_take_back(const VasContext *context, const VasInventory *inventory,
                          const VasGuest *guest, const VasVfPlan *plan, GError **error)
{
    guint fields = plan->was_live ? plan->set | VAS_VF_VLAN : plan->concerned;
    Owner owner = OWNER_HOST;
    VasVfSettings now;

    if (!find_owner(context, inventory, guest, plan, &owner, error))
        return FALSE;
    if (owner == OWNER_GUEST && !plan->was_live)
        return TRUE;
    if (owner == OWNER_OTHER)
        return take_record_back(context, plan, error);
    if (!vas_vf_state_read(context->host, &plan->vf, &now, error) ||
        !write_back(context, plan, vas_vf_settings_differ(&now, &plan->current) & fields,
                    &plan->current, error))
        return FALSE;
    return take_record_back(context, plan, error);
}

gboolean
vas_vf_settings_prove(const VasContext *context, const VasVfPlan *plan, VasVfSettings *ret_settings,
                      GError **error)
{
    g_autofree char *name = vas_vf_plan_name(plan);
    g_autofree char *is_text = NULL;
    g_autofree char *wanted_text = NULL;
    guint wrong;

    if (!vas_vf_state_read(context->host, &plan->vf, ret_settings, error))
        return FALSE;
    wrong = vas_vf_settings_differ(ret_settings, &plan->target) & plan->concerned;
    if (wrong == 0)
        return TRUE;
    is_text = vas_vf_settings_text(ret_settings, wrong);
    wanted_text = vas_vf_settings_text(&plan->target, wrong);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "PF %s shows %s with %s, not with %s",
                plan->pf_interface, name, is_text, wanted_text);
    return FALSE;
}

/* Another guest may have got the VF since, with a record of its own. */
static gboolean
forget(const VasContext *context, const VasGuest *guest, VasHostAddress device, GError **error)
{
    g_autoptr(VasVfRecord) record = NULL;

    if (!vas_vf_note_read(context->host, device, &record, error))
        return FALSE;
    return record == NULL || !g_str_equal(record->guest, guest->uuid) ||
           vas_vf_note_remove(context->host, device, error);
}

gboolean
vas_vf_settings_put_back(const VasContext *context, const VasInventory *inventory,
                         const VasGuest *guest, const VasVfPlan *plan, gboolean *ret_known,
                         VasVfSettings *ret_settings, GError **error)
{
    Owner owner = OWNER_OTHER; /* an outdated plan is about another VF */
    VasVfSettings now = {0};

    if (!plan->is_outdated && !find_owner(context, inventory, guest, plan, &owner, error))
        return FALSE;
    if (owner == OWNER_HOST &&
        (!vas_vf_state_read(context->host, &plan->vf, &now, error) ||
         !write_back(context, plan, vas_vf_settings_differ(&now, &plan->target) & plan->concerned,
                     &plan->target, error) ||
         !vas_vf_state_read(context->host, &plan->vf, &now, error)))
        return FALSE;
    if (owner != OWNER_GUEST && !forget(context, guest, plan->vf.device, error))
        return FALSE;
    *ret_known = owner == OWNER_HOST;
    if (*ret_known)
        *ret_settings = now;
    return TRUE;
}

gboolean
vas_vf_settings_read(const VasContext *context, const VasDevice *device, gboolean *ret_known,
                     VasVfSettings *ret_settings, GError **error)
{
    g_autofree char *interface = vas_vf_plan_pf_interface(context, device);
    VasVf vf = {.device = device->address, .pf_interface = interface, .index = device->vf_index};

    *ret_known = interface != NULL;
    return interface == NULL || vas_vf_state_read(context->host, &vf, ret_settings, error);
}
