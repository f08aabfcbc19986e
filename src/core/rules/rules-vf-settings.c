/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-vf-settings.h"

#include "core/value/error.h"

gboolean
vas_rules_check_vf_ranges(const VasVfWish *wish, GError **error)
{
    if (wish->qos <= VAS_QOS_MAX)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "priority %d is not in 0 to %d", wish->qos,
                VAS_QOS_MAX);
    return FALSE;
}

static gboolean
check_device(const VasDevice *device, const VasPfLink *pf_link, GError **error)
{
    if (device->kind != VAS_DEVICE_VF || !vas_device_in_class(device, VAS_CLASS_NET)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s is not a VF of a network card: there are no VF settings of it",
                    vas_host_address_text(device->address).text);
        return FALSE;
    }
    if (pf_link->interface != NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "its PF %s has no network interface, through which VF settings are set",
                vas_host_address_text(device->pf).text);
    vas_error_set_hint(error, "give the PF its host driver: virt-assign host-reattach %s",
                       vas_host_address_text(device->pf).text);
    return FALSE;
}

static gboolean
check_priority(const VasGuest *guest, const VasAttachDecision *decision, const VasVfWish *wish,
               GError **error)
{
    const VasAssignment *assignment = decision->assignment;

    if (wish->qos < 0)
        return TRUE;
    if (assignment->type == VAS_ASSIGNMENT_HOSTDEV || assignment->vlan < 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "--qos needs --vlan: the priority is part of the VLAN tag");
        vas_error_set_hint(error, "add --vlan ID, with --as interface");
        return FALSE;
    }
    if ((decision->scope & VAS_SCOPE_LIVE) != 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                "libvirt sets the VLAN when %s starts, without a priority", guest->name);
    vas_error_set_hint(error, "attach it without --qos, and with it once the guest runs");
    return FALSE;
}

gboolean
vas_rules_check_vf_wish(const VasGuest *guest, const VasAttachDecision *decision,
                        const VasVfWish *wish, const VasPfLink *pf_link, GError **error)
{
    return vas_vf_wish_is_empty(wish) || (check_device(decision->device, pf_link, error) &&
                                          check_priority(guest, decision, wish, error));
}
