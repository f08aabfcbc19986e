/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A machine type of QEMU ("pc-q35-7.2", "pc-i440fx-jammy") tells this by its name. NULL, as in a
 * guest without one, is QEMU's default for x86: pc. */

gboolean vas_machine_is_x86(const char *machine);
gboolean vas_machine_is_q35(const char *machine);
gboolean vas_machine_is_s390(const char *machine);

/* The QEMU whose devices the machine has, or has at least: 702 for 7.2. 0: not known. An alias
 * ("q35", "pc") is the newest that QEMU has, G_MAXUINT. The QEMU that runs it may be newer. */
guint vas_machine_version(const char *machine);

G_END_DECLS
