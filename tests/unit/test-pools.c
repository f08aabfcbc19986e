/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/pools.h"

#include "checking.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/check/check-pools.h"
#include "engine/verbs/host-driver.h"
#include "engine/verbs/recover.h"
#include "engine/verbs/vfs.h"
#include "world.h"

#include <string.h>

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define ADDRESS WORLD_POOL_ADDRESS
#define POOL WORLD_POOL
#define OF_PF WORLD_POOL_OF_PF
#define NIC WORLD_NETWORK_NIC
#define MAC WORLD_POOL_MAC

static guint
count_notes(const World *world, const char *part)
{
    guint count = 0;

    for (guint i = 0; i < world->fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->fake->notes, i), part) != NULL)
            count++;
    }
    return count;
}

static VasInventory *
scan(World *world)
{
    VasInventory *inventory = vas_scan(&world->fake->context, &world->error);

    g_assert_no_error(world->error);
    g_assert_true(vas_pools_read(&world->fake->context, inventory, &world->error));
    return inventory;
}

static GPtrArray *
check(World *world, const char *name)
{
    g_autoptr(VasInventory) inventory = scan(world);
    GPtrArray *findings = vas_findings_new();
    VasHostAddress address;

    g_assert_true(vas_host_address_parse(name, &address, NULL));
    vas_check_pools(inventory, vas_inventory_find_device(inventory, address), findings);
    return findings;
}

static GPtrArray *
check_host(World *world)
{
    GPtrArray *findings = vas_findings_new();

    vas_check_pools_of_host(&world->fake->context, findings);
    return findings;
}

static void
test_attach(World *world, gconstpointer data)
{
    fake_add_network(world->fake, "vf pool", POOL(ADDRESS("0")));
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(count_notes(world, VF " is in the pool of network vf pool (active), which"),
                     ==, 1);
    g_assert_cmpuint(count_notes(world, "(take its <address> out: virsh net-edit 'vf pool', and "
                                        "start it anew"),
                     ==, 1);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(count_notes(world, "in the pool"), ==, 1);
    g_assert_true(attach_one(world, OTHER_VF));
    g_assert_cmpuint(count_notes(world, "in the pool"), ==, 1);
}

static void
test_attach_before_start(World *world, gconstpointer data)
{
    FakeNetwork *network = fake_add_network(world->fake, "vfs", POOL(OF_PF));

    network->active = FALSE;
    network->autostarted = TRUE;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(count_notes(world, "network vfs (inactive, autostarted)"), ==, 1);
    g_assert_cmpuint(
        count_notes(world, "(list the other VFs as <address> in place of its <pf>: virsh net-edit "
                           "vfs), or"),
        ==, 1);
}

