/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A connection from elsewhere that the caller works through. Addresses as inet_ntop(3) writes them,
 * an IPv4 address in IPv6 as IPv4. */
typedef struct {
    char *address;  /* this end */
    char *peer;     /* the other */
    char *evidence; /* "sshd, process 812, /proc/net/tcp" */
} VasRemoteSession;

/* Finds the sessions of the calling process: the established TCP connections of its ancestors,
 * which sudo and the like cannot hide, and SSH_CONNECTION in its own and their environments, for
 * callers that may not look at the sockets of sshd. Loopback does not count. Reads /proc; an entry
 * that may not be seen is left out. GPtrArray of VasRemoteSession. Returns full. */
GPtrArray *vas_remote_sessions_read(const VasHost *host);

G_END_DECLS
