/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes the domain of a guest that cannot start: its disk is not there, which libvirt sees behind
 * the hooks of its start and before it runs QEMU (qemuProcessInit and qemuProcessPrepareHost in
 * src/qemu/qemu_process.c). Returns full. */
char *vas_hook_probe_xml_format(const char *name);

G_END_DECLS
