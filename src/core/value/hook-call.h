/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The hook is our program by this name. */
#define VAS_HOOK_NAME "50-virt-assign"

/* libvirt calls a hook with the words GUEST OPERATION SUBOPERATION EXTRA, and the guest's XML on
 * standard input (docs/hooks.rst). */
typedef enum {
    VAS_HOOK_NOTHING, /* not our business: a failure at "reconnect", say, would kill the guest */
    VAS_HOOK_PREPARE, /* before any device is touched; a failure refuses the start */
    VAS_HOOK_START,   /* devices are on VFIO and libvirt has set MAC and VLAN; the same */
    VAS_HOOK_RELEASE, /* the guest has ended and its devices are back */
    VAS_HOOK_PROBE,   /* somebody asks whether the hook is heard */
} VasHookPhase;

/* NULL-terminated @words, of any number. */
VasHookPhase vas_hook_call_phase(const char *const *words);

/* The guest whose start asks whether the hook is heard, with @nonce in its name: 32 hexadecimal
 * digits. It is refused by the hook, and cannot start without it either. Returns full. */
char *vas_hook_call_probe(const char *nonce);
/* The nonce in the name of that guest; NULL: it is another one. Borrowed. */
const char *vas_hook_call_nonce(const char *guest);

G_END_DECLS
