/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/operation.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"
#include "xml/metadata-xml.h"

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"

static VasOperation *
attach_of(const char *first, const char *second)
{
    VasOperation *operation = vas_operation_new(VAS_OPERATION_ATTACH, "uid 0 on hv1");
    const char *names[] = {first, second};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        VasOperationDevice *device = NULL;

        if (names[i] == NULL)
            continue;
        device = vas_operation_add(operation, building_host_address(names[i]));
        device->alias = g_strdup("ua-a<'\">");
        device->driver = g_strdup("igbvf");
        device->scope = VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG;
    }
    return operation;
}

static VasOperation *
everything(void)
{
    VasOperation *operation = attach_of(VF, OTHER_VF);
    VasOperationDevice *device = g_ptr_array_index(operation->devices, 0);
    VasPciController port = {.index = 5,
                             .model = VAS_PCIE_ROOT_PORT,
                             .chassis = 5,
                             .bus_number = -1,
                             .host_node = -1,
                             .has_address = TRUE,
                             .address = building_guest_address("0000:00:02.4"),
                             .multifunction = TRUE};

    device->scope = VAS_SCOPE_LIVE;
    device->network = g_strdup("vfs & more");
    device->has_settings = TRUE;
    device->identity = g_strdup("2f1d");
    device->before =
        (VasVfSettings){.vlan_protocol = 0x8100, .spoof_check = -1, .trust = -1, .link_state = -1};
    device->target = (VasVfSettings){.mac = {{0x52, 0x54, 0, 0, 0, 1}},
                                     .vlan = 4094,
                                     .qos = 7,
                                     .vlan_protocol = 0x8100,
                                     .trust = 1};
    device->concerned = VAS_VF_MAC | VAS_VF_VLAN | VAS_VF_TRUST;
    g_ptr_array_add(operation->ports, g_memdup2(&port, sizeof port));
    return operation;
}

/* Returns the text that a file of root's has. */
static char *
format(VasOperation *operation)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();

    vas_guest_record_take_operation(record, operation);
    g_assert_false(vas_guest_record_is_empty(record));
    return vas_metadata_xml_format_note(record);
}

static void
test_round_trip(void)
{
    g_autoptr(VasOperation) operation = everything();
    g_autofree char *xml = format(vas_operation_copy(operation));
    g_autoptr(VasGuestRecord) read = vas_metadata_xml_parse_note(xml, NULL);
    g_autofree char *again = vas_metadata_xml_format_note(read);
    const VasOperation *back = vas_guest_record_find_operation(read, operation->id);
    const VasOperationDevice *device = NULL;
    const VasPciController *port = NULL;

    g_assert_cmpstr(again, ==, xml);
    g_assert_nonnull(back);
    g_assert_cmpint(back->kind, ==, VAS_OPERATION_ATTACH);
    g_assert_cmpstr(back->origin, ==, "uid 0 on hv1");
    g_assert_cmpint(back->started_at, ==, operation->started_at);
    device = vas_operation_find_device(back, building_host_address(VF));
    g_assert_cmpint(device->scope, ==, VAS_SCOPE_LIVE);
    g_assert_cmpstr(device->alias, ==, "ua-a<'\">");
    g_assert_cmpstr(device->network, ==, "vfs & more");
    g_assert_cmpstr(device->driver, ==, "igbvf");
    g_assert_cmpstr(device->identity, ==, "2f1d");
    g_assert_cmpint(device->before.trust, ==, -1);
    g_assert_cmpint(device->target.vlan, ==, 4094);
    g_assert_cmpuint(device->concerned, ==, VAS_VF_MAC | VAS_VF_VLAN | VAS_VF_TRUST);
    device = vas_operation_find_device(back, building_host_address(OTHER_VF));
    g_assert_cmpint(device->scope, ==, VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG);
    g_assert_false(device->has_settings);
    port = g_ptr_array_index(back->ports, 0);
    g_assert_cmpuint(port->index, ==, 5);
    g_assert_cmpint(port->model, ==, VAS_PCIE_ROOT_PORT);
    g_assert_cmpstr(vas_guest_address_text(port->address).text, ==, "0000:00:02.4");
    g_assert_true(port->multifunction);
}