/* The PF has got more VFs since the network started. */
static void
test_attach_beyond(World *world, gconstpointer data)
{
    fake_add_network(world->fake, "vfs", POOL(OF_PF ADDRESS("2")));
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

static void
test_asks_for_vfs_only(World *world, gconstpointer data)
{
    fake_add_network(world->fake, "default", "<forward mode='nat'/>");
    g_assert_true(attach_one(world, "0000:03:00.0"));
    g_assert_cmpuint(world->fake->calls[FAKE_LIST_NETWORKS], ==, 0);
    g_assert_true(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    g_assert_cmpuint(world->fake->calls[FAKE_LIST_NETWORKS], ==, 1);
    g_assert_cmpuint(world->fake->calls[FAKE_NETWORK_XML], ==, 1);
    g_assert_cmpuint(world->fake->calls[FAKE_NETWORK_STATE], ==, 0);
    g_assert_true(run_detach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    g_assert_cmpuint(world->fake->calls[FAKE_LIST_NETWORKS], ==, 1);
}

static void
test_no_networks(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_LIST_NETWORKS, 1, FAKE_FAILS, VAS_ERROR_UNSUPPORTED,
                    "no driver");
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

static void
test_unreadable(World *world, gconstpointer data)
{
    fake_add_network(world->fake, "odd", POOL("<pf/>"));
    fake_add_network(world->fake, "vfs", POOL(ADDRESS("0")));
    fake_plan_fault(world->fake, FAKE_LIST_NETWORKS, 1, FAKE_FAILS, VAS_ERROR_FAILED, "odd");
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(count_notes(world, "whether a libvirt network gives its VFs"), ==, 1);
    g_assert_true(detach_one(world, VF));
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(count_notes(world, "network odd cannot be read and is left out"), ==, 1);
    g_assert_cmpuint(count_notes(world, "pool of network vfs"), ==, 1);
}

static void
test_lost(World *world, gconstpointer data)
{
    static const FakeCall calls[] = {FAKE_LIST_NETWORKS, FAKE_NETWORK_XML, FAKE_NETWORK_STATE};

    fake_add_network(world->fake, "vfs", POOL(ADDRESS("0")));
    for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
        fake_plan_fault(world->fake, calls[i], 1, FAKE_DISCONNECTS, 0, NULL);
        g_assert_false(attach_one(world, VF));
        testing_assert_error(&world->error, VAS_ERROR_UNREACHABLE, "");
        g_assert_true(world->fake->port.reopen(&world->fake->port, &world->error));
        assert_state(world, VF, FALSE, FALSE, "igbvf");
    }
}

static void
test_host_detach(World *world, gconstpointer data)
{
    const VasHostDriverRequest request = {
        .devices = (const char *const[]){VF, NULL}, .timeout = 1, .dry_run = TRUE};

    fake_add_network(world->fake, "vfs", POOL(ADDRESS("0")));
    g_assert_true(vas_host_detach(&world->fake->context, &request, &world->results, &world->steps,
                                  &world->error));
    g_assert_cmpuint(count_notes(world, VF " is in the pool of network vfs (active)"), ==, 1);
    world_forget(world);
    fake_set_driver(world->fake, VF, "vfio-pci");
    g_assert_true(vas_host_reattach(&world->fake->context, &request, &world->results, &world->steps,
                                    &world->error));
    g_assert_cmpuint(count_notes(world, "in the pool"), ==, 1);
}

/* Each row is a pool, the VFs that are wished where there are two, and what is said. */
static void
test_vfs(World *world, gconstpointer data)
{
    static const struct {
        const char *pool;
        guint count;
        const char *note; /* NULL: nothing */
    } rows[] = {
        {POOL(OF_PF ADDRESS("0") ADDRESS("2")), 1,
         "with 1 VFs of its PF, 1 in the pool of network vfs (active) are gone, and a guest that "
         "is "
         "given one does not start; start it anew: virsh net-destroy vfs && virsh net-start vfs"},
        {POOL(OF_PF ADDRESS("0") ADDRESS("2")), 0, "with 0 VFs of its PF, 2 in the pool"},
        {POOL(OF_PF ADDRESS("0") ADDRESS("2")), 0, "stop it: virsh net-destroy vfs"},
        {POOL(OF_PF ADDRESS("0") ADDRESS("2")), 4,
         "with 4 VFs of its PF, the pool of network vfs (active) still has only the 2 of its "
         "start"},
        {POOL(ADDRESS("0") ADDRESS("2")), 1, "take its <address> out: virsh net-edit vfs"},
        {POOL(OF_PF ADDRESS("0") ADDRESS("2")), 2, NULL},
        {POOL(ADDRESS("0")), 1, NULL},
        {POOL(OF_PF), 1, NULL},
        {POOL("<pf dev='enp2s0'/><address type='pci' bus='2' slot='16'/>"), 0, NULL},
    };

    world->sriov = fake_sriov_new(world->fake);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasVfsRequest request = {
            .pf = "enp1s0", .count = rows[i].count, .timeout = 1, .dry_run = TRUE};
        g_autoptr(VasPf) pf = NULL;

        g_ptr_array_set_size(world->fake->networks, 0);
        g_ptr_array_set_size(world->fake->notes, 0);
        fake_add_network(world->fake, "vfs", rows[i].pool);
        world_forget(world);
        g_assert_true(vas_vfs_set(&world->fake->context, &request, &pf, &world->results,
                                  &world->steps, &world->error));
        g_assert_cmpuint(world->fake->notes->len, ==, rows[i].note != NULL ? 1 : 0);
        g_assert_cmpuint(rows[i].note != NULL ? count_notes(world, rows[i].note) : 0, ==,
                         world->fake->notes->len);
    }
}

static void
test_check_rival(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) of_host = NULL;

    fake_add_network(world->fake, "vfs", POOL(ADDRESS("0") ADDRESS("2")));
    g_ptr_array_add(world->guest->config, g_strdup(WORLD_VF_ELEMENT));
    findings = check(world, VF);
    checking_assert(findings, "device.pool", VAS_FINDING_WARNING,
                    "guest db1 has it, and so has the pool of network vfs (active)");
    checking_assert(findings, "device.pool", VAS_FINDING_WARNING,
                    "; or take it out of the guest: virt-assign detach db1 " VF);
    of_host = check_host(world);
    checking_assert_ids(of_host, "host.pools");
    checking_assert(of_host, "host.pools", VAS_FINDING_WARNING, "guest db1 has it");
}

