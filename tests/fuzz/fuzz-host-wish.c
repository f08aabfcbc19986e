/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "host/sriov/vf-rule.h"
#include "testing.h"
#include "xml/host-wish-xml.h"

#include <string.h>

const char fuzzing_corpus[] = "host-wish";

/* A driver's name goes into a udev rule, and is written to sysfs. */
static void
assert_plain(const VasHostWish *wish)
{
    for (guint i = 0; i < wish->vfs->len; i++) {
        const VasWishedVfs *vfs = g_ptr_array_index(wish->vfs, i);

        g_assert_true(vas_driver_is_name(vfs->rule->driver));
        g_assert_cmpuint(vfs->rule->count, >=, 1);
        g_assert_true(vas_host_wish_vfs(wish, vfs->of.device) == vfs->rule);
    }
    for (guint i = 0; i < wish->drivers->len; i++) {
        const VasWishedDriver *driver = g_ptr_array_index(wish->drivers, i);

        g_assert_true(vas_driver_is_name(driver->driver));
        g_assert_true(vas_driver_is_vfio(driver->driver));
        g_assert_true(vas_host_wish_driver(wish, driver->of.device) == driver->driver);
    }
}

/* Each wish makes one line of the udev rules. */
static void
assert_rules(const VasHostWish *wish)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *path = g_build_filename(scratch->path, VAS_VF_RULES_FILE, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GError) error = NULL;

    testing_scratch_write(scratch, "/etc/udev/rules.d/x", "");
    vas_vf_rules_write(host, wish->vfs, &error);
    g_assert_no_error(error);
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_assert_cmpuint(wish->vfs->len, ==, 0);
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, wish->vfs->len + 2);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *) data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasHostWish) wish = vas_host_wish_xml_parse(text, &error);
    g_autoptr(VasHostWish) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *same = NULL;

    fuzzing_assert_outcome(wish != NULL, error);
    if (wish == NULL)
        return 0;
    assert_plain(wish);
    assert_rules(wish);
    written = vas_host_wish_xml_format(wish);
    again = vas_host_wish_xml_parse(written, &error);
    g_assert_no_error(error);
    same = vas_host_wish_xml_format(again);
    g_assert_cmpstr(written, ==, same);
    return 0;
}
