/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/assignment-options.h"

#include "core/nic/nic-name-choice.h"
#include "core/value/error.h"

#include <string.h>

const VasOption vas_assignment_options[] = {
    VAS_NUMBER_OPTION("acpi-index", acpi_index, 1, VAS_ACPI_INDEX_MAX, "N",
                      "the guest names the NIC eno<N>"),
    VAS_TEXT_OPTION("as", as, "TYPE", VAS_COMPLETE_TYPE,
                    "interface (libvirt sets MAC and VLAN; VFs of network cards, their default) or "
                    "hostdev (the default of all others)"),
    VAS_NUMBER_OPTION("boot-order", boot_order, 1, G_MAXINT, "N",
                      "the place of the device in the guest's boot order"),
    VAS_TEXT_OPTION("guest-address", guest_address, "ADDRESS", VAS_COMPLETE_GUEST_ADDRESS,
                    "the PCI address in the guest, or auto: the first free one that can be "
                    "hot-plugged and suits the device (the default)"),
    VAS_TEXT_OPTION(
        "guest-name", guest_name, "NAME", VAS_COMPLETE_NOTHING,
        "what the guest is to call the NIC (ens1, enp2s0, eno7): finds the address or acpi "
        "index for it"),
    VAS_TEXT_OPTION("link-state", link_state, "STATE", VAS_COMPLETE_LINK_STATE,
                    "the link of a VF: auto (as the PF's), enable (always up) or disable"),
    VAS_TEXT_OPTION(
        "mac", mac, "MAC", VAS_COMPLETE_NOTHING,
        "the MAC address of an interface; without it an unused one of 52:54:00 is taken"),
    VAS_NUMBER_OPTION("max-rate", max_rate, 0, G_MAXINT, "MBPS",
                      "the most that a VF may send, in Mbit/s; 0: no limit"),
    VAS_TEXT_OPTION("name", name, "ALIAS", VAS_COMPLETE_NOTHING,
                    "the alias (up is taken for ua-up); without it ua-pci_ and the host address"),
    VAS_NUMBER_OPTION("qos", qos, 0, VAS_QOS_MAX, "N",
                      "the priority of the VLAN tag, while the guest runs"),
    VAS_TEXT_OPTION("spoof-check", spoof_check, "on|off", VAS_COMPLETE_ON_OFF,
                    "whether the PF drops what a VF sends under another MAC"),
    VAS_TEXT_OPTION("template", template, "FILE|NAME", VAS_COMPLETE_FILE,
                    "the XML to fill in: a file, or the name of an installed template"),
    VAS_TEXT_OPTION(
        "trust", trust, "on|off", VAS_COMPLETE_ON_OFF,
        "whether a VF may do what its PF allows trusted ones: change its MAC, receive all"),
    VAS_NUMBER_OPTION("vlan", vlan, 0, VAS_VLAN_MAX, "ID", "the VLAN of an interface"),
    {0},
};

static gboolean
read_guest_address(const char *text, VasAssignmentWish *wish, GError **error)
{
    if (text == NULL || strcmp(text, "auto") == 0)
        return TRUE;
    wish->has_guest_address = vas_guest_address_parse(text, &wish->guest_address, error);
    if (!wish->has_guest_address)
        g_prefix_error(error, "--guest-address: ");
    return wish->has_guest_address;
}

static gboolean
read_mac(const char *text, VasAssignmentWish *wish, GError **error)
{
    if (text == NULL)
        return TRUE;
    wish->has_mac = vas_mac_address_parse(text, &wish->mac, error);
    if (!wish->has_mac)
        g_prefix_error(error, "--mac: ");
    return wish->has_mac;
}

static gboolean
read_type(const char *text, VasAssignmentWish *wish, GError **error)
{
    if (text == NULL)
        return TRUE;
    wish->has_type = vas_assignment_type_parse(text, &wish->type, error);
    if (!wish->has_type)
        g_prefix_error(error, "--as: ");
    return wish->has_type;
}

static gboolean
read_alias(const char *text, VasAssignmentWish *wish, GError **error)
{
    g_autofree char *alias = text != NULL ? vas_alias_complete(text) : NULL;

    if (alias == NULL)
        return TRUE;
    if (!vas_alias_check(alias, error)) {
        g_prefix_error(error, "--name: ");
        return FALSE;
    }
    wish->alias = g_steal_pointer(&alias);
    return TRUE;
}

static gboolean
read_guest_name(const char *text, VasAssignmentWish *wish, GError **error)
{
    if (text == NULL)
        return TRUE;
    if (!vas_nic_name_check(text, error)) {
        g_prefix_error(error, "--guest-name: ");
        return FALSE;
    }
    wish->guest_name = g_strdup(text);
    return TRUE;
}

static gboolean
read_vf_settings(const VasOptions *options, VasVfWish *wish, GError **error)
{
    if (options->link_state != NULL &&
        !vas_vf_link_state_parse(options->link_state, &wish->link_state, error)) {
        g_prefix_error(error, "--link-state: ");
        return FALSE;
    }
    wish->max_rate = options->max_rate;
    wish->qos = options->qos;
    return vas_option_read_on_off("spoof-check", options->spoof_check, &wish->spoof_check, error) &&
           vas_option_read_on_off("trust", options->trust, &wish->trust, error);
}

VasAssignmentWish *
vas_assignment_options_wish(const VasOptions *options, GError **error)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();

    if (!read_type(options->as, wish, error) || !read_alias(options->name, wish, error) ||
        !read_mac(options->mac, wish, error) ||
        !read_guest_address(options->guest_address, wish, error) ||
        !read_guest_name(options->guest_name, wish, error) ||
        !read_vf_settings(options, &wish->vf, error))
        return NULL;
    wish->acpi_index = options->acpi_index;
    wish->boot_order = options->boot_order;
    wish->vlan = options->vlan;
    wish->template = g_strdup(options->template);
    return g_steal_pointer(&wish);
}
