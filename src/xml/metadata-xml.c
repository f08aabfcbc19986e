/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/metadata-xml.h"

#include "core/value/error.h"
#include "xml/document.h"
#include "xml/operation-xml.h"
#include "xml/vf-settings-xml.h"

#include <string.h>

#define ROOT "assignments"
#define WHAT "guest metadata " VAS_METADATA_URI
/* A guest has fewer slots than this: a record with more entries is not ours. */
#define ENTRIES_MAX 4096

static gboolean
malformed(const char *what, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, WHAT ": %s", what);
    return FALSE;
}

static gboolean
read_device(const xmlNode *node, VasHostAddress *ret_device)
{
    g_autofree char *device = vas_node_attribute(node, "device");

    return device != NULL && vas_host_address_parse(device, ret_device, NULL);
}

static gboolean
read_release(const xmlNode *node, VasGuestRecord *record, GError **error)
{
    g_autoptr(VasPendingRelease) pending = g_new0(VasPendingRelease, 1);
    guint64 run_id = 0, asked_at = 0;

    pending->alias = vas_node_attribute(node, "alias");
    if (pending->alias == NULL || *pending->alias == '\0' || !read_device(node, &pending->device) ||
        !vas_node_attribute_uint(node, "run", G_MAXINT, &run_id) ||
        !vas_node_attribute_uint(node, "asked", G_MAXINT64, &asked_at))
        return malformed("a <release> without alias, device, run or asked, or with malformed ones",
                         error);
    pending->run_id = (int) run_id;
    pending->asked_at = (gint64) asked_at;
    g_ptr_array_add(record->releases, g_steal_pointer(&pending));
    return TRUE;
}

static gboolean
read_vf(const xmlNode *node, VasGuestRecord *record, GError **error)
{
    g_autofree char *identity = vas_node_attribute(node, "identity");
    VasVfSettings before = {0};
    VasHostAddress device;

    if (!read_device(node, &device) || !vas_vf_settings_xml_read(node, &before))
        return malformed("a <vf> without device or settings, or with malformed ones", error);
    vas_guest_record_take_vf(record, vas_vf_record_new(device, identity, &before));
    return TRUE;
}

static gboolean
read_operation(const xmlNode *node, VasGuestRecord *record, GError **error)
{
    g_autoptr(VasOperation) operation = vas_operation_xml_read(node);

    if (operation == NULL || vas_operation_is_of_host(operation))
        return malformed("an <operation> without id, command of a guest or start, or with "
                         "malformed parts",
                         error);
    vas_guest_record_take_operation(record, g_steal_pointer(&operation));
    return TRUE;
}

static const struct {
    const char *name;
    gboolean (*read)(const xmlNode *node, VasGuestRecord *record, GError **error);
} entries[] = {
    {"release", read_release},
    {"vf", read_vf},
    {"operation", read_operation},
};

static gboolean
is_named(const xmlNode *node, const char *name)
{
    return strcmp((const char *) node->name, name) == 0;
}

/* An entry that a later virt-assign of this version adds is passed over. */
static gboolean
read_entry(const xmlNode *node, VasGuestRecord *record, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
        if (is_named(node, entries[i].name))
            return entries[i].read(node, record, error);
    }
    return TRUE;
}

static VasGuestRecord *
read_record(const xmlNode *root, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    guint count = 0;

    if (!vas_operation_xml_check_version(root, WHAT, error))
        return NULL;
    for (const xmlNode *node = vas_node_first(root); node != NULL;
         node = vas_node_following(node)) {
        if (++count > ENTRIES_MAX) {
            malformed("too many entries", error);
            return NULL;
        }
        if (!read_entry(node, record, error))
            return NULL;
    }
    return g_steal_pointer(&record);
}

VasGuestRecord *
vas_metadata_xml_parse(const char *xml, GError **error)
{
    g_autoptr(xmlDoc) document = NULL;

    if (xml == NULL)
        return vas_guest_record_new();
    document = vas_document_parse_root(xml, WHAT, ROOT, error);
    return document == NULL ? NULL : read_record(xmlDocGetRootElement(document), error);
}

VasGuestRecord *
vas_metadata_xml_read(const xmlNode *domain)
{
    const xmlNode *metadata = vas_node_child(domain, "metadata");
    const xmlNode *root =
        metadata != NULL ? vas_node_child_in(metadata, VAS_METADATA_URI, ROOT) : NULL;

    return root == NULL ? vas_guest_record_new() : read_record(root, NULL);
}

static void
append_release(xmlNode *root, const VasPendingRelease *pending)
{
    xmlNode *node = vas_node_append(root, "release");

    vas_node_set_attribute(node, "alias", "%s", pending->alias);
    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(pending->device).text);
    vas_node_set_attribute(node, "run", "%d", pending->run_id);
    vas_node_set_attribute(node, "asked", "%" G_GINT64_FORMAT, pending->asked_at);
}

static void
append_vf(xmlNode *root, const VasVfRecord *vf)
{
    xmlNode *node = vas_node_append(root, "vf");

    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(vf->device).text);
    if (vf->identity != NULL)
        vas_node_set_attribute(node, "identity", "%s", vf->identity);
    vas_vf_settings_xml_write(node, &vf->before);
}

char *
vas_metadata_xml_format(const VasGuestRecord *record)
{
    g_autoptr(xmlDoc) document = NULL;
    xmlNode *root = NULL;

    if (vas_guest_record_is_empty(record))
        return NULL;
    document = vas_document_new(ROOT);
    root = xmlDocGetRootElement(document);
    vas_operation_xml_set_version(root);
    for (guint i = 0; i < record->releases->len; i++)
        append_release(root, g_ptr_array_index(record->releases, i));
    for (guint i = 0; i < record->vfs->len; i++)
        append_vf(root, g_ptr_array_index(record->vfs, i));
    for (guint i = 0; i < record->operations->len; i++)
        vas_operation_xml_append(root, g_ptr_array_index(record->operations, i));
    return vas_node_serialize(root);
}
