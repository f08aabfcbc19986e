/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/guest-record.h"

#include "core/device/pci-controller.h"
#include "core/journal/operation.h"

static const VasHostAddress first = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress second = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

static VasOperation *
operation_of(VasHostAddress device, gboolean with_port)
{
    VasOperation *operation = vas_operation_new(VAS_OPERATION_ATTACH, NULL);

    vas_operation_add(operation, device);
    if (with_port)
        g_ptr_array_add(operation->ports, g_new0(VasPciController, 1));
    return operation;
}

/* A later operation takes devices over, and no port. */
static void
test_take(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *one = operation_of(first, FALSE);
    VasOperation *with_port = operation_of(second, TRUE);

    vas_guest_record_take_operation(record, one);
    vas_guest_record_take_operation(record, with_port);
    g_assert_cmpuint(record->operations->len, ==, 2);
    vas_guest_record_take_operation(record, operation_of(first, FALSE));
    g_assert_cmpuint(record->operations->len, ==, 2);
    g_assert_true(g_ptr_array_index(record->operations, 0) == with_port);
    vas_guest_record_take_operation(record, operation_of(second, FALSE));
    g_assert_cmpuint(record->operations->len, ==, 3);
    g_assert_cmpuint(with_port->devices->len, ==, 0);
    g_assert_cmpuint(with_port->ports->len, ==, 1);
}

/* Devices and ports end each by themselves, and with the last the operation. */
static void
test_cut(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *recorded = operation_of(first, TRUE);
    g_autoptr(VasOperation) rest = vas_operation_copy(recorded);

    vas_guest_record_take_operation(record, recorded);
    g_assert_false(vas_guest_record_cut_operation(record, rest));
    g_ptr_array_set_size(rest->devices, 0);
    g_assert_true(vas_guest_record_cut_operation(record, rest));
    g_assert_cmpuint(record->operations->len, ==, 1);
    g_assert_cmpuint(recorded->ports->len, ==, 1);
    g_assert_false(vas_guest_record_cut_operation(record, rest));
    g_ptr_array_set_size(rest->ports, 0);
    g_assert_true(vas_guest_record_cut_operation(record, rest));
    g_assert_true(vas_guest_record_is_empty(record));
}

static void
test_cut_ports_first(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *recorded = operation_of(first, TRUE);
    g_autoptr(VasOperation) rest = vas_operation_copy(recorded);

    vas_guest_record_take_operation(record, recorded);
    g_ptr_array_set_size(rest->ports, 0);
    g_assert_true(vas_guest_record_cut_operation(record, rest));
    g_assert_cmpuint(recorded->devices->len, ==, 1);
    g_assert_cmpuint(recorded->ports->len, ==, 0);
}

/* A guest has a host device once, and with it one wish. */
static void
test_wishes(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasWish *wish = vas_wish_new(first);

    g_assert_null(vas_guest_record_find_wish(NULL, first));
    g_assert_false(vas_guest_record_drop_wish(record, first));
    vas_guest_record_take_wish(record, vas_wish_new(first));
    vas_guest_record_take_wish(record, vas_wish_new(second));
    vas_guest_record_take_wish(record, wish);
    g_assert_cmpuint(record->wishes->len, ==, 2);
    g_assert_true(vas_guest_record_find_wish(record, first) == wish);
    g_assert_true(vas_guest_record_drop_wish(record, first));
    g_assert_null(vas_guest_record_find_wish(record, first));
    g_assert_false(vas_guest_record_is_empty(record));
    g_assert_true(vas_guest_record_drop_wish(record, second));
    g_assert_true(vas_guest_record_is_empty(record));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest-record/take", test_take);
    g_test_add_func("/guest-record/cut", test_cut);
    g_test_add_func("/guest-record/cut/ports-first", test_cut_ports_first);
    g_test_add_func("/guest-record/wishes", test_wishes);
    return g_test_run();
}
