/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/vfs-text.h"

#include "cli/output/json-device.h"
#include "cli/print/json.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "testing.h"

static VasDevice *
new_device(const char *address, const char *interface, const char *driver)
{
    VasDevice *device = vas_device_new();

    g_assert_true(vas_host_address_parse(address, &device->address, NULL));
    device->nodedev = g_strdup(vas_pci_address_nodedev(device->address.pci).text);
    device->class_code = 0x020000;
    device->vendor_id = 0x8086;
    device->interface = g_strdup(interface);
    device->driver = g_strdup(driver);
    return device;
}

/* Makes a PF with a VF, which a guest has in its config. */
static VasPf *
sample_pf(void)
{
    VasPf *pf = g_new0(VasPf, 1);
    VasDevice *device = new_device("0000:01:00.0", "enp1s0", "igb");
    VasDevice *vf = new_device("0000:01:10.0", "enp1s0v0", "igbvf");
    VasGuest *guest = vas_guest_new("db1", NULL);
    VasAssignment *assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

    device->kind = VAS_DEVICE_PF;
    device->max_vfs = 7;
    g_array_append_val(device->vfs, vf->address);
    vf->kind = VAS_DEVICE_VF;
    vf->pf = device->address;
    guest->run_id = -1;
    guest->persistent = TRUE;
    guest->config = vas_guest_definition_new();
    assignment->has_device = TRUE;
    assignment->device = vf->address;
    g_ptr_array_add(guest->config->assignments, assignment);
    pf->inventory = vas_inventory_new();
    vas_inventory_take_device(pf->inventory, device);
    vas_inventory_take_device(pf->inventory, vf);
    vas_inventory_take_guest(pf->inventory, guest);
    vas_inventory_link(pf->inventory);
    pf->pf = device;
    pf->vfs = g_ptr_array_new();
    g_ptr_array_add(pf->vfs, vf);
    pf->sriov = (VasSriovState){.now = 1, .maximum = 7, .autoprobe = TRUE};
    pf->writers = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_writer_free);
    return pf;
}

static VasVfRule *
new_rule(guint count, gboolean autoprobe)
{
    VasVfRule *rule = g_new0(VasVfRule, 1);

    *rule = (VasVfRule){count, autoprobe, g_strdup("igb")};
    return rule;
}

static void
add_writer(VasPf *pf, const char *count)
{
    VasVfWriter *writer =
        vas_vf_writer_new("systemd-udevd", "/etc/systemd/network/10-a.link", 5, "x");

    vas_vf_writer_set_count(writer, count);
    g_ptr_array_add(pf->writers, writer);
}

static void
test_pf(void)
{
    const VasTerminal terminal = {.utf8 = TRUE};
    g_autoptr(VasPf) pf = sample_pf();
    g_autoptr(GString) text = g_string_new(NULL);

    vas_vfs_text_pf(text, &terminal, pf);
    g_string_append(text, "--\n");
    add_writer(pf, "4");
    vas_vfs_text_pf(text, &terminal, pf);
    g_string_append(text, "--\n");
    pf->rule = new_rule(4, FALSE);
    vas_vfs_text_pf(text, &terminal, pf);
    g_string_append(text, "--\n");
    g_clear_pointer(&pf->rule, vas_vf_rule_free);
    pf->rule_error = g_error_new(VAS_ERROR, VAS_ERROR_CONFLICT, VAS_WISH_FILE " is not ours");
    pf->sriov.now = 0;
    g_ptr_array_set_size(pf->vfs, 0);
    vas_vfs_text_pf(text, &terminal, pf);
    testing_assert_golden("cli/vfs.txt", text->str);
}

static void
test_change(void)
{
    const VasTerminal terminal = {.utf8 = TRUE};
    g_autoptr(VasPf) pf = sample_pf();
    g_autoptr(GString) text = g_string_new(NULL);

    vas_vfs_text_change(text, &terminal, pf, VAS_OUTCOME_DONE);
    pf->sriov.now = 4;
    pf->sriov.autoprobe = FALSE;
    pf->rule = new_rule(4, FALSE);
    vas_vfs_text_change(text, &terminal, pf, VAS_OUTCOME_ALREADY);
    g_assert_cmpstr(text->str, ==,
                    "0000:01:00.0 (enp1s0) has 1 VF; autoprobe on\n"
                    "0000:01:00.0 (enp1s0) has 4 VFs already, at each boot, too; autoprobe off\n");
}

static void
test_json(void)
{
    g_autoptr(VasPf) pf = sample_pf();
    g_autoptr(JsonBuilder) json = vas_json_begin();
    g_autofree char *text = NULL;

    pf->rule = new_rule(4, FALSE);
    add_writer(pf, "4");
    vas_json_add_pf(json, pf, "done");
    text = vas_json_end(json);
    testing_assert_golden("cli/vfs.json", text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfs-text/pf", test_pf);
    g_test_add_func("/vfs-text/change", test_change);
    g_test_add_func("/vfs-text/json", test_json);
    return g_test_run();
}
