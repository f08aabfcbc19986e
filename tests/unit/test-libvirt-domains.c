/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-domains.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/virterror.h>

#define GUEST "d0000000-0000-4000-8000-0000000000aa"
#define GUEST_XML                                                                                  \
    "<domain type='test'><name>passing</name><uuid>" GUEST "</uuid>"                               \
    "<memory>1024</memory><os><type>hvm</type></os></domain>"

/* All connections of a process to test:///default share its guests. */
typedef struct {
    virConnectPtr connection;
    VasLibvirtDomains *domains;
} World;

static void
silent(void *data G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

static void
set_up(World *world, gconstpointer data G_GNUC_UNUSED)
{
    virSetErrorFunc(NULL, silent);
    world->connection = virConnectOpen("test:///default");
    g_assert_nonnull(world->connection);
    world->domains = vas_libvirt_domains_new();
}

static void
tear_down(World *world, gconstpointer data G_GNUC_UNUSED)
{
    vas_libvirt_domains_free(world->domains);
    virConnectClose(world->connection);
}

/* A guest begins and ends with this. */
static void
run(World *world, void (*meanwhile)(World *))
{
    g_autoptr(VasVirDomain) guest = virDomainCreateXML(world->connection, GUEST_XML, 0);

    g_assert_nonnull(guest);
    meanwhile(world);
    g_assert_cmpint(virDomainDestroy(guest), ==, 0);
}

static guint
look_up_id(World *world)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasVirDomain) domain =
        vas_libvirt_domains_look_up(world->domains, world->connection, GUEST, &error);

    g_assert_no_error(error);
    return virDomainGetID(domain);
}

/* Without a connection it finds only what it knows. */
static gboolean
knows(World *world)
{
    g_autoptr(VasVirDomain) domain = vas_libvirt_domains_find(world->domains, NULL, GUEST, NULL);

    return domain != NULL;
}

static void
knows_what_it_looked_up(World *world)
{
    g_assert_false(knows(world));
    look_up_id(world);
    g_assert_true(knows(world));
    vas_libvirt_domains_forget(world->domains);
    g_assert_false(knows(world));
}

static void
test_looked_up(World *world, gconstpointer data G_GNUC_UNUSED)
{
    run(world, knows_what_it_looked_up);
}

static void
adds_what_a_list_told(World *world)
{
    g_autoptr(VasVirDomain) told = virDomainLookupByUUIDString(world->connection, GUEST);

    vas_libvirt_domains_add(world->domains, told);
    g_assert_true(knows(world));
}

static void
test_added(World *world, gconstpointer data G_GNUC_UNUSED)
{
    run(world, adds_what_a_list_told);
}

static void
answers(World *world)
{
    g_autoptr(VasVirDomain) domain = vas_libvirt_domains_find(world->domains, NULL, GUEST, NULL);

    g_assert_cmpint(virDomainIsActive(domain), ==, 1);
}

/* A guest that ends and begins anew has its UUID again, and another ID. */
static void
test_comes_anew(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(VasVirDomain) first = NULL;
    g_autoptr(VasVirDomain) again = NULL;
    guint id;

    run(world, adds_what_a_list_told);
    first = vas_libvirt_domains_find(world->domains, NULL, GUEST, NULL);
    id = virDomainGetID(first);
    g_assert_cmpint(virDomainIsActive(first), ==, -1);
    run(world, answers);
    again = virDomainCreateXML(world->connection, GUEST_XML, 0);
    g_assert_cmpuint(look_up_id(world), !=, id);
    g_assert_cmpint(virDomainDestroy(first), ==, 0);
}

static void
test_gone(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_libvirt_domains_look_up(world->domains, world->connection, GUEST, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, GUEST);
    g_assert_false(knows(world));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/libvirt-domains/looked-up", World, NULL, set_up, test_looked_up, tear_down);
    g_test_add("/libvirt-domains/added", World, NULL, set_up, test_added, tear_down);
    g_test_add("/libvirt-domains/comes-anew", World, NULL, set_up, test_comes_anew, tear_down);
    g_test_add("/libvirt-domains/gone", World, NULL, set_up, test_gone, tear_down);
    return g_test_run();
}
