/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

/* An open connection and what the engine needs beside it. */
typedef struct {
    VasHypervisor *hypervisor; /* NULL: without libvirt */
    VasHost *host;             /* NULL: libvirt is on another machine */
    char *lock_folder;         /* NULL: what libvirt has is this process's alone */
    char *lock_realm;          /* NULL: libvirt is on this machine */
    char *origin;              /* as lock_folder */
    char *virsh;               /* NULL: libvirt chose where to connect to */
    VasContext context;        /* borrows all of it */
} VasSession;

/* VAS_ERROR of vas_libvirt_hypervisor_open. Returns full. */
VasSession *vas_session_open(const char *uri, gboolean read_only, GError **error);
/* Opens the machine that we run on, without libvirt. Returns full. */
VasSession *vas_session_open_host(void);
void vas_session_free(VasSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasSession, vas_session_free)

G_END_DECLS