/* Somebody who may edit a guest writes into its metadata what was before: it is not read there. */
static void
test_metadata_names_only(void)
{
    g_autoptr(VasOperation) operation = everything();
    g_autofree char *whole = format(vas_operation_copy(operation));
    g_autoptr(VasGuestRecord) read = vas_metadata_xml_parse(whole, NULL);
    g_autofree char *written = vas_metadata_xml_format(read);
    const VasOperation *named = vas_guest_record_find_operation(read, operation->id);
    const VasOperationDevice *device = g_ptr_array_index(named->devices, 0);

    g_assert_cmpuint(named->devices->len, ==, 2);
    g_assert_cmpuint(named->ports->len, ==, 1);
    g_assert_cmpstr(device->alias, ==, "ua-a<'\">");
    g_assert_cmpint(device->scope, ==, VAS_SCOPE_LIVE);
    g_assert_cmpstr(device->network, ==, "vfs & more");
    g_assert_null(device->driver);
    g_assert_null(device->identity);
    g_assert_false(device->has_settings);
    g_assert_null(strstr(written, "driver="));
    g_assert_null(strstr(written, "identity="));
    g_assert_null(strstr(written, "<before"));
}

/* A guest's XML has the record with a namespace prefix. */
static void
test_with_namespace(void)
{
    static const char xml[] =
        "<v:assignments xmlns:v='urn:virt-assign:domain:1' version='1'>"
        "<v:operation id='a' command='attach' started='1'><v:device device='" VF "' live='yes'/>"
        "</v:operation></v:assignments>";
    g_autoptr(VasGuestRecord) record = vas_metadata_xml_parse(xml, NULL);
    const VasOperation *operation = vas_guest_record_find_operation(record, "a");

    g_assert_nonnull(operation);
    g_assert_cmpuint(operation->devices->len, ==, 1);
    g_assert_cmpint(vas_operation_find_device(operation, building_host_address(VF))->scope, ==,
                    VAS_SCOPE_LIVE);
}

static void
test_kinds(void)
{
    VasOperationKind kind;

    for (VasOperationKind each = VAS_OPERATION_ATTACH; each <= VAS_OPERATION_HOST_REATTACH;
         each++) {
        g_assert_true(vas_operation_kind_parse(vas_operation_kind_name(each), &kind));
        g_assert_cmpint(kind, ==, each);
    }
    g_assert_false(vas_operation_kind_parse("list", &kind));
    vas_operation_free(NULL);
}

/* A device belongs to the last command that was begun on it. */
static void
test_later_one_takes_over(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *two = attach_of(VF, OTHER_VF);
    VasOperation *one = attach_of(VF, NULL);
    g_autoptr(VasOperation) nothing = vas_operation_copy(one);

    g_ptr_array_set_size(nothing->devices, 0);
    vas_guest_record_take_operation(record, two);
    vas_guest_record_take_operation(record, one);
    g_assert_cmpuint(record->operations->len, ==, 2);
    g_assert_null(vas_operation_find_device(two, building_host_address(VF)));
    g_assert_nonnull(vas_operation_find_device(two, building_host_address(OTHER_VF)));
    vas_guest_record_take_operation(record, attach_of(OTHER_VF, NULL));
    g_assert_cmpuint(record->operations->len, ==, 2);
    g_assert_true(vas_guest_record_cut_operation(record, nothing));
    g_assert_false(vas_guest_record_cut_operation(record, nothing));
    g_assert_cmpuint(record->operations->len, ==, 1);
}

/* The earlier one ends last, with the device still its to wait for: it has it no more. */
static void
test_what_is_taken_over_stays_so(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *earlier = attach_of(VF, OTHER_VF);
    VasOperation *later = attach_of(VF, NULL);
    g_autoptr(VasOperation) left = vas_operation_copy(earlier);

    vas_guest_record_take_operation(record, earlier);
    vas_guest_record_take_operation(record, later);
    g_assert_false(vas_guest_record_cut_operation(record, left));
    g_assert_cmpuint(earlier->devices->len, ==, 1);
    g_assert_cmpuint(later->devices->len, ==, 1);
    g_ptr_array_remove_index(left->devices, 1);
    g_assert_true(vas_guest_record_cut_operation(record, left));
    g_assert_cmpuint(record->operations->len, ==, 1);
    g_assert_nonnull(vas_guest_record_find_operation(record, later->id));
}

static void
test_cut_ports(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *operation = vas_operation_new(VAS_OPERATION_PORTS, NULL);
    g_autoptr(VasOperation) rest = NULL;

    g_ptr_array_add(operation->ports, g_new0(VasPciController, 1));
    rest = vas_operation_copy(operation);
    vas_guest_record_take_operation(record, operation);
    g_assert_false(vas_guest_record_cut_operation(record, rest));
    g_ptr_array_set_size(rest->ports, 0);
    g_assert_true(vas_guest_record_cut_operation(record, rest));
    g_assert_true(vas_guest_record_is_empty(record));
}

