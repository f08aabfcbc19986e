/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-unfinished.h"

#include "core/value/error.h"
#include "engine/journal/operation.h"
#include "engine/journal/proof.h"
#include "engine/journal/record-file.h"
#include "engine/journal/record-store.h"
#include "host/sriov/vf-removal.h"
#include "xml/metadata-xml.h"

static char *
device_list(const VasOperation *operation)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(operation->devices, i);

        g_string_append_printf(text, "%s%s", i > 0 ? ", " : " of ",
                               vas_host_address_text(device->device).text);
    }
    return g_string_free(text, FALSE);
}

static void
add_unreadable(GPtrArray *findings, const char *id, VasFindingLevel level, const char *subject,
               const GError *refusal)
{
    const char *hint = vas_error_hint(refusal);
    VasFinding *finding =
        vas_findings_add(findings, id, level, subject,
                         "what is on record of commands that did not end cannot be read");

    vas_finding_set_evidence(finding, "%s", refusal->message);
    if (hint != NULL)
        vas_finding_set_advice(finding, "%s", hint);
}

static void
add_unproven(const VasContext *context, const VasGuest *guest, const char *what,
             const char *devices, GPtrArray *findings)
{
    g_autoptr(GError) refusal = vas_proof_refusal(context, guest);
    VasFinding *finding =
        vas_findings_add(findings, "guest.unsealed", VAS_FINDING_WARNING, guest->name,
                         "%s%s is on record, but nothing vouches for that", what, devices);

    vas_finding_set_evidence(finding, "virsh metadata %s " VAS_METADATA_URI ": %s", guest->word,
                             refusal->message);
    vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
}

static void
check_operation(const VasContext *context, const VasGuest *guest, const VasOperation *operation,
                GPtrArray *findings)
{
    const char *command = vas_operation_kind_name(operation->kind);
    g_autofree char *devices = device_list(operation);
    g_autofree char *what = g_strconcat("an earlier ", command, NULL);
    VasFinding *finding = NULL;

    if (!vas_proof_accepts(context, guest, operation)) {
        add_unproven(context, guest, what, devices, findings);
        return;
    }
    finding = vas_findings_add(findings, "guest.unfinished", VAS_FINDING_WARNING, guest->name,
                               "%s%s did not end, or still runs", what, devices);
    vas_finding_set_evidence(finding, "virsh metadata %s " VAS_METADATA_URI ": <operation>",
                             guest->word);
    vas_finding_set_advice(finding, "if it runs no more: virt-assign recover %s", guest->word);
}

static void
check_releases(const VasContext *context, const VasGuest *guest, GPtrArray *findings)
{
    const VasGuestRecord *record = guest->live != NULL ? guest->live->record : NULL;

    for (guint i = 0; record != NULL && i < record->releases->len; i++) {
        const VasPendingRelease *release = g_ptr_array_index(record->releases, i);
        g_autofree char *device =
            g_strconcat(" of ", vas_host_address_text(release->device).text, NULL);

        if (!release->is_proven && release->run_id == guest->run_id)
            add_unproven(context, guest, "a pending release", device, findings);
    }
}

static const VasWish *
find_wish(const VasGuestDefinition *definition, VasHostAddress device)
{
    return definition != NULL ? vas_guest_record_find_wish(definition->record, device) : NULL;
}

/* libvirt copies the config's metadata when the guest starts: a wish stands in both. */
static void
check_wishes(const VasContext *context, const VasGuest *guest, GPtrArray *findings)
{
    const VasGuestDefinition *const definitions[] = {guest->config, guest->live};

    for (guint i = 0; i < G_N_ELEMENTS(definitions); i++) {
        const VasGuestRecord *record = definitions[i] != NULL ? definitions[i]->record : NULL;

        for (guint k = 0; record != NULL && k < record->wishes->len; k++) {
            const VasWish *wish = g_ptr_array_index(record->wishes, k);
            const VasWish *other =
                definitions[i] == guest->live ? find_wish(guest->config, wish->device) : NULL;
            g_autofree char *device =
                g_strconcat(" for ", vas_host_address_text(wish->device).text, NULL);

            if (!wish->is_proven && (other == NULL || other->is_proven))
                add_unproven(context, guest, "a wish", device, findings);
        }
    }
}

void
vas_check_unfinished_of_guest(const VasContext *context, const VasGuest *guest, GPtrArray *findings)
{
    g_autoptr(GPtrArray) operations = NULL;
    g_autoptr(GError) refusal = NULL;

    vas_proof_check_guest(context, guest);
    operations = vas_operation_list(guest);
    for (guint i = 0; i < operations->len; i++)
        check_operation(context, guest, g_ptr_array_index(operations, i), findings);
    check_releases(context, guest, findings);
    /* A wish stays on record, and everybody may look: for want of the key nothing is told. */
    if (vas_proof_can_be_had(context))
        check_wishes(context, guest, findings);
    /* A guest that is gone has taken its records along. */
    if (!vas_record_check_readable(context, guest, &refusal) &&
        !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        add_unreadable(findings, "guest.unfinished", VAS_FINDING_PROBLEM, guest->name, refusal);
}

static void
check_file(const VasHost *host, VasHostAddress first, GPtrArray *findings)
{
    g_autoptr(VasOperation) operation = NULL;
    g_autoptr(GError) refusal = NULL;
    g_autofree char *path = vas_record_file_path(first);
    VasFinding *finding = NULL;

    if (!vas_record_file_read(host, first, &operation, &refusal)) {
        add_unreadable(findings, "host.unfinished", VAS_FINDING_WARNING, "host", refusal);
        return;
    }
    if (operation == NULL)
        return;
    finding = vas_findings_add(findings, "host.unfinished", VAS_FINDING_WARNING, "host",
                               "an earlier %s of %s did not end, or still runs",
                               vas_operation_kind_name(operation->kind),
                               vas_host_address_text(first).text);
    vas_finding_set_evidence(finding, "%s", path);
    vas_finding_set_advice(finding, "if it runs no more: virt-assign recover");
}

/* Other programs write 0 to sriov_numvfs without asking who holds the VFs. */
static void
check_vf_removal(const VasHost *host, GPtrArray *findings)
{
    g_autoptr(GError) refusal = NULL;
    VasFinding *finding = NULL;

    if (vas_vf_removal_check(host, NULL, &refusal))
        return;
    finding = vas_findings_add(findings, "host.vf-removal", VAS_FINDING_PROBLEM, "host", "%s",
                               refusal->message);
    vas_finding_set_evidence(finding, "it is in /sys/bus/pci/devices, and no virtfn link of its PF "
                                      "leads there");
    vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
}

void
vas_check_unfinished_of_host(const VasContext *context, GPtrArray *findings)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GArray) firsts = vas_record_file_list(context->host, &refusal);

    if (firsts == NULL)
        add_unreadable(findings, "host.unfinished", VAS_FINDING_WARNING, "host", refusal);
    for (guint i = 0; firsts != NULL && i < firsts->len; i++)
        check_file(context->host, g_array_index(firsts, VasHostAddress, i), findings);
    check_vf_removal(context->host, findings);
}
