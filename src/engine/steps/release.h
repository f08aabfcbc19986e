/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A release gets a running guest to let go of devices, and knows that it did. libvirt's own
 * "success" says only that it asked: here a device is released when libvirt's event or the guest's
 * end says so and the live XML and the kernel agree. All devices are asked for before the first is
 * waited for. */
typedef struct VasRelease VasRelease;

/* Begins to watch @guest, before anything is asked of it, so that no event is missed. The deadline
 * is @timeout seconds from now, for everything that is asked. @ask_again: the user wants a second
 * request sent where one is pending. @guest is borrowed. Returns full. */
VasRelease *vas_release_new(const VasContext *context, const VasInventory *inventory,
                            const VasGuest *guest, guint timeout, gboolean ask_again,
                            GError **error);
void vas_release_free(VasRelease *release);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasRelease, vas_release_free)

/* Asks the guest to let go of @live, if the device still has that alias there - unless a request of
 * an earlier command is still pending: that one is picked up, and no second is sent. Does not wait
 * for the guest, but for a port that is too busy to be asked. */
gboolean vas_release_ask(VasRelease *release, const VasAssignment *live, GError **error);

/* Waits for the answer about @live, which was asked to go: a refusal is told by vas_release_prove.
 * VAS_ERROR_TIMED_OUT, VAS_ERROR_INTERRUPTED: it is pending, and recorded as such. A lost
 * connection is opened again, and libvirt told of what only the kernel has noticed. */
gboolean vas_release_await(VasRelease *release, const VasAssignment *live, GError **error);

/* Proves that @live is out: not in the live XML, and no VFIO user holds it. Removes the record.
 * *ret_held: whether the guest has it, set whenever that could be read; *ret_driver: the host
 * driver it is on now, NULL: none. VAS_ERROR_CONFLICT: the guest refused. VAS_ERROR_TIMED_OUT: what
 * became of it could not be read, and the record stays. */
gboolean vas_release_prove(VasRelease *release, const VasAssignment *live, gboolean *ret_held,
                           char **ret_driver, GError **error);

G_END_DECLS
