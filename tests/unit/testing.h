/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* GTest hands every test function the data of its case, which few of them need. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

G_BEGIN_DECLS

/* Tells the path of tests/data/@name in the source tree. Returns full. */
char *testing_data_path(const char *name);

/* Reads the text of tests/data/@name; the test fails if it cannot. Returns full. */
char *testing_data(const char *name);

/* A folder of this test's own, empty, removed with everything in it by testing_scratch_free. */
typedef struct {
    char *path;
} TestingScratch;

TestingScratch *testing_scratch_new(void);
void testing_scratch_free(TestingScratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestingScratch, testing_scratch_free)

/* Writes @text to @path below the scratch folder, making the folders on the way. @path may begin
 * with '/'. */
void testing_scratch_write(const TestingScratch *scratch, const char *path, const char *text);
/* Makes a symbolic link at @path below the scratch folder, to @target as it is written. */
void testing_scratch_link(const TestingScratch *scratch, const char *path, const char *target);

/* Fails the test with both texts if @actual is not what tests/data/@name holds. With
 * VAS_TEST_REGENERATE=1 in the environment it writes the file instead. */
void testing_assert_golden(const char *name, const char *actual);

/* Fails the test unless *@error is @code of VAS_ERROR and its message contains @part; clears it. */
#define testing_assert_error(error, code, part)                                                    \
    testing_assert_error_at(error, code, part, __FILE__, __LINE__)
void testing_assert_error_at(GError **error, int code, const char *part, const char *file,
                             int line);

/* Fails the test unless the hint of @error contains @part. Before testing_assert_error, which
 * clears it. */
#define testing_assert_hint(error, part) testing_assert_hint_at(error, part, __FILE__, __LINE__)
void testing_assert_hint_at(const GError *error, const char *part, const char *file, int line);

G_END_DECLS
