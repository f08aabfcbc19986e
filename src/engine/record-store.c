/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/record-store.h"

#include "xml/metadata-xml.h"

VasGuestRecord *
vas_record_load(const VasContext *context, const VasGuest *guest, VasScope scope, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = NULL;

    if (!hypervisor->get_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, scope, &xml, error))
        return NULL;
    return vas_metadata_xml_parse(xml, error);
}

gboolean
vas_record_store(const VasContext *context, const VasGuest *guest, VasScope scope,
                 const VasGuestRecord *record, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = vas_metadata_xml_format(record);

    return hypervisor->set_metadata(hypervisor, guest->uuid, VAS_METADATA_URI, VAS_METADATA_PREFIX,
                                    xml, scope, error);
}
