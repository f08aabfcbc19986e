/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/hook-call.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* libvirt runs the programs of this folder when a guest starts and ends, in the order of their
 * names (virHookCall in src/util/virhook.c). Our link there leads to our program. */
#define VAS_HOOK_FOLDER "/etc/libvirt/hooks/qemu.d"
#define VAS_HOOK_LINK VAS_HOOK_FOLDER "/" VAS_HOOK_NAME

typedef enum {
    VAS_HOOK_LINK_NONE,
    VAS_HOOK_LINK_SOUND,
    VAS_HOOK_LINK_BROKEN,  /* ours, and leads to nothing that can be run: libvirt passes over it */
    VAS_HOOK_LINK_FOREIGN, /* a file, or a link to another program */
} VasHookLinkState;

typedef struct {
    VasHookLinkState state;
    char *program;  /* where it leads; NULL: it is not a link */
    gint64 made_at; /* seconds since the epoch */
} VasHookLink;

void vas_hook_link_clear(VasHookLink *link);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasHookLink, vas_hook_link_clear)

/* VAS_ERROR_DENIED, VAS_ERROR_FAILED. Full. */
gboolean vas_hook_link_read(const VasHost *host, VasHookLink *ret_link, GError **error);

/* Links to @program, in the place of an earlier link of ours, whole or not at all. Folders are made
 * if need be. VAS_ERROR_CONFLICT: something else is there; VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_hook_link_write(const VasHost *host, const char *program, GError **error);

/* Removes our link; none is fine. Errors as above. */
gboolean vas_hook_link_remove(const VasHost *host, GError **error);

G_END_DECLS