static void
test_same_one_anew(void)
{
    g_autoptr(VasGuestRecord) record = vas_guest_record_new();
    VasOperation *operation = attach_of(VF, OTHER_VF);
    VasOperation *less = vas_operation_copy(operation);

    vas_guest_record_take_operation(record, operation);
    g_ptr_array_remove_index(less->devices, 0);
    vas_guest_record_take_operation(record, less);
    g_assert_cmpuint(record->operations->len, ==, 1);
    g_assert_cmpuint(vas_guest_record_find_operation(record, less->id)->devices->len, ==, 1);
    g_assert_null(vas_guest_record_find_operation(record, "none"));
    g_assert_null(vas_guest_record_find_operation(NULL, less->id));
}

#define DEVICE "<operation id='a' command='attach' started='1'><device device='" VF "'>"
#define SETTINGS                                                                                   \
    "mac='00:00:00:00:00:00' vlan='0' qos='0' min-rate='0' max-rate='0' spoof-check='1' "          \
    "trust='0' vlan-protocol='0x8100'"

static void
test_malformed(void)
{
    static const char *const bad[] = {
        "<operation command='attach' started='1'/>",
        "<operation id='' command='attach' started='1'/>",
        "<operation id='a' command='steal' started='1'/>",
        "<operation id='a' command='attach' started='soon'/>",
        "<operation id='a' command='attach' started='1'><device/></operation>",
        "<operation id='a' command='attach' started='1'><device device='x'/></operation>",
        "<operation id='a' command='attach' started='1'><device device='" VF
        "'/><device device='" VF "'/></operation>",
        DEVICE "<before " SETTINGS "/></device></operation>",
        DEVICE "<before " SETTINGS "/><target " SETTINGS "/></device></operation>",
        DEVICE "<before/><target " SETTINGS " concerned='1'/></device></operation>",
        DEVICE "<before " SETTINGS "/><target " SETTINGS " concerned='4096'/></device></operation>",
        "<operation id='a' command='ports' started='1'><port index='256' model='pcie-root-port' "
        "chassis='1' bus='0'/></operation>",
        "<operation id='a' command='ports' started='1'><port index='6' model='pcie-root-port' "
        "chassis='1'/></operation>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *xml = g_strdup_printf("<assignments version='1'>%s</assignments>", bad[i]);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", bad[i]);
        g_assert_null(vas_metadata_xml_parse_note(xml, &error));
        g_assert_error(error, VAS_ERROR, VAS_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, "<operation>"));
    }
}

/* Tells what becomes of @count operations of @parts devices each. */
static VasGuestRecord *
read_many(guint count, guint parts, GError **error)
{
    g_autoptr(GString) xml = g_string_new("<assignments version='1'>");

    for (guint i = 0; i < count; i++) {
        g_string_append_printf(xml, "<operation id='%u' command='attach' started='1'>", i);
        for (guint k = 0; k < parts; k++)
            g_string_append_printf(xml, "<device device='%04x:%02x:00.0'/>", i, k);
        g_string_append(xml, "</operation>");
    }
    g_string_append(xml, "</assignments>");
    return vas_metadata_xml_parse(xml->str, error);
}

/* A record of thousands would cost each command on the host its time. */
static void
test_limits(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) most =
        read_many(VAS_GUEST_RECORD_OPERATIONS_MAX, VAS_OPERATION_GUEST_PARTS_MAX, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(most->operations->len, ==, VAS_GUEST_RECORD_OPERATIONS_MAX);
    g_assert_null(read_many(VAS_GUEST_RECORD_OPERATIONS_MAX + 1, 1, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "too many entries");
    g_assert_null(read_many(1, VAS_OPERATION_GUEST_PARTS_MAX + 1, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "too many parts");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/operation/round-trip", test_round_trip);
    g_test_add_func("/operation/metadata-names-only", test_metadata_names_only);
    g_test_add_func("/operation/limits", test_limits);
    g_test_add_func("/operation/with-namespace", test_with_namespace);
    g_test_add_func("/operation/kinds", test_kinds);
    g_test_add_func("/operation/later-one-takes-over", test_later_one_takes_over);
    g_test_add_func("/operation/same-one-anew", test_same_one_anew);
    g_test_add_func("/operation/what-is-taken-over-stays-so", test_what_is_taken_over_stays_so);
    g_test_add_func("/operation/cut-ports", test_cut_ports);
    g_test_add_func("/operation/malformed", test_malformed);
    return g_test_run();
}
