/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"

G_BEGIN_DECLS

typedef enum {
    VAS_GUEST_USE_INTERFACE, /* the source is a network interface of the host */
    VAS_GUEST_USE_BLOCK,     /* a block device's node: "/dev/nvme0n1" */
    VAS_GUEST_USE_MDEV,      /* a mediated device's UUID */
    VAS_GUEST_USE_USB,       /* "BUS/DEVICE", in decimal, or "VENDOR:PRODUCT", in four hex digits */
    VAS_GUEST_USE_SCSI_HOST, /* "host0" */
} VasGuestUseKind;

/* A guest uses a part of the host through its host driver: no assignment, and yet the guest loses
 * it when the device below goes. */
typedef struct {
    VasGuestUseKind kind;
    char *source;
    char *means;     /* "by macvtap", "its disk vda": it follows the guest's name */
    char *element;   /* "<interface type='direct'> with MAC 52:54:00:aa:00:01" */
    gboolean shared; /* the element leaves the rest of the source to others */
    GArray *devices; /* VasHostAddress: the functions below the source; empty: not known */
} VasGuestUse;

VasGuestUse *vas_guest_use_new(VasGuestUseKind kind, const char *source);
void vas_guest_use_free(VasGuestUse *use);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestUse, vas_guest_use_free)

void vas_guest_use_add_device(VasGuestUse *use, VasHostAddress device);

/* Whether @use leaves nothing of @device to another guest: not so of a shared interface, or of one
 * among the disks or USB devices of a controller. */
gboolean vas_guest_use_takes(const VasGuestUse *use, const VasDevice *device);

/* The use among @uses (GPtrArray of VasGuestUse) that has @device; one that takes it comes before
 * one that shares it. NULL: none. Borrowed. */
const VasGuestUse *vas_guest_use_find(const GPtrArray *uses, const VasDevice *device);

G_END_DECLS
