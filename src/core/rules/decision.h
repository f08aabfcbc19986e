/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* The link is what the host knows of a VF's PF. */
typedef struct {
    gboolean known;        /* FALSE on a remote connection: then libvirt finds out */
    const char *interface; /* NULL: the PF has no network interface */
    gboolean up;           /* IFF_UP */
} VasPfLink;

/* An attach, decided: what to do for one device in one guest. */
typedef struct {
    const VasDevice *device;   /* borrowed from the inventory */
    VasScope scope;            /* where it is to be, in the end */
    VasScope missing;          /* where it is not yet: what has to be done; 0: "already" */
    VasAssignment *assignment; /* complete: alias, guest address, MAC; element is NULL */
    char *vfio_driver; /* libvirt moves the device to it; NULL: vfio-pci, or not known before */
} VasAttachDecision;

void vas_attach_decision_free(VasAttachDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAttachDecision, vas_attach_decision_free)

G_END_DECLS
