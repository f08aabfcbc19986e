/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The PCI Express Device Serial Number of the function at @address as lspci writes it,
 * "00-15-17-ff-ff-12-34-56"; NULL: it has none, or it was not told. *ret_is_hidden TRUE: the
 * kernel tells serial numbers to others than the caller (it takes CAP_SYS_ADMIN). May wake a device
 * that sleeps. Returns full. */
char *vas_pci_serial_read(const VasHost *host, VasHostAddress address, gboolean *ret_is_hidden);

G_END_DECLS
