/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/names.h"

#include "core/inventory/selector.h"
#include "core/nic/nic-name-findings.h"
#include "core/value/error.h"
#include "engine/base/scan.h"

#include <string.h>

#define FINDING_ID "names.actual"

void
vas_names_free(VasNames *names)
{
    if (names == NULL)
        return;
    g_clear_pointer(&names->nics, g_ptr_array_unref);
    g_clear_pointer(&names->findings, g_ptr_array_unref);
    g_clear_pointer(&names->inventory, vas_inventory_free);
    g_free(names);
}

static gboolean
check_can_be_asked(const VasGuest *guest, GError **error)
{
    if (guest->live == NULL || guest->state == VAS_GUEST_PAUSED) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE,
                    "guest %s is %s: there is no agent in it to ask", guest->name,
                    vas_guest_state_name(guest->state));
        vas_error_set_hint(error, "virsh %s %s", guest->live == NULL ? "start" : "resume",
                           guest->word);
        return FALSE;
    }
    if (!guest->live->platform.agent_channel) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                    "guest %s has no channel for a guest agent: it cannot be asked what its NICs "
                    "are called",
                    guest->name);
        vas_error_set_hint(error,
                           "virt-xml %s --add-device --channel unix,target.type=virtio,"
                           "target.name=org.qemu.guest_agent.0, and qemu-guest-agent in it",
                           guest->word);
        return FALSE;
    }
    return TRUE;
}

/* Each NIC is compared with these. */
typedef struct {
    const GPtrArray *interfaces; /* VasAgentInterface */
    const VasNames *names;
    guint differences;
} Comparison;

