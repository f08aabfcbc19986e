/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/guest-record.h"

static const VasHostAddress vf0 = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress vf1 = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

static void
test_one_a_device(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasVfSettings first = {.vlan = 1};
    VasVfSettings second = {.vlan = 2};

    g_assert_true(vas_guest_record_is_empty(record));
    vas_guest_record_take_vf(record, vas_vf_record_new(vf0, "a", &first));
    vas_guest_record_take_vf(record, vas_vf_record_new(vf1, NULL, &first));
    vas_guest_record_take_vf(record, vas_vf_record_new(vf0, "b", &second));
    g_assert_cmpuint(record->vfs->len, ==, 2);
    g_assert_cmpint(vas_guest_record_find_vf(record, vf0)->before.vlan, ==, 2);
    g_assert_cmpstr(vas_guest_record_find_vf(record, vf0)->identity, ==, "b");
    g_assert_cmpint(vas_guest_record_find_vf(record, vf1)->before.vlan, ==, 1);
    g_assert_true(vas_guest_record_drop_vf(record, vf0));
    g_assert_false(vas_guest_record_drop_vf(record, vf0));
    g_assert_null(vas_guest_record_find_vf(record, vf0));
    g_assert_false(vas_guest_record_is_empty(record));
    g_assert_null(vas_guest_record_find_vf(NULL, vf0));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest-record/one-a-device", test_one_a_device);
    return g_test_run();
}
