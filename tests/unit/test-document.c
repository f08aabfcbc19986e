/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"
#include "xml/document.h"

#include <string.h>

static char *
repeat(const char *text, guint times)
{
    GString *all = g_string_sized_new(strlen(text) * times + 1);

    for (guint i = 0; i < times; i++)
        g_string_append(all, text);
    return g_string_free(all, FALSE);
}

static char *
nested(guint depth)
{
    g_autofree char *opening = repeat("<a>", depth);
    g_autofree char *closing = repeat("</a>", depth);

    return g_strconcat(opening, closing, NULL);
}

static void
assert_refused(const char *text, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse(text, "domain XML", &error);

    g_assert_null(document);
    testing_assert_error(&error, VAS_ERROR_FAILED, part);
}

static void
test_malformed(void)
{
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"", "domain XML is not XML: "},
        {"   ", "domain XML is not XML: line 1: "},
        {"guest", "domain XML is not XML: line 1: Start tag expected"},
        {"<a>\n<b>\n</a>", "domain XML is not XML: line 3: Opening and ending tag mismatch: b"},
        {"<a", "domain XML is not XML: line 1: "},
        {"<a/><b/>", "domain XML is not XML: line 1: Extra content"},
        {"<a b='1' b='2'/>", "Attribute b redefined"},
        {"<a>&nothing;</a>", "Entity 'nothing' not defined"},
        {"<a>\xff\xfe</a>", "domain XML is not UTF-8"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_refused(rows[i].text, rows[i].part);
}

static void
test_dtd(void)
{
    assert_refused("<!DOCTYPE a><a/>", "document type declaration");
    assert_refused("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type declaration");
    assert_refused("<!DOCTYPE a PUBLIC 'p' 'http://127.0.0.1:9/a.dtd'><a/>",
                   "document type declaration");
    assert_refused("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>",
                   "document type declaration");
    assert_refused("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]><a/>",
                   "document type declaration");
}

/* An xi:include is an element like any other: nothing is fetched to be put in its place. */
static void
test_xinclude(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document =
        vas_document_parse("<a xmlns:xi='http://www.w3.org/2001/XInclude'>"
                           "<xi:include href='file:///etc/passwd' parse='text'/></a>",
                           "text", &error);
    g_autofree char *text = NULL;

    g_assert_no_error(error);
    text = vas_node_text(xmlDocGetRootElement(document));
    g_assert_cmpstr(text, ==, "");
    g_assert_nonnull(vas_node_child_in(xmlDocGetRootElement(document),
                                       "http://www.w3.org/2001/XInclude", "include"));
}

static void
test_billion_laughs(void)
{
    g_autoptr(GString) text = g_string_new("<!DOCTYPE l [<!ENTITY l0 'lol'>");

    for (guint i = 1; i < 30; i++) {
        g_autofree char *name = g_strdup_printf("&l%u;", i - 1);
        g_autofree char *tenfold = repeat(name, 10);

        g_string_append_printf(text, "<!ENTITY l%u '%s'>", i, tenfold);
    }
    g_string_append(text, "]><l>&l29;</l>");
    assert_refused(text->str, "document type declaration");
}

