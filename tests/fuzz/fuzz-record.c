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

/* Reads @xml and writes it anew, NULL for an empty record. */
typedef gboolean (*Rewrite)(const char *xml, char **ret_written, GError **error);

/* Takes @parsed, which may be NULL. */
static gboolean
rewrite_guests(VasGuestRecord *parsed, char *(*format)(const VasGuestRecord *), char **ret_written)
{
    g_autoptr(VasGuestRecord) record = parsed;

    if (record == NULL)
        return FALSE;
    for (guint i = 0; i < record->operations->len; i++) {
        assert_names(g_ptr_array_index(record->operations, i));
        g_assert_false(vas_operation_is_of_host(g_ptr_array_index(record->operations, i)));
    }
    *ret_written = format(record);
    g_assert_true((*ret_written == NULL) == vas_guest_record_is_empty(record));
    return TRUE;
}

static gboolean
rewrite_metadata(const char *xml, char **ret_written, GError **error)
{
    return rewrite_guests(vas_metadata_xml_parse(xml, error), vas_metadata_xml_format, ret_written);
}

static gboolean
rewrite_note(const char *xml, char **ret_written, GError **error)
{
    return rewrite_guests(vas_metadata_xml_parse_note(xml, error), vas_metadata_xml_format_note,
                          ret_written);
}

static gboolean
rewrite_hosts(const char *xml, char **ret_written, GError **error)
{
    g_autoptr(VasOperation) operation = vas_operation_xml_parse(xml, error);

    if (operation == NULL)
        return FALSE;
    assert_names(operation);
    g_assert_true(vas_operation_is_of_host(operation));
    g_assert_cmpuint(operation->devices->len, >, 0);
    *ret_written = vas_operation_xml_format(operation);
    return TRUE;
}

static gboolean
rewrite_vf(const char *xml, char **ret_written, GError **error)
{
    g_autoptr(VasVfRecord) record = vas_vf_record_xml_parse(xml, error);

    if (record == NULL)
        return FALSE;
    *ret_written = vas_vf_record_xml_format(record);
    return TRUE;
}

/* A record that was read is written, and read as the same. */
static void
read_back(const char *xml, Rewrite rewrite)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *written = NULL;
    g_autofree char *rewritten = NULL;
    gboolean is_one = rewrite(xml, &written, &error);

    fuzzing_assert_outcome(is_one, error);
    if (!is_one) {
        g_assert_true(error->code == VAS_ERROR_FAILED || error->code == VAS_ERROR_UNSUPPORTED);
        return;
    }
    rewrite(written, &rewritten, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(rewritten, ==, written);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);

    read_back(xml, rewrite_metadata);
    read_back(xml, rewrite_note);
    read_back(xml, rewrite_hosts);
    read_back(xml, rewrite_vf);
    return 0;
}
