/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* @chain is the way down from the interface that was asked about ("br0 on enp1s0"), @functions are
 * the PCI functions above the interface at its end (GArray of VasHostAddress, the outermost
 * first). */
typedef void (*VasInterfaceVisit)(const char *chain, const GArray *functions, gpointer data);

/* Visits each interface of a PCI function that @interface is or is made of: through bonds, bridges,
 * teams, VLANs, macvlans, and those of @network's tunnels; NULL: these are left out. */
void vas_interface_walk(const VasHost *host, const VasNetwork *network, const char *interface,
                        VasInterfaceVisit visit, gpointer data);

G_END_DECLS
