/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Other programs keep their settings in the same-named files of several folders, and read them by
 * name: systemd, udev, NetworkManager, modprobe, netplan. */

/* GPtrArray of char*: the paths of the files in @folders (up to a NULL) whose names end with
 * @suffix, by name. Of files with one name the first folder's is there, which hides the others.
 * Returns full. */
GPtrArray *vas_settings_files_list(const VasHost *host, const char *const *folders,
                                   const char *suffix);

G_END_DECLS
