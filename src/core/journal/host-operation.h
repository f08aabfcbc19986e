/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vfs-state.h"
#include "core/value/pci-address.h"

G_BEGIN_DECLS

/* A command that is about the host alone, as it stands on record: what it is about to do and what
 * was before. The record is written before the first step and removed at the end. A record that is
 * found while nobody has the locks on its devices therefore tells of a command that was killed. */

typedef enum {
    VAS_HOST_OPERATION_VFS,
    VAS_HOST_OPERATION_DETACH,
    VAS_HOST_OPERATION_REATTACH,
} VasHostOperationKind;

/* A device and how it is bound. For `vfs` it is the PF, which keeps its driver. */
typedef struct {
    VasHostAddress device;
    char *identity;        /* vas_vf_state_identity; NULL: not known */
    char *driver;          /* before; NULL: none */
    char *override;        /* its driver_override before; NULL: none */
    char *wanted;          /* reattach: the driver it is to get; NULL: any of the host */
    char *wanted_override; /* reattach: its driver_override in the end; NULL: none */
} VasHostOperationDevice;

typedef struct {
    VasHostOperationKind kind;
    gint64 started_at;  /* seconds since the epoch */
    GPtrArray *devices; /* VasHostOperationDevice, at least one in a record that was read */
    char *driver;       /* detach: the VFIO driver wished; NULL: any */
    VasVfsState before; /* of vfs only, both */
    VasVfsState wished;
} VasHostOperation;

/* A new operation begins now and has no devices. Returns full. */
VasHostOperation *vas_host_operation_new(VasHostOperationKind kind);
void vas_host_operation_free(VasHostOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHostOperation, vas_host_operation_free)

/* "vfs", "host-detach", "host-reattach". Static. */
const char *vas_host_operation_name(VasHostOperationKind kind);
/* FALSE: @name is not one of them. */
gboolean vas_host_operation_kind_parse(const char *name, VasHostOperationKind *ret_kind);

/* Adds an empty row for @device. Borrowed. */
VasHostOperationDevice *vas_host_operation_add(VasHostOperation *operation, VasHostAddress device);

G_END_DECLS
