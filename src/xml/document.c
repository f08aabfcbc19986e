/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/document.h"

#include "core/value/error.h"

#include <libxml/parser.h>
#include <libxml/xmlsave.h>

#include <string.h>

/* The options leave out XML_PARSE_NOENT, _DTDLOAD and _HUGE: without the last, libxml2 itself
 * bounds depth (256), names and text nodes. The text is UTF-8, whatever its declaration says. */
#define PARSE_OPTIONS                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC)

/* libvirt's own strings end at 4 MiB: REMOTE_STRING_MAX in src/remote/remote_protocol.x. */
#define TEXT_MAX ((size_t) 16 * 1024 * 1024)

#if LIBXML_VERSION >= 21200
typedef const xmlError ParserMessage;
#else
typedef xmlError ParserMessage;
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlParserCtxt, xmlFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlBuffer, xmlBufferFree)

typedef struct {
    gboolean has_dtd;
    char *message; /* of the first error: the later ones follow from it */
} ParseOutcome;

static void
parse_outcome_clear(ParseOutcome *outcome)
{
    g_free(outcome->message);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ParseOutcome, parse_outcome_clear)

static void
collect_error(void *user_data, ParserMessage *message)
{
    const xmlParserCtxt *parser = user_data;
    ParseOutcome *outcome = parser->_private;
    g_autofree char *text = NULL;

    if (message->level < XML_ERR_ERROR || outcome->message != NULL)
        return;
    text = g_strdup(message->message != NULL ? message->message : "not well-formed");
    outcome->message = g_strdup_printf("line %d: %s", message->line, g_strstrip(text));
}

/* Stops at the <!DOCTYPE> itself, before any declaration in it is read: no entity ever exists. */
static void
refuse_dtd(void *user_data, const xmlChar *name, const xmlChar *external_id,
           const xmlChar *system_id)
{
    xmlParserCtxt *parser = user_data;
    ParseOutcome *outcome = parser->_private;

    (void) name;
    (void) external_id;
    (void) system_id;
    outcome->has_dtd = TRUE;
    xmlStopParser(parser);
}

static gboolean
check_text(const char *text, size_t length, const char *what, GError **error)
{
    if (length > TEXT_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is longer than %" G_GSIZE_FORMAT " MiB",
                    what, TEXT_MAX >> 20);
        return FALSE;
    }
    /* libxml2 reports an encoding it cannot convert to stderr, past the parser's own handler
     * (xmlEncodingErr in encoding.c). */
    if (!g_utf8_validate(text, (gssize) length, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is not UTF-8", what);
        return FALSE;
    }
    return TRUE;
}

xmlDoc *
vas_document_parse(const char *text, const char *what, GError **error)
{
    size_t length = strlen(text);
    g_auto(ParseOutcome) outcome = {0};
    g_autoptr(xmlParserCtxt) parser = NULL;
    g_autoptr(xmlDoc) document = NULL;

    if (!check_text(text, length, what, error))
        return NULL;
    xmlInitParser();
    parser = xmlNewParserCtxt();
    parser->_private = &outcome;
    parser->sax->serror = collect_error;
    parser->sax->internalSubset = refuse_dtd;
    document = xmlCtxtReadMemory(parser, text, (int) length, NULL, "UTF-8", PARSE_OPTIONS);
    if (outcome.has_dtd) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "%s has a document type declaration, which is not taken", what);
        return NULL;
    }
    if (document == NULL || xmlDocGetRootElement(document) == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is not XML: %s", what,
                    outcome.message != NULL ? outcome.message : "not well-formed");
        return NULL;
    }
    return g_steal_pointer(&document);
}

xmlDoc *
vas_document_parse_root(const char *text, const char *what, const char *root, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse(text, what, error);
    const xmlNode *element = NULL;

    if (document == NULL)
        return NULL;
    element = xmlDocGetRootElement(document);
    if (strcmp((const char *) element->name, root) != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is a <%s>, expected a <%s>", what,
                    (const char *) element->name, root);
        return NULL;
    }
    return g_steal_pointer(&document);
}

xmlDoc *
vas_document_new(const char *root)
{
    xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");

    xmlDocSetRootElement(document, xmlNewDocNode(document, NULL, BAD_CAST root, NULL));
    return document;
}

gboolean
vas_node_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns == NULL &&
           strcmp((const char *) node->name, name) == 0;
}

static xmlNode *
find_named(xmlNode *node, const char *name)
{
    while (node != NULL && !vas_node_is(node, name))
        node = node->next;
    return node;
}

xmlNode *
vas_node_child(const xmlNode *parent, const char *name)
{
    return find_named(parent->children, name);
}

xmlNode *
vas_node_next(const xmlNode *sibling, const char *name)
{
    return find_named(sibling->next, name);
}

