/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/host-wish-xml.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "xml/document.h"
#include "xml/identity-xml.h"

#include <string.h>

#define ROOT "host"
#define NAMESPACE "urn:virt-assign:host:1"
#define VERSION 1
#define NOTE                                                                                       \
    "<!-- What this host is to have after each boot. virt-assign writes it, without comments: "    \
    "virt-assign vfs and host-detach, with persist. -->\n"

static gboolean malformed(const xmlNode *node, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean
malformed(const xmlNode *node, GError **error, const char *format, ...)
{
    g_autofree char *cause = NULL;
    va_list arguments;

    va_start(arguments, format);
    cause = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "line %ld: %s", xmlGetLineNo(node), cause);
    return FALSE;
}

static gboolean
is_ours(const xmlNode *node, const char *name)
{
    return node->ns != NULL && strcmp((const char *) node->ns->href, NAMESPACE) == 0 &&
           strcmp((const char *) node->name, name) == 0;
}

static gboolean
check_attributes(const xmlNode *node, const char *const *known, GError **error)
{
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next) {
        const char *name = (const char *) attribute->name;

        if (attribute->ns != NULL || !g_strv_contains(known, name))
            return malformed(node, error, "a <%s> has no attribute %s", (const char *) node->name,
                             name);
    }
    return TRUE;
}

static gboolean
check_content(const xmlNode *node, GError **error)
{
    for (const xmlNode *part = node->children; part != NULL; part = part->next) {
        if (part->type != XML_ELEMENT_NODE && part->type != XML_COMMENT_NODE &&
            !xmlIsBlankNode(part))
            return malformed(part, error, "a <%s> has no text", (const char *) node->name);
    }
    return TRUE;
}

/* Whether @node is a <@name> of ours, with no attributes but the @known. */
static gboolean
check(const xmlNode *node, const char *name, const char *const *known, GError **error)
{
    if (!is_ours(node, name))
        return malformed(node, error, "<%s> is not known here, expected <%s>",
                         (const char *) node->name, name);
    return check_attributes(node, known, error) && check_content(node, error);
}

/* Has nothing in it. */
static gboolean
check_leaf(const xmlNode *node, const char *name, const char *const *known, GError **error)
{
    const xmlNode *more = NULL;

    if (!check(node, name, known, error))
        return FALSE;
    more = vas_node_first(node);
    return more == NULL ||
           malformed(more, error, "<%s> is not known here", (const char *) more->name);
}

/* *ret_identity NULL: @node is not one, but there is none. */
static gboolean
read_identity(const xmlNode *node, VasIdentity **ret_identity, GError **error)
{
    static const char *const known[] = {
        "vendor",        "product",     "subsystem-vendor", "subsystem", "place", "function",
        "permanent-mac", "pcie-serial", "vpd-serial",       "vf",        NULL};
    const xmlNode *more = NULL;

    *ret_identity = NULL;
    if (node == NULL)
        return TRUE;
    if (!check_leaf(node, VAS_IDENTITY_ELEMENT, known, error))
        return FALSE;
    more = vas_node_following(node);
    if (more != NULL)
        return malformed(more, error, "<%s> is not known here", (const char *) more->name);
    *ret_identity = vas_identity_xml_read(node);
    return *ret_identity != NULL ||
           malformed(node, error,
                     "an <identity> without vendor or product, or with a malformed "
                     "part");
}

/* Reads the wish and the identity below the wish's device, which has nothing else. Borrowed; the
 * identity is full. */
static const xmlNode *
read_parts(const xmlNode *node, const char *name, const char *const *known,
           VasIdentity **ret_identity, GError **error)
{
    const xmlNode *child = vas_node_first(node);

    if (child == NULL) {
        malformed(node, error, "a <%s> without <%s>", (const char *) node->name, name);
        return NULL;
    }
    if (!check_leaf(child, name, known, error) ||
        !read_identity(vas_node_following(child), ret_identity, error))
        return NULL;
    return child;
}

static gboolean
read_address(const xmlNode *node, VasHostAddress *ret_address, GError **error)
{
    g_autofree char *text = vas_node_attribute(node, "address");

    if (text == NULL)
        return malformed(node, error, "a <%s> without address", (const char *) node->name);
    return vas_host_address_parse(text, ret_address, NULL) ||
           malformed(node, error, "\"%s\" is not a PCI address", text);
}

static gboolean
read_on_off(const xmlNode *node, const char *name, gboolean *ret_on, GError **error)
{
    *ret_on = vas_node_attribute_is(node, name, "on");
    return *ret_on || vas_node_attribute_is(node, name, "off") ||
           malformed(node, error, "%s of <%s> is not on or off", name, (const char *) node->name);
}

static gboolean
read_driver(const xmlNode *node, const char *name, char **ret_driver, GError **error)
{
    g_autofree char *driver = vas_node_attribute(node, name);

    if (driver == NULL || !vas_driver_is_name(driver))
        return malformed(node, error, "%s of <%s> is not a driver's name", name,
                         (const char *) node->name);
    *ret_driver = g_steal_pointer(&driver);
    return TRUE;
}

