/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan.h"

#include "core/value/error.h"
#include "engine/base/device-names.h"
#include "fake-hypervisor.h"

static const VasDevice *
device_at(const VasInventory *inventory, const char *text)
{
    VasHostAddress address;
    const VasDevice *device = NULL;

    g_assert_true(vas_host_address_parse(text, &address, NULL));
    device = vas_inventory_find_device(inventory, address);
    g_assert_nonnull(device);
    return device;
}

static void
test_devices(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = vas_scan(&fake->context, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 8);
    g_assert_cmpstr(device_at(inventory, "0000:01:00.0")->interface, ==, "enp1s0");
    g_assert_cmpint(device_at(inventory, "0000:01:00.0")->kind, ==, VAS_DEVICE_PF);
    g_assert_cmpint(device_at(inventory, "0000:01:10.2")->vf_index, ==, 1);
    g_assert_cmpstr(device_at(inventory, "0000:01:10.0")->driver, ==, "igbvf");
}

static void
test_vanished_device_is_left_out(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    fake->vanished = "0000:01:10.2";
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 7);
}

#define SYSFS "/sys/bus/pci/devices/"

/* Makes a sysfs under the fake hypervisor's devices that says something else of them: whose word it
 * is can be seen. */
static VasHost *
new_telling_host(const TestingScratch *scratch)
{
    static const char *const addresses[] = {"0000:01:00.0", "0000:01:10.0", "0000:01:10.2",
                                            "0000:02:00.0", "0000:02:10.0", "0000:03:00.0",
                                            "0000:05:01.0", "0000:05:02.0"};

    for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autofree char *path = g_strdup_printf(SYSFS "%s/modalias", addresses[i]);

        testing_scratch_write(scratch, path,
                              "pci:v00008086d00001234sv00008086sd00000000bc02sc00i00\n");
    }
    testing_scratch_link(scratch, "/sys/class/net/kernel1",
                         "../../devices/pci0000:00/0000:01:00.0/net/kernel1");
    testing_scratch_link(scratch, "/sys/class/net/kernel0",
                         "../../devices/pci0000:00/0000:01:00.0/net/kernel0");
    return vas_host_new(scratch->path);
}

/* On our own machine libvirt is not asked about devices. */
static void
test_from_kernel(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = new_telling_host(scratch);
    VasContext context = fake->context;
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    context.host = host;
    testing_scratch_write(
        scratch, "/sys/devices/pci0000:00/0000:01:00.0/net/kernel0/phys_port_name", "p1\n");
    testing_scratch_link(scratch, "/sys/class/net/enp5s2np0",
                         "../../devices/pci0000:00/0000:05:02.0/net/enp5s2np0");
    inventory = vas_scan(&context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 8);
    g_assert_cmpstr(device_at(inventory, "0000:01:00.0")->port, ==, "p1");
    g_assert_cmpstr(device_at(inventory, "0000:05:02.0")->interface, ==, "enp5s2np0");
    g_assert_null(device_at(inventory, "0000:05:02.0")->port);
    g_assert_cmphex(device_at(inventory, "0000:03:00.0")->product_id, ==, 0x1234);
    g_assert_cmpstr(device_at(inventory, "0000:01:00.0")->interface, ==, "kernel0");
    g_assert_cmpstr(g_ptr_array_index(device_at(inventory, "0000:01:00.0")->other_names, 0), ==,
                    "kernel1");
    g_assert_null(device_at(inventory, "0000:01:00.0")->vendor);
    vas_device_names_complete(inventory);
    g_assert_cmpstr(device_at(inventory, "0000:01:00.0")->vendor, ==, "Intel Corporation");
    g_assert_nonnull(device_at(inventory, "0000:03:00.0")->class_name);
    g_assert_cmpuint(fake->calls[FAKE_LIST_NODE_DEVICES], ==, 0);
    g_assert_cmpuint(fake->calls[FAKE_NODE_DEVICE_XML], ==, 0);
}

