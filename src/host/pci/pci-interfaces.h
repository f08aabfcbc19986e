/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A network interface and the PCI function it belongs to. */
typedef struct {
    VasHostAddress device;
    char *name;
} VasPciInterface;

void vas_pci_interface_free(VasPciInterface *interface);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPciInterface, vas_pci_interface_free)

/* The host's network interfaces that are a PCI function's own, by name; several can be one
 * function's. As libvirt has it, the interface of a virtio NIC belongs to the PCI function under
 * the virtio device, and the interface of a NIC on USB to the USB device, not to its controller.
 * GPtrArray of VasPciInterface. Returns full. */
GPtrArray *vas_pci_interfaces_list(const VasHost *host);

G_END_DECLS
