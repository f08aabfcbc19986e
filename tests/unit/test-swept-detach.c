/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep.h"

#include "core/value/error.h"

/* Operations that take devices from a guest are swept (sweep.h). */

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define USB "0000:03:00.0"
#define NIC "0000:05:01.0" /* in one IOMMU group with a SATA controller */

static gboolean
attach(SweptWorld *swept, const char *const *devices)
{
    gboolean ok = run_attach(&swept->world, devices);

    swept->world.scope = 0;
    return ok;
}

static void
have_usb(SweptWorld *swept)
{
    g_assert_true(attach(swept, (const char *const[]){USB, NULL}));
}

static void
have_usb_in_config(SweptWorld *swept)
{
    swept->world.scope = VAS_SCOPE_CONFIG;
    have_usb(swept);
}

static void
have_usb_live(SweptWorld *swept)
{
    swept->world.scope = VAS_SCOPE_LIVE;
    have_usb(swept);
}

/* The guest has the VF, with settings on record that an administrator has made. */
static void
have_vf(SweptWorld *swept)
{
    VasVfSettings *settings = fake_vf_settings(swept->world.fake, VF);
    VasAssignmentWish *wish = swept->world.wish;

    settings->vlan = 42;
    settings->qos = 3;
    settings->max_rate = 10;
    wish->has_mac = TRUE;
    wish->mac = (VasMacAddress){{0x52, 0x54, 0, 0x6d, 0x90, 2}};
    wish->vlan = 100;
    wish->vf.qos = 5;
    wish->vf.trust = 1;
    g_assert_true(attach(swept, (const char *const[]){VF, NULL}));
}

static void
have_two(SweptWorld *swept)
{
    swept->world.wish->has_type = TRUE;
    swept->world.wish->type = VAS_ASSIGNMENT_HOSTDEV;
    swept->world.wish->vf.trust = 1;
    g_assert_true(attach(swept, (const char *const[]){VF, OTHER_VF, NULL}));
}

static void
have_group(SweptWorld *swept)
{
    swept->world.whole_group = TRUE;
    g_assert_true(attach(swept, (const char *const[]){NIC, NULL}));
}

static gboolean
detach_usb(SweptWorld *swept)
{
    return run_detach(&swept->world, (const char *const[]){USB, NULL});
}

static gboolean
detach_vf(SweptWorld *swept)
{
    return run_detach(&swept->world, (const char *const[]){VF, NULL});
}

static gboolean
detach_two(SweptWorld *swept)
{
    return run_detach(&swept->world, (const char *const[]){VF, OTHER_VF, NULL});
}

static gboolean
detach_group(SweptWorld *swept)
{
    return run_detach(&swept->world, (const char *const[]){NIC, NULL});
}

static void
have_pending(SweptWorld *swept)
{
    have_vf(swept);
    swept->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(detach_vf(swept));
    g_assert_error(swept->world.error, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    g_clear_error(&swept->world.error);
}

static void
have_pool(SweptWorld *swept)
{
    world_give_from_pool(&swept->world);
}

static void
have_pool_pending(SweptWorld *swept)
{
    have_pool(swept);
    swept->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(detach_vf(swept));
    testing_assert_error(&swept->world.error, VAS_ERROR_TIMED_OUT, "");
}

static gboolean
detach_vf_from_config(SweptWorld *swept)
{
    swept->world.scope = VAS_SCOPE_CONFIG;
    return detach_vf(swept);
}

/* The guest lets go while it is waited for. */
static gboolean
detach_slowly(SweptWorld *swept)
{
    swept->world.fake->guest_ignores_unplug = TRUE;
    swept->world.fake->on_wait = fake_release_all;
    return detach_vf(swept);
}

static gboolean
detach_two_slowly(SweptWorld *swept)
{
    swept->world.fake->guest_ignores_unplug = TRUE;
    swept->world.fake->on_wait = fake_release_all;
    return detach_two(swept);
}

static const SweptOperation swept[] = {
    {"detach-vf", have_vf, detach_vf, TRUE, FALSE, FALSE},
    {"detach-config", have_usb_in_config, detach_usb, TRUE, FALSE, FALSE},
    {"detach-slowly", have_vf, detach_slowly, TRUE, FALSE, FALSE},
};

/* Only killed. */
static const SweptOperation further[] = {
    {"detach", have_usb, detach_usb, TRUE, FALSE, FALSE},
    {"detach-two", have_two, detach_two, TRUE, FALSE, FALSE},
    {"detach-two-slowly", have_two, detach_two_slowly, TRUE, FALSE, FALSE},
    {"detach-group", have_group, detach_group, TRUE, FALSE, FALSE},
    {"detach-live", have_usb_live, detach_usb, TRUE, FALSE, FALSE},
    {"detach-pending", have_pending, detach_slowly, TRUE, FALSE, FALSE},
    {"detach-pool", have_pool, detach_vf, TRUE, FALSE, FALSE},
    {"detach-pool-config", have_pool, detach_vf_from_config, TRUE, FALSE, FALSE},
    {"detach-pool-pending", have_pool_pending, detach_slowly, TRUE, FALSE, FALSE},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(swept); i++) {
        sweep_add(&swept[i]);
        sweep_add_killed(&swept[i]);
        sweep_add_pairs(&swept[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(further); i++) {
        sweep_add(&further[i]);
        sweep_add_killed(&further[i]);
        sweep_add_pairs(&further[i]);
    }
    return g_test_run();
}
