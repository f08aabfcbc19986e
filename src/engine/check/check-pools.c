/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-pools.h"

#include "core/report/finding.h"
#include "core/rules/rules-pool.h"
#include "core/value/shell-word.h"
#include "engine/base/pools.h"
#include "engine/base/scan.h"

#define HOST "host"

/* All of it is borrowed. */
typedef struct {
    const VasInventory *inventory;
    const char *id;
    GPtrArray *findings;
} PoolsCheck;

static void
set_evidence(VasFinding *finding, const VasPool *pool)
{
    g_autofree char *name = vas_shell_word(pool->name);

    vas_finding_set_evidence(finding, "virsh net-dumpxml %s: <forward mode='hostdev'>", name);
}

/* Both the pool and a guest have it. */
static void
add_rival(const PoolsCheck *check, const VasPool *pool, const VasDevice *device,
          const VasGuest *rival)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    g_autofree char *what = vas_pool_describe(pool);
    g_autofree char *way_out = vas_pool_way_out(pool);
    VasFinding *finding = vas_findings_add(
        check->findings, check->id, VAS_FINDING_WARNING, address.text,
        "guest %s has it, and so has the pool of %s: a guest to which libvirt gives it from there "
        "does not start while the other has it",
        rival->name, what);

    set_evidence(finding, pool);
    vas_finding_set_advice(finding, "%s; or take it out of the guest: virt-assign detach %s %s",
                           way_out, rival->word, address.text);
}

/* Returns whether there was one. */
static gboolean
report_rivals(const PoolsCheck *check, const VasPool *pool, const VasDevice *device)
{
    g_autoptr(GPtrArray) rivals = vas_rules_pool_rivals(check->inventory, pool, device);

    for (guint i = 0; i < rivals->len; i++)
        add_rival(check, pool, device, g_ptr_array_index(rivals, i));
    return rivals->len > 0;
}

/* A network that started before the PF got the VFs that it has now. */
static void
report_stale(const PoolsCheck *check, const VasDevice *pf)
{
    g_autoptr(GPtrArray) effects = vas_rules_pool_effects(check->inventory, pf, pf->vfs->len);

    for (guint i = 0; pf->kind == VAS_DEVICE_PF && i < effects->len; i++) {
        VasFinding *finding = vas_findings_add(check->findings, check->id, VAS_FINDING_WARNING,
                                               vas_host_address_text(pf->address).text,
                                               "it has other VFs than when a network started");

        vas_finding_set_evidence(finding, "virsh net-dumpxml: <forward mode='hostdev'>");
        vas_finding_set_advice(finding, "%s", (const char *) g_ptr_array_index(effects, i));
    }
}

static void
report_pool(const PoolsCheck *check, const VasPool *pool, const VasDevice *device)
{
    g_autofree char *what = vas_pool_describe(pool);
    gboolean is_free = vas_inventory_is_free(check->inventory, device);
    g_autofree char *way_out = vas_pool_way_out(pool);
    VasFinding *finding = NULL;

    if (report_rivals(check, pool, device))
        return;
    finding =
        vas_findings_add(check->findings, check->id, is_free ? VAS_FINDING_WARNING : VAS_FINDING_OK,
                         vas_host_address_text(device->address).text,
                         is_free ? "it is in the pool of %s, which may give it to a guest at "
                                   "any time"
                                 : "its guest may have it from the pool of %s",
                         what);
    set_evidence(finding, pool);
    if (is_free)
        vas_finding_set_advice(finding,
                               "before another guest gets it, %s; or give the guest an "
                               "<interface type='network'> of the network",
                               way_out);
}

void
vas_check_pools(const VasInventory *inventory, const VasDevice *device, GPtrArray *findings)
{
    const PoolsCheck check = {inventory, "device.pool", findings};
    g_autoptr(GPtrArray) pools = vas_inventory_pools_of(inventory, device);
    VasFinding *finding = NULL;
    guint before = findings->len;

    if (inventory->pools == NULL || device->kind == VAS_DEVICE_FUNCTION)
        return;
    report_stale(&check, device);
    for (guint i = 0; i < pools->len; i++)
        report_pool(&check, g_ptr_array_index(pools, i), device);
    if (findings->len > before)
        return;
    finding = vas_findings_add(
        findings, check.id, VAS_FINDING_OK, vas_host_address_text(device->address).text,
        device->kind == VAS_DEVICE_VF ? "no libvirt network has it in its pool"
                                      : "no libvirt network has other VFs of it than it has now");
    vas_finding_set_evidence(finding, "virsh net-list --all, virsh net-dumpxml");
}

static void
report_all(const PoolsCheck *check)
{
    for (guint i = 0; i < check->inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(check->inventory->devices, i);
        g_autoptr(GPtrArray) pools = vas_inventory_pools_of(check->inventory, device);

        report_stale(check, device);
        for (guint k = 0; k < pools->len; k++)
            (void) report_rivals(check, g_ptr_array_index(pools, k), device);
    }
}

/* The world is read only if there is a pool. *ret_inventory has pools. */
static gboolean
read_world(const VasContext *context, VasInventory **ret_inventory, GError **error)
{
    g_autoptr(VasInventory) networks = vas_inventory_new();
    g_autoptr(VasInventory) world = NULL;

    if (!vas_pools_read(context, networks, error))
        return FALSE;
    if (networks->pools->len == 0) {
        *ret_inventory = g_steal_pointer(&networks);
        return TRUE;
    }
    world = vas_scan(context, error);
    if (world == NULL)
        return FALSE;
    vas_inventory_take_pools(world, g_steal_pointer(&networks->pools));
    *ret_inventory = g_steal_pointer(&world);
    return TRUE;
}

void
vas_check_pools_of_host(const VasContext *context, GPtrArray *findings)
{
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(GError) failure = NULL;
    PoolsCheck check = {NULL, "host.pools", findings};
    guint before = findings->len;
    VasFinding *finding = NULL;

    if (!read_world(context, &inventory, &failure)) {
        finding = vas_findings_add(findings, check.id, VAS_FINDING_WARNING, HOST,
                                   "whether libvirt networks give VFs to guests cannot be read");
        vas_finding_set_evidence(finding, "%s", failure->message);
        return;
    }
    check.inventory = inventory;
    report_all(&check);
    if (findings->len > before)
        return;
    finding =
        vas_findings_add(findings, check.id, VAS_FINDING_OK, HOST,
                         inventory->pools->len == 0
                             ? "no libvirt network gives VFs to guests"
                             : "no guest has a VF that a libvirt network may give to another");
    vas_finding_set_evidence(finding, "virsh net-list --all: hostdev networks: %u",
                             inventory->pools->len);
}