/* In switchdev mode the PF has a representor for each VF beside its uplink. */
static void
test_representors(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = new_telling_host(scratch);
    VasContext context = fake->context;
    g_autoptr(VasInventory) inventory = NULL;
    const VasDevice *pf = NULL;
    const VasDevice *vf = NULL;

    context.host = host;
    testing_scratch_write(scratch, SYSFS "0000:01:00.0/sriov_totalvfs", "7\n");
    testing_scratch_link(scratch, SYSFS "0000:01:00.0/virtfn0", "../0000:01:10.0");
    testing_scratch_link(scratch, SYSFS "0000:01:10.0/physfn", "../0000:01:00.0");
    testing_scratch_write(
        scratch, "/sys/devices/pci0000:00/0000:01:00.0/net/kernel0/phys_port_name", "pf0vf0\n");
    inventory = vas_scan(&context, NULL);
    pf = device_at(inventory, "0000:01:00.0");
    vf = device_at(inventory, "0000:01:10.0");
    g_assert_cmpstr(pf->interface, ==, "kernel1");
    g_assert_cmpuint(pf->other_names->len, ==, 0);
    g_assert_null(vf->interface);
    g_assert_cmpuint(vf->other_names->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(vf->other_names, 0), ==, "kernel0");
}

/* A device that the kernel does not tell in full is libvirt's word; one that neither knows has
 * gone. */
static void
test_from_both(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = new_telling_host(scratch);
    VasContext context = fake->context;
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    context.host = host;
    fake->vanished = "0000:01:10.2";
    testing_scratch_write(scratch, SYSFS "0000:01:10.2/modalias", "");
    testing_scratch_write(scratch, SYSFS "0000:03:00.0/numa_node", "?\n");
    inventory = vas_scan(&context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 7);
    g_assert_cmphex(device_at(inventory, "0000:03:00.0")->product_id, ==, 0x000d);
    g_assert_cmphex(device_at(inventory, "0000:01:00.0")->product_id, ==, 0x1234);
    g_assert_cmpstr(device_at(inventory, "0000:01:00.0")->interface, ==, "enp1s0");
}

/* libvirt stumbled over a device that is still there a moment later. */
static void
test_passing_failure(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    fake_plan_fault(fake, FAKE_NODE_DEVICE_XML, 1, FAKE_FAILS, VAS_ERROR_FAILED, "sysfs");
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 8);
}

/* The call fails every time: once may be a device that is just going. */
static void
fail_always(FakeHypervisor *fake, FakeCall call, int code)
{
    for (guint nth = 1; nth <= 40; nth++)
        fake_plan_fault(fake, call, nth, FAKE_FAILS, code, "not for you");
}

static void
test_no_list_ends_the_scan(gconstpointer data)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    fail_always(fake, (FakeCall) GPOINTER_TO_INT(data), VAS_ERROR_DENIED);
    g_assert_null(vas_scan(&fake->context, &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "not for you");
}

static void
test_no_answer_ends_the_scan(gconstpointer data)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    fake_add_guest(fake, "db1", TRUE, TRUE);
    fail_always(fake, (FakeCall) GPOINTER_TO_INT(data), VAS_ERROR_UNREACHABLE);
    g_assert_null(vas_scan(&fake->context, &error));
    testing_assert_error(&error, VAS_ERROR_UNREACHABLE, "not for you");
    g_assert_cmpuint(fake->notes->len, ==, 0);
}

/* Nests metadata deeper than libxml2 reads. Returns full. */
static char *
deep_metadata(void)
{
    g_autoptr(GString) xml = g_string_new("<assignments >");

    for (guint i = 0; i < 300; i++)
        g_string_append(xml, "<x>");
    for (guint i = 0; i < 300; i++)
        g_string_append(xml, "</x>");
    g_string_append(xml, "</assignments>");
    return g_strdup(xml->str);
}

