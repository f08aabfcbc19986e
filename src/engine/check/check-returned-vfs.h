/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Checks what becomes of VFs that nobody looks after: whether a network manager configures those
 * that come back from a guest, and whether they are there again after a reboot. Appends to
 * @findings (GPtrArray of VasFinding). */
void vas_check_returned_vfs(const VasHost *host, GPtrArray *findings);

G_END_DECLS
