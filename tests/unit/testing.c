/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

char *
testing_data_path(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "tests", "data", name, NULL);
}

char *
testing_data(const char *name)
{
    g_autofree char *path = testing_data_path(name);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, &error))
        g_error("%s", error->message);
    return text;
}

TestingScratch *
testing_scratch_new(void)
{
    TestingScratch *scratch = g_new0(TestingScratch, 1);
    g_autoptr(GError) error = NULL;

    scratch->path = g_dir_make_tmp("virt-assign-test-XXXXXX", &error);
    g_assert_no_error(error);
    return scratch;
}

static int
remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void) info;
    (void) type;
    (void) where;
    return remove(path);
}

void
testing_scratch_free(TestingScratch *scratch)
{
    if (scratch == NULL)
        return;
    g_assert_cmpint(nftw(scratch->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
    g_free(scratch->path);
    g_free(scratch);
}

static char *
scratch_path(const TestingScratch *scratch, const char *path)
{
    char *full = g_build_filename(scratch->path, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    return full;
}

void
testing_scratch_write(const TestingScratch *scratch, const char *path, const char *text)
{
    g_autofree char *full = scratch_path(scratch, path);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(full, text, -1, &error);
    g_assert_no_error(error);
}

void
testing_scratch_link(const TestingScratch *scratch, const char *path, const char *target)
{
    g_autofree char *full = scratch_path(scratch, path);

    if (symlink(target, full) != 0)
        g_error("%s: %s", full, g_strerror(errno));
}

void
testing_assert_golden(const char *name, const char *actual)
{
    g_autofree char *path = testing_data_path(name);
    g_autofree char *expected = NULL;
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(g_getenv("VAS_TEST_REGENERATE"), "1") == 0) {
        g_file_set_contents(path, actual, -1, &error);
        g_assert_no_error(error);
        return;
    }
    expected = testing_data(name);
    if (strcmp(expected, actual) != 0)
        g_error("%s differs.\n--- expected\n%s\n--- actual\n%s\n"
                "If the new text is right: VAS_TEST_REGENERATE=1 make check, and review the diff",
                name, expected, actual);
}

void
testing_assert_error_at(GError **error, int code, const char *part, const char *file, int line)
{
    if (*error == NULL)
        g_error("%s:%d: no error, expected one with \"%s\"", file, line, part);
    if ((*error)->domain != VAS_ERROR || (*error)->code != code)
        g_error("%s:%d: error %s %d \"%s\", expected %s", file, line,
                g_quark_to_string((*error)->domain), (*error)->code, (*error)->message,
                vas_error_name((VasError) code));
    if (strstr((*error)->message, part) == NULL)
        g_error("%s:%d: error \"%s\" does not say \"%s\"", file, line, (*error)->message, part);
    g_clear_error(error);
}

void
testing_assert_hint_at(const GError *error, const char *part, const char *file, int line)
{
    const char *hint = vas_error_hint(error);

    if (hint == NULL || strstr(hint, part) == NULL)
        g_error("%s:%d: hint \"%s\" does not say \"%s\"", file, line,
                hint != NULL ? hint : "(none)", part);
}
