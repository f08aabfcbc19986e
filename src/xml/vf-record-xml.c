/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/vf-record-xml.h"

#include "core/value/error.h"
#include "xml/document.h"
#include "xml/operation-xml.h"
#include "xml/vf-settings-xml.h"

#define ROOT "vf"

char *
vas_vf_record_xml_format(const VasVfRecord *record)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);
    xmlNode *root = xmlDocGetRootElement(document);

    vas_operation_xml_set_version(root);
    vas_node_set_attribute(root, "device", "%s", vas_host_address_text(record->device).text);
    if (record->identity != NULL)
        vas_node_set_attribute(root, "identity", "%s", record->identity);
    vas_node_set_attribute(root, "guest", "%s", record->guest);
    if (record->run_id >= 0)
        vas_node_set_attribute(root, "run", "%d", record->run_id);
    vas_vf_settings_xml_write(root, &record->before);
    return vas_node_serialize(root);
}

static VasVfRecord *
read_record(const xmlNode *root)
{
    g_autofree char *device = vas_node_attribute(root, "device");
    g_autofree char *identity = vas_node_attribute(root, "identity");
    g_autofree char *guest = vas_node_attribute(root, "guest");
    g_autofree char *run = vas_node_attribute(root, "run");
    guint64 run_id = 0;
    VasVfSettings before;
    VasHostAddress address;

    if (device == NULL || !vas_host_address_parse(device, &address, NULL) || guest == NULL ||
        (run != NULL && !vas_node_attribute_uint(root, "run", G_MAXINT, &run_id)) ||
        !vas_vf_settings_xml_read(root, &before))
        return NULL;
    return vas_vf_record_new(address, identity, guest, run != NULL ? (int) run_id : -1, &before);
}

VasVfRecord *
vas_vf_record_xml_parse(const char *text, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(text, "it", ROOT, error);
    const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    VasVfRecord *record = NULL;

    if (root == NULL || !vas_operation_xml_check_version(root, "it", error))
        return NULL;
    record = read_record(root);
    if (record == NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "it is without device, guest or settings, or has malformed ones");
    return record;
}
