/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-team.h"

#include "core/value/error.h"

static gboolean
refuse_mac(const VasAttachCase *c, const VasAssignment *assignment, const VasNic *nic,
           GError **error)
{
    VasMacAddressText team = vas_mac_address_text(nic->mac);

    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "MAC %s is not the MAC of %s, %s: the guest makes a team of the two by one MAC",
                vas_mac_address_text(assignment->mac).text, c->wish->team, team.text);
    vas_error_set_hint(error, "--mac %s, or none: it is taken from that NIC", team.text);
    return FALSE;
}

static gboolean
settle_in(const VasAttachCase *c, const VasGuestDefinition *definition, VasAssignment *assignment,
          GError **error)
{
    const VasNic *nic =
        definition != NULL ? vas_guest_definition_find_nic(definition, c->wish->team) : NULL;

    if (definition == NULL)
        return TRUE;
    if (nic == NULL || !nic->is_team_backup || !nic->has_mac) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s%s has no NIC %s with <teaming type='persistent'/>, which the template "
                    "teams the device with",
                    definition == c->guest->config ? "the config of " : "", c->guest->name,
                    c->wish->team);
        vas_error_set_hint(error,
                           "give one of its NICs <alias name='%s'/> and <teaming "
                           "type='persistent'/>: virsh edit %s",
                           c->wish->team, c->guest->word);
        return FALSE;
    }
    if (assignment->type != VAS_ASSIGNMENT_INTERFACE)
        return TRUE;
    if (assignment->has_mac && !vas_mac_address_equal(assignment->mac, nic->mac))
        return refuse_mac(c, assignment, nic, error);
    assignment->has_mac = TRUE;
    assignment->mac = nic->mac;
    return TRUE;
}

gboolean
vas_rules_settle_team(const VasAttachCase *c, VasAssignment *assignment, GError **error)
{
    return c->wish->team == NULL ||
           (settle_in(c, vas_attach_case_missing_live(c), assignment, error) &&
            settle_in(c, vas_attach_case_missing_config(c), assignment, error));
}