static void
test_unreadable_guest_is_left_out(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;
    FakeGuest *deep = fake_add_guest(fake, "deep", FALSE, TRUE);

    fake_add_guest(fake, "db1", TRUE, TRUE);
    deep->config_metadata = deep_metadata();
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->guests->len, ==, 1);
    g_assert_cmpstr(((VasGuest *) g_ptr_array_index(inventory->guests, 0))->name, ==, "db1");
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(fake->notes, 0),
                                   "guest deep cannot be read and is left out: guest deep: "));
    g_assert_false(vas_unreadable_check(inventory->unreadable_guests, "deep", &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "Excessive depth");
    g_assert_false(vas_unreadable_check(inventory->unreadable_guests, deep->uuid, NULL));
}

static void
test_unreadable_device_is_left_out(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;

    fake->garbled = "0000:01:10.2";
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->devices->len, ==, 7);
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(fake->notes, 0),
                                   "node device pci_0000_01_10_2 cannot be read and is left out"));
    g_assert_false(vas_unreadable_check(inventory->unreadable_devices, "pci_0000_01_10_2", NULL));
    g_assert_false(vas_unreadable_check(inventory->unreadable_devices, "0000:01:10.2", NULL));
    g_assert_true(vas_unreadable_check(inventory->unreadable_devices, "0000:01:10.0", NULL));
}

static void
test_guests(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = NULL;
    const VasGuest *guest = NULL;

    fake_add_guest(fake, "db1", TRUE, TRUE);
    fake_add_guest(fake, "ci7", TRUE, FALSE);
    fake_add_guest(fake, "web", FALSE, TRUE);
    inventory = vas_scan(&fake->context, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(inventory->guests->len, ==, 3);
    guest = g_ptr_array_index(inventory->guests, 0);
    g_assert_cmpstr(guest->name, ==, "ci7");
    g_assert_true(guest->live != NULL && guest->config == NULL);
    guest = g_ptr_array_index(inventory->guests, 2);
    g_assert_true(guest->live == NULL && guest->config != NULL);
}

/* Off our own machine the driver comes from libvirt. */
static void
test_driver(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    VasContext remote = fake->context;
    g_autoptr(GError) error = NULL;
    g_autofree char *local_driver = NULL;
    g_autofree char *remote_driver = NULL;
    VasHostAddress address;

    remote.host = NULL;
    g_assert_true(vas_host_address_parse("0000:01:10.0", &address, NULL));
    g_assert_true(vas_scan_driver(&fake->context, address, &local_driver, &error));
    g_assert_true(vas_scan_driver(&remote, address, &remote_driver, &error));
    g_assert_cmpstr(local_driver, ==, "igbvf");
    g_assert_cmpstr(remote_driver, ==, "igbvf");
    g_assert_cmpuint(fake->calls[FAKE_NODE_DEVICE_XML], ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan/devices", test_devices);
    g_test_add_func("/scan/vanished", test_vanished_device_is_left_out);
    g_test_add_func("/scan/from-kernel", test_from_kernel);
    g_test_add_func("/scan/representors", test_representors);
    g_test_add_func("/scan/from-both", test_from_both);
    g_test_add_func("/scan/passing-failure", test_passing_failure);
    g_test_add_data_func("/scan/error/list", GINT_TO_POINTER(FAKE_LIST_NODE_DEVICES),
                         test_no_list_ends_the_scan);
    g_test_add_data_func("/scan/error/guests", GINT_TO_POINTER(FAKE_LIST_GUESTS),
                         test_no_list_ends_the_scan);
    g_test_add_data_func("/scan/no-answer/xml", GINT_TO_POINTER(FAKE_NODE_DEVICE_XML),
                         test_no_answer_ends_the_scan);
    g_test_add_data_func("/scan/no-answer/guest", GINT_TO_POINTER(FAKE_GUEST_XML),
                         test_no_answer_ends_the_scan);
    g_test_add_func("/scan/unreadable-guest", test_unreadable_guest_is_left_out);
    g_test_add_func("/scan/unreadable-device", test_unreadable_device_is_left_out);
    g_test_add_func("/scan/guests", test_guests);
    g_test_add_func("/scan/driver", test_driver);
    return g_test_run();
}
