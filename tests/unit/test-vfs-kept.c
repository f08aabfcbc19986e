/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/vfs.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "world.h"

#include <string.h>

#define PF "0000:01:00.0"
#define LINK "/etc/systemd/network/10-vfs.link"

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasVfsRequest request;
    VasPf *pf;
} VfsWorld;

static void
set_up(VfsWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    world->base.sriov = fake_sriov_new(world->base.fake);
    world->request = (VasVfsRequest){.pf = PF, .count = 4, .persist = TRUE, .timeout = 1};
    testing_scratch_write(world->base.fake->root, "/etc/udev/rules.d/99-other.rules",
                          "# another\n");
}

static void
tear_down(VfsWorld *world, gconstpointer data)
{
    g_clear_pointer(&world->pf, vas_pf_free);
    world_tear_down(&world->base, data);
}

static gboolean
set(VfsWorld *world)
{
    g_clear_pointer(&world->pf, vas_pf_free);
    world_forget(&world->base);
    return vas_vfs_set(&world->base.fake->context, &world->request, &world->pf,
                       &world->base.results, &world->base.steps, &world->base.error);
}

static gboolean
was_noted(const VfsWorld *world, const char *part)
{
    for (guint i = 0; i < world->base.fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->base.fake->notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
write_link(VfsWorld *world, const char *count)
{
    g_autofree char *text =
        g_strdup_printf("[Match]\nOriginalName=*\n[Link]\nSR-IOVVirtualFunctions=%s\n", count);

    testing_scratch_write(world->base.fake->root, LINK, text);
}

static void
test_kept_already(VfsWorld *world, gconstpointer data)
{
    write_link(world, "4");
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    g_assert_true(set(world));
    g_assert_cmpuint(world->pf->sriov.now, ==, 4);
    g_assert_true(was_noted(world, "kept by " LINK ":4 already"));
    g_assert_true(was_noted(world, "nor the autoprobe"));
    g_assert_null(world->pf->rule);
    g_assert_true(set(world));
    g_assert_cmpint(((const VasResult *) g_ptr_array_index(world->base.results, 0))->outcome, ==,
                    VAS_OUTCOME_ALREADY);
}

/* The wish says which card it is for; a dry run writes nothing. */
static void
test_identity(VfsWorld *world, gconstpointer data)
{
    const VasHostAddress pf = {.pci = {.bus = 1}};
    g_autoptr(VasHostWish) none = NULL;
    g_autoptr(VasHostWish) wish = NULL;

    world->request.dry_run = TRUE;
    g_assert_true(set(world));
    g_assert_true(vas_wish_file_read(world->base.fake->host, &none, NULL));
    g_assert_true(vas_host_wish_is_empty(none));
    world->request.dry_run = FALSE;
    g_assert_true(set(world));
    g_assert_true(vas_wish_file_read(world->base.fake->host, &wish, NULL));
    g_assert_cmphex(vas_host_wish_identity(wish->vfs, pf)->product_id, ==, 0x10c9);
}

/* A rule of ours that is there already goes on. */
static void
test_kept_by_both(VfsWorld *world, gconstpointer data)
{
    g_assert_true(set(world));
    write_link(world, "2");
    world->request.count = 2;
    g_assert_true(set(world));
    g_assert_cmpuint(world->pf->rule->count, ==, 2);
    g_assert_false(was_noted(world, "already"));
}

static void
test_kept_otherwise(VfsWorld *world, gconstpointer data)
{
    write_link(world, "3");
    for (guint count = 0; count <= 4; count += 4) {
        world->request.count = count;
        g_assert_false(set(world));
        testing_assert_hint(world->base.error, "remove the line");
        testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT,
                             LINK ":4: SR-IOVVirtualFunctions=3");
    }
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    world->request.persist = FALSE;
    g_assert_true(set(world));
    g_assert_true(was_noted(world, PF " gets 3 VFs again at the next boot, by " LINK ":4"));
}

static void
test_kept_perhaps(VfsWorld *world, gconstpointer data)
{
    write_link(world, "few");
    g_assert_true(set(world));
    g_assert_cmpuint(world->pf->rule->count, ==, 4);
    g_assert_true(was_noted(world, LINK ":4 may set the VFs of " PF));
}

#define ADD(name, function)                                                                        \
    g_test_add("/vfs-kept/" name, VfsWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("already", test_kept_already);
    ADD("identity", test_identity);
    ADD("by-both", test_kept_by_both);
    ADD("otherwise", test_kept_otherwise);
    ADD("perhaps", test_kept_perhaps);
    return g_test_run();
}
