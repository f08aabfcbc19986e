/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The order is the one in which interfaces of one function are taken. */
typedef enum {
    VAS_PCI_INTERFACE_UPLINK,      /* the kernel says that the function's own port is behind it */
    VAS_PCI_INTERFACE_PORT,        /* nothing is said; most drivers say nothing */
    VAS_PCI_INTERFACE_REPRESENTOR, /* it is the PF's end of a VF's link, in switchdev mode */
} VasPciInterfaceRole;

/* A network interface and the PCI function it belongs to. */
typedef struct {
    VasHostAddress device;
    char *name;
    char *port_name; /* phys_port_name; NULL: the driver tells none */
    VasPciInterfaceRole role;
    int vf;       /* of a representor: the PF's VF that it stands for; -1: something else */
    guint64 port; /* dev_port: several ports of one function count from 0 */
} VasPciInterface;

void vas_pci_interface_free(VasPciInterface *interface);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPciInterface, vas_pci_interface_free)

/* The host's network interfaces that are a PCI function's own, by device. Several can be one
 * function's: then its uplink comes first, its ports by number and name, representors last. As
 * libvirt has it, the interface of a virtio NIC belongs to the PCI function under the virtio
 * device, and the interface of a NIC on USB to the USB device, not to its controller. GPtrArray of
 * VasPciInterface. Returns full. */
GPtrArray *vas_pci_interfaces_list(const VasHost *host);

/* The names of @device's own interfaces in the same order, without representors: VFs are set up and
 * looked at through the first. Empty: none. Returns full. */
GStrv vas_pci_interfaces_of(const VasHost *host, VasHostAddress device);

G_END_DECLS
