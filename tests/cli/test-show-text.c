/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-guest.h"
#include "cli/print/json.h"
#include "cli/output/show-text.h"
#include "testing.h"
#include "xml/domain-xml.h"

/* libvirt's test driver cannot have a running guest whose config says otherwise. Everything else is
 * tested through the program (show.sh). */

static VasGuestDefinition *
read_definition(const char *name)
{
    g_autofree char *xml = testing_data(name);
    g_autoptr(GError) error = NULL;
    VasGuestDefinition *definition = vas_domain_xml_parse(xml, &error);

    g_assert_no_error(error);
    return definition;
}

static VasInventory *
sample_inventory(void)
{
    VasInventory *inventory = vas_inventory_new();
    VasGuest *guest = vas_guest_new("db1", "5b8c8d0e-5f2b-4f0e-9a39-0d1d5a3f6c11");
    VasDevice *device = vas_device_new();

    guest->state = VAS_GUEST_RUNNING;
    guest->run_id = 3;
    guest->persistent = TRUE;
    guest->live = read_definition("cli/different-live.xml");
    guest->config = read_definition("cli/different-config.xml");
    vas_inventory_take_guest(inventory, guest);

    g_assert_true(vas_host_address_parse("0000:01:10.0", &device->address, NULL));
    device->nodedev = g_strdup("pci_0000_01_10_0");
    device->class_code = 0x020000;
    device->vendor_id = 0x8086;
    device->product_id = 0x10ca;
    device->driver = g_strdup("vfio-pci");
    device->iommu_group = 26;
    vas_inventory_take_device(inventory, device);
    vas_inventory_link(inventory);
    return inventory;
}

static void
test_guest_text(void)
{
    const VasTerminal terminal = {.utf8 = TRUE};
    g_autoptr(VasInventory) inventory = sample_inventory();
    const VasGuest *guest = g_ptr_array_index(inventory->guests, 0);
    g_autoptr(GPtrArray) nics = vas_guest_nics(guest, NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    vas_show_text_guest(text, &terminal, inventory, guest, nics);
    testing_assert_golden("cli/show-different-guest.txt", text->str);
}

static void
test_guest_json(void)
{
    g_autoptr(VasInventory) inventory = sample_inventory();
    const VasGuest *guest = g_ptr_array_index(inventory->guests, 0);
    g_autoptr(GPtrArray) nics = vas_guest_nics(guest, NULL);
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autofree char *text = NULL;

    vas_json_add_guest(json, inventory, guest, nics);
    text = vas_json_end(json);
    testing_assert_golden("cli/show-different-guest.json", text);
}

static void
test_device_text(void)
{
    const VasTerminal terminal = {.utf8 = TRUE};
    g_autoptr(VasInventory) inventory = sample_inventory();
    g_autoptr(GString) text = g_string_new(NULL);

    vas_show_text_device(text, &terminal, inventory, g_ptr_array_index(inventory->devices, 0),
                         NULL);
    testing_assert_golden("cli/show-different-device.txt", text->str);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/show-text/guest-text", test_guest_text);
    g_test_add_func("/show-text/guest-json", test_guest_json);
    g_test_add_func("/show-text/device-text", test_device_text);
    return g_test_run();
}
