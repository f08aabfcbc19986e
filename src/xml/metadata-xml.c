/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/metadata-xml.h"

#include "core/error.h"
#include "xml/document.h"

#define ROOT "assignments"
#define VERSION 1
/* More than a guest has slots for; what holds more is not ours. */
#define RELEASES_MAX 4096

void
vas_pending_release_free(VasPendingRelease *pending)
{
    if (pending == NULL)
        return;
    g_free(pending->alias);
    g_free(pending);
}

static gboolean
malformed(const char *what, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "guest metadata " VAS_METADATA_URI ": %s",
                what);
    return FALSE;
}

static gboolean
check_version(const xmlNode *root, GError **error)
{
    guint64 version = 0;

    if (!vas_node_attribute_uint(root, "version", G_MAXINT, &version) || version == 0)
        return malformed("no version, or a malformed one", error);
    if (version > VERSION) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                    "guest metadata " VAS_METADATA_URI " is of version %d, this virt-assign knows "
                    "only %d",
                    (int) version, VERSION);
        vas_error_set_hint(error, "use the virt-assign that wrote it, or a newer one");
        return FALSE;
    }
    return TRUE;
}

static VasPendingRelease *
read_release(const xmlNode *node, GError **error)
{
    g_autoptr(VasPendingRelease) pending = g_new0(VasPendingRelease, 1);
    g_autofree char *device = vas_node_attribute(node, "device");
    guint64 run_id = 0, asked_at = 0;

    pending->alias = vas_node_attribute(node, "alias");
    if (pending->alias == NULL || *pending->alias == '\0' || device == NULL ||
        !vas_host_address_parse(device, &pending->device, NULL) ||
        !vas_node_attribute_uint(node, "run", G_MAXINT, &run_id) ||
        !vas_node_attribute_uint(node, "asked", G_MAXINT64, &asked_at)) {
        malformed("a <release> without alias, device, run or asked, or with malformed ones", error);
        return NULL;
    }
    pending->run_id = (int) run_id;
    pending->asked_at = (gint64) asked_at;
    return g_steal_pointer(&pending);
}

static gboolean
read_releases(const xmlNode *root, GPtrArray *releases, GError **error)
{
    for (const xmlNode *node = vas_node_child(root, "release"); node != NULL;
         node = vas_node_next(node, "release")) {
        VasPendingRelease *pending = NULL;

        if (releases->len == RELEASES_MAX)
            return malformed("too many releases", error);
        pending = read_release(node, error);
        if (pending == NULL)
            return FALSE;
        g_ptr_array_add(releases, pending);
    }
    return TRUE;
}

GPtrArray *
vas_metadata_xml_parse(const char *xml, GError **error)
{
    g_autoptr(GPtrArray) releases =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_pending_release_free);
    g_autoptr(xmlDoc) document = NULL;
    const xmlNode *root = NULL;

    if (xml == NULL)
        return g_steal_pointer(&releases);
    document = vas_document_parse_root(xml, "guest metadata " VAS_METADATA_URI, ROOT, error);
    if (document == NULL)
        return NULL;
    root = xmlDocGetRootElement(document);
    if (!check_version(root, error) || !read_releases(root, releases, error))
        return NULL;
    return g_steal_pointer(&releases);
}

char *
vas_metadata_xml_format(const GPtrArray *pending)
{
    g_autoptr(xmlDoc) document = NULL;
    xmlNode *root = NULL;

    if (pending->len == 0)
        return NULL;
    document = vas_document_new(ROOT);
    root = xmlDocGetRootElement(document);
    vas_node_set_attribute(root, "version", "%d", VERSION);
    for (guint i = 0; i < pending->len; i++) {
        const VasPendingRelease *one = g_ptr_array_index(pending, i);
        xmlNode *node = vas_node_append(root, "release");

        vas_node_set_attribute(node, "alias", "%s", one->alias);
        vas_node_set_attribute(node, "device", "%s", vas_host_address_text(one->device).text);
        vas_node_set_attribute(node, "run", "%d", one->run_id);
        vas_node_set_attribute(node, "asked", "%" G_GINT64_FORMAT, one->asked_at);
    }
    return vas_node_serialize(root);
}
