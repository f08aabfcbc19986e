/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-identity.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define MAC_A "52:54:00:00:00:0a"
#define MAC_B "52:54:00:00:00:0b"
#define SERIAL_A "52-54-00-ff-ff-00-00-0a"
#define PLACE_1 "0000:00/01.0/00.0"
#define PLACE_2 "0000:00/02.0/00.0"
#define HERE "0000:03:00.0"
#define THERE "0000:04:00.0"

static void
identity_free(gpointer data)
{
    VasIdentified *device = data;

    vas_identity_free((VasIdentity *) device->identity);
}

static GArray *
present_new(void)
{
    GArray *present = g_array_new(FALSE, FALSE, sizeof(VasIdentified));

    g_array_set_clear_func(present, identity_free);
    return present;
}

/* A PF of the model 8086:10c9, @vf -1, or a VF of it. NULL stands for what is not known. */
static VasIdentity *
build(const char *mac, const char *serial, const char *place, int vf)
{
    VasIdentity *identity = g_new0(VasIdentity, 1);

    identity->vendor_id = 0x8086;
    identity->product_id = vf < 0 ? 0x10c9 : 0x10ca;
    identity->keys[VAS_CARD_KEY_MAC] = g_strdup(mac);
    identity->keys[VAS_CARD_KEY_SERIAL] = g_strdup(serial);
    identity->place = g_strdup(place);
    identity->vf_index = vf;
    return identity;
}

static VasIdentity *
add(GArray *present, const char *address, VasIdentity *identity)
{
    VasIdentified device = {building_host_address(address), identity};

    g_array_append_val(present, device);
    return identity;
}

static void
assert_match(const VasIdentity *wished, const GArray *present, VasIdentityVerdict verdict,
             const char *found)
{
    VasIdentityMatch match = vas_rules_match_identity(wished, building_host_address(HERE), present);

    g_assert_cmpint(match.verdict, ==, verdict);
    if (found == NULL)
        g_assert_null(match.found);
    else
        g_assert_cmpstr(vas_host_address_text(match.found->address).text, ==, found);
}

/* Fails the test unless the wish is refused with @code, words and hint. */
static void
assert_refused(const VasIdentity *wished, const GArray *present, int code, const char *part,
               const char *hint)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_rules_check_identity(wished, building_host_address(HERE), present, &error));
    testing_assert_hint(error, hint);
    g_assert_cmpint(vas_error_exit_status(error), ==, code == VAS_ERROR_NOT_FOUND ? 3 : 4);
    testing_assert_error(&error, code, part);
}

static void
assert_accepted(const VasIdentity *wished, const GArray *present)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_identity(wished, building_host_address(HERE), present, &error));
    g_assert_no_error(error);
}

static void
test_same(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, SERIAL_A, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();
    VasIdentity *there = add(present, HERE, build(MAC_A, SERIAL_A, PLACE_1, -1));

    add(present, THERE, build(MAC_B, NULL, PLACE_2, -1));
    assert_match(wished, present, VAS_IDENTITY_SAME, HERE);
    assert_accepted(wished, present);
    /* On VFIO there is no MAC; the serial number says the same. */
    g_clear_pointer(&there->keys[VAS_CARD_KEY_MAC], g_free);
    assert_match(wished, present, VAS_IDENTITY_SAME, HERE);
    /* It went into another slot, and bus numbers changed so that it has its address again. */
    g_free(there->place);
    there->place = g_strdup("0000:00/05.0/00.0");
    assert_match(wished, present, VAS_IDENTITY_SAME, HERE);
}

static void
test_place_only(void)
{
    g_autoptr(VasIdentity) wished = build(NULL, NULL, PLACE_1, -1);
    g_autoptr(VasIdentity) keyed = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(NULL, SERIAL_A, PLACE_1, -1));
    assert_match(wished, present, VAS_IDENTITY_PLACE_ONLY, HERE);
    assert_accepted(wished, present);
    /* Keys of two kinds cannot be compared. */
    assert_match(keyed, present, VAS_IDENTITY_PLACE_ONLY, HERE);
}

