/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/metadata-xml.h"

#include "core/value/error.h"
#include "xml/document.h"
#include "xml/operation-xml.h"
#include "xml/wish-xml.h"

#include <string.h>

#define ROOT "assignments"
#define WHAT "guest metadata " VAS_METADATA_URI
#define ENTRIES_MAX 4096

/* A record as it is read, and from where. */
typedef struct {
    const char *what; /* names it in errors */
    VasOperationForm form;
    VasGuestRecord *record;
} Reading;

static gboolean
malformed(const Reading *reading, const char *cause, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: %s", reading->what, cause);
    return FALSE;
}

static gboolean
read_device(const xmlNode *node, VasHostAddress *ret_device)
{
    g_autofree char *device = vas_node_attribute(node, "device");

    return device != NULL && vas_host_address_parse(device, ret_device, NULL);
}

static gboolean
read_release(const Reading *reading, const xmlNode *node, GError **error)
{
    g_autoptr(VasPendingRelease) pending = g_new0(VasPendingRelease, 1);
    guint64 run_id = 0, asked_at = 0;

    pending->alias = vas_node_attribute(node, "alias");
    if (pending->alias == NULL || *pending->alias == '\0' || !read_device(node, &pending->device) ||
        !vas_node_attribute_uint(node, "run", G_MAXINT, &run_id) ||
        !vas_node_attribute_uint(node, "asked", G_MAXINT64, &asked_at))
        return malformed(reading,
                         "a <release> without alias, device, run or asked, or with malformed ones",
                         error);
    pending->run_id = (int) run_id;
    pending->asked_at = (gint64) asked_at;
    pending->seal = vas_node_attribute(node, VAS_SEAL_ATTRIBUTE);
    g_ptr_array_add(reading->record->releases, g_steal_pointer(&pending));
    return TRUE;
}

static gboolean
read_operation(const Reading *reading, const xmlNode *node, GError **error)
{
    g_autoptr(VasOperation) operation = vas_operation_xml_read(node, reading->form);

    if (operation == NULL || vas_operation_is_of_host(operation))
        return malformed(reading,
                         "an <operation> without id, command of a guest or start, or with "
                         "malformed or too many parts",
                         error);
    if (reading->form == VAS_OPERATION_NAMED)
        vas_guest_record_take_operation(reading->record, g_steal_pointer(&operation));
    else
        g_ptr_array_add(reading->record->operations, g_steal_pointer(&operation));
    return TRUE;
}

static gboolean
read_wish(const Reading *reading, const xmlNode *node, GError **error)
{
    g_autoptr(VasWish) wish = vas_wish_xml_read(node);

    if (wish == NULL || vas_guest_record_find_wish(reading->record, wish->device) != NULL)
        return malformed(reading,
                         "a <wish> without device, with malformed parts, or a second one for its "
                         "device",
                         error);
    wish->seal = vas_node_attribute(node, VAS_SEAL_ATTRIBUTE);
    vas_guest_record_take_wish(reading->record, g_steal_pointer(&wish));
    return TRUE;
}

static const struct {
    const char *name;
    guint limit;
    gboolean (*read)(const Reading *reading, const xmlNode *node, GError **error);
} entries[] = {
    {"release", VAS_GUEST_RECORD_RELEASES_MAX, read_release},
    {"operation", VAS_GUEST_RECORD_OPERATIONS_MAX, read_operation},
    {"wish", VAS_GUEST_RECORD_WISHES_MAX, read_wish},
};

static gboolean
is_named(const xmlNode *node, const char *name)
{
    return strcmp((const char *) node->name, name) == 0;
}

/* An entry that a later virt-assign of this version adds is passed over. */
static gboolean
read_entry(const Reading *reading, const xmlNode *node, guint *counts, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
        if (is_named(node, entries[i].name))
            return ++counts[i] <= entries[i].limit ? entries[i].read(reading, node, error)
                                                   : malformed(reading, "too many entries", error);
    }
    return TRUE;
}

