/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/journal/vfs-state.h"
#include "core/value/pci-address.h"

G_BEGIN_DECLS

/* A wish is for the device with the identity, which was at the address; without an identity (NULL)
 * for whatever is at the address. */
typedef struct {
    VasHostAddress device;
    VasIdentity *identity;
} VasWished;

/* Both kinds of wishes begin with a VasWished, so that each may be taken for one. */
typedef struct {
    VasWished of; /* a PF */
    VasVfRule *rule;
} VasWishedVfs;

typedef struct {
    VasWished of;
    char *driver; /* a VFIO driver */
} VasWishedDriver;

/* The host is to have this after each boot. Both lists are sorted by address, which each has once.
 */
typedef struct {
    GPtrArray *vfs;     /* VasWishedVfs */
    GPtrArray *drivers; /* VasWishedDriver */
} VasHostWish;

VasHostWish *vas_host_wish_new(void);
void vas_host_wish_free(VasHostWish *wish);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHostWish, vas_host_wish_free)

gboolean vas_host_wish_is_empty(const VasHostWish *wish);

/* NULL: nothing is wished for @pf. Borrowed. */
const VasVfRule *vas_host_wish_vfs(const VasHostWish *wish, VasHostAddress pf);
/* Copies @rule; NULL drops the wish. The identity stays as it is. */
void vas_host_wish_set_vfs(VasHostWish *wish, VasHostAddress pf, const VasVfRule *rule);

/* NULL: nothing is wished for @device. Borrowed. */
const char *vas_host_wish_driver(const VasHostWish *wish, VasHostAddress device);
/* NULL drops the wish. The identity stays as it is. */
void vas_host_wish_set_driver(VasHostWish *wish, VasHostAddress device, const char *driver);

/* The identity that the wish for @address has; @wishes is one of the two lists. NULL: it has none,
 * or there is no wish. Borrowed. */
const VasIdentity *vas_host_wish_identity(const GPtrArray *wishes, VasHostAddress address);
/* Copies @identity (NULL: none) into the wish for @address, if there is one. */
void vas_host_wish_set_identity(GPtrArray *wishes, VasHostAddress address,
                                const VasIdentity *identity);

G_END_DECLS
