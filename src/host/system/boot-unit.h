/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* systemd's unit that runs `virt-assign boot`. */
#define VAS_BOOT_UNIT "virt-assign-boot.service"

/* Whether systemd starts the unit at each boot: the link of "systemctl enable" is there. */
gboolean vas_boot_unit_is_enabled(const VasHost *host);

G_END_DECLS