static void
test_moved(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(MAC_B, NULL, PLACE_1, -1));
    add(present, THERE, build(MAC_A, NULL, PLACE_2, -1));
    assert_match(wished, present, VAS_IDENTITY_MOVED, THERE);
    assert_refused(wished, present, VAS_ERROR_MISMATCH, "not at " HERE " but at " THERE, THERE);
}

/* A card without keys is in its slot, and another one before it made the bus numbers higher. */
static void
test_renumbered(void)
{
    g_autoptr(VasIdentity) wished = build(NULL, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(NULL, NULL, PLACE_2, -1));
    add(present, THERE, build(NULL, NULL, PLACE_1, -1));
    assert_match(wished, present, VAS_IDENTITY_MOVED, THERE);
}

static void
test_replaced(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(MAC_B, NULL, PLACE_1, -1));
    assert_match(wished, present, VAS_IDENTITY_REPLACED, HERE);
    assert_refused(wished, present, VAS_ERROR_MISMATCH,
                   "another card (8086:10c9, the card with "
                   "permanent MAC " MAC_B ")",
                   "back into its slot");
}

/* One key says so and the other not: a MAC can be written onto another card. */
static void
test_keys_disagree(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, SERIAL_A, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(MAC_A, "00-00-00-ff-ff-00-00-0b", PLACE_1, -1));
    assert_match(wished, present, VAS_IDENTITY_REPLACED, HERE);
}

static void
test_other_model(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();
    VasIdentity *there = add(present, HERE, build(MAC_A, NULL, PLACE_1, -1));

    there->product_id = 0x1521;
    assert_match(wished, present, VAS_IDENTITY_OTHER_MODEL, HERE);
    assert_refused(wished, present, VAS_ERROR_MISMATCH, "of another model (8086:1521",
                   "back into its slot");
    there->product_id = wished->product_id;
    there->has_subsystem = TRUE;
    assert_match(wished, present, VAS_IDENTITY_SAME, HERE);
    wished->has_subsystem = TRUE;
    wished->subsystem_id = 1;
    assert_match(wished, present, VAS_IDENTITY_OTHER_MODEL, HERE);
}

/* Two cards with the same MAC: the place tells them apart while one is where it was. */
static void
test_cloned(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();
    VasIdentity *first = add(present, HERE, build(MAC_A, NULL, PLACE_1, -1));

    add(present, THERE, build(MAC_A, NULL, PLACE_2, -1));
    assert_match(wished, present, VAS_IDENTITY_PLACE_ONLY, HERE);
    assert_accepted(wished, present);
    g_free(first->place);
    first->place = g_strdup("0000:00/05.0/00.0");
    assert_match(wished, present, VAS_IDENTITY_AMBIGUOUS, HERE);
    assert_refused(wished, present, VAS_ERROR_MISMATCH, "several devices", "of its own");
}

static void
test_gone(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    assert_match(wished, present, VAS_IDENTITY_GONE, NULL);
    /* Another device got the address only. */
    add(present, HERE, build(MAC_B, NULL, PLACE_2, -1));
    assert_match(wished, present, VAS_IDENTITY_GONE, NULL);
    assert_refused(wished, present, VAS_ERROR_NOT_FOUND, MAC_A ") is not on this host", "lspci");
}

