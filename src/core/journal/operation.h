/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/device/pci-controller.h"
#include "core/journal/vfs-state.h"
#include "core/journal/wish.h"

G_BEGIN_DECLS

/* An operation on a guest has at most this many devices and ports: a record with more is not ours.
 */
#define VAS_OPERATION_GUEST_PARTS_MAX 64

/* A command that changes a guest or the host, as it stands on record from before its first step
 * until it has ended: what it is about to do, and what was before. Whoever finds one that is not at
 * work any more knows from it what to finish or undo (engine/recover). */
typedef enum {
    /* These are about a guest, and on record in its metadata. */
    VAS_OPERATION_ATTACH,
    VAS_OPERATION_DETACH,
    VAS_OPERATION_PORTS,
    /* These are about the host alone, and on record in a file of its own. */
    VAS_OPERATION_VFS,
    VAS_OPERATION_HOST_DETACH,
    VAS_OPERATION_HOST_REATTACH,
} VasOperationKind;

/* One device of the command; for `vfs` it is the PF, which keeps its driver. */
typedef struct {
    VasHostAddress device;
    char *identity; /* vas_vf_state_identity, of a VF with settings or of the host's; NULL: not
                       known */
    char *driver;   /* its host driver before; NULL: none, or not known */

    /* These are about a guest. */
    char *alias;      /* of the assignment that comes or goes, the live one if there are two; NULL:
                         it has none */
    gboolean has_mac; /* of the assignment */
    VasMacAddress mac;
    char *network;         /* the hostdev network that the config's NIC is of, which has no address
                              there, and is found by this and by MAC or alias; NULL: none */
    VasScope scope;        /* where it comes or goes; 0: it is there, and its settings change */
    gboolean has_settings; /* attach: what the PF held, and is to hold */
    VasVfSettings before;
    VasVfSettings target;
    guint concerned; /* set of VasVfField: what the command and libvirt change */

    /* These are about the host. */
    char *override;        /* its driver_override before; NULL: none */
    char *wanted;          /* host-reattach: the driver it is to get; NULL: any of the host */
    char *wanted_override; /* host-reattach: its driver_override in the end; NULL: none */
    char *wish;            /* the driver that was wished for each boot; NULL: none */
} VasOperationDevice;

typedef struct VasOperation {
    char *id; /* the same in the live and the config metadata */
    VasOperationKind kind;
    char *origin;        /* VasContext.origin of who runs it; NULL: not known */
    gint64 started_at;   /* seconds since the epoch */
    gboolean each_alone; /* what becomes of one device is nothing to the others */
    GPtrArray *devices;  /* VasOperationDevice, in the order of the command */
    GPtrArray *ports;    /* VasPciController: those that it adds to the config */
    GPtrArray *wishes;   /* VasWish, attach: what is wished for its devices once it has come to its
                            end; as proven as the operation is */
    GArray *gone;        /* VasHostAddress, detach: the config has these no more, as was seen; it is
                            not on record */
    char *driver;        /* host-detach: the VFIO driver wished; NULL: any */
    gboolean persist;    /* host-detach, host-reattach: for each boot, too */
    VasVfsState vfs_before; /* vfs only, both */
    VasVfsState vfs_wished;
    char *seal; /* as it stands in a guest's metadata (engine/journal/proof.h); NULL: none */
    gboolean is_proven; /* we made it, or wrote it earlier: nobody who may edit the guest has */
} VasOperation;

/* A new operation has a new id and begins now. @origin may be NULL. Returns full. */
VasOperation *vas_operation_new(VasOperationKind kind, const char *origin);
VasOperation *vas_operation_copy(const VasOperation *operation);
void vas_operation_free(VasOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasOperation, vas_operation_free)

/* Adds an empty row for @device. Borrowed. */
VasOperationDevice *vas_operation_add(VasOperation *operation, VasHostAddress device);

/* NULL: the operation is not about @device. Borrowed. */
VasOperationDevice *vas_operation_find_device(const VasOperation *operation, VasHostAddress device);

/* NULL: none. Borrowed. */
const VasWish *vas_operation_find_wish(const VasOperation *operation, VasHostAddress device);
/* No-op if there is none. */
void vas_operation_drop_wish(VasOperation *operation, VasHostAddress device);

/* Says that the config has lost @device. */
void vas_operation_note_gone(VasOperation *operation, VasHostAddress device);
gboolean vas_operation_is_gone(const VasOperation *operation, VasHostAddress device);

/* Makes an assignment of the row, as complete as the record is, to be looked up by
 * vas_guest_definition_counterpart, or with a network by vas_guest_definition_find_network_nic.
 * Returns full. */
VasAssignment *vas_operation_device_assignment(const VasOperationDevice *device);

/* Is the operation about the host alone? */
gboolean vas_operation_is_of_host(const VasOperation *operation);

/* "attach", "host-detach": the verb. Static. */
const char *vas_operation_kind_name(VasOperationKind kind);
/* FALSE: it is none of them. */
gboolean vas_operation_kind_parse(const char *name, VasOperationKind *ret_kind);

G_END_DECLS