xmlNode *
vas_node_child_in(const xmlNode *parent, const char *uri, const char *name)
{
    for (xmlNode *node = vas_node_first(parent); node != NULL; node = vas_node_following(node)) {
        if (node->ns != NULL && strcmp((const char *) node->ns->href, uri) == 0 &&
            strcmp((const char *) node->name, name) == 0)
            return node;
    }
    return NULL;
}

static xmlNode *
find_element(xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *
vas_node_first(const xmlNode *parent)
{
    return find_element(parent->children);
}

xmlNode *
vas_node_following(const xmlNode *sibling)
{
    return find_element(sibling->next);
}

static void
remove_node(xmlNode *node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

xmlNode *
vas_node_append(xmlNode *parent, const char *name)
{
    return xmlNewChild(parent, NULL, BAD_CAST name, NULL);
}

xmlNode *
vas_node_insert_behind(xmlNode *parent, xmlNode *sibling, const char *name)
{
    xmlNode *node = xmlNewDocNode(parent->doc, NULL, BAD_CAST name, NULL);

    if (sibling != NULL)
        return xmlAddNextSibling(sibling, node);
    if (parent->children != NULL)
        return xmlAddPrevSibling(parent->children, node);
    return xmlAddChild(parent, node);
}

xmlNode *
vas_node_ensure_child(xmlNode *parent, const char *name)
{
    xmlNode *child = vas_node_child(parent, name);
    xmlNode *next = NULL;

    if (child == NULL)
        return vas_node_append(parent, name);
    while ((next = vas_node_next(child, name)) != NULL)
        remove_node(next);
    return child;
}

void
vas_node_clear(xmlNode *node)
{
    while (node->properties != NULL)
        xmlRemoveProp(node->properties);
    while (node->children != NULL)
        remove_node(node->children);
}

void
vas_node_remove_comments(xmlNode *node)
{
    xmlNode *next = NULL;

    for (xmlNode *child = node->children; child != NULL; child = next) {
        next = child->next;
        if (child->type == XML_COMMENT_NODE)
            remove_node(child);
        else if (child->type == XML_ELEMENT_NODE)
            vas_node_remove_comments(child);
    }
}

/* Takes libxml2's text, which may be NULL. */
static char *
take_stripped(xmlChar *text)
{
    char *own = g_strdup((const char *) text);

    xmlFree(text);
    return own != NULL ? g_strstrip(own) : NULL;
}

char *
vas_node_attribute(const xmlNode *node, const char *name)
{
    return take_stripped(xmlGetNoNsProp(node, BAD_CAST name));
}

char *
vas_node_text(const xmlNode *node)
{
    return take_stripped(xmlNodeGetContent(node));
}

gboolean
vas_node_attribute_is(const xmlNode *node, const char *name, const char *value)
{
    g_autofree char *text = vas_node_attribute(node, name);

    return g_strcmp0(text, value) == 0;
}

void
vas_node_set_attribute(xmlNode *node, const char *name, const char *format, ...)
{
    g_autofree char *value = NULL;
    va_list arguments;

    va_start(arguments, format);
    value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    xmlSetProp(node, BAD_CAST name, BAD_CAST value);
}

static gboolean
parse_uint(const char *text, guint64 max, guint64 *ret_value)
{
    if (text == NULL)
        return FALSE;
    if (g_str_has_prefix(text, "0x") || g_str_has_prefix(text, "0X"))
        return g_ascii_string_to_unsigned(text + 2, 16, 0, max, ret_value, NULL);
    return g_ascii_string_to_unsigned(text, 10, 0, max, ret_value, NULL);
}

gboolean
vas_node_attribute_uint(const xmlNode *node, const char *name, guint64 max, guint64 *ret_value)
{
    g_autofree char *text = vas_node_attribute(node, name);

    return parse_uint(text, max, ret_value);
}

gboolean
vas_node_text_uint(const xmlNode *node, guint64 max, guint64 *ret_value)
{
    g_autofree char *text = vas_node_text(node);

    return parse_uint(text, max, ret_value);
}

char *
vas_node_serialize(xmlNode *node)
{
    g_autoptr(xmlBuffer) buffer = xmlBufferCreate();
    g_autoptr(xmlDoc) document = xmlNewDoc(BAD_CAST "1.0");
    xmlSaveCtxt *save = NULL;

    /* A copy in a document of its own takes along the namespaces declared above it. Attributes are
     * written in the encoding of the document, text in the encoding of the save
     * (xmlBufAttrSerializeTxtContent in xmlsave.c). */
    document->encoding = xmlStrdup(BAD_CAST "UTF-8");
    xmlDocSetRootElement(document, xmlDocCopyNode(node, document, 1));
    save = xmlSaveToBuffer(buffer, "UTF-8", XML_SAVE_FORMAT | XML_SAVE_NO_DECL);
    xmlSaveTree(save, xmlDocGetRootElement(document));
    xmlSaveClose(save);
    return g_strconcat((const char *) xmlBufferContent(buffer), "\n", NULL);
}
