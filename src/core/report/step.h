/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"

G_BEGIN_DECLS

typedef enum {
    VAS_STEP_RECORD_VF, /* what the PF holds about the VF goes into the guest's metadata */
    VAS_STEP_SET_VF,
    VAS_STEP_ATTACH_LIVE,
    VAS_STEP_SET_VF_PRIORITY, /* libvirt resets it with the VLAN */
    VAS_STEP_PROVE_LIVE,      /* live XML, host driver and the PF say what was asked */
    VAS_STEP_ATTACH_CONFIG,
    VAS_STEP_PROVE_CONFIG,
    VAS_STEP_KEEP_WISH,   /* beside the element in the config; the end of the record writes it */
    VAS_STEP_PROVE_ALONE, /* no other guest was given it at the same time */
    VAS_STEP_ASK_RELEASE, /* ask the guest, unless an earlier request is still pending */
    VAS_STEP_AWAIT_RELEASE,
    VAS_STEP_PROVE_RELEASED, /* live XML and host driver agree that it is out */
    VAS_STEP_PUT_VF_BACK,    /* what the PF held about the VF before */
    VAS_STEP_DETACH_CONFIG,
    VAS_STEP_DROP_WISH,   /* the end of the record does this, too */
    VAS_STEP_PERSIST_VFS, /* write or remove the PF's udev rule */
    VAS_STEP_SET_AUTOPROBE,
    VAS_STEP_REMOVE_VFS,
    VAS_STEP_CREATE_VFS,
    VAS_STEP_AWAIT_VFS,   /* kernel, udev and libvirt agree on the PF's VFs */
    VAS_STEP_HOST_DETACH, /* from its host driver to a VFIO driver */
    VAS_STEP_PROVE_HOST_DETACHED,
    VAS_STEP_HOST_REATTACH, /* back to its host driver */
    VAS_STEP_PROVE_HOST_REATTACHED,
    VAS_STEP_PERSIST_DRIVER, /* wish the device's driver for each boot, or drop the wish */
    VAS_STEP_ADD_PORT,       /* to the config */
    VAS_STEP_PROVE_PORTS,    /* the ports are there, and nothing else has moved */
} VasStepKind;

/* One thing to do, in the order of the list: data only, so that it can be printed (--dry-run),
 * run, and undone. */
typedef struct {
    VasStepKind kind;
    guint subject;             /* index of the device in the command: which result it belongs to */
    VasAssignment *assignment; /* NULL: it is about no device */
    char *xml;                 /* element to send to libvirt; NULL where none is sent */
    char *driver; /* the host driver that the device gets; NULL: it keeps its own, vfio-pci, or not
                   * known before */
    char *text; /* what it does, for people: "attach 0000:01:10.0 to running db1 at 0000:02:00.0" */
} VasStep;

/* Takes ownership of nothing: copies. @xml may be NULL. @counterpart names what else takes part:
 * the guest, or, of a step on the host, the driver that the device goes to or comes from. Returns
 * full.
 */
VasStep *vas_step_new(VasStepKind kind, guint subject, const VasAssignment *assignment,
                      const char *xml, const char *counterpart);
void vas_step_free(VasStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasStep, vas_step_free)

/* Says, in the text as well, that the device gets the host driver @driver; NULL: nothing is said.
 */
void vas_step_set_driver(VasStep *step, const char *driver);

/* Appends to @steps a step on a host device, in which libvirt has no part; @text says what it
 * does. */
void vas_step_add_on_host(GPtrArray *steps, VasStepKind kind, guint subject, VasHostAddress device,
                          const char *text, ...) G_GNUC_PRINTF(5, 6);
/* Appends a step on a guest that is about none of its devices; @xml may be NULL. */
void vas_step_add_on_guest(GPtrArray *steps, VasStepKind kind, guint subject, const char *xml,
                           const char *text, ...) G_GNUC_PRINTF(5, 6);

/* "attach-live" ...: the name in --dry-run --json. Static. */
const char *vas_step_kind_name(VasStepKind kind);

G_END_DECLS