static void
test_bounds(void)
{
    g_autofree char *deep = nested(100000);
    g_autofree char *deep_enough = nested(200);
    g_autofree char *filling = repeat("<b c='0123456789'/>", 1024 * 1024);
    g_autofree char *huge = g_strconcat("<a>", filling, "</a>", NULL);
    g_autofree char *digits = repeat("0123456789", 1100000);
    g_autofree char *long_text = g_strconcat("<a>", digits, "</a>", NULL);
    g_autofree char *long_attribute = g_strconcat("<a b='", digits, "'/>", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse(deep_enough, "domain XML", &error);

    g_assert_no_error(error);
    g_assert_nonnull(document);
    assert_refused(deep, "Excessive depth");
    assert_refused(huge, "domain XML is longer than 16 MiB");
    assert_refused(long_text, "domain XML is not XML: line 1: ");
    assert_refused(long_attribute, "domain XML is not XML: line 1: ");
}

/* The encoding that a declaration names does not count: libvirt's texts are UTF-8. */
static void
test_encoding(void)
{
    static const char *const texts[] = {
        "<a>\xc3\xa4</a>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xa4</a>",
        "<?xml version='1.0' encoding='no-such-encoding'?><a>\xc3\xa4</a>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(xmlDoc) document = vas_document_parse(texts[i], "text", &error);
        g_autofree char *text = NULL;
        g_autofree char *serialized = NULL;

        g_assert_no_error(error);
        text = vas_node_text(xmlDocGetRootElement(document));
        g_assert_cmpstr(text, ==, "\xc3\xa4");
        serialized = vas_node_serialize(xmlDocGetRootElement(document));
        g_assert_cmpstr(serialized, ==, "<a>\xc3\xa4</a>\n");
    }
}

/* libvirt reads such a text too (virXMLParseHelper asks for well-formedness only). */
static void
test_undeclared_prefix(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse("<a><x:b/><b/></a>", "text", &error);

    g_assert_no_error(error);
    g_assert_nonnull(vas_node_child(xmlDocGetRootElement(document), "b"));
}

static void
test_root(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse_root("<b/>", "domain XML", "domain", &error);

    g_assert_null(document);
    testing_assert_error(&error, VAS_ERROR_FAILED, "domain XML is a <b>, expected a <domain>");
    document = vas_document_parse_root("<domain/>", "domain XML", "domain", &error);
    g_assert_no_error(error);
    g_assert_nonnull(document);
}

static void
test_silent(void)
{
    if (g_test_subprocess()) {
        static const char *const texts[] = {"<a",
                                            "<a>&b;</a>",
                                            "<a xmlns='relative'/>",
                                            "<!DOCTYPE a SYSTEM 'none'><a/>",
                                            "<a>\xff</a>",
                                            "<?xml version='7.0' encoding='UTF-16'?><a/>"};

        for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
            g_autoptr(xmlDoc) document = vas_document_parse(texts[i], "text", NULL);

            (void) document;
        }
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
}

/* Each thread has an error of its own to find; with a handler shared between parsers it would now
 * and then find another's. */
static gpointer
parse_repeatedly(gpointer data)
{
    guint line = GPOINTER_TO_UINT(data);
    g_autofree char *newlines = repeat("\n", line - 1);
    g_autofree char *bad = g_strconcat("<a>", newlines, "</b>", NULL);
    g_autofree char *part = g_strdup_printf("line %u: Opening and ending tag mismatch", line);

    for (guint i = 0; i < 500; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(xmlDoc) document = vas_document_parse("<a><b/></a>", "good", &error);

        g_assert_no_error(error);
        g_assert_nonnull(document);
        assert_refused(bad, part);
    }
    return NULL;
}

static void
test_threads(void)
{
    GThread *threads[8];

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("parse", parse_repeatedly, GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

static void
test_children(void)
{
    g_autoptr(xmlDoc) document = vas_document_parse(
        "<a>text<b n='1'/><!-- c --><c/><x:b xmlns:x='urn:x' n='2'/><b n='3'/></a>", "text", NULL);
    const xmlNode *root = xmlDocGetRootElement(document);
    const xmlNode *first = vas_node_child(root, "b");
    const xmlNode *second = vas_node_next(first, "b");

    g_assert_true(vas_node_attribute_is(first, "n", "1"));
    g_assert_true(vas_node_attribute_is(second, "n", "3"));
    g_assert_null(vas_node_next(second, "b"));
    g_assert_null(vas_node_child(root, "d"));
    g_assert_true(vas_node_first(root) == first);
    g_assert_true(vas_node_is(vas_node_following(first), "c"));
    g_assert_null(vas_node_following(second));
}

static void
test_uint(void)
{
    static const struct {
        const char *value;
        guint64 max;
        gboolean valid;
        guint64 number;
    } rows[] = {
        {"0", 0, TRUE, 0},
        {"10", 255, TRUE, 10},
        {" 10 ", 255, TRUE, 10},
        {"0x10", 255, TRUE, 16},
        {"0Xff", 255, TRUE, 255},
        {"007", 255, TRUE, 7},
        {"18446744073709551615", G_MAXUINT64, TRUE, G_MAXUINT64},
        {"256", 255, FALSE, 0},
        {"0x100", 255, FALSE, 0},
        {"18446744073709551616", G_MAXUINT64, FALSE, 0},
        {"-1", 255, FALSE, 0},
        {"+1", 255, FALSE, 0},
        {"0x-1", 255, FALSE, 0},
        {"0x", 255, FALSE, 0},
        {"0x0x1", 255, FALSE, 0},
        {"", 255, FALSE, 0},
        {"ff", 255, FALSE, 0},
        {"1 2", 255, FALSE, 0},
        {"1.0", 255, FALSE, 0},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(xmlDoc) document = vas_document_new("a");
        xmlNode *root = xmlDocGetRootElement(document);
        guint64 number = 77;

        vas_node_set_attribute(root, "n", "%s", rows[i].value);
        g_assert_cmpint(vas_node_attribute_uint(root, "n", rows[i].max, &number), ==,
                        rows[i].valid);
        g_assert_cmpuint(number, ==, rows[i].valid ? rows[i].number : 77);
        g_assert_false(vas_node_attribute_uint(root, "m", rows[i].max, &number));
    }
}

static void
test_edit(void)
{
    g_autoptr(xmlDoc) document = vas_document_parse(
        "<a><!-- 1 --><b x='1'><!-- 2 --><c/>t</b><d/><b x='2'/><b/></a>", "text", NULL);
    xmlNode *root = xmlDocGetRootElement(document);
    g_autofree char *text = NULL;

    vas_node_remove_comments(root);
    vas_node_clear(vas_node_ensure_child(root, "b"));
    vas_node_set_attribute(vas_node_ensure_child(root, "e"), "f", "%s", "<\"&'>");
    vas_node_append(root, "g");
    text = vas_node_serialize(root);
    g_assert_cmpstr(text, ==,
                    "<a>\n"
                    "  <b/>\n"
                    "  <d/>\n"
                    "  <e f=\"&lt;&quot;&amp;'&gt;\"/>\n"
                    "  <g/>\n"
                    "</a>\n");
}

/* An element out of the middle keeps the namespaces it uses, and text that is more than
 * indentation; indentation is made anew. */
static void
test_serialize(void)
{
    g_autoptr(xmlDoc) document =
        vas_document_parse("<a xmlns:x='urn:x' xmlns:y='urn:y'>\n\n     <b x:c='1'>\n<d>  t </d>"
                           "<x:e/>\t<f><![CDATA[<&]]></f></b></a>",
                           "text", NULL);
    g_autofree char *text = vas_node_serialize(vas_node_first(xmlDocGetRootElement(document)));

    g_assert_cmpstr(text, ==,
                    "<b xmlns:x=\"urn:x\" x:c=\"1\">\n"
                    "  <d>  t </d>\n"
                    "  <x:e/>\n"
                    "  <f>&lt;&amp;</f>\n"
                    "</b>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/document/malformed", test_malformed);
    g_test_add_func("/document/dtd", test_dtd);
    g_test_add_func("/document/xinclude", test_xinclude);
    g_test_add_func("/document/billion-laughs", test_billion_laughs);
    g_test_add_func("/document/bounds", test_bounds);
    g_test_add_func("/document/encoding", test_encoding);
    g_test_add_func("/document/undeclared-prefix", test_undeclared_prefix);
    g_test_add_func("/document/root", test_root);
    g_test_add_func("/document/silent", test_silent);
    g_test_add_func("/document/threads", test_threads);
    g_test_add_func("/document/children", test_children);
    g_test_add_func("/document/uint", test_uint);
    g_test_add_func("/document/edit", test_edit);
    g_test_add_func("/document/serialize", test_serialize);
    return g_test_run();
}
