/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"

G_BEGIN_DECLS

/* A pool is a libvirt network of <forward mode='hostdev'>: each <interface type='network'> of it
 * gets a VF of the pool when its guest starts. libvirt takes the first VF for which the network has
 * no port, and asks neither the host nor other guests who has it; if somebody does, the guest does
 * not start, and gets the same VF at its next try (networkAllocatePort in libvirt's
 * src/network/bridge_driver.c). No XML of the network tells which VFs its ports have. */
typedef struct {
    char *name;
    char *pf; /* the interface of the PF whose VFs they are; NULL: it lists addresses */
    /* VasHostAddress. libvirt fills in the VFs of a PF when the network starts, and no later: until
     * its next start it has those, whatever becomes of them (networkCreateInterfacePool). */
    GArray *devices;
    gboolean is_active;
    gboolean is_autostarted;
} VasPool;

/* @name may be NULL for now. */
VasPool *vas_pool_new(const char *name);
void vas_pool_free(VasPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPool, vas_pool_free)

/* Whether its VFs are, or will be when it starts, all VFs of @pf. */
gboolean vas_pool_is_of_pf(const VasPool *pool, const VasDevice *pf);

/* Whether libvirt has yet to fill in the VFs of its PF. */
gboolean vas_pool_is_open(const VasPool *pool);

/* "network vfs (active, autostarted)". Returns full. */
char *vas_pool_describe(const VasPool *pool);

/* Says how a device gets out of the pool: a phrase with the command. Returns full. */
char *vas_pool_way_out(const VasPool *pool);

G_END_DECLS
