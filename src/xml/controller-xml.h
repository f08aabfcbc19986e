/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/pci-controller.h"

G_BEGIN_DECLS

/* The element that adds a pcie-root-port or a pci-bridge to a config: all of it, since libvirt
 * completes only what it finds in a whole definition (without <model name=''/> the attach fails:
 * qemuValidateDomainDeviceDefControllerPCI in src/qemu/qemu_validate.c). Returns full. */
char *vas_controller_xml_format(const VasPciController *controller);

G_END_DECLS
