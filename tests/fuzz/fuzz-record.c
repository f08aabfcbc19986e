/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "xml/metadata-xml.h"
#include "xml/operation-xml.h"
#include "xml/vf-record-xml.h"

#include <string.h>

/* A record stands in a guest's metadata, or in a file of the host's: the same text is read as each.
 */

const char fuzzing_corpus[] = "record";

/* A driver's name becomes a path, or is written to sysfs. */
static void
assert_plain(const char *name)
{
    fuzzing_assert_utf8(name);
    g_assert_true(name == NULL || (*name != '\0' && *name != '.' && strpbrk(name, "/\n") == NULL));
}

static void
assert_names(const VasOperation *operation)
{
    const VasVfsState *states[] = {&operation->vfs_before, &operation->vfs_wished};

    assert_plain(operation->driver);
    for (guint i = 0; i < G_N_ELEMENTS(states); i++)
        assert_plain(states[i]->rule != NULL ? states[i]->rule->driver : NULL);
    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(operation->devices, i);

        assert_plain(device->driver);
        assert_plain(device->override);
        assert_plain(device->wanted);
        assert_plain(device->wanted_override);
    }
}

static void
assert_failure(const GError *error)
{
    g_assert_true(error->code == VAS_ERROR_FAILED || error->code == VAS_ERROR_UNSUPPORTED);
}

typedef VasGuestRecord *(*Parse)(const char *xml, GError **error);
typedef char *(*Format)(const VasGuestRecord *record);

static void
read_as_guests(const char *xml, Parse parse, Format format)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record = parse(xml, &error);
    g_autoptr(VasGuestRecord) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *rewritten = NULL;

    fuzzing_assert_outcome(record != NULL, error);
    if (record == NULL) {
        assert_failure(error);
        return;
    }
    for (guint i = 0; i < record->operations->len; i++) {
        assert_names(g_ptr_array_index(record->operations, i));
        g_assert_false(vas_operation_is_of_host(g_ptr_array_index(record->operations, i)));
    }
    written = format(record);
    g_assert_true((written == NULL) == vas_guest_record_is_empty(record));
    again = parse(written, &error);
    g_assert_no_error(error);
    rewritten = format(again);
    g_assert_cmpstr(rewritten, ==, written);
}

static void
read_as_hosts(const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasOperation) operation = vas_operation_xml_parse(xml, &error);
    g_autoptr(VasOperation) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *rewritten = NULL;

    fuzzing_assert_outcome(operation != NULL, error);
    if (operation == NULL) {
        assert_failure(error);
        return;
    }
    assert_names(operation);
    g_assert_true(vas_operation_is_of_host(operation));
    g_assert_cmpuint(operation->devices->len, >, 0);
    written = vas_operation_xml_format(operation);
    again = vas_operation_xml_parse(written, &error);
    g_assert_no_error(error);
    rewritten = vas_operation_xml_format(again);
    g_assert_cmpstr(rewritten, ==, written);
}

static void
read_as_vfs(const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasVfRecord) record = vas_vf_record_xml_parse(xml, &error);
    g_autoptr(VasVfRecord) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *rewritten = NULL;

    fuzzing_assert_outcome(record != NULL, error);
    if (record == NULL) {
        assert_failure(error);
        return;
    }
    written = vas_vf_record_xml_format(record);
    again = vas_vf_record_xml_parse(written, &error);
    g_assert_no_error(error);
    rewritten = vas_vf_record_xml_format(again);
    g_assert_cmpstr(rewritten, ==, written);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);

    read_as_guests(xml, vas_metadata_xml_parse, vas_metadata_xml_format);
    read_as_guests(xml, vas_metadata_xml_parse_note, vas_metadata_xml_format_note);
    read_as_hosts(xml);
    read_as_vfs(xml);
    return 0;
}