static void
test_check_free(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) in_pool = NULL;
    g_autoptr(GPtrArray) other = NULL;
    g_autoptr(GPtrArray) of_host = NULL;

    fake_add_network(world->fake, "vfs", POOL(ADDRESS("0")));
    in_pool = check(world, VF);
    checking_assert(in_pool, "device.pool", VAS_FINDING_WARNING, "may give it to a guest at any");
    other = check(world, OTHER_VF);
    checking_assert(other, "device.pool", VAS_FINDING_OK, "no libvirt network has it");
    of_host = check_host(world);
    checking_assert(of_host, "host.pools", VAS_FINDING_OK, "no guest has a VF that");
}

static void
test_check_given(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) of_host = NULL;

    world_give_from_pool(world);
    findings = check(world, VF);
    checking_assert_ids(findings, "device.pool");
    checking_assert(findings, "device.pool", VAS_FINDING_OK, "from the pool of network vfs");
    of_host = check_host(world);
    checking_assert(of_host, "host.pools", VAS_FINDING_OK, "hostdev networks: 1");
}

static void
test_check_stale(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) other = NULL;

    fake_add_network(world->fake, "vfs", POOL(OF_PF ADDRESS("0") ADDRESS("2") ADDRESS("4")));
    findings = check(world, "0000:01:00.0");
    checking_assert(findings, "device.pool", VAS_FINDING_WARNING,
                    "1 in the pool of network vfs (active) are gone");
    other = check(world, "0000:02:00.0");
    checking_assert(other, "device.pool", VAS_FINDING_OK, "other VFs of it than it has now");
}

static void
test_check_host(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) none = check_host(world);
    g_autoptr(GPtrArray) lost = NULL;

    checking_assert(none, "host.pools", VAS_FINDING_OK, "no libvirt network gives VFs to guests");
    g_assert_cmpuint(world->fake->calls[FAKE_LIST_GUESTS], ==, 0);
    fake_plan_fault(world->fake, FAKE_LIST_NETWORKS, 1, FAKE_DISCONNECTS, 0, NULL);
    lost = check_host(world);
    checking_assert(lost, "host.pools", VAS_FINDING_WARNING, "cannot be read");
}

/* The NICs beside it stay. */
static void
assert_nic_is_out(const World *world)
{
    const GPtrArray *config = world->guest->config;

    g_assert_cmpuint(config->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(config, 0), ==, NIC("default", "52:54:00:00:00:01"));
    g_assert_cmpstr(g_ptr_array_index(config, 1), ==, NIC("vfs", "52:54:00:00:00:02"));
}

/* The running guest and the config say it in different words. */
static void
test_detach(World *world, gconstpointer data)
{
    world_give_from_pool(world);
    g_assert_true(detach_one(world, VF));
    g_assert_no_error(world->error);
    g_assert_cmpuint(world->guest->live->len, ==, 0);
    assert_nic_is_out(world);
}

static void
test_detach_config(World *world, gconstpointer data)
{
    world_give_from_pool(world);
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(detach_one(world, "hostdev0"));
    g_assert_cmpuint(world->guest->live->len, ==, 1);
    assert_nic_is_out(world);
}

/* The record of the command names the NIC, which has no device any more. */
static void
test_detach_half(World *world, gconstpointer data)
{
    world_give_from_pool(world);
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "refused");
    g_assert_false(detach_one(world, VF));
    g_assert_cmpstr(vas_error_hint(world->error), ==,
                    "remove it with: virt-assign detach db1 " VF " --config");
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "released by the running guest, but");
    g_assert_cmpuint(world->guest->config->len, ==, 3);
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_true(detach_one(world, VF));
    assert_nic_is_out(world);
}

/* Nothing is done by a detach that would leave the NIC, which nobody could find then. */
static void
test_detach_unread(World *world, gconstpointer data)
{
    world_give_from_pool(world);
    fake_plan_fault(world->fake, FAKE_NETWORK_XML, 1, FAKE_FAILS, VAS_ERROR_UNSUPPORTED, "no");
    g_assert_false(detach_one(world, VF));
    g_assert_cmpstr(vas_error_hint(world->error), ==,
                    "try again; --live leaves the config as it is");
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED,
                         "see whether guest db1 has a device from a libvirt network: no");
    g_assert_cmpuint(world->guest->live->len, ==, 1);
    world->scope = VAS_SCOPE_LIVE;
    fake_plan_fault(world->fake, FAKE_NETWORK_XML, 1, FAKE_FAILS, VAS_ERROR_UNSUPPORTED, "no");
    g_assert_true(detach_one(world, VF));
    g_assert_cmpuint(count_notes(world, "network vfs cannot be read and is left out"), ==, 1);
    g_assert_cmpuint(world->guest->live->len, ==, 0);
    g_assert_cmpuint(world->guest->config->len, ==, 3);
}

