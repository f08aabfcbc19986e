/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vfs-state.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* A PF's udev rule makes its VFs whenever its driver takes it, at each boot above all. Each PF has
 * one file, below /etc/udev/rules.d, with our header. udevd sees by itself that the folder has
 * changed (udev_rules_should_reload in systemd's src/udev/udev-rules.c), before its next event. */

/* "/etc/udev/rules.d/80-virt-assign-vfs-0000:01:00.0.rules". Returns full. */
char *vas_vf_rule_path(VasHostAddress pf);

/* The PF's rule; *ret_rule NULL: there is none. VAS_ERROR_CONFLICT: the file there is not one that
 * virt-assign wrote, or was changed by hand, or is not a plain file. */
gboolean vas_vf_rule_read(const VasHost *host, VasHostAddress pf, VasVfRule **ret_rule,
                          GError **error);

/* Puts @rule in the place of the earlier one, whole or not at all; @rule NULL removes it. A file
 * that vas_vf_rule_read refuses is refused. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_vf_rule_write(const VasHost *host, VasHostAddress pf, const VasVfRule *rule,
                           GError **error);

G_END_DECLS
