/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/record-store.h"

#include "core/journal/operation.h"
#include "core/value/error.h"
#include "engine/journal/proof.h"
#include "xml/metadata-xml.h"

VasGuestRecord *
vas_record_load(const VasContext *context, const VasGuest *guest, VasScope scope, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    VasGuestRecord *record = NULL;
    g_autofree char *xml = NULL;

    if (!hypervisor->get_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, scope, &xml, error))
        return NULL;
    record = vas_metadata_xml_parse(xml, error);
    vas_proof_check(context, guest->uuid, record);
    if (record == NULL && error != NULL && vas_error_hint(*error) == NULL)
        vas_error_set_hint(error,
                           "see that the guest's devices are as they should be, then remove the "
                           "record: virsh metadata %s " VAS_METADATA_URI " %s --remove",
                           guest->word, scope == VAS_SCOPE_LIVE ? "--live" : "--config");
    return record;
}

VasGuestRecord *
vas_record_take(const VasContext *context, const VasGuest *guest, VasScope scope,
                VasGuestDefinition *read, GError **error)
{
    VasGuestRecord *record = read != NULL ? g_steal_pointer(&read->record) : NULL;

    vas_proof_check(context, guest->uuid, record);
    return record != NULL ? record : vas_record_load(context, guest, scope, error);
}

static guint
count_unproven(const VasGuestRecord *record)
{
    guint count = 0;

    for (guint i = 0; i < record->operations->len; i++)
        count += ((const VasOperation *) record->operations->pdata[i])->is_proven ? 0 : 1;
    for (guint i = 0; i < record->releases->len; i++)
        count += ((const VasPendingRelease *) record->releases->pdata[i])->is_proven ? 0 : 1;
    for (guint i = 0; i < record->wishes->len; i++)
        count += ((const VasWish *) record->wishes->pdata[i])->is_proven ? 0 : 1;
    return count;
}

/* A record beyond the limits could not be read again. The guest's owner can fill it with what
 * nothing vouches for: recover leaves that alone. */
static gboolean
check_room(const VasGuest *guest, const VasGuestRecord *record, VasScope scope, GError **error)
{
    guint unproven = count_unproven(record);

    if (record->releases->len <= VAS_GUEST_RECORD_RELEASES_MAX &&
        record->operations->len <= VAS_GUEST_RECORD_OPERATIONS_MAX &&
        record->wishes->len <= VAS_GUEST_RECORD_WISHES_MAX)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "guest %s has as many unfinished commands, releases or wishes on record as are "
                "kept, %u of them without this host's seal for this guest",
                guest->name, unproven);
    if (unproven == 0) {
        vas_error_set_hint(error, "put them right first: virt-assign recover %s", guest->word);
        return FALSE;
    }
    vas_error_set_hint(error,
                       "see what they are, then do it by leaving out --dry-run: "
                       "virt-assign recover --adopt %s --dry-run; or remove them: virsh "
                       "metadata %s " VAS_METADATA_URI " %s --remove",
                       guest->word, guest->word, scope == VAS_SCOPE_LIVE ? "--live" : "--config");
    return FALSE;
}

gboolean
vas_record_store(const VasContext *context, const VasGuest *guest, VasScope scope,
                 const VasGuestRecord *record, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = NULL;

    if (!check_room(guest, record, scope, error))
        return FALSE;
    vas_proof_seal(context, guest->uuid, record);
    xml = vas_metadata_xml_format(record);
    return hypervisor->set_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, VAS_METADATA_PREFIX,
                                    xml, scope, error);
}

gboolean
vas_record_check_readable(const VasContext *context, const VasGuest *guest, GError **error)
{
    const struct {
        VasScope scope;
        const VasGuestDefinition *definition;
    } sides[] = {{VAS_SCOPE_LIVE, guest->live}, {VAS_SCOPE_CONFIG, guest->config}};

    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(VasGuestRecord) record = NULL;

        if (sides[i].definition == NULL || sides[i].definition->record != NULL)
            continue;
        record = vas_record_load(context, guest, sides[i].scope, error);
        if (record == NULL)
            return FALSE;
    }
    return TRUE;
}
