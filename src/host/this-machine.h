/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The machine that we run on: the host at "/", with its kernel's netlink, network and modules.
 * Returns full. */
VasHost *vas_this_machine_new(void);

G_END_DECLS
