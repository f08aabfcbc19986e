/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-wish.h"

#include "core/nic/nic-name-choice.h"
#include "core/rules/rules-vf-settings.h"
#include "core/value/error.h"

VasAssignmentType
vas_rules_default_type(const VasDevice *device)
{
    if (device->kind == VAS_DEVICE_VF && vas_device_in_class(device, VAS_CLASS_NET) &&
        !vas_device_is_fabric(device))
        return VAS_ASSIGNMENT_INTERFACE;
    return VAS_ASSIGNMENT_HOSTDEV;
}

gboolean
vas_rules_check_endpoint(const VasDevice *device, GError **error)
{
    if (vas_device_is_endpoint(device))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                "%s is a bridge (%s): only endpoints can be assigned",
                vas_host_address_text(device->address).text,
                device->is_bridge ? "PCI header type 1" : "PCI class 06");
    return FALSE;
}

static gboolean
check_interface_suits(const VasDevice *device, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (device->kind != VAS_DEVICE_VF)
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s is not a VF: <interface type='hostdev'> is for SR-IOV VFs only",
                    address.text);
    else if (!vas_device_in_class(device, VAS_CLASS_NET))
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s is a VF of a device that is not a network device (%s): it cannot be an "
                    "<interface>",
                    address.text, vas_device_class_label(device->class_code));
    else if (vas_device_is_fabric(device))
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s is a VF of an InfiniBand port: it has GUIDs, and no MAC or VLAN that "
                    "libvirt could set for an <interface>",
                    address.text);
    else
        return TRUE;
    vas_error_set_hint(error, "--as hostdev");
    return FALSE;
}

static gboolean
check_hostdev_wish(const VasDevice *device, const VasAssignmentWish *wish, GError **error)
{
    const char *what = wish->has_mac ? "MAC" : "VLAN";

    if (!wish->has_mac && wish->vlan < 0)
        return TRUE;
    if (vas_device_is_fabric(device))
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "%s is an InfiniBand device: the kernel sets GUIDs of its VFs, and no %s",
                    vas_host_address_text(device->address).text, what);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "a plain <hostdev> has no %s", what);
    if (vas_rules_default_type(device) == VAS_ASSIGNMENT_INTERFACE)
        vas_error_set_hint(error, "--as interface");
    return FALSE;
}

static gboolean
check_guest_name(const VasDevice *device, const VasAssignmentWish *wish, GError **error)
{
    if (wish->guest_name == NULL)
        return TRUE;
    if (!vas_device_in_class(device, VAS_CLASS_NET)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "%s is not a network device (%s): the guest gives it no name of a NIC",
                    vas_host_address_text(device->address).text,
                    vas_device_class_label(device->class_code));
        return FALSE;
    }
    if (vas_device_is_fabric(device)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s is an InfiniBand device: whether it has a NIC in the guest is up to the "
                    "guest's ib_ipoib, so no name can be promised",
                    vas_host_address_text(device->address).text);
        vas_error_set_hint(error, "leave out --guest-name; virt-assign names tells what to expect");
        return FALSE;
    }
    if (device->port != NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s has a driver that tells its port: the guest's name of it ends with n%s, or "
                    "not if the guest's driver tells none, so no name can be promised",
                    vas_host_address_text(device->address).text, device->port);
        vas_error_set_hint(error, "leave out --guest-name; virt-assign names tells both");
        return FALSE;
    }
    return vas_nic_name_check(wish->guest_name, error);
}

static gboolean
check_ranges(const VasAssignmentWish *wish, GError **error)
{
    if (wish->has_mac && !vas_mac_address_is_unicast(wish->mac)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "MAC %s is not unicast: a NIC cannot have it",
                    vas_mac_address_text(wish->mac).text);
        return FALSE;
    }
    if (wish->vlan < -1 || wish->vlan > VAS_VLAN_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "VLAN %d is not in 0 to %d", wish->vlan,
                    VAS_VLAN_MAX);
        return FALSE;
    }
    if (wish->alias != NULL && !vas_alias_check(wish->alias, error))
        return FALSE;
    if (wish->boot_order < 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "boot order %d is not 1 or more",
                    wish->boot_order);
        return FALSE;
    }
    if (wish->acpi_index < 0 || wish->acpi_index > VAS_ACPI_INDEX_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "acpi index %d is not in 1 to %d",
                    wish->acpi_index, VAS_ACPI_INDEX_MAX);
        return FALSE;
    }
    return vas_rules_check_vf_ranges(&wish->vf, error);
}

gboolean
vas_rules_check_wish(const VasDevice *device, const VasAssignmentWish *wish, GError **error)
{
    VasAssignmentType type = wish->has_type ? wish->type : vas_rules_default_type(device);

    if (!vas_rules_check_endpoint(device, error))
        return FALSE;
    if (type == VAS_ASSIGNMENT_INTERFACE && !check_interface_suits(device, error))
        return FALSE;
    if (type == VAS_ASSIGNMENT_HOSTDEV && !check_hostdev_wish(device, wish, error))
        return FALSE;
    return check_guest_name(device, wish, error) && check_ranges(wish, error);
}
