/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The host's PFs and VFs as the kernel has them, without libvirt. */

typedef struct {
    VasHostAddress address;
    guint index;     /* its number under the PF */
    char *interface; /* NULL: none, as when it is on no network driver */
    char *driver;    /* NULL: none */
} VasMappedVf;

typedef struct {
    VasHostAddress address;
    gboolean is_network; /* class 02xxxx */
    gboolean autoprobe;  /* its VFs get host drivers: sriov_drivers_autoprobe */
    guint max_vfs;
    GStrv interfaces;      /* its own, as vas_pci_interfaces_of has them */
    const char *interface; /* the first; NULL: none */
    char *mac;             /* of the interface; NULL: none */
    char *driver;          /* NULL: none */
    GPtrArray *vfs;        /* VasMappedVf, by index */
} VasMappedPf;

void vas_mapped_pf_free(VasMappedPf *pf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasMappedPf, vas_mapped_pf_free)

/* Reads one PF; NULL: @device is not a PF. Returns full. */
VasMappedPf *vas_mapped_pf_read(const VasHost *host, VasHostAddress device);

/* GPtrArray of VasMappedPf, by address; what goes away meanwhile is left out. Returns full. */
GPtrArray *vas_sriov_map_read(const VasHost *host);

G_END_DECLS
