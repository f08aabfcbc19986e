/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/host-wish.h"

static void
wished_vfs_free(gpointer data)
{
    VasWishedVfs *vfs = data;

    vas_identity_free(vfs->of.identity);
    vas_vf_rule_free(vfs->rule);
    g_free(vfs);
}

static void
wished_driver_free(gpointer data)
{
    VasWishedDriver *driver = data;

    vas_identity_free(driver->of.identity);
    g_free(driver->driver);
    g_free(driver);
}

VasHostWish *
vas_host_wish_new(void)
{
    VasHostWish *wish = g_new0(VasHostWish, 1);

    wish->vfs = g_ptr_array_new_with_free_func(wished_vfs_free);
    wish->drivers = g_ptr_array_new_with_free_func(wished_driver_free);
    return wish;
}

void
vas_host_wish_free(VasHostWish *wish)
{
    if (wish == NULL)
        return;
    g_ptr_array_unref(wish->vfs);
    g_ptr_array_unref(wish->drivers);
    g_free(wish);
}

gboolean
vas_host_wish_is_empty(const VasHostWish *wish)
{
    return wish->vfs->len == 0 && wish->drivers->len == 0;
}

/* TRUE: *ret_place is where the wish for @address is; FALSE: where it would be. */
static gboolean
find(const GPtrArray *wishes, VasHostAddress address, guint *ret_place)
{
    guint i = 0;
    int order = 1;

    while (i < wishes->len) {
        const VasWished *there = g_ptr_array_index(wishes, i);

        order = vas_pci_address_compare(address.pci, there->device.pci);
        if (order <= 0)
            break;
        i++;
    }
    *ret_place = i;
    return order == 0;
}

/* Takes @wish, which gets the identity of the one before; NULL: there is to be none. */
static void
replace(GPtrArray *wishes, VasHostAddress address, gpointer wish)
{
    guint place;

    if (find(wishes, address, &place)) {
        VasWished *before = g_ptr_array_index(wishes, place);

        if (wish != NULL)
            ((VasWished *) wish)->identity = g_steal_pointer(&before->identity);
        g_ptr_array_remove_index(wishes, place);
    }
    if (wish != NULL)
        g_ptr_array_insert(wishes, (gint) place, wish);
}

const VasVfRule *
vas_host_wish_vfs(const VasHostWish *wish, VasHostAddress pf)
{
    guint place;

    if (!find(wish->vfs, pf, &place))
        return NULL;
    return ((const VasWishedVfs *) g_ptr_array_index(wish->vfs, place))->rule;
}

void
vas_host_wish_set_vfs(VasHostWish *wish, VasHostAddress pf, const VasVfRule *rule)
{
    VasWishedVfs *vfs = NULL;

    if (rule != NULL) {
        vfs = g_new0(VasWishedVfs, 1);
        *vfs = (VasWishedVfs){{pf, NULL}, vas_vf_rule_copy(rule)};
    }
    replace(wish->vfs, pf, vfs);
}

const char *
vas_host_wish_driver(const VasHostWish *wish, VasHostAddress device)
{
    guint place;

    if (!find(wish->drivers, device, &place))
        return NULL;
    return ((const VasWishedDriver *) g_ptr_array_index(wish->drivers, place))->driver;
}

void
vas_host_wish_set_driver(VasHostWish *wish, VasHostAddress device, const char *driver)
{
    VasWishedDriver *wished = NULL;

    if (driver != NULL) {
        wished = g_new0(VasWishedDriver, 1);
        *wished = (VasWishedDriver){{device, NULL}, g_strdup(driver)};
    }
    replace(wish->drivers, device, wished);
}

const VasIdentity *
vas_host_wish_identity(const GPtrArray *wishes, VasHostAddress address)
{
    guint place;

    return find(wishes, address, &place)
               ? ((const VasWished *) g_ptr_array_index(wishes, place))->identity
               : NULL;
}

void
vas_host_wish_set_identity(GPtrArray *wishes, VasHostAddress address, const VasIdentity *identity)
{
    guint place;
    VasWished *wish = NULL;

    if (!find(wishes, address, &place))
        return;
    wish = g_ptr_array_index(wishes, place);
    vas_identity_free(wish->identity);
    wish->identity = identity != NULL ? vas_identity_copy(identity) : NULL;
}
