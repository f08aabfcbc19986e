/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/value/vf-settings.h"

G_BEGIN_DECLS

/* A wish stands beside a device's element in a guest's config: it says what the guest is to have at
 * each start beyond what that element can say. */
typedef struct {
    VasHostAddress device; /* the element's: a guest has a host device once */
    VasIdentity *identity; /* NULL: could not be read, such as on another machine */
    VasVfWish settings;    /* what libvirt's element cannot say */
    gboolean is_required;  /* a start without these settings is to fail */
    char *seal;            /* as of VasOperation, both */
    gboolean is_proven;
} VasWish;

/* A new wish asks for no settings, and is proven: we made it. Returns full. */
VasWish *vas_wish_new(VasHostAddress device);
VasWish *vas_wish_copy(const VasWish *wish);
void vas_wish_free(VasWish *wish);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasWish, vas_wish_free)

G_END_DECLS