static void
test_missing_vf(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, PLACE_1, 3);
    g_autoptr(GArray) present = present_new();
    VasIdentity *pf = add(present, THERE, build(MAC_A, NULL, PLACE_1, -1));

    add(present, HERE, build(MAC_A, NULL, PLACE_1, 2));
    assert_match(wished, present, VAS_IDENTITY_GONE, THERE);
    assert_refused(wished, present, VAS_ERROR_NOT_FOUND, "PF " THERE " has too few VFs",
                   "virt-assign vfs " THERE);
    /* The PF is another card: VFs of it would not be the ones that are meant. */
    g_free(pf->keys[VAS_CARD_KEY_MAC]);
    pf->keys[VAS_CARD_KEY_MAC] = g_strdup(MAC_B);
    g_array_set_size(present, 1);
    assert_match(wished, present, VAS_IDENTITY_REPLACED, THERE);
}

/* Two ports of a card have its serial number. */
static void
test_functions_of_a_card(void)
{
    g_autoptr(VasIdentity) wished = build(NULL, SERIAL_A, PLACE_1, -1);
    g_autoptr(GArray) present = present_new();

    wished->function = 1;
    add(present, HERE, build(NULL, SERIAL_A, PLACE_2, -1));
    add(present, THERE, build(NULL, SERIAL_A, "0000:00/02.0/00.1", -1))->function = 1;
    assert_match(wished, present, VAS_IDENTITY_MOVED, THERE);
}

/* libvirt may tell no places of another machine. */
static void
test_unknown_place(void)
{
    g_autoptr(VasIdentity) wished = build(MAC_A, NULL, NULL, -1);
    g_autoptr(GArray) present = present_new();

    add(present, HERE, build(MAC_B, NULL, PLACE_1, -1));
    assert_match(wished, present, VAS_IDENTITY_REPLACED, HERE);
}

/* Properties of any host. Keys and places are few, so that cards are cloned, swapped and moved. */

#define HOSTS 3000
#define DEVICES 5

static char *
random_of(const char *name, guint kinds)
{
    guint kind = (guint) g_test_rand_int_range(0, (gint32) kinds + 1);

    return kind == 0 ? NULL : g_strdup_printf("%s%u", name, kind);
}

static VasIdentity *
random_identity(guint slot)
{
    VasIdentity *identity = build(NULL, NULL, NULL, g_test_rand_int_range(-1, 2));

    identity->product_id += g_test_rand_int_range(0, 4) == 0 ? 16 : 0;
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++)
        identity->keys[i] = random_of("key", 3);
    identity->function = (guint) g_test_rand_int_range(0, 2);
    identity->place = g_strdup_printf("0000:00/%02x.%u", slot, identity->function);
    return identity;
}

static GArray *
random_host(void)
{
    GArray *present = present_new();

    for (guint i = 0; i < DEVICES; i++) {
        g_autofree char *address = g_strdup_printf("0000:%02x:00.0", i);

        if (g_test_rand_int_range(0, 4) > 0)
            add(present, address, random_identity(i));
    }
    return present;
}

static gboolean
keys_contradict(const VasIdentity *a, const VasIdentity *b)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (a->keys[i] != NULL && b->keys[i] != NULL && !g_str_equal(a->keys[i], b->keys[i]))
            return TRUE;
    }
    return FALSE;
}

/* An accepted device is at the address, of that model, that VF, and no key speaks against it. */
static void
assert_right_device(const VasIdentity *wished, VasHostAddress address,
                    const VasIdentityMatch *match)
{
    gboolean is_accepted =
        match->verdict == VAS_IDENTITY_SAME || match->verdict == VAS_IDENTITY_PLACE_ONLY;

    if (is_accepted || match->verdict == VAS_IDENTITY_MOVED) {
        const VasIdentity *found = match->found->identity;

        g_assert_cmpint(vas_host_address_equal(match->found->address, address), ==, is_accepted);
        g_assert_cmphex(found->product_id, ==, wished->product_id);
        g_assert_cmpint(found->vf_index, ==, wished->vf_index);
        g_assert_false(keys_contradict(found, wished));
    }
    if (match->verdict == VAS_IDENTITY_PLACE_ONLY)
        g_assert_cmpstr(match->found->identity->place, ==, wished->place);
}

