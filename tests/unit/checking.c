/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checking.h"

#include <glib/gstdio.h>
#include <string.h>

void
checking_assert_ids(const GPtrArray *findings, const char *ids)
{
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(found, "%s%s", i > 0 ? " " : "", finding->id);
    }
    g_assert_cmpstr(found->str, ==, ids);
}

static gboolean
contains(const char *text, const char *part)
{
    return text != NULL && strstr(text, part) != NULL;
}

void
checking_assert(const GPtrArray *findings, const char *id, VasFindingLevel level, const char *part)
{
    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        g_test_message("%s %s: %s; seen: %s; do: %s", vas_finding_level_name(finding->level),
                       finding->id, finding->summary, finding->evidence, finding->advice);
        if (g_str_equal(finding->id, id) && finding->level == level &&
            (contains(finding->summary, part) || contains(finding->evidence, part) ||
             contains(finding->advice, part)))
            return;
    }
    g_test_message("no finding %s %s with \"%s\"", vas_finding_level_name(level), id, part);
    g_test_fail();
}

void
checking_assert_lacks(const GPtrArray *findings, const char *id)
{
    for (guint i = 0; i < findings->len; i++)
        g_assert_cmpstr(((const VasFinding *) g_ptr_array_index(findings, i))->id, !=, id);
}

void
checking_remove(const TestingScratch *scratch, const char *path)
{
    g_autofree char *full = g_build_filename(scratch->path, path, NULL);

    g_assert_cmpint(g_remove(full), ==, 0);
}
