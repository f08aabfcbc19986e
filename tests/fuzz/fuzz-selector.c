/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "building.h"
#include "core/value/error.h"
#include "core/inventory/selector.h"

#include <string.h>

const char fuzzing_corpus[] = "selector";

/* A guest can be called anything that libvirt takes: like a device, like another's UUID, like bytes
 * that are not text at all. */
static const char *const guest_names[] = {
    "db1", "enp1s0", "0000:01:00.0", "a/b", "\xff\xfe%s", "\xc3\xa4\x1b[31m", "pci_0000_01_10_0",
};

static VasInventory *
build_inventory(void)
{
    VasInventory *inventory = building_host();
    VasGuestDefinition *live = building_q35(4);
    VasGuestDefinition *config = building_q35(4);

    building_add_assignment(live, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", "ua-web",
                            "52:54:00:00:00:01", "0000:01:00.0");
    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, "0000:01:10.2", "hostdev0", NULL,
                            "0000:02:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.0", "ua-web",
                            "52:54:00:00:00:01", "0000:03:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "10000:e1:00.0", NULL, NULL, NULL);
    building_occupy(live, "0000:04:00.0", "virtio-disk0");
    vas_inventory_take_guest(inventory, building_guest("web", live, config));
    for (guint i = 0; i < G_N_ELEMENTS(guest_names); i++)
        vas_inventory_take_guest(inventory, building_guest(guest_names[i], NULL, building_q35(1)));
    /* This guest is called like the first one's UUID. */
    vas_inventory_take_guest(
        inventory, building_guest(((VasGuest *) g_ptr_array_index(inventory->guests, 0))->uuid,
                                  NULL, building_pc(0)));
    vas_inventory_link(inventory);
    return inventory;
}

static VasDevice *
select_device(const VasInventory *inventory, const char *name)
{
    g_autoptr(GError) error = NULL;
    VasDevice *device = vas_selector_device(inventory, name, &error);

    fuzzing_assert_outcome(device != NULL, error);
    if (device == NULL)
        return NULL;
    g_assert_true(vas_selector_device(inventory, vas_host_address_text(device->address).text,
                                      NULL) == device);
    g_assert_true(vas_selector_device(inventory, device->nodedev, NULL) == device);
    return device;
}

static VasGuest *
select_guest(const VasInventory *inventory, const char *name)
{
    g_autoptr(GError) error = NULL;
    VasGuest *guest = vas_selector_guest(inventory, name, &error);

    fuzzing_assert_outcome(guest != NULL, error);
    g_assert_true(guest == NULL || strcmp(guest->name, name) == 0 ||
                  g_ascii_strcasecmp(guest->uuid, name) == 0);
    return guest;
}

static void
select_any(const VasInventory *inventory, const char *name, const VasDevice *device,
           const VasGuest *guest)
{
    g_autoptr(GError) error = NULL;
    VasDevice none_device = {0};
    VasGuest none_guest = {0};
    VasDevice *any_device = &none_device;
    VasGuest *any_guest = &none_guest;
    gboolean found = vas_selector_any(inventory, name, &any_device, &any_guest, &error);

    fuzzing_assert_outcome(found, error);
    if (!found) {
        g_assert_true(any_device == &none_device && any_guest == &none_guest);
        g_assert_true((device == NULL) == (guest == NULL));
        return;
    }
    g_assert_true(any_device == device && any_guest == guest);
    g_assert_true((device == NULL) != (guest == NULL));
}

static void
assert_among(const VasGuestDefinition *definition, const VasAssignment *assignment)
{
    g_assert_true(
        assignment == NULL ||
        (definition != NULL && g_ptr_array_find(definition->assignments, assignment, NULL)));
}

static void
select_assignment(const VasInventory *inventory, const VasGuest *guest, const char *name)
{
    g_autoptr(GError) error = NULL;
    VasAssignment none = {0};
    const VasAssignment *live = &none;
    const VasAssignment *config = &none;
    gboolean found = vas_selector_assignment(inventory, guest, name, &live, &config, &error);

    fuzzing_assert_outcome(found, error);
    if (!found) {
        g_assert_true(live == &none && config == &none);
        return;
    }
    g_assert_true(live != NULL || config != NULL);
    assert_among(guest->live, live);
    assert_among(guest->config, config);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *name = fuzzing_text(data, size);
    g_autoptr(VasInventory) inventory = build_inventory();
    const VasDevice *device = select_device(inventory, name);
    const VasGuest *guest = select_guest(inventory, name);

    select_any(inventory, name, device, guest);
    for (guint i = 0; i < inventory->guests->len; i++)
        select_assignment(inventory, g_ptr_array_index(inventory->guests, i), name);
    return 0;
}