/* A detach that has taken the VF out of the running guest, and not the NIC out of the config. */
static void
leave_half(World *world)
{
    world_give_from_pool(world);
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "refused");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "released by the running guest, but");
    g_assert_nonnull(strstr(world->guest->config_metadata, "network=\"vfs\""));
}

static void
recover(World *world)
{
    const VasRecoverRequest request = {.guest = "db1", .timeout = 1};

    g_clear_pointer(&world->recoveries, g_ptr_array_unref);
    g_assert_true(vas_recover(&world->fake->context, &request, &world->recoveries, &world->error));
    g_assert_null(world->guest->config_metadata);
}

static void
test_recover(World *world, gconstpointer data)
{
    leave_half(world);
    recover(world);
    assert_nic_is_out(world);
    g_assert_cmpuint(world->fake->calls[FAKE_NETWORK_XML], ==, 1);
}

/* The guest was started anew, and has another VF for the NIC: nothing is left to be done. */
static void
test_recover_anew(World *world, gconstpointer data)
{
    leave_half(world);
    g_ptr_array_add(world->guest->live,
                    g_strdup("<interface type='hostdev' managed='yes'><mac address='" MAC "'/>"
                             "<source>" ADDRESS("2") "</source><alias name='hostdev0'/>"
                                                     "</interface>"));
    fake_set_driver(world->fake, OTHER_VF, "vfio-pci");
    recover(world);
    g_assert_cmpuint(world->guest->live->len, ==, 1);
    g_assert_cmpuint(world->guest->config->len, ==, 3);
}

/* The MAC alone, or with another network, is not the NIC; nor is one of two of them. */
static void
test_recover_another(World *world, gconstpointer data)
{
    static const char *const others[] = {
        NIC("default", MAC),
        NIC("vfs", "52:54:00:00:00:03"),
        "<interface type='hostdev' managed='yes'><mac address='" MAC
        "'/><source>" ADDRESS("2") "</source></interface>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        leave_half(world);
        g_free(world->guest->config->pdata[1]);
        world->guest->config->pdata[1] = g_strdup(others[i]);
        recover(world);
        g_assert_cmpuint(world->guest->config->len, ==, 3);
        g_ptr_array_set_size(world->guest->config, 0);
        g_ptr_array_set_size(world->fake->networks, 0);
    }
    leave_half(world);
    g_ptr_array_add(world->guest->config, g_strdup(NIC("vfs", MAC)));
    recover(world);
    g_assert_cmpuint(world->guest->config->len, ==, 4);
}

/* A NIC that has the MAC of the VF, as its backup in a team, is of no pool. */
static void
test_detach_beside_backup(World *world, gconstpointer data)
{
    fake_add_network(world->fake, "default", "<forward mode='nat'/>");
    g_ptr_array_add(world->guest->live, g_strdup(WORLD_POOL_VF));
    g_ptr_array_add(world->guest->config, g_strdup(NIC("default", MAC)));
    fake_set_driver(world->fake, VF, "vfio-pci");
    g_assert_true(detach_one(world, VF));
    g_assert_cmpuint(world->guest->live->len, ==, 0);
    g_assert_cmpuint(world->guest->config->len, ==, 1);
}

static void
test_attach_given(World *world, gconstpointer data)
{
    world_give_from_pool(world);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
    g_assert_cmpuint(world->guest->config->len, ==, 3);
}

static void
add(const char *path, void (*test)(World *, gconstpointer))
{
    g_test_add(path, World, NULL, world_set_up, test, world_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/pools/attach", test_attach);
    add("/pools/attach/before-start", test_attach_before_start);
    add("/pools/attach/beyond", test_attach_beyond);
    add("/pools/attach/given", test_attach_given);
    add("/pools/asks-for-vfs-only", test_asks_for_vfs_only);
    add("/pools/no-networks", test_no_networks);
    add("/pools/unreadable", test_unreadable);
    add("/pools/lost", test_lost);
    add("/pools/host-detach", test_host_detach);
    add("/pools/vfs", test_vfs);
    add("/pools/check/rival", test_check_rival);
    add("/pools/check/free", test_check_free);
    add("/pools/check/given", test_check_given);
    add("/pools/check/stale", test_check_stale);
    add("/pools/check/host", test_check_host);
    add("/pools/detach", test_detach);
    add("/pools/detach/config", test_detach_config);
    add("/pools/detach/half", test_detach_half);
    add("/pools/detach/unread", test_detach_unread);
    add("/pools/recover", test_recover);
    add("/pools/recover/anew", test_recover_anew);
    add("/pools/recover/another", test_recover_another);
    add("/pools/detach/beside-backup", test_detach_beside_backup);
    return g_test_run();
}
