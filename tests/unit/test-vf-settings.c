/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/vf-settings.h"

#include "core/value/error.h"
#include "testing.h"

#define ALL_FIELDS ((1u << VAS_VF_FIELDS) - 1)

static const VasVfSettings plain = {.vlan_protocol = VAS_VLAN_PROTOCOL, .spoof_check = 1};

static void
test_wish(void)
{
    VasVfWish wish = VAS_VF_WISH_NOTHING;
    VasVfSettings with;

    g_assert_true(vas_vf_wish_is_empty(&wish));
    with = vas_vf_settings_with(&plain, &wish);
    g_assert_cmpuint(vas_vf_settings_differ(&with, &plain), ==, 0);
    wish = (VasVfWish){
        .qos = 3, .max_rate = 50, .spoof_check = 0, .trust = 1, .link_state = VAS_VF_LINK_ENABLE};
    g_assert_cmpuint(vas_vf_wish_fields(&wish), ==, ALL_FIELDS & ~(guint) VAS_VF_MAC);
    with = vas_vf_settings_with(&plain, &wish);
    g_assert_cmpint(with.qos, ==, 3);
    g_assert_cmpint(with.max_rate, ==, 50);
    g_assert_cmpint(with.spoof_check, ==, 0);
    g_assert_cmpint(with.trust, ==, 1);
    g_assert_cmpint(with.link_state, ==, VAS_VF_LINK_ENABLE);
    g_assert_cmpuint(vas_vf_settings_differ(&with, &plain), ==, ALL_FIELDS & ~(guint) VAS_VF_MAC);
}

/* Off, 0 and auto are wishes, too. */
static void
test_wish_of_nothing_special(void)
{
    VasVfWish wish = {.qos = 0, .max_rate = 0, .spoof_check = 0, .trust = 0, .link_state = 0};

    g_assert_cmpuint(vas_vf_wish_fields(&wish), ==, ALL_FIELDS & ~(guint) VAS_VF_MAC);
}

static void
test_rate_promise(void)
{
    VasVfSettings promised = plain;
    VasVfWish wish = VAS_VF_WISH_NOTHING;

    promised.min_rate = 100;
    wish.max_rate = 50;
    g_assert_cmpint(vas_vf_settings_with(&promised, &wish).min_rate, ==, 50);
    wish.max_rate = 200;
    g_assert_cmpint(vas_vf_settings_with(&promised, &wish).min_rate, ==, 100);
    wish.max_rate = 0;
    g_assert_cmpint(vas_vf_settings_with(&promised, &wish).min_rate, ==, 100);
}

static void
test_differ(void)
{
    VasVfSettings other = plain;
    VasVfSettings untold = plain;

    untold.trust = -1;
    other.trust = 1;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &plain), ==, VAS_VF_TRUST);
    g_assert_cmpuint(vas_vf_settings_differ(&untold, &plain), ==, VAS_VF_TRUST);
    g_assert_cmpuint(vas_vf_settings_differ(&other, &untold), ==, 0);
    g_assert_cmpuint(vas_vf_settings_unknown(&untold, ALL_FIELDS), ==, VAS_VF_TRUST);
    g_assert_cmpuint(vas_vf_settings_unknown(&untold, VAS_VF_RATE), ==, 0);
    other = plain;
    other.mac.octets[5] = 1;
    other.min_rate = 1;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &plain), ==, VAS_VF_MAC | VAS_VF_RATE);
}

/* Without a tag the protocol says nothing. */
static void
test_differ_in_vlan(void)
{
    VasVfSettings tagged = plain;
    VasVfSettings other = plain;

    other.vlan_protocol = 0x88a8;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &plain), ==, 0);
    tagged.vlan = other.vlan = 100;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &tagged), ==, VAS_VF_VLAN);
    other.vlan_protocol = VAS_VLAN_PROTOCOL;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &tagged), ==, 0);
    other.qos = 1;
    g_assert_cmpuint(vas_vf_settings_differ(&other, &tagged), ==, VAS_VF_VLAN);
}

static void
test_text(void)
{
    VasVfSettings set = {.mac = {{0x52, 0x54, 0, 0, 0, 1}},
                         .vlan = 100,
                         .qos = 3,
                         .min_rate = 10,
                         .max_rate = 50,
                         .spoof_check = -1,
                         .trust = 1,
                         .link_state = VAS_VF_LINK_DISABLE};
    g_autofree char *all = vas_vf_settings_text(&set, ALL_FIELDS);
    g_autofree char *none = vas_vf_settings_text(&set, 0);
    g_autofree char *usual = vas_vf_settings_text(&plain, ALL_FIELDS);

    g_assert_cmpstr(all, ==,
                    "spoof check unknown, trust on, link state disable, max rate 50 Mbit/s (min "
                    "10), VLAN 100 with priority 3, MAC 52:54:00:00:00:01");
    g_assert_cmpstr(none, ==, "");
    g_assert_cmpstr(usual, ==,
                    "spoof check on, trust off, link state auto, no max rate, no VLAN, MAC "
                    "00:00:00:00:00:00");
}

static void
test_names(void)
{
    g_autoptr(GError) error = NULL;
    int state = 9;

    for (guint i = 0; i < VAS_VF_FIELDS; i++)
        g_assert_cmpstr(vas_vf_field_name((VasVfField) (1u << i)), !=, "unknown");
    for (int i = VAS_VF_LINK_AUTO; i <= VAS_VF_LINK_DISABLE; i++) {
        g_assert_true(vas_vf_link_state_parse(vas_vf_link_state_name(i), &state, &error));
        g_assert_cmpint(state, ==, i);
    }
    g_assert_cmpstr(vas_vf_link_state_name(-1), ==, "unknown");
    g_assert_cmpstr(vas_vf_link_state_name(3), ==, "unknown");
    g_assert_false(vas_vf_link_state_parse("up", &state, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "\"up\" is not a link state");
    g_assert_cmpint(state, ==, VAS_VF_LINK_DISABLE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vf-settings/wish", test_wish);
    g_test_add_func("/vf-settings/wish-of-nothing-special", test_wish_of_nothing_special);
    g_test_add_func("/vf-settings/rate-promise", test_rate_promise);
    g_test_add_func("/vf-settings/differ", test_differ);
    g_test_add_func("/vf-settings/differ-in-vlan", test_differ_in_vlan);
    g_test_add_func("/vf-settings/text", test_text);
    g_test_add_func("/vf-settings/names", test_names);
    return g_test_run();
}
