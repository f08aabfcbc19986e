/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The daemon that runs root's QEMU guests: libvirtd or virtqemud. */
typedef struct {
    int pid;              /* 0: none runs; it is started by its socket */
    char *name;           /* NULL: none runs */
    guint64 start;        /* in clock ticks since the boot: tells it from others with its pid */
    gint64 started_at;    /* seconds since the epoch */
    gboolean is_confined; /* AppArmor enforces a profile */
} VasLibvirtDaemon;

void vas_libvirt_daemon_clear(VasLibvirtDaemon *daemon);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasLibvirtDaemon, vas_libvirt_daemon_clear)

/* Finds it by the file in which the QEMU driver keeps its process (qemuStateInitialize in
 * src/qemu/qemu_driver.c). A file that a daemon left behind counts as none. Full. */
void vas_libvirt_daemon_find(const VasHost *host, VasLibvirtDaemon *ret_daemon);

/* Has it load its settings anew, hooks among them, as "systemctl reload" does: by SIGHUP. It hears
 * of it some time later. None that runs is fine. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_libvirt_daemon_reload(const VasHost *host, GError **error);

/* A program of libvirt's hook folder that the daemon runs. */
typedef struct {
    int pid;
    char *program;
    gint64 seconds; /* since it began */
} VasRunningHook;

/* The oldest of the programs below /etc/libvirt/hooks that the daemon runs and waits for. FALSE:
 * it runs none, or it cannot be told. Full. */
gboolean vas_libvirt_daemon_find_hook(const VasHost *host, const VasLibvirtDaemon *daemon,
                                      VasRunningHook *ret_hook);

G_END_DECLS
