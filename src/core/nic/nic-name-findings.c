/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-findings.h"

#include <string.h>

/* One definition of a guest that is looked at; all of it borrowed. */
typedef struct {
    GPtrArray *findings;
    const VasGuest *guest;
    const VasGuestDefinition *definition;
    const char *where;
} Look;

static VasFinding *add(const Look *look, const char *id, VasFindingLevel level, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

static VasFinding *
add(const Look *look, const char *id, VasFindingLevel level, const char *format, ...)
{
    g_autofree char *summary = NULL;
    VasFinding *finding = NULL;
    va_list arguments;

    va_start(arguments, format);
    summary = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    finding = vas_findings_add(look->findings, id, level, look->guest->name, "%s", summary);
    vas_finding_set_evidence(finding, "virsh dumpxml %s%s", look->guest->word,
                             look->definition == look->guest->live ? "" : " --inactive");
    return finding;
}

/* The NIC before @nic that claims the same name; NULL: none. */
static const VasNic *
find_rival(const Look *look, guint index, const char *name, const VasNamingScheme *scheme)
{
    for (guint i = 0; i < index; i++) {
        const VasNic *other = g_ptr_array_index(look->definition->nics, i);
        g_autoptr(VasNicName) claimed = vas_nic_name_of(look->definition, other, scheme);

        if (claimed != NULL && g_strcmp0(claimed->name, name) == 0)
            return other;
    }
    return NULL;
}

static void
add_collision(const Look *look, const VasNic *a, const VasNic *b, const char *name,
              const VasNamingScheme *scheme)
{
    g_autofree char *first = vas_nic_describe(a);
    g_autofree char *second = vas_nic_describe(b);
    VasFinding *finding =
        add(look, "names.collision", VAS_FINDING_WARNING,
            "%s: %s and %s are both %s under naming scheme %s: the one that the guest finds first "
            "gets the name, the other keeps one like eth0",
            look->where, first, second, name, scheme->name);

    vas_finding_set_advice(finding,
                           "give one of them an acpi index of its own (attach --acpi-index N), or "
                           "a slot with another number (attach --guest-address)");
}

/* Collisions by acpi index have a finding of their own. */
static void
look_for_collisions(const Look *look, const VasNamingScheme *scheme)
{
    for (guint i = 0; i < look->definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(look->definition->nics, i);
        g_autoptr(VasNicName) name = vas_nic_name_of(look->definition, nic, scheme);
        const VasNic *rival = NULL;

        if (name == NULL || name->name == NULL)
            continue;
        rival = find_rival(look, i, name->name, scheme);
        if (rival != NULL && (nic->acpi_index == 0 || nic->acpi_index != rival->acpi_index))
            add_collision(look, rival, nic, name->name, scheme);
    }
}

/* QEMU refuses the second device (pci_qdev_realize in hw/pci/pci.c, before that pcihp.c). */
static void
look_for_index_twice(const Look *look)
{
    const GPtrArray *occupants = look->definition->occupants;

    for (guint i = 0; i < occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(occupants, i);

        for (guint k = 0; occupant->acpi_index > 0 && k < i; k++) {
            const VasOccupant *other = g_ptr_array_index(occupants, k);
            VasFinding *finding = NULL;

            if (other->acpi_index != occupant->acpi_index)
                continue;
            finding = add(look, "names.acpi-index", VAS_FINDING_PROBLEM,
                          "%s: %s and %s both have acpi index %d: QEMU does not start such a guest",
                          look->where, other->name, occupant->name, occupant->acpi_index);
            vas_finding_set_advice(finding, "give one of them another: virsh edit %s",
                                   look->guest->word);
        }
    }
}

static void
look_for_hidden_index(const Look *look)
{
    for (guint i = 0; i < look->definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(look->definition->nics, i);
        g_autofree char *text = NULL;
        VasFinding *finding = NULL;

        if (nic->acpi_index == 0 || !nic->has_guest_address ||
            vas_nic_name_exposes_acpi_index(look->definition, nic->guest_address))
            continue;
        text = vas_nic_describe(nic);
        finding = add(look, "names.acpi-index", VAS_FINDING_WARNING,
                      "%s: the guest is not shown, or not by every QEMU, that %s has acpi index %d",
                      look->where, text, nic->acpi_index);
        vas_finding_set_advice(finding, "only buses with ACPI hot-plug show it: pc, and q35 from "
                                        "machine pc-q35-6.1 on, not its root bus");
    }
}

static void
look_for_unknown(const Look *look, const VasNamingScheme *scheme)
{
    for (guint i = 0; i < look->definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(look->definition->nics, i);
        g_autoptr(VasNicName) name = vas_nic_name_of(look->definition, nic, scheme);
        g_autofree char *text = NULL;
        VasFinding *finding = NULL;

        if (name == NULL || name->name != NULL)
            continue;
        text = vas_nic_describe(nic);
        finding = add(look, "names.unknown", VAS_FINDING_WARNING,
                      "%s: the name of %s cannot be told: %s", look->where, text, name->why);
        vas_finding_set_advice(finding, "ask the guest: virt-assign names %s --verify",
                               look->guest->word);
    }
}

static void
look_for_ports(const Look *look, const VasNamingScheme *scheme)
{
    for (guint i = 0; i < look->definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(look->definition->nics, i);
        g_autoptr(VasNicName) name = vas_nic_name_of(look->definition, nic, scheme);
        g_autofree char *text = NULL;
        VasFinding *finding = NULL;

        if (name == NULL || name->name == NULL || nic->port == NULL)
            continue;
        text = vas_nic_describe(nic);
        finding = add(look, "names.port", VAS_FINDING_WARNING,
                      "%s: %s is %.*s if the guest's driver tells no port, and %s if it does",
                      look->where, text, (int) (strlen(name->name) - strlen(nic->port) - 1),
                      name->name, name->name);
        vas_finding_set_advice(finding, "ask the guest: virt-assign names %s --verify",
                               look->guest->word);
    }
}

static void
look_for_upgrade(const Look *look)
{
    for (guint i = 0; i < look->definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(look->definition->nics, i);
        g_autoptr(VasNicName) older =
            vas_nic_name_of(look->definition, nic, vas_naming_scheme_older());
        g_autoptr(VasNicName) newest =
            vas_nic_name_of(look->definition, nic, vas_naming_scheme_newest());
        g_autofree char *text = NULL;
        VasFinding *finding = NULL;

        if (older == NULL || older->name == NULL || newest->name == NULL ||
            g_str_equal(older->name, newest->name))
            continue;
        text = vas_nic_describe(nic);
        finding = add(look, "names.upgrade", VAS_FINDING_WARNING,
                      "%s: %s is %s with systemd before 257, and %s from then on", look->where,
                      text, older->name, newest->name);
        vas_finding_set_advice(finding,
                               "before the guest's systemd is upgraded give it an acpi index, or "
                               "net.naming_scheme=%s on the guest's kernel command line",
                               vas_naming_scheme_older()->name);
    }
}

void
vas_nic_name_find_in_definition(GPtrArray *findings, const VasGuest *guest,
                                const VasGuestDefinition *definition, const char *where,
                                const VasNamingScheme *scheme)
{
    const Look look = {findings, guest, definition, where};
    guint before;

    look_for_index_twice(&look);
    look_for_hidden_index(&look);
    look_for_unknown(&look, scheme);
    look_for_ports(&look, scheme);
    before = findings->len;
    look_for_collisions(&look, scheme != NULL ? scheme : vas_naming_scheme_newest());
    if (scheme != NULL)
        return;
    if (findings->len == before)
        look_for_collisions(&look, vas_naming_scheme_older());
    look_for_upgrade(&look);
}

static void
look_for_next_start(const Look *look, const VasNamingScheme *scheme)
{
    g_autoptr(GPtrArray) nics = vas_guest_nics(look->guest, scheme);

    for (guint i = 0; i < nics->len; i++) {
        const VasGuestNic *nic = g_ptr_array_index(nics, i);
        g_autofree char *text = NULL;
        VasFinding *finding = NULL;

        if (nic->next == NULL)
            continue;
        text = vas_nic_describe(nic->config);
        finding =
            add(look, "names.next-start", VAS_FINDING_WARNING,
                "%s is %s now and %s from the guest's next start on: its config has it otherwise",
                text, nic->name != NULL && nic->name->name != NULL ? nic->name->name : "unknown",
                nic->next->name != NULL ? nic->next->name : "unknown");
        vas_finding_set_advice(finding, "if it is to keep its name, give it the same guest address "
                                        "and acpi index in both");
    }
}

/* Whether @findings say the same of the running guest. */
static gboolean
is_said_of_live(const GPtrArray *findings, const VasFinding *of_config)
{
    const char *text = strchr(of_config->summary, ':');

    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        if (g_str_equal(finding->id, of_config->id) && g_str_has_suffix(finding->summary, text))
            return TRUE;
    }
    return FALSE;
}

/* A finding that the config shares with the running guest is reported once. */
static void
find_in_config(GPtrArray *findings, const VasGuest *guest, const VasNamingScheme *scheme)
{
    g_autoptr(GPtrArray) of_config = vas_findings_new();

    vas_nic_name_find_in_definition(of_config, guest, guest->config, "config", scheme);
    for (guint i = 0; i < of_config->len;) {
        if (is_said_of_live(findings, g_ptr_array_index(of_config, i)))
            i++;
        else
            g_ptr_array_add(findings, g_ptr_array_steal_index(of_config, i));
    }
}

void
vas_nic_name_find(GPtrArray *findings, const VasGuest *guest, const VasNamingScheme *scheme)
{
    const Look whole = {findings, guest, guest->config, NULL};

    if (guest->live != NULL)
        vas_nic_name_find_in_definition(findings, guest, guest->live, "live", scheme);
    if (guest->config != NULL)
        find_in_config(findings, guest, scheme);
    if (guest->live != NULL && guest->config != NULL)
        look_for_next_start(&whole, scheme);
}
