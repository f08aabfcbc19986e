/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "several-fixture.h"

#include "core/value/error.h"
#include "engine/verbs/attach.h"
#include "engine/verbs/recover.h"

const SeveralKilled several_killed[SEVERAL] = {
    {"db1", "0000:01:10.0"}, {"db2", "0000:01:10.2"}, {"db3", "0000:02:10.0"}};

/* libvirt does not come back from the change of the config: what was done stays, on record. */
void
several_leave_attach(World *world, const char *guest, const char *device)
{
    const VasAttachRequest request = {.guest = guest,
                                      .devices = (const char *const[]){device, NULL},
                                      .wish = world->wish,
                                      .timeout = 1};

    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_HANGS, 0, NULL);
    world_forget(world);
    g_assert_false(
        vas_attach(&world->fake->context, &request, &world->results, &world->steps, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, "libvirt has not answered");
    fake_go_on(world->fake);
    g_assert_true(fake_has(fake_find_guest(world->fake, guest), VAS_SCOPE_LIVE, device));
}

void
several_leave_attaches(World *world)
{
    for (guint i = 0; i < SEVERAL; i++) {
        if (i > 0)
            (void) fake_add_guest(world->fake, several_killed[i].guest, TRUE, TRUE);
        several_leave_attach(world, several_killed[i].guest, several_killed[i].device);
    }
}

FakeGuest *
several_guest(const World *world, guint i)
{
    return fake_find_guest(world->fake, several_killed[i].guest);
}

gboolean
several_recover(World *world, guint timeout)
{
    const VasRecoverRequest request = {.timeout = timeout};

    g_clear_pointer(&world->recoveries, g_ptr_array_unref);
    return vas_recover(&world->fake->context, &request, &world->recoveries, &world->error);
}

gboolean
several_has_ended(const World *world, guint i)
{
    const FakeGuest *guest = several_guest(world, i);

    return !fake_has_unfinished(guest);
}

void
several_assert_undone(const World *world, guint i)
{
    const char *device = several_killed[i].device;
    g_autofree char *driver = fake_driver(world->fake, device);

    g_assert_true(several_has_ended(world, i));
    g_assert_false(fake_has(several_guest(world, i), VAS_SCOPE_LIVE, device));
    g_assert_false(fake_has(several_guest(world, i), VAS_SCOPE_CONFIG, device));
    g_assert_cmpstr(driver, ==, "igbvf");
}
