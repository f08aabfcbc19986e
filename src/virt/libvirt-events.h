/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/hypervisor.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* The events of one watched guest and of the connection, queued by the event loop's thread and
 * taken by the caller's. It outlives the connections it listens to. */
typedef struct VasLibvirtEvents VasLibvirtEvents;

VasLibvirtEvents *vas_libvirt_events_new(void);
/* vas_libvirt_events_leave has to come first. */
void vas_libvirt_events_free(VasLibvirtEvents *events);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasLibvirtEvents, vas_libvirt_events_free)

/* Listens to @connection instead of the one before, if any, and watches there what is being
 * watched; a guest that is gone by now counts as stopped. Queued events stay, but for the news that
 * the earlier connection is lost. On failure all is as before. */
gboolean vas_libvirt_events_join(VasLibvirtEvents *events, virConnectPtr connection,
                                 GError **error);

/* Stops listening, so that the connection can be closed: callbacks hold it open. The guest that is
 * watched stays known for the next vas_libvirt_events_join. */
void vas_libvirt_events_leave(VasLibvirtEvents *events);

/* Watches @guest instead of the one before. VAS_ERROR_NOT_FOUND. */
gboolean vas_libvirt_events_watch(VasLibvirtEvents *events, const char *guest, GError **error);
/* Drops the guest's events that are still queued. */
void vas_libvirt_events_unwatch(VasLibvirtEvents *events);

/* NULL when @deadline (g_get_monotonic_time) passes first, or when woken. Returns full. */
VasEvent *vas_libvirt_events_next(VasLibvirtEvents *events, gint64 deadline);
/* Any thread may call it. */
void vas_libvirt_events_wake(VasLibvirtEvents *events);

G_END_DECLS
