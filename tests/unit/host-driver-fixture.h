/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/verbs/host-driver.h"
#include "world.h"

G_BEGIN_DECLS

#define VF "0000:01:10.0"
#define USB "0000:03:00.0"
#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */

/* The tests of host-detach and host-reattach, and of what recover makes of them, share this
 * fixture: the fake host with these devices on igbvf, xhci_hcd, e1000 and ahci, what the verb is
 * told, and what came of it. */
typedef struct {
    World base; /* first: the functions of world.h take it */
    VasHostDriverRequest request;
} DriverWorld;

void driver_world_set_up(DriverWorld *world, gconstpointer data);
void driver_world_tear_down(DriverWorld *world, gconstpointer data);

typedef gboolean (*Verb)(const VasContext *context, const VasHostDriverRequest *request,
                         GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

/* Runs the verb for one device or two (@second NULL: one); what the verb before came to is
 * forgotten. */
gboolean run(DriverWorld *world, Verb verb, const char *first, const char *second);

/* Puts the device on @driver as somebody would by hand. */
void put_on(DriverWorld *world, const char *device, const char *driver, const char *override);

void assert_bound(const DriverWorld *world, const char *device, const char *driver,
                  const char *override);
void assert_result(const DriverWorld *world, guint index, VasOutcome outcome, const char *before,
                   const char *driver);
/* Fails the test unless @part stands in one of the notes. */
void assert_noted(const DriverWorld *world, const char *part);

G_END_DECLS
