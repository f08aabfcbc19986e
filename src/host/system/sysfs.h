/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Reads below the host's root; @path is absolute ("/sys/class/net/enp1s0/flags"). */

/* The file's text without the trailing newline. VAS_ERROR_NOT_FOUND if it is not there, else
 * VAS_ERROR_DENIED or VAS_ERROR_FAILED; the message names the path. Returns full. */
char *vas_sysfs_read(const VasHost *host, const char *path, GError **error);

/* The target of the link, as it is written. Errors as above. Returns full. */
char *vas_sysfs_read_link(const VasHost *host, const char *path, GError **error);

/* The last part of it. Errors as above. Returns full. */
char *vas_sysfs_read_link_name(const VasHost *host, const char *path, GError **error);

/* The names in a folder, sorted; empty if it is not there. Returns full. */
GStrv vas_sysfs_list(const VasHost *host, const char *path);

/* Writes @text into the attribute. VAS_ERROR_NOT_FOUND if it is not there, VAS_ERROR_IN_USE for
 * EBUSY, VAS_ERROR_UNSUPPORTED for EOPNOTSUPP and ENOSYS, VAS_ERROR_DENIED, else VAS_ERROR_FAILED;
 * the message names path, text and cause. A kernel that took the text may still not have done what
 * it asks for. */
gboolean vas_sysfs_write(const VasHost *host, const char *path, const char *text, GError **error);

/* Whether the kernel knows @device. VAS_ERROR_NOT_FOUND. */
gboolean vas_sysfs_check_device(const VasHost *host, VasHostAddress device, GError **error);

/* "/sys/bus/pci/devices/0000:01:00.0/@leaf". Returns full. */
char *vas_sysfs_device_path(VasHostAddress device, const char *leaf);

G_END_DECLS
