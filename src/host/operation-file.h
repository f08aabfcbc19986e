/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/vf-rule.h"

G_BEGIN_DECLS

/* The record of a command that is about the host alone: what it is about to do and what was before.
 * It is written before the first step and removed at the end, so that one which is found while
 * nobody has the locks on its devices tells of a command that was killed. One file each,
 * /run/virt-assign/operation-ADDRESS with the address of its first device: the locks keep two
 * commands on one device apart. */

typedef enum {
    VAS_HOST_OPERATION_VFS,
    VAS_HOST_OPERATION_DETACH,
    VAS_HOST_OPERATION_REATTACH,
} VasHostOperationKind;

/* A device and how it is bound; of `vfs` the PF, which keeps its driver. */
typedef struct {
    VasHostAddress device;
    char *identity;        /* vas_vf_state_identity; NULL: not known */
    char *driver;          /* before; NULL: none */
    char *override;        /* its driver_override before; NULL: none */
    char *wanted;          /* reattach: the driver it is to get; NULL: any of the host */
    char *wanted_override; /* reattach: its driver_override in the end; NULL: none */
} VasHostOperationDevice;

/* What `vfs` changes of a PF. */
typedef struct {
    guint count;
    gboolean autoprobe;
    VasVfRule *rule; /* NULL: none of ours */
} VasVfsState;

typedef struct {
    VasHostOperationKind kind;
    gint64 started_at;  /* seconds since the epoch */
    GPtrArray *devices; /* VasHostOperationDevice, at least one in a record that was read */
    char *driver;       /* detach: the VFIO driver wished; NULL: any */
    VasVfsState before; /* of vfs only, both */
    VasVfsState wished;
} VasHostOperation;

/* Of now, without devices. Returns full. */
VasHostOperation *vas_host_operation_new(VasHostOperationKind kind);
void vas_host_operation_free(VasHostOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHostOperation, vas_host_operation_free)

/* "vfs", "host-detach", "host-reattach". Static. */
const char *vas_host_operation_name(VasHostOperationKind kind);

/* Its empty row for @device. Borrowed. */
VasHostOperationDevice *vas_host_operation_add(VasHostOperation *operation, VasHostAddress device);

/* Copies @count, @autoprobe and @rule, which may be NULL. */
void vas_vfs_state_set(VasVfsState *state, guint count, gboolean autoprobe, const VasVfRule *rule);

/* Where the record that begins with @device stands. Returns full. */
char *vas_operation_file_path(VasHostAddress device);

/* Writes the record of @operation, whole or not at all. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_operation_file_write(const VasHost *host, const VasHostOperation *operation,
                                  GError **error);

/* The record that begins with @device; *ret_operation NULL: there is none. VAS_ERROR_UNSUPPORTED: a
 * newer version wrote it; VAS_ERROR_FAILED: it is malformed; VAS_ERROR_DENIED. The message names
 * the file. Full. */
gboolean vas_operation_file_read(const VasHost *host, VasHostAddress device,
                                 VasHostOperation **ret_operation, GError **error);

/* That it is not there is fine. */
gboolean vas_operation_file_remove(const VasHost *host, VasHostAddress device, GError **error);

/* The first devices of all records there are, GArray of VasHostAddress. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED: it cannot be told. Returns full. */
GArray *vas_operation_file_list(const VasHost *host, GError **error);

G_END_DECLS
