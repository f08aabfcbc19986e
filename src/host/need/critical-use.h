/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A PCI function that this machine depends on, and what for, with the evidence. */
typedef struct {
    VasHostAddress function;
    char *reason; /* "mounted file system / (/proc/1/mountinfo: vda1 on vda)" */
} VasCriticalUse;

/* An empty list; full. */
GPtrArray *vas_critical_uses_new(void);
/* Adds a use of each of @functions (GArray of VasHostAddress), unless it is there already. */
void vas_critical_add(GPtrArray *uses, const GArray *functions, const char *reason);

G_END_DECLS
