/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"
#include "testing.h"

/* The corpus of a target goes through the target, one test a file: without libFuzzer, with any
 * compiler. */

static void
replay(gconstpointer path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    gsize size = 0;

    g_test_message("%s", (const char *) path);
    g_file_get_contents(path, &data, &size, &error);
    g_assert_no_error(error);
    g_assert_cmpint(LLVMFuzzerTestOneInput((const guint8 *) data, size), ==, 0);
}

int
main(int argc, char **argv)
{
    g_autofree char *below = g_strconcat("fuzz/", fuzzing_corpus, NULL);
    g_autofree char *folder = NULL;
    g_autoptr(GDir) files = NULL;
    g_autoptr(GError) error = NULL;
    const char *name = NULL;
    guint count = 0;

    g_test_init(&argc, &argv, NULL);
    folder = testing_data_path(below);
    files = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    while ((name = g_dir_read_name(files)) != NULL) {
        g_autofree char *test = g_strdup_printf("/%s/%s", below, name);

        g_test_add_data_func_full(test, g_build_filename(folder, name, NULL), replay, g_free);
        count++;
    }
    g_assert_cmpuint(count, >, 0);
    return g_test_run();
}
