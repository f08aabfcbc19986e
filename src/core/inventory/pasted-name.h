/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads a name that only a device of the host can have and that another tool gives it: a path in
 * sysfs (/sys/bus/pci/devices/0000:03:10.3/net/eth0, /sys/class/net/enp3s0/device/virtfn3), or an
 * address with a word of lshw (pci@0000:03:10.3), devlink (pci/0000:03:10.3) or udev
 * (pci-0000:03:10.3) in front. Returns the name that vas_selector_device takes, an address, an
 * interface, or one of these with "/vf3"; NULL: @text is not written like that. Returns full. */
char *vas_pasted_name(const char *text);

G_END_DECLS
