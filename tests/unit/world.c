/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world.h"

#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/proof.h"
#include "engine/verbs/attach.h"
#include "engine/verbs/detach.h"

void
world_set_up(World *world, gconstpointer data)
{
    world->fake = fake_hypervisor_new();
    world->guest = fake_add_guest(world->fake, "db1", TRUE, TRUE);
    world->wish = vas_assignment_wish_new();
    world->recoveries = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    world->timeout = 1;
}

void
world_set_up_interruptible(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->interrupt = vas_interrupt_new(&world->fake->port);
    world->fake->context.interrupt = world->interrupt;
}

void
world_give_locks(World *world, const char *command)
{
    testing_scratch_write(world->fake->root, "/run/other", "");
    world->lock_folder = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);
    world->fake->context.lock_folder = world->lock_folder;
    world->fake->context.command = command;
}

void
world_forget(World *world)
{
    g_clear_pointer(&world->results, g_ptr_array_unref);
    g_clear_pointer(&world->steps, g_ptr_array_unref);
}

void
world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    world_forget(world);
    g_clear_pointer(&world->recoveries, g_ptr_array_unref);
    vas_operation_free(world->operation);
    vas_assignment_wish_free(world->wish);
    g_clear_pointer(&world->kernel, fake_kernel_free);
    g_clear_pointer(&world->sriov, fake_sriov_free);
    vas_interrupt_free(world->interrupt);
    g_free(world->lock_folder);
    fake_hypervisor_free(world->fake);
}

void
world_give_from_pool(World *world)
{
    fake_add_network(world->fake, "vfs",
                     WORLD_POOL(WORLD_POOL_OF_PF WORLD_POOL_ADDRESS("0") WORLD_POOL_ADDRESS("2")));
    g_ptr_array_add(world->guest->live, g_strdup(WORLD_POOL_VF));
    g_ptr_array_add(world->guest->config,
                    g_strdup(WORLD_NETWORK_NIC("default", "52:54:00:00:00:01")));
    g_ptr_array_add(world->guest->config, g_strdup(WORLD_NETWORK_NIC("vfs", WORLD_POOL_MAC)));
    g_ptr_array_add(world->guest->config, g_strdup(WORLD_NETWORK_NIC("vfs", "52:54:00:00:00:02")));
    fake_set_driver(world->fake, "0000:01:10.0", "vfio-pci");
}

gboolean
run_attach(World *world, const char *const *devices)
{
    VasAttachRequest request = {.guest = "db1",
                                .devices = devices,
                                .wish = world->wish,
                                .scope = world->scope,
                                .distinct = world->distinct,
                                .undo_timeout = world->undo_timeout,
                                .timeout = world->timeout,
                                .whole_group = world->whole_group,
                                .keep_going = world->keep_going,
                                .required = world->required,
                                .force = world->force,
                                .dry_run = world->dry_run};

    world_forget(world);
    return vas_attach(&world->fake->context, &request, &world->results, &world->steps,
                      &world->error);
}

gboolean
run_detach(World *world, const char *const *subjects)
{
    VasDetachRequest request = {.guest = "db1",
                                .subjects = subjects,
                                .scope = world->scope,
                                .timeout = world->timeout,
                                .ask_again = world->ask_again,
                                .dry_run = world->dry_run};

    world_forget(world);
    return vas_detach(&world->fake->context, &request, &world->results, &world->steps,
                      &world->error);
}

gboolean
attach_one(World *world, const char *device)
{
    return run_attach(world, (const char *const[]){device, NULL});
}

gboolean
detach_one(World *world, const char *subject)
{
    return run_detach(world, (const char *const[]){subject, NULL});
}

static FakeHappening happening;

static void
happen_once(FakeHypervisor *fake)
{
    fake->on_fault = NULL;
    happening(fake);
}

void
world_at_fault(FakeHypervisor *fake, FakeCall call, guint nth, FakeFault fault, FakeHappening what)
{
    happening = what;
    fake->on_fault = happen_once;
    fake_plan_fault(fake, call, nth, fault, VAS_ERROR_FAILED, "faulty");
}

void
world_at_step(FakeHypervisor *fake, guint nth, FakeHappening what)
{
    world_at_fault(fake, FAKE_STEP, nth, FAKE_FAILS, what);
}

void
world_seal(World *world, const FakeGuest *guest)
{
    const VasContext *context = &world->fake->context;
    g_autoptr(VasGuest) now = vas_scan_guest(context, guest->uuid, &world->error);

    g_assert_no_error(world->error);
    g_assert_true(vas_proof_adopt(context, now, TRUE, &world->error));
}

const VasResult *
result_at(const World *world, guint index)
{
    g_assert_nonnull(world->results);
    g_assert_cmpuint(index, <, world->results->len);
    return g_ptr_array_index(world->results, index);
}

void
assert_state(const World *world, const char *device, gboolean live, gboolean config,
             const char *driver)
{
    g_autofree char *now = fake_driver(world->fake, device);

    g_assert_cmpint(fake_has(world->guest, VAS_SCOPE_LIVE, device), ==, live);
    g_assert_cmpint(fake_has(world->guest, VAS_SCOPE_CONFIG, device), ==, config);
    g_assert_cmpstr(now, ==, driver);
}

char *
world_noted(const World *world, const char *name)
{
    g_autofree char *path =
        g_build_filename(world->fake->root->path, "run/virt-assign", name, NULL);
    char *text = NULL;

    (void) g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

void
assert_nothing_noted(const World *world)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
        g_assert_false(g_str_has_prefix(name, "vf-") || g_str_has_prefix(name, "commands-"));
}
