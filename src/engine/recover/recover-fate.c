/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-fate.h"

#include "core/inventory/iommu-group.h"
#include "engine/journal/pending.h"
#include "engine/run/rival.h"
#include "engine/steps/vf-settings.h"

const VasAssignment *
vas_recover_find_own(const VasGuestDefinition *definition, const VasOperationDevice *device)
{
    const VasAssignment *found = vas_guest_definition_find_device(definition, device->device);

    return found != NULL && g_strcmp0(found->alias, device->alias) == 0 ? found : NULL;
}

/* Finds what a detach was to take out of the config. */
static const VasAssignment *
find_detached(const VasGuestDefinition *config, const VasOperationDevice *device)
{
    g_autoptr(VasAssignment) wanted = vas_operation_device_assignment(device);

    if (config == NULL || (device->scope & VAS_SCOPE_CONFIG) == 0)
        return NULL;
    return device->network != NULL ? vas_guest_definition_find_network_nic(config, wanted)
                                   : vas_guest_definition_counterpart(config, wanted);
}

/* The command that names a device goes on with what the killed one left of a detach, if that left
 * anything. A device that a killed attach never put in is not spared: a detach would leave it on
 * the driver that the attach brought it to. */
static gboolean
is_spared(const VasRecoverWork *work, const VasOperationDevice *device)
{
    const VasGuest *guest = work->run->guest;
    gboolean is_live = vas_guest_definition_has_device(guest->live, device->device);

    if (!vas_host_addresses_have(work->run->spare, device->device))
        return FALSE;
    if (work->operation->kind != VAS_OPERATION_DETACH)
        return is_live || vas_guest_definition_has_device(guest->config, device->device);
    return (is_live && (device->scope & VAS_SCOPE_LIVE) != 0) ||
           find_detached(guest->config, device) != NULL;
}

static gboolean
is_pending(const VasRecoverWork *work, const VasAssignment *live)
{
    return live != NULL && vas_pending_find(work->pending, live) != NULL;
}

/* When a guest stops, libvirt takes back the settings that it made itself. */
static gboolean
has_settings_of(const VasRecoverRun *run, const VasOperationDevice *device)
{
    const VasDevice *known = vas_inventory_find_device(run->inventory, device->device);
    gboolean is_live = vas_guest_definition_has_device(run->guest->live, device->device);
    guint fields = is_live ? device->concerned : device->concerned & ~VAS_VF_OF_LIBVIRT;
    gboolean is_told = FALSE;
    VasVfSettings now;

    if (!device->has_settings)
        return TRUE;
    return known != NULL && vas_vf_settings_read(run->context, known, &is_told, &now, NULL) &&
           is_told && (vas_vf_settings_differ(&now, &device->target) & fields) == 0;
}

/* Tells whether an attach has come to its end with the device; a run that has ended since took only
 * what the device had live. *@guests is for vas_rival_check. */
static gboolean
is_attached(const VasRecoverWork *work, const VasOperationDevice *device, VasInventory **guests)
{
    const VasRecoverRun *run = work->run;
    const VasGuest *guest = run->guest;
    gboolean wants_live = (device->scope & VAS_SCOPE_LIVE) != 0 && guest->live != NULL;
    gboolean wants_config = (device->scope & VAS_SCOPE_CONFIG) != 0;

    if (device->scope != 0 && !wants_live && !wants_config)
        return FALSE;
    if ((wants_live && vas_recover_find_own(guest->live, device) == NULL) ||
        (wants_config && vas_recover_find_own(guest->config, device) == NULL) ||
        is_pending(work, vas_guest_definition_find_device(guest->live, device->device)))
        return FALSE;
    return has_settings_of(run, device) &&
           (device->scope == 0 ||
            vas_rival_check(run->context, guest, device->device, guests, NULL));
}

gboolean
vas_recover_all_are_attached(const VasRecoverWork *work)
{
    g_autoptr(VasInventory) guests = NULL;

    for (guint i = 0; i < work->operation->devices->len; i++) {
        if (!is_attached(work, g_ptr_array_index(work->operation->devices, i), &guests))
            return FALSE;
    }
    return TRUE;
}

/* Whether a detach takes the device out of the config, now or when the running guest has let go. */
static gboolean
leaves_config(const VasRecoverWork *work, VasHostAddress address)
{
    const VasOperationDevice *device = vas_operation_find_device(work->operation, address);

    return device != NULL && (device->scope & VAS_SCOPE_CONFIG) != 0 && !is_spared(work, device);
}