static GArray *
reversed(const GArray *present)
{
    GArray *other = g_array_new(FALSE, FALSE, sizeof(VasIdentified));

    g_array_append_vals(other, present->data, present->len);
    for (guint i = 0; i < present->len; i++)
        g_array_index(other, VasIdentified, i) =
            g_array_index(present, VasIdentified, present->len - 1 - i);
    return other;
}

static void
test_any_host(void)
{
    guint seen[VAS_IDENTITY_GONE + 1] = {0};

    for (guint i = 0; i < HOSTS; i++) {
        guint slot = (guint) g_test_rand_int_range(0, DEVICES);
        g_autofree char *text = g_strdup_printf("0000:%02x:00.0", slot);
        VasHostAddress address = building_host_address(text);
        g_autoptr(VasIdentity) wished = random_identity(slot);
        g_autoptr(GArray) present = random_host();
        g_autoptr(GArray) other = reversed(present);
        g_autoptr(GError) error = NULL;
        VasIdentityMatch match = vas_rules_match_identity(wished, address, present);

        assert_right_device(wished, address, &match);
        g_assert_cmpint(match.verdict, ==,
                        vas_rules_match_identity(wished, address, other).verdict);
        g_assert_cmpint(vas_rules_check_identity(wished, address, present, &error), ==,
                        match.verdict <= VAS_IDENTITY_PLACE_ONLY);
        g_assert_cmpint(error == NULL, ==, match.verdict <= VAS_IDENTITY_PLACE_ONLY);
        if (error != NULL)
            g_assert_cmpint(error->code == VAS_ERROR_NOT_FOUND, ==,
                            match.verdict == VAS_IDENTITY_GONE);
        seen[match.verdict]++;
    }
    for (guint i = 0; i < G_N_ELEMENTS(seen); i++)
        g_assert_cmpuint(seen[i], >, 0);
}

/* On a host where nothing changed each device is itself; where only the bus numbers changed, it has
 * moved to its new address, unless it shares its keys with another. */
static void
test_unchanged_and_renumbered(void)
{
    for (guint i = 0; i < HOSTS; i++) {
        g_autoptr(GArray) present = random_host();

        for (guint j = 0; j < present->len; j++) {
            VasIdentified *device = &g_array_index(present, VasIdentified, j);
            VasHostAddress before = device->address;
            VasIdentityMatch match = vas_rules_match_identity(device->identity, before, present);

            g_assert_cmpint(match.verdict, <=, VAS_IDENTITY_PLACE_ONLY);
            g_assert_true(match.found == device);
            device->address.pci.bus += 0x80;
            match = vas_rules_match_identity(device->identity, before, present);
            if (match.verdict != VAS_IDENTITY_AMBIGUOUS) {
                g_assert_cmpint(match.verdict, ==, VAS_IDENTITY_MOVED);
                g_assert_true(match.found == device);
            }
            device->address = before;
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules-identity/same", test_same);
    g_test_add_func("/rules-identity/place-only", test_place_only);
    g_test_add_func("/rules-identity/moved", test_moved);
    g_test_add_func("/rules-identity/renumbered", test_renumbered);
    g_test_add_func("/rules-identity/replaced", test_replaced);
    g_test_add_func("/rules-identity/keys-disagree", test_keys_disagree);
    g_test_add_func("/rules-identity/other-model", test_other_model);
    g_test_add_func("/rules-identity/cloned", test_cloned);
    g_test_add_func("/rules-identity/gone", test_gone);
    g_test_add_func("/rules-identity/missing-vf", test_missing_vf);
    g_test_add_func("/rules-identity/functions-of-a-card", test_functions_of_a_card);
    g_test_add_func("/rules-identity/unknown-place", test_unknown_place);
    g_test_add_func("/rules-identity/any-host", test_any_host);
    g_test_add_func("/rules-identity/unchanged-and-renumbered", test_unchanged_and_renumbered);
    return g_test_run();
}
