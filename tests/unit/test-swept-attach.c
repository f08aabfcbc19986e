/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep.h"

/* Operations that give devices to a guest are swept (sweep.h). */

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define USB "0000:03:00.0"
#define NIC "0000:05:01.0" /* in one IOMMU group with a SATA controller */

static void
wish_settings(World *world)
{
    world->wish->has_mac = TRUE;
    world->wish->mac = (VasMacAddress){{0x52, 0x54, 0, 0x6d, 0x90, 2}};
    world->wish->vlan = 100;
    world->wish->vf.qos = 5;
    world->wish->vf.trust = 1;
}

/* An administrator has set this and that for the VF. */
static void
wish_vf(SweptWorld *swept)
{
    VasVfSettings *settings = fake_vf_settings(swept->world.fake, VF);

    settings->vlan = 42;
    settings->qos = 3;
    settings->max_rate = 10;
    wish_settings(&swept->world);
}

/* Wishes plain <hostdev>s, which have no MAC to be chosen. */
static void
wish_two(SweptWorld *swept)
{
    VasAssignmentWish *wish = swept->world.wish;

    wish->has_type = TRUE;
    wish->type = VAS_ASSIGNMENT_HOSTDEV;
    wish->vf.trust = 1;
}

static void
wish_config(SweptWorld *swept)
{
    swept->world.scope = VAS_SCOPE_CONFIG;
}

static void
wish_group(SweptWorld *swept)
{
    swept->world.whole_group = TRUE;
}

static void
wish_vf_of_shut_off(SweptWorld *swept)
{
    fake_stop_guest(swept->world.fake, swept->world.guest);
    wish_vf(swept);
    swept->world.wish->vf.qos = -1;
}

static gboolean
attach_usb(SweptWorld *swept)
{
    return run_attach(&swept->world, (const char *const[]){USB, NULL});
}

static gboolean
attach_vf(SweptWorld *swept)
{
    return run_attach(&swept->world, (const char *const[]){VF, NULL});
}

static gboolean
attach_two(SweptWorld *swept)
{
    return run_attach(&swept->world, (const char *const[]){VF, OTHER_VF, NULL});
}

static gboolean
attach_nic(SweptWorld *swept)
{
    return run_attach(&swept->world, (const char *const[]){NIC, NULL});
}

static void
have_vf(SweptWorld *swept)
{
    wish_vf(swept);
    g_assert_true(attach_vf(swept));
}

static void
have_vf_and_wish_another_trust(SweptWorld *swept)
{
    have_vf(swept);
    swept->world.wish->vf = VAS_VF_WISH_NOTHING;
    swept->world.wish->vf.trust = 0;
    swept->world.wish->vf.max_rate = 20;
}

static const SweptOperation operations[] = {
    {"attach", NULL, attach_usb, FALSE, FALSE, FALSE},
    {"attach-vf", wish_vf, attach_vf, FALSE, FALSE, FALSE},
    {"attach-two", wish_two, attach_two, FALSE, FALSE, FALSE},
    {"attach-group", wish_group, attach_nic, FALSE, FALSE, FALSE},
    {"attach-config", wish_config, attach_usb, FALSE, FALSE, FALSE},
    {"attach-shut-off", wish_vf_of_shut_off, attach_vf, FALSE, FALSE, FALSE},
    {"attach-again", have_vf_and_wish_another_trust, attach_vf, FALSE, FALSE, FALSE},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
        sweep_add(&operations[i]);
        sweep_add_killed(&operations[i]);
        sweep_add_pairs(&operations[i]);
    }
    return g_test_run();
}
