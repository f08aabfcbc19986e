/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/qemu-process.h"

#include "core/value/error.h"
#include "testing.h"

#define PID_FILE "/run/libvirt/qemu/db1.pid"
#define LIMITS "/proc/42/limits"

static void
assert_limit(const char *line, guint64 bytes, const char *evidence_wanted)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *evidence = NULL;
    g_autofree char *text = g_strdup_printf("Limit   Soft Limit   Hard Limit   Units\n%s\n", line);
    guint64 found = 0;

    testing_scratch_write(scratch, PID_FILE, "42");
    testing_scratch_write(scratch, LIMITS, text);
    g_assert_true(vas_qemu_memory_lock(host, "db1", &found, &evidence, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(found, ==, bytes);
    g_assert_cmpstr(evidence, ==, evidence_wanted);
}

static void
test_limits(void)
{
    assert_limit("Max locked memory         67108864             67108864             bytes",
                 67108864, LIMITS ": Max locked memory: 67108864 bytes");
    assert_limit("Max locked memory         unlimited            unlimited            bytes",
                 G_MAXUINT64, LIMITS ": Max locked memory: unlimited");
}

static void
test_errors(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *evidence = NULL;
    guint64 bytes = 1;

    g_assert_false(vas_qemu_memory_lock(host, "db1", &bytes, &evidence, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, PID_FILE);
    testing_scratch_write(scratch, PID_FILE, "../42");
    g_assert_false(vas_qemu_memory_lock(host, "db1", &bytes, &evidence, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "is not a process");
    testing_scratch_write(scratch, PID_FILE, "42");
    g_assert_false(vas_qemu_memory_lock(host, "db1", &bytes, &evidence, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, LIMITS);
    testing_scratch_write(scratch, LIMITS, "Max locked memory");
    g_assert_false(vas_qemu_memory_lock(host, "db1", &bytes, &evidence, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "Max locked memory");
    g_assert_cmpuint(bytes, ==, 1);
    g_assert_null(evidence);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/qemu-process/limits", test_limits);
    g_test_add_func("/qemu-process/errors", test_errors);
    return g_test_run();
}
