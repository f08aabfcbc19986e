/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/vfs-text.h"

#include "cli/output/device-table.h"
#include "cli/print/fields.h"
#include "engine/journal/wish-file.h"

static const char *
on_off(gboolean on)
{
    return on ? "on" : "off";
}

static char *
pf_name(const VasPf *pf)
{
    VasPciAddressText address = vas_host_address_text(pf->pf->address);

    if (pf->pf->interface == NULL)
        return g_strdup(address.text);
    return g_strdup_printf("%s (%s)", address.text, pf->pf->interface);
}

static void
add_rule(GString *text, gboolean utf8, const VasPf *pf)
{
    const VasVfWriter *writer = vas_saved_vfs_certain(pf->writers);
    g_autofree char *place = writer != NULL ? vas_vf_writer_place(writer) : NULL;

    if (pf->rule != NULL)
        vas_fields_add_format(text, utf8, "at boot", "%u, autoprobe %s (%s)", pf->rule->count,
                              on_off(pf->rule->autoprobe), VAS_WISH_FILE);
    else if (pf->rule_error != NULL)
        vas_fields_add_format(text, utf8, "at boot", "unknown: %s", pf->rule_error->message);
    else if (writer != NULL)
        vas_fields_add_format(text, utf8, "at boot", "%u by %s (%s)", writer->count,
                              writer->program, place);
    else
        vas_fields_add(text, utf8, "at boot", "no VFs by virt-assign (--persist)");
}

void
vas_vfs_text_pf(GString *text, const VasTerminal *terminal, const VasPf *pf)
{
    g_autofree char *name = pf_name(pf);
    g_autofree char *table = NULL;
    gboolean utf8 = terminal->utf8;

    vas_fields_add(text, utf8, "PF", name);
    vas_fields_add(text, utf8, "driver", pf->pf->driver);
    vas_fields_add_format(text, utf8, "VFs", "%u of %u", pf->sriov.now, pf->sriov.maximum);
    vas_fields_add(text, utf8, "autoprobe", on_off(pf->sriov.autoprobe));
    add_rule(text, utf8, pf);
    if (pf->vfs->len == 0)
        return;
    table = vas_device_table_format(pf->inventory, pf->vfs, FALSE, terminal);
    g_string_append_printf(text, "\n%s", table);
}

void
vas_vfs_text_change(GString *text, const VasTerminal *terminal, const VasPf *pf, VasOutcome outcome)
{
    g_autofree char *name = pf_name(pf);
    const VasVfWriter *writer = vas_saved_vfs_certain(pf->writers);
    gboolean kept = (pf->rule != NULL && pf->rule->count == pf->sriov.now) ||
                    (writer != NULL && writer->count == pf->sriov.now && writer->count > 0);

    vas_terminal_add_line(text, terminal, "%s has %u VF%s%s%s; autoprobe %s", name, pf->sriov.now,
                          pf->sriov.now == 1 ? "" : "s",
                          outcome == VAS_OUTCOME_ALREADY ? " already" : "",
                          kept ? ", at each boot, too" : "", on_off(pf->sriov.autoprobe));
}
