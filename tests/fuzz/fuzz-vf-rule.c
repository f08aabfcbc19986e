/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "host/sriov/vf-rule.h"
#include "testing.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char fuzzing_corpus[] = "vf-rule";

static const VasHostAddress pf = {.pci = {.bus = 1}};

static void
write_file(const char *path, const guint8 *data, gsize size)
{
    int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    g_assert_cmpint(file, >=, 0);
    g_assert_cmpint(write(file, data, size), ==, (gssize) size);
    close(file);
}

/* A rule that is taken for ours is byte for byte what we write. */
static void
assert_ours(const VasHost *host, const VasVfRule *rule, const char *path, const guint8 *data,
            gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *written = NULL;
    gsize length = 0;

    g_assert_cmpuint(rule->count, >=, 1);
    vas_vf_rule_write(host, pf, rule, &error);
    g_assert_no_error(error);
    g_file_get_contents(path, &written, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(written, length, data, size);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *name = vas_vf_rule_path(pf);
    g_autofree char *path = g_build_filename(scratch->path, name, NULL);
    g_autoptr(GError) error = NULL;
    VasVfRule none = {0};
    VasVfRule *rule = &none;
    gboolean is_ours = FALSE;

    testing_scratch_write(scratch, name, "");
    write_file(path, data, size);
    is_ours = vas_vf_rule_read(host, pf, &rule, &error);
    fuzzing_assert_outcome(is_ours, error);
    if (!is_ours) {
        g_assert_cmpint(error->code, ==, VAS_ERROR_CONFLICT);
        g_assert_true(rule == &none);
        return 0;
    }
    assert_ours(host, rule, path, data, size);
    vas_vf_rule_free(rule);
    return 0;
}
