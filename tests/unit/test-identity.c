/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/identity.h"

#include "building.h"

static GArray *
path_of(const char *text)
{
    g_auto(GStrv) addresses = g_strsplit(text, " ", -1);
    GArray *path = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; addresses[i] != NULL && *addresses[i] != '\0'; i++) {
        VasHostAddress address = building_host_address(addresses[i]);

        g_array_append_val(path, address);
    }
    return path;
}

static void
test_model(void)
{
    g_autoptr(VasInventory) host = building_host();
    VasDevice *vf = building_device(host, "0000:01:10.2");
    g_autoptr(VasIdentity) identity = NULL;

    vf->has_subsystem = TRUE;
    vf->subsystem_vendor_id = 0x8086;
    vf->subsystem_id = 0xa03c;
    identity = vas_identity_new(vf);
    g_assert_cmphex(identity->vendor_id, ==, vf->vendor_id);
    g_assert_cmphex(identity->product_id, ==, vf->product_id);
    g_assert_true(identity->has_subsystem);
    g_assert_cmphex(identity->subsystem_vendor_id, ==, 0x8086);
    g_assert_cmphex(identity->subsystem_id, ==, 0xa03c);
    g_assert_cmpint(identity->vf_index, ==, 1);
    g_assert_false(vas_identity_has_key(identity));
    g_assert_null(identity->place);
}

/* A VF without its number would be taken for its PF. */
static void
test_vf_without_number(void)
{
    g_autoptr(VasDevice) vf = vas_device_new();

    vf->kind = VAS_DEVICE_VF;
    g_assert_null(vas_identity_new(vf));
}

static void
test_keys(void)
{
    static const struct {
        const char *value;
        const char *key;
    } rows[] = {
        {"52:54:00:12:34:56", "52:54:00:12:34:56"},
        {" UVTMP00101 \n", "UVTMP00101"},
        {"10-00-00-00-00-00-00-00", "10-00-00-00-00-00-00-00"},
        {"00-00-00-00-00-00-00-00", NULL},
        {"ff-ff-ff-ff-ff-ff-ff-ff", NULL},
        {"00:00:00:00:00:00", NULL},
        {"0000 0000", NULL},
        {".", NULL},
        {" ", NULL},
        {"", NULL},
        {NULL, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasDevice) device = vas_device_new();
        g_autoptr(VasIdentity) identity = vas_identity_new(device);

        vas_identity_set_key(identity, VAS_CARD_KEY_VPD, rows[i].value);
        g_assert_cmpstr(identity->keys[VAS_CARD_KEY_VPD], ==, rows[i].key);
        g_assert_cmpint(vas_identity_has_key(identity), ==, rows[i].key != NULL);
    }
}

static void
test_places(void)
{
    static const struct {
        const char *path;
        gboolean is_express;
        const char *place;
        guint function;
    } rows[] = {
        {"0000:00:01.1 0000:03:00.1", TRUE, "0000:00/01.1/00.1", 1},
        /* Another card above it made all bus numbers below higher. */
        {"0000:00:01.1 0000:07:00.1", TRUE, "0000:00/01.1/00.1", 1},
        {"0000:80:03.0 0000:81:00.0 0000:82:08.0 0000:84:00.0", TRUE, "0000:80/03.0/00.0/08.0/00.0",
         0},
        /* Below VMD the kernel numbers the domains as it finds them. */
        {"0000:00:0e.0 10000:e0:06.0 10000:e1:00.0", TRUE, "0000:00/0e.0/06.0/00.0", 0},
        /* The eighteenth function of a card with ARI. */
        {"0000:00:01.0 0000:03:02.1", TRUE, "0000:00/01.0/02.1", 17},
        /* These sit in slots: on the root bus, and on a conventional bus. */
        {"0000:00:1f.2", TRUE, "0000:00/1f.2", 2},
        {"0000:00:1e.0 0000:05:02.0", FALSE, "0000:00/1e.0/02.0", 0},
        {"", TRUE, NULL, 0},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasDevice) device = vas_device_new();
        g_autoptr(VasIdentity) identity = vas_identity_new(device);
        g_autoptr(GArray) path = path_of(rows[i].path);

        vas_identity_set_place(identity, path, rows[i].is_express);
        g_assert_cmpstr(identity->place, ==, rows[i].place);
        g_assert_cmpuint(identity->function, ==, rows[i].function);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/model", test_model);
    g_test_add_func("/identity/vf-without-number", test_vf_without_number);
    g_test_add_func("/identity/keys", test_keys);
    g_test_add_func("/identity/places", test_places);
    return g_test_run();
}
