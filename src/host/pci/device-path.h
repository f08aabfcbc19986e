/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The path of @name in @folder ("/sys/class/net", "/sys/bus/usb/devices") in the kernel's tree of
 * devices ("/sys/devices/..."); NULL: it does not exist. Returns full. */
char *vas_device_path(const VasHost *host, const char *folder, const char *name);

/* The PCI functions that @path goes through, the outermost first: root ports and bridges too, the
 * endpoint last (several in a row below Intel's VMD). GArray of VasHostAddress. Returns full. */
GArray *vas_device_path_functions(const char *path);

G_END_DECLS
