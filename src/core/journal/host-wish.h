/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vfs-state.h"
#include "core/value/pci-address.h"

G_BEGIN_DECLS

typedef struct {
    VasHostAddress pf;
    VasVfRule *rule;
} VasWishedVfs;

typedef struct {
    VasHostAddress device;
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
/* Copies @rule; NULL drops the wish. */
void vas_host_wish_set_vfs(VasHostWish *wish, VasHostAddress pf, const VasVfRule *rule);

/* NULL: nothing is wished for @device. Borrowed. */
const char *vas_host_wish_driver(const VasHostWish *wish, VasHostAddress device);
/* NULL drops the wish. */
void vas_host_wish_set_driver(VasHostWish *wish, VasHostAddress device, const char *driver);

G_END_DECLS