static gboolean
read_vfs(const xmlNode *node, VasHostWish *wish, GError **error)
{
    static const char *const known[] = {"count", "autoprobe", "driver", NULL};
    g_autoptr(VasVfRule) rule = g_new0(VasVfRule, 1);
    g_autoptr(VasIdentity) identity = NULL;
    const xmlNode *vfs = NULL;
    VasHostAddress pf;
    guint64 count = 0;

    if (!read_address(node, &pf, error))
        return FALSE;
    if (vas_host_wish_vfs(wish, pf) != NULL)
        return malformed(node, error, "the PF %s is there twice", vas_host_address_text(pf).text);
    vfs = read_parts(node, "vfs", known, &identity, error);
    if (vfs == NULL || !read_on_off(vfs, "autoprobe", &rule->autoprobe, error) ||
        !read_driver(vfs, "driver", &rule->driver, error))
        return FALSE;
    if (!vas_node_attribute_uint(vfs, "count", G_MAXUINT16, &count) || count == 0)
        return malformed(vfs, error, "count of <vfs> is not a number from 1 to %d", G_MAXUINT16);
    rule->count = (guint) count;
    vas_host_wish_set_vfs(wish, pf, rule);
    vas_host_wish_set_identity(wish->vfs, pf, identity);
    return TRUE;
}

static gboolean
read_binding(const xmlNode *node, VasHostWish *wish, GError **error)
{
    static const char *const known[] = {"name", NULL};
    g_autofree char *driver = NULL;
    g_autoptr(VasIdentity) identity = NULL;
    const xmlNode *child = NULL;
    VasHostAddress device;

    if (!read_address(node, &device, error))
        return FALSE;
    if (vas_host_wish_driver(wish, device) != NULL)
        return malformed(node, error, "the device %s is there twice",
                         vas_host_address_text(device).text);
    child = read_parts(node, "driver", known, &identity, error);
    if (child == NULL || !read_driver(child, "name", &driver, error))
        return FALSE;
    if (!vas_driver_is_vfio(driver))
        return malformed(child, error, "%s is not a VFIO driver", driver);
    vas_host_wish_set_driver(wish, device, driver);
    vas_host_wish_set_identity(wish->drivers, device, identity);
    return TRUE;
}

static gboolean
read_wishes(const xmlNode *root, VasHostWish *wish, GError **error)
{
    static const char *const known[] = {"address", NULL};

    for (const xmlNode *node = vas_node_first(root); node != NULL;
         node = vas_node_following(node)) {
        gboolean is_pf = is_ours(node, "pf");

        if (!is_pf && !is_ours(node, "device"))
            return malformed(node, error, "<%s> is not known here", (const char *) node->name);
        if (!check_attributes(node, known, error) || !check_content(node, error) ||
            !(is_pf ? read_vfs : read_binding)(node, wish, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_version(const xmlNode *root, GError **error)
{
    guint64 version = 0;

    if (!vas_node_attribute_uint(root, "version", G_MAXINT, &version) || version == 0)
        return malformed(root, error, "version of <host> is not a number");
    if (version == VERSION)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                "it is of version %d, this virt-assign knows only %d", (int) version, VERSION);
    vas_error_set_hint(error, "use the virt-assign that wrote it, or a newer one");
    return FALSE;
}

VasHostWish *
vas_host_wish_xml_parse(const char *text, GError **error)
{
    static const char *const known[] = {"version", NULL};
    g_autoptr(xmlDoc) document = vas_document_parse(text, "it", error);
    const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    g_autoptr(VasHostWish) wish = vas_host_wish_new();

    if (root == NULL || !check(root, ROOT, known, error) || !check_version(root, error) ||
        !read_wishes(root, wish, error))
        return NULL;
    return g_steal_pointer(&wish);
}

static xmlNode *
append(xmlNode *root, const char *name, VasHostAddress address)
{
    xmlNode *node = vas_node_append(root, name);

    vas_node_set_attribute(node, "address", "%s", vas_host_address_text(address).text);
    return node;
}

static void
append_identity(xmlNode *node, const VasIdentity *identity)
{
    if (identity != NULL)
        vas_identity_xml_append(node, identity);
}

static void
append_vfs(xmlNode *root, const VasWishedVfs *wished)
{
    xmlNode *pf = append(root, "pf", wished->of.device);
    xmlNode *vfs = vas_node_append(pf, "vfs");

    vas_node_set_attribute(vfs, "count", "%u", wished->rule->count);
    vas_node_set_attribute(vfs, "autoprobe", "%s", wished->rule->autoprobe ? "on" : "off");
    vas_node_set_attribute(vfs, "driver", "%s", wished->rule->driver);
    append_identity(pf, wished->of.identity);
}

char *
vas_host_wish_xml_format(const VasHostWish *wish)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);
    xmlNode *root = xmlDocGetRootElement(document);
    g_autofree char *text = NULL;

    (void) xmlNewNs(root, BAD_CAST NAMESPACE, NULL);
    vas_node_set_attribute(root, "version", "%d", VERSION);
    for (guint i = 0; i < wish->vfs->len; i++)
        append_vfs(root, g_ptr_array_index(wish->vfs, i));
    for (guint i = 0; i < wish->drivers->len; i++) {
        const VasWishedDriver *wished = g_ptr_array_index(wish->drivers, i);
        xmlNode *node = append(root, "device", wished->of.device);

        vas_node_set_attribute(vas_node_append(node, "driver"), "name", "%s", wished->driver);
        append_identity(node, wished->of.identity);
    }
    text = vas_node_serialize(root);
    return g_strconcat(NOTE, text, NULL);
}