static VasFinding *add(const Comparison *comparison, VasFindingLevel level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static VasFinding *
add(const Comparison *comparison, VasFindingLevel level, const char *format, ...)
{
    const VasGuest *guest = comparison->names->guest;
    g_autofree char *summary = NULL;
    VasFinding *finding = NULL;
    va_list arguments;

    va_start(arguments, format);
    summary = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    finding = vas_findings_add(comparison->names->findings, FINDING_ID, level, guest->name, "%s",
                               summary);
    vas_finding_set_evidence(finding, "virsh domifaddr %s --source agent --full", guest->word);
    return finding;
}

/* A bond and a bridge have the MAC of a NIC as well: of several interfaces the one that is called
 * as predicted is taken for the NIC. NULL: none, or nobody can tell which. */
static const char *
find_actual(const Comparison *comparison, const VasGuestNic *nic, guint *ret_found)
{
    const char *predicted = nic->name != NULL ? nic->name->name : NULL;
    const char *actual = NULL;

    *ret_found = 0;
    for (guint i = 0; i < comparison->interfaces->len; i++) {
        const VasAgentInterface *interface = g_ptr_array_index(comparison->interfaces, i);

        if (!interface->has_mac || !vas_mac_address_equal(interface->mac, nic->live->mac))
            continue;
        (*ret_found)++;
        if (g_strcmp0(interface->name, predicted) == 0)
            return interface->name;
        actual = interface->name;
    }
    return *ret_found == 1 ? actual : NULL;
}

/* The first naming scheme under which the NIC is called @actual; NULL: none. */
static const char *
scheme_of_name(const VasGuest *guest, const VasNic *nic, const char *actual)
{
    const VasNamingScheme *scheme;

    for (guint i = 0; (scheme = vas_naming_scheme_nth(i)) != NULL; i++) {
        g_autoptr(VasNicName) name = vas_nic_name_of(guest->live, nic, scheme);

        if (name != NULL && g_strcmp0(name->name, actual) == 0)
            return scheme->name;
    }
    return NULL;
}

static void
report_difference(Comparison *comparison, const VasGuestNic *nic, const char *text)
{
    const char *scheme = scheme_of_name(comparison->names->guest, nic->live, nic->actual);
    VasFinding *finding =
        add(comparison, VAS_FINDING_PROBLEM, "%s is %s in the guest, and not %s as predicted", text,
            nic->actual, nic->name->name);

    comparison->differences++;
    if (scheme != NULL)
        vas_finding_set_advice(finding,
                               "that is its name under naming scheme %s (a systemd of that age, or "
                               "net.naming_scheme= on the guest's kernel command line): look again "
                               "with --scheme %s",
                               scheme, scheme);
    else
        vas_finding_set_advice(finding,
                               "look in the guest for what names it otherwise: another NIC "
                               "that has the name, net.ifnames=0, a .link file, a udev "
                               "rule");
}

static void
report_missing(Comparison *comparison, const char *text, guint found)
{
    VasFinding *finding = NULL;

    comparison->differences++;
    if (found > 1) {
        finding = add(comparison, VAS_FINDING_PROBLEM,
                      "%u interfaces of the guest have the MAC of %s, none called as predicted: "
                      "which one it is cannot be told",
                      found, text);
        vas_finding_set_advice(finding, "compare them in the guest: ip -d link");
        return;
    }
    finding = add(comparison, VAS_FINDING_PROBLEM,
                  "the guest shows no interface with the MAC of %s", text);
    vas_finding_set_advice(finding,
                           "look in the guest whether a driver has taken it (lspci -k) and "
                           "whether it has another MAC (ip link)");
}

static void
compare_nic(Comparison *comparison, VasGuestNic *nic)
{
    g_autofree char *text = NULL;
    guint found = 0;

    if (nic->live == NULL)
        return;
    text = vas_nic_describe(nic->live);
    if (!nic->live->has_mac) {
        (void) add(comparison, VAS_FINDING_WARNING,
                   "%s is not compared: its MAC is the device's own and not in the definition",
                   text);
        return;
    }
    nic->actual = g_strdup(find_actual(comparison, nic, &found));
    if (nic->actual == NULL)
        report_missing(comparison, text, found);
    else if (nic->name != NULL && nic->name->name != NULL &&
             !g_str_equal(nic->actual, nic->name->name))
        report_difference(comparison, nic, text);
}

/* A guest makes a team of a VF and the NIC that stays when the VF goes by the MAC of both, as
 * <teaming> wants it. */
static gboolean
are_team(const VasNic *a, const VasNic *b)
{
    return a->is_team_backup != b->is_team_backup;
}

/* Two NICs with one MAC are compared, but may be taken for one another. */
static void
report_twins(const Comparison *comparison)
{
    const GPtrArray *nics = comparison->names->guest->live->nics;

    for (guint i = 0; i < nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(nics, i);

        for (guint k = 0; nic->has_mac && k < i; k++) {
            const VasNic *other = g_ptr_array_index(nics, k);
            VasFinding *finding = NULL;

            if (!other->has_mac || !vas_mac_address_equal(other->mac, nic->mac) ||
                are_team(nic, other))
                continue;
            finding = add(comparison, VAS_FINDING_WARNING,
                          "two NICs of the guest have the MAC %s: which is which cannot be told",
                          vas_mac_address_text(nic->mac).text);
            vas_finding_set_advice(finding, "give one of them another MAC");
        }
    }
}

static gboolean
verify_names(const VasContext *context, VasNames *names, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autoptr(GPtrArray) interfaces = NULL;
    Comparison comparison = {.names = names};

    if (!check_can_be_asked(names->guest, error))
        return FALSE;
    interfaces = hypervisor->agent_interfaces(hypervisor, names->guest->uuid, error);
    if (interfaces == NULL) {
        g_prefix_error(error, "guest %s: ", names->guest->name);
        return FALSE;
    }
    comparison.interfaces = interfaces;
    for (guint i = 0; i < names->nics->len; i++)
        compare_nic(&comparison, g_ptr_array_index(names->nics, i));
    report_twins(&comparison);
    if (comparison.differences == 0)
        (void) add(&comparison, VAS_FINDING_OK, "the guest calls its NICs as predicted");
    return TRUE;
}

/* A naming scheme that is newer than all known ones counts as the newest of them. */
static void
report_scheme(const VasNames *names, const char *asked, const VasNamingScheme *scheme)
{
    if (g_str_equal(asked, "latest") || g_str_equal(asked, scheme->name))
        return;
    vas_findings_add(names->findings, "names.scheme", VAS_FINDING_WARNING, names->guest->name,
                     "naming scheme %s is not known here: names are as under %s, the newest that "
                     "is",
                     asked, scheme->name);
}

VasNames *
vas_names(const VasContext *context, const char *guest, const char *scheme_name, gboolean verify,
          GError **error)
{
    const VasNamingScheme *scheme = NULL;
    g_autoptr(VasNames) names = g_new0(VasNames, 1);
    const VasScanSubject subject = {.guest = guest};

    if (scheme_name != NULL) {
        scheme = vas_naming_scheme_find(scheme_name, error);
        if (scheme == NULL) {
            g_prefix_error(error, "--scheme: ");
            return NULL;
        }
    }
    names->inventory = vas_scan_about(context, &subject, error);
    if (names->inventory == NULL)
        return NULL;
    names->guest = vas_selector_guest(names->inventory, guest, error);
    if (names->guest == NULL)
        return NULL;
    names->nics = vas_guest_nics(names->guest, scheme);
    names->findings = vas_findings_new();
    vas_nic_name_find(names->findings, names->guest, scheme);
    if (verify && !verify_names(context, names, error))
        return NULL;
    if (scheme != NULL)
        report_scheme(names, scheme_name, scheme);
    return g_steal_pointer(&names);
}