/* Whether a device that @mate is held for is, and stays, in @definition, one of the guest's. */
static gboolean
is_mate_needed(const VasRecoverWork *work, const VasAssignment *mate,
               const VasGuestDefinition *definition)
{
    const VasInventory *inventory = work->run->inventory;
    const VasDevice *device = vas_inventory_find_device(inventory, mate->device);
    g_autoptr(GPtrArray) members = device != NULL ? vas_iommu_group_mates(inventory, device) : NULL;

    for (guint i = 0; members != NULL && i < members->len; i++) {
        const VasDevice *member = g_ptr_array_index(members, i);
        const VasAssignment *other = vas_guest_definition_find_device(definition, member->address);

        if (other != NULL && !vas_assignment_is_mate(other) &&
            !(definition == work->run->guest->config && leaves_config(work, member->address)))
            return TRUE;
    }
    return FALSE;
}

/* The mates of a device that is out are to go as well, asked for or not: no guest sees them. */
static gboolean
is_mate_left_behind(const VasRecoverWork *work, const VasAssignment *live)
{
    return vas_assignment_is_mate(live) && !is_mate_needed(work, live, work->run->guest->live);
}

/* Whether @live is a mate, and the guest was asked for a device that it is held for. */
static gboolean
is_mate_of_pending(const VasRecoverWork *work, const VasAssignment *live)
{
    const VasInventory *inventory = work->run->inventory;
    const GPtrArray *assignments = work->run->guest->live->assignments;

    for (guint i = 0; vas_assignment_is_mate(live) && i < assignments->len; i++) {
        const VasAssignment *other = g_ptr_array_index(assignments, i);

        if (is_pending(work, other) && vas_iommu_group_is_shared(inventory, live, other))
            return TRUE;
    }
    return FALSE;
}

/* Finds what a detach was to take out of the running guest. A hostdev network gives its NIC another
 * device at each start. */
static const VasAssignment *
find_live(const VasRecoverWork *work, const VasOperationDevice *device)
{
    const VasGuest *guest = work->run->guest;
    const VasAssignment *live = vas_guest_definition_find_device(guest->live, device->device);
    g_autoptr(VasAssignment) wanted = NULL;

    if (live != NULL || guest->live == NULL || device->network == NULL)
        return live;
    wanted = vas_operation_device_assignment(device);
    live = vas_guest_definition_counterpart(guest->live, wanted);
    return live != NULL && vas_guest_counterpart(guest, live) == NULL ? live : NULL;
}

static VasFate
fate_of_detached(const VasRecoverWork *work, const VasOperationDevice *device)
{
    const VasAssignment *live =
        (device->scope & VAS_SCOPE_LIVE) != 0 ? find_live(work, device) : NULL;

    if (live == NULL || is_mate_left_behind(work, live))
        return VAS_FATE_TAKE;
    return is_pending(work, live) || is_mate_of_pending(work, live) ? VAS_FATE_PENDING
                                                                    : VAS_FATE_DROP;
}

VasFate
vas_recover_fate(const VasRecoverWork *work, const VasOperationDevice *device,
                 gboolean all_attached)
{
    g_autoptr(VasInventory) guests = NULL;

    if (is_spared(work, device))
        return VAS_FATE_SPARE;
    if (work->operation->kind == VAS_OPERATION_DETACH)
        return fate_of_detached(work, device);
    return all_attached || (work->operation->each_alone && is_attached(work, device, &guests))
               ? VAS_FATE_DROP
               : VAS_FATE_TAKE;
}

const VasAssignment *
vas_recover_find_config(const VasRecoverWork *work, const VasOperationDevice *device)
{
    const VasGuestDefinition *config = work->run->guest->config;
    const VasAssignment *found = NULL;

    if (work->operation->kind == VAS_OPERATION_ATTACH)
        return (device->scope & VAS_SCOPE_CONFIG) != 0 ? vas_recover_find_own(config, device)
                                                       : NULL;
    found = find_detached(config, device);
    return found != NULL && vas_assignment_is_mate(found) && is_mate_needed(work, found, config)
               ? NULL
               : found;
}

gboolean
vas_recover_stays_in_guest(const VasRecoverWork *work, const VasDetachSubject *subject,
                           VasHostAddress device)
{
    const VasGuest *guest = work->run->guest;

    return vas_guest_definition_find_device(guest->live, device) != subject->live ||
           (work->operation->kind == VAS_OPERATION_ATTACH &&
            vas_guest_definition_find_device(guest->config, device) != subject->config);
}