static gboolean
read_entries(const Reading *reading, const xmlNode *root, GError **error)
{
    guint counts[G_N_ELEMENTS(entries)] = {0};
    guint count = 0;

    if (!vas_operation_xml_check_version(root, reading->what, error))
        return FALSE;
    for (const xmlNode *node = vas_node_first(root); node != NULL;
         node = vas_node_following(node)) {
        if (++count > ENTRIES_MAX)
            return malformed(reading, "too many entries", error);
        if (!read_entry(reading, node, counts, error))
            return FALSE;
    }
    return TRUE;
}

static VasGuestRecord *
read_record(const xmlNode *root, const char *what, VasOperationForm form, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    const Reading reading = {what, form, record};

    return read_entries(&reading, root, error) ? g_steal_pointer(&record) : NULL;
}

static VasGuestRecord *
parse(const char *xml, const char *what, VasOperationForm form, GError **error)
{
    g_autoptr(xmlDoc) document = NULL;

    if (xml == NULL)
        return vas_guest_record_new();
    document = vas_document_parse_root(xml, what, ROOT, error);
    return document == NULL ? NULL : read_record(xmlDocGetRootElement(document), what, form, error);
}

VasGuestRecord *
vas_metadata_xml_parse(const char *xml, GError **error)
{
    return parse(xml, WHAT, VAS_OPERATION_NAMED, error);
}

VasGuestRecord *
vas_metadata_xml_parse_note(const char *text, GError **error)
{
    return parse(text, "it", VAS_OPERATION_WHOLE, error);
}

VasGuestRecord *
vas_metadata_xml_read(const xmlNode *domain)
{
    const xmlNode *metadata = vas_node_child(domain, "metadata");
    const xmlNode *root =
        metadata != NULL ? vas_node_child_in(metadata, VAS_METADATA_URI, ROOT) : NULL;

    return root == NULL ? vas_guest_record_new()
                        : read_record(root, WHAT, VAS_OPERATION_NAMED, NULL);
}

static xmlNode *
append_release(xmlNode *root, const VasPendingRelease *pending)
{
    xmlNode *node = vas_node_append(root, "release");

    vas_node_set_attribute(node, "alias", "%s", pending->alias);
    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(pending->device).text);
    vas_node_set_attribute(node, "run", "%d", pending->run_id);
    vas_node_set_attribute(node, "asked", "%" G_GINT64_FORMAT, pending->asked_at);
    return node;
}

static void
set_seal(xmlNode *node, const char *seal)
{
    if (seal != NULL)
        vas_node_set_attribute(node, VAS_SEAL_ATTRIBUTE, "%s", seal);
}

static char *
format(const VasGuestRecord *record, VasOperationForm form)
{
    g_autoptr(xmlDoc) document = NULL;
    xmlNode *root = NULL;

    if (vas_guest_record_is_empty(record))
        return NULL;
    document = vas_document_new(ROOT);
    root = xmlDocGetRootElement(document);
    vas_operation_xml_set_version(root);
    for (guint i = 0; i < record->releases->len; i++) {
        const VasPendingRelease *release = g_ptr_array_index(record->releases, i);

        set_seal(append_release(root, release), release->seal);
    }
    for (guint i = 0; i < record->operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(record->operations, i);
        xmlNode *node = vas_operation_xml_append(root, operation, form);

        if (form == VAS_OPERATION_NAMED)
            set_seal(node, operation->seal);
    }
    for (guint i = 0; i < record->wishes->len; i++) {
        const VasWish *wish = g_ptr_array_index(record->wishes, i);

        set_seal(vas_wish_xml_append(root, wish), wish->seal);
    }
    return vas_node_serialize(root);
}

char *
vas_metadata_xml_format_release(const VasPendingRelease *release)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);

    return vas_node_serialize(append_release(xmlDocGetRootElement(document), release));
}

char *
vas_metadata_xml_format_operation(const VasOperation *operation)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);

    return vas_node_serialize(
        vas_operation_xml_append(xmlDocGetRootElement(document), operation, VAS_OPERATION_NAMED));
}

char *
vas_metadata_xml_format_wish(const VasWish *wish)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);

    return vas_node_serialize(vas_wish_xml_append(xmlDocGetRootElement(document), wish));
}

char *
vas_metadata_xml_format(const VasGuestRecord *record)
{
    return format(record, VAS_OPERATION_NAMED);
}

char *
vas_metadata_xml_format_note(const VasGuestRecord *record)
{
    return format(record, VAS_OPERATION_WHOLE);
}
