/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "building.h"
#include "xml/document.h"
#include "xml/domain-xml.h"

#include <libxml/xmlmemory.h>

#include <stdlib.h>
#include <string.h>

/* A guest is read as commands read it, devices and record, and joined with the host. Whatever there
 * is several times in it may cost no more than so many times as much: nothing in a guest's XML
 * makes root's commands slow. No clock is asked, since it tells of the machine, too. */

const char fuzzing_corpus[] = "guest";

/* So much XML is made of an input, at first. */
#define LENGTH 8192
/* From <devices> down to the parts of a device's parts, and to those of an operation. */
#define DEPTH_MAX 4
/* libxml2's dictionary asks for four times as much each time that it is full, and two are filled.
 */
#define DICTIONARIES (128 * 1024)

/* Work is counted in basic blocks of ours that ran - tests/fuzz/libcounted.la is compiled with
 * -fsanitize-coverage=trace-pc, which has each of them call a function - and in bytes that libxml2
 * asked for. */
typedef struct {
    guint64 blocks;
    guint64 bytes;
} Work;

static Work done;

/* The linker puts this in the place of that function, since libFuzzer has one, too. */
void __wrap___sanitizer_cov_trace_pc(void);
void
__wrap___sanitizer_cov_trace_pc(void)
{
    done.blocks++;
}

static void *
count_malloc(size_t size)
{
    done.bytes += size;
    return malloc(size);
}

static char *
count_strdup(const char *text)
{
    done.bytes += strlen(text) + 1;
    return strdup(text);
}

static void
join(const char *xml, const VasGuestDefinition *definition)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *config = vas_domain_xml_parse(xml, NULL);

    g_assert_cmpuint(config->assignments->len, ==, definition->assignments->len);
    vas_inventory_take_guest(inventory, building_guest("db1", NULL, config));
    vas_inventory_link(inventory);
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);

        g_assert_true(holdings->len == 0 || !vas_inventory_is_free(inventory, device));
    }
}

/* FALSE: it is not a guest. */
static gboolean
read_guest(const char *xml, Work *ret_work)
{
    const Work before = done;
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(xml, &error);

    fuzzing_assert_outcome(definition != NULL, error);
    if (definition == NULL)
        return FALSE;
    join(xml, definition);
    *ret_work = (Work){done.blocks - before.blocks, done.bytes - before.bytes};
    return TRUE;
}

static void
repeat_below(xmlNode *parent, guint depth, guint times)
{
    xmlNode *next = NULL;

    for (xmlNode *node = vas_node_first(parent); node != NULL; node = next) {
        next = vas_node_following(node);
        if (depth > 1)
            repeat_below(node, depth - 1, times);
        for (guint i = 1; depth == 1 && i < times; i++)
            xmlAddNextSibling(node, xmlCopyNode(node, 1));
    }
}

/* The guest with each element that is @depth below its root @times as often. Returns full. */
static char *
repeat(const char *xml, guint depth, guint times)
{
    g_autoptr(xmlDoc) document = vas_document_parse(xml, "XML", NULL);

    repeat_below(xmlDocGetRootElement(document), depth, times);
    return vas_node_serialize(xmlDocGetRootElement(document));
}

/* Linear work grows by twice as much when twice as much is added: @four - @two is twice
 * @two - @one. A sort's logarithm is let through, and so are @steps. */
static void
assert_linear(guint64 one, guint64 two, guint64 four, guint64 steps)
{
    guint64 first = two - MIN(one, two);
    guint64 second = four - MIN(two, four);

    g_assert_cmpuint(second, <=, 2 * first + first / 2 + one / 4 + steps);
}

static void
assert_linear_at(const char *xml, guint depth)
{
    guint times = (guint) CLAMP(LENGTH / strlen(xml), 4, 256);
    Work work[3];

    for (guint i = 0; i < G_N_ELEMENTS(work); i++) {
        g_autofree char *repeated = repeat(xml, depth, times << i);

        if (!read_guest(repeated, &work[i]))
            return;
    }
    assert_linear(work[0].blocks, work[1].blocks, work[2].blocks, 0);
    assert_linear(work[0].bytes, work[1].bytes, work[2].bytes, DICTIONARIES);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    Work work;

    xmlMemSetup(free, count_malloc, realloc, count_strdup);
    if (!read_guest(xml, &work))
        return 0;
    g_assert_cmpuint(work.blocks, >, 0);
    g_assert_cmpuint(work.bytes, >, 0);
    for (guint depth = 1; depth <= DEPTH_MAX; depth++)
        assert_linear_at(xml, depth);
    return 0;
}
