/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The serial number in the Vital Product Data of the function at @address, as libvirt has it; NULL:
 * there is none, or the data is malformed. *ret_is_hidden TRUE: the kernel shows the data to root
 * only. Some cards take seconds to answer. Returns full. */
char *vas_pci_vpd_read_serial(const VasHost *host, VasHostAddress address, gboolean *ret_is_hidden);

G_END_DECLS
