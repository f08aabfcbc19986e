/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "core/inventory/guest.h"
#include "core/inventory/pool.h"

G_BEGIN_DECLS

/* A guest or a device that is there, but cannot be read: no more than its names are known. */
typedef struct {
    char *name;          /* the guest's, or the node device's */
    char *id;            /* UUID, or host address; NULL: not known */
    gboolean is_running; /* of a guest: it may have any device */
    GError *error;
} VasUnreadable;

/* Everything a decision looks at: the host's devices and the guests of one moment. For a command
 * about one guest these are no more devices than engine/base/scan-near says: what decides with a
 * look at others has to have all read (VasCommand.looks_at_all). */
typedef struct {
    GPtrArray *devices; /* VasDevice, by address */
    GPtrArray *guests;  /* VasGuest, by name */
    /* VasUnreadable: these are in neither list. */
    GPtrArray *unreadable_devices;
    GPtrArray *unreadable_guests;
    GPtrArray *pools; /* VasPool; NULL: nobody asked for them (engine/base/pools) */
    char *virsh;      /* "virsh -c URI", for hints; NULL: plain virsh gets there */
} VasInventory;

/* A guest that holds a device; pointers borrowed from the inventory. At least one of @live and
 * @config is not NULL. */
typedef struct {
    const VasGuest *guest;
    const VasAssignment *live;
    const VasAssignment *config;
} VasHolding;

/* A guest that uses a device without an assignment; pointers borrowed from the inventory. At least
 * one of @live and @config is TRUE. */
typedef struct {
    const VasGuest *guest;
    const VasGuestUse *use; /* the running guest's, if @live */
    gboolean live;
    gboolean config;
    gboolean takes; /* vas_guest_use_takes */
} VasUsing;

typedef enum {
    VAS_DEVICE_STATE_HOST,     /* on a host driver */
    VAS_DEVICE_STATE_DETACHED, /* on a VFIO driver or pci-stub, held by no running guest */
    VAS_DEVICE_STATE_ASSIGNED, /* in a running guest */
    VAS_DEVICE_STATE_UNBOUND,  /* on no driver */
} VasDeviceState;

VasInventory *vas_inventory_new(void);
void vas_inventory_free(VasInventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasInventory, vas_inventory_free)

/* Both take ownership. vas_inventory_link comes after the last device call. */
void vas_inventory_take_device(VasInventory *inventory, VasDevice *device);
void vas_inventory_take_guest(VasInventory *inventory, VasGuest *guest);

/* Takes @error; @list is @unreadable_devices or @unreadable_guests of an inventory. */
void vas_unreadable_add(GPtrArray *list, const char *name, const char *id, gboolean is_running,
                        GError *error);
/* FALSE if @name, which may be an id, is in @list: with the error that kept it from being read. */
gboolean vas_unreadable_check(const GPtrArray *list, const char *name, GError **error);

/* Names the running guests that cannot be read, "a, b": whatever no other guest lists may be
 * theirs. NULL: there are none. Returns full. */
char *vas_inventory_name_unreadable(const VasInventory *inventory);

/* Takes @pools (GPtrArray of VasPool). The NICs that a config has of them become assignments. */
void vas_inventory_take_pools(VasInventory *inventory, GPtrArray *pools);

/* The pools that have @device, or will have it when they start: GPtrArray of VasPool, borrowed.
 * Returns full. */
GPtrArray *vas_inventory_pools_of(const VasInventory *inventory, const VasDevice *device);

/* Whether @pool gave the guest what it holds: the config says so. The XML of a running guest does
 * not tell a VF of a pool from another. */
gboolean vas_holding_is_of_pool(const VasHolding *holding, const VasPool *pool);

/* Sorts both lists and gives every VF its index from its PF's list. */
void vas_inventory_link(VasInventory *inventory);

/* Borrowed; NULL: not there. */
VasDevice *vas_inventory_find_device(const VasInventory *inventory, VasHostAddress address);
const VasDevice *vas_inventory_pf_of(const VasInventory *inventory, const VasDevice *device);

/* The guest whose UUID is @uuid, not one whose name it is: a guest may be called as another's UUID.
 * NULL: none. Borrowed. */
const VasGuest *vas_inventory_find_guest(const VasInventory *inventory, const char *uuid);

/* The guests that hold @device, by guest name: GArray of VasHolding. Returns full. */
GArray *vas_inventory_holdings(const VasInventory *inventory, const VasDevice *device);

/* The guests that use @device by other means, by guest name: GArray of VasUsing. Returns full. */
GArray *vas_inventory_usings(const VasInventory *inventory, const VasDevice *device);

/* Whether no guest has @device, live or in its config, by whatever means. */
gboolean vas_inventory_is_free(const VasInventory *inventory, const VasDevice *device);

/* Whether @guest has @device, live or in its config, by whatever means. */
gboolean vas_inventory_is_held_by(const VasInventory *inventory, const VasDevice *device,
                                  const VasGuest *guest);

/* The running guest that has @device; NULL: none. Borrowed. */
const VasGuest *vas_inventory_running_holder(const VasInventory *inventory,
                                             const VasDevice *device);

VasDeviceState vas_inventory_device_state(const VasInventory *inventory, const VasDevice *device);
/* "host", "detached", "assigned", "unbound". Static. */
const char *vas_device_state_name(VasDeviceState state);

/* The guest that has a NIC with @mac, live or config. In the guest of @own (NULL: none), its two
 * assignments do not count, nor does the NIC called @team (NULL: none). NULL: nobody. Borrowed. */
const VasGuest *vas_inventory_find_mac(const VasInventory *inventory, VasMacAddress mac,
                                       const VasHolding *own, const char *team);

G_END_DECLS
