/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/libvirt-daemon.h"

G_BEGIN_DECLS

/* The hook notes in /run/virt-assign/hook-heard that libvirt's daemon has run it for a question
 * (core/value/hook-call.h), and for which. Returns 0 or an errno. */
int vas_hook_heard_write(const VasHost *host, const VasLibvirtDaemon *daemon, const char *nonce);

/* Whether this run of @daemon has run the hook for @nonce, or for any if that is NULL. */
gboolean vas_hook_heard_read(const VasHost *host, const VasLibvirtDaemon *daemon,
                             const char *nonce);

/* Drops the note: the hook is another, or is gone. */
void vas_hook_heard_forget(const VasHost *host);

G_END_DECLS
