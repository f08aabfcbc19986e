/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

typedef enum {
    VAS_HOOK_NOT_INSTALLED,
    VAS_HOOK_FOREIGN, /* something else has the link's place */
    VAS_HOOK_BROKEN,  /* the link leads to nothing that can be run */
    VAS_HOOK_UNHEARD, /* libvirt does not run it */
    VAS_HOOK_HEARD,   /* libvirt ran it just now */
} VasHookState;

typedef struct {
    VasHookState state;
    char *program;       /* where the link leads; NULL: there is none */
    gboolean is_changed; /* the link is another than before */
} VasHookStatus;

void vas_hook_status_clear(VasHookStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasHookStatus, vas_hook_status_clear)

/* "not-installed", "foreign", "broken", "unheard", "heard". Static. */
const char *vas_hook_state_name(VasHookState state);

/* Has libvirt run @program, this one as it is installed, when guests start and end, and proves that
 * it does: libvirt is asked to start a guest that cannot start, whose "prepare" our hook notes and
 * refuses. A hook that is not heard is taken back. All is about our own machine.
 * VAS_ERROR_UNSUITABLE: libvirt cannot or should not run it from there; VAS_ERROR_CONFLICT;
 * VAS_ERROR_DENIED; VAS_ERROR_TIMED_OUT: another hook stands still; VAS_ERROR_FAILED. */
gboolean vas_hook_install(const VasContext *context, const char *program, VasHookStatus *ret_status,
                          GError **error);

/* Takes it away. Errors as above. */
gboolean vas_hook_remove(const VasContext *context, VasHookStatus *ret_status, GError **error);

/* Tells how it is, and asks libvirt as vas_hook_install does. */
gboolean vas_hook_look(const VasContext *context, VasHookStatus *ret_status, GError **error);

G_END_DECLS
