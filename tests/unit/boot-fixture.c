/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot-fixture.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"

void
boot_world_describe(const BootWorld *world, const char *device, const char *class_code,
                    const char *group)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *modalias = g_strdup_printf("/sys/bus/pci/devices/%s/modalias", device);
    g_autofree char *link = g_strdup_printf("/sys/bus/pci/devices/%s/iommu_group", device);
    g_autofree char *target = g_strconcat("../../kernel/iommu_groups/", group, NULL);
    g_autofree char *text =
        g_strconcat("pci:v00008086d000010C9sv00000000sd00000000", class_code, "\n", NULL);

    testing_scratch_write(root, modalias, text);
    testing_scratch_link(root, link, target);
}

/* Without the hypervisor of the fake any call of libvirt ends the test. */
static void
finish_set_up(BootWorld *world)
{
    world->context = world->base.base.fake->context;
    world->context.hypervisor = NULL;
    world->request = (VasBootRequest){.timeout = 1};
    world->wish = vas_host_wish_new();
    testing_scratch_write(world->base.base.fake->root, "/etc/udev/rules.d/99-other.rules", "#\n");
}

/* The PF has no VFs, as behind a boot. */
void
boot_world_set_up(BootWorld *world, gconstpointer data)
{
    world_set_up(&world->base.base, data);
    world->base.base.sriov = fake_sriov_new(world->base.base.fake);
    fake_sriov_set_count(world->base.base.sriov, 0);
    finish_set_up(world);
    boot_world_describe(world, PF, "bc02sc00i00", "1");
}

void
boot_world_set_up_drivers(BootWorld *world, gconstpointer data)
{
    driver_world_set_up(&world->base, data);
    finish_set_up(world);
    boot_world_describe(world, USB, "bc0Csc03i30", "3");
    boot_world_describe(world, NIC, "bc02sc00i00", "4");
}

void
boot_world_tear_down(BootWorld *world, gconstpointer data)
{
    vas_host_wish_free(world->wish);
    world_tear_down(&world->base.base, data);
}

VasHostAddress
boot_world_address(const char *text)
{
    VasHostAddress address = {0};

    g_assert_true(vas_host_address_parse(text, &address, NULL));
    return address;
}

void
boot_world_wish_vfs(BootWorld *world, guint count, gboolean autoprobe)
{
    char driver[] = "igb";
    const VasVfRule rule = {count, autoprobe, driver};

    vas_host_wish_set_vfs(world->wish, boot_world_address(PF), &rule);
}

gboolean
boot_world_boot(BootWorld *world)
{
    World *base = &world->base.base;

    world_forget(base);
    g_assert_true(vas_wish_file_write(base->fake->host, world->wish, NULL));
    if (vas_boot(&world->context, &world->request, &base->results, &base->steps, &base->error))
        return TRUE;
    g_test_message("%s", base->error->message);
    return FALSE;
}

void
boot_world_assert_outcome(const BootWorld *world, guint index, VasOutcome outcome, int code)
{
    const VasResult *result = result_at(&world->base.base, index);

    g_assert_cmpint(result->outcome, ==, outcome);
    if (code < 0)
        g_assert_no_error(result->error);
    else
        g_assert_error(result->error, VAS_ERROR, code);
}

const char *
boot_world_writes(const BootWorld *world)
{
    return world->base.base.sriov->log->str;
}
