/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-device.h"
#include "cli/output/json-guest.h"
#include "cli/print/json.h"
#include "cli/output/show-text.h"
#include "testing.h"
#include "xml/domain-xml.h"

#include <string.h>

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

/* A VF whose PF has two keys. */
static VasIdentity *
sample_identity(VasDevice *device)
{
    VasIdentity *identity = NULL;

    device->has_subsystem = TRUE;
    device->subsystem_vendor_id = 0x8086;
    device->subsystem_id = 0xa03c;
    identity = vas_identity_new(device);
    vas_identity_set_key(identity, VAS_CARD_KEY_MAC, "52:54:00:12:34:56");
    vas_identity_set_key(identity, VAS_CARD_KEY_SERIAL, "52-54-00-ff-ff-12-34-56");
    identity->place = g_strdup("0000:00/01.0/00.1");
    identity->function = 1;
    identity->vf_index = 0;
    return identity;
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
    VasDevice *device = g_ptr_array_index(inventory->devices, 0);
    g_autoptr(VasIdentity) identity = sample_identity(device);
    g_autoptr(GString) text = g_string_new(NULL);

    vas_show_text_device(text, &terminal, inventory, device, identity, NULL);
    testing_assert_golden("cli/show-different-device.txt", text->str);
}

static char *
identity_line(const VasIdentity *identity)
{
    const VasTerminal terminal = {.utf8 = TRUE};
    g_autoptr(VasInventory) inventory = sample_inventory();
    g_autoptr(GString) text = g_string_new(NULL);
    const char *line = NULL;

    vas_show_text_device(text, &terminal, inventory, g_ptr_array_index(inventory->devices, 0),
                         identity, NULL);
    line = strstr(text->str, "card key:");
    return line != NULL ? g_strndup(line, strcspn(line, "\n")) : NULL;
}

/* Whether a card has no key or hides it makes a difference to who reads this. */
static void
test_no_card_key(void)
{
    VasIdentity identity = {.place = (char *) "0000:00/1f.2"};
    g_autofree char *none = identity_line(&identity);
    g_autofree char *unread = NULL;
    g_autofree char *nothing = NULL;
    g_autofree char *unknown = identity_line(NULL);

    identity.may_have_more_keys = TRUE;
    unread = identity_line(&identity);
    identity.place = NULL;
    nothing = identity_line(&identity);
    g_assert_cmpstr(none, ==, "card key:      none: known by its place only");
    g_assert_cmpstr(unread, ==,
                    "card key:      none that can be read here: known by its place only");
    g_assert_cmpstr(nothing, ==, "card key:      none that can be read here");
    g_assert_null(unknown);
}

static void
test_identity_json(void)
{
    g_autoptr(VasInventory) inventory = sample_inventory();
    g_autoptr(VasIdentity) identity = sample_identity(g_ptr_array_index(inventory->devices, 0));
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autofree char *text = NULL;

    vas_json_add_identity(json, identity);
    text = vas_json_end(json);
    testing_assert_golden("cli/show-identity.json", text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/show-text/guest-text", test_guest_text);
    g_test_add_func("/show-text/guest-json", test_guest_json);
    g_test_add_func("/show-text/device-text", test_device_text);
    g_test_add_func("/show-text/no-card-key", test_no_card_key);
    g_test_add_func("/show-text/identity-json", test_identity_json);
    return g_test_run();
}
