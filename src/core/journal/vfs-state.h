/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* By the rule a PF gets its VFs whenever its driver takes it: core/journal/host-wish keeps it, and
 * host/sriov/vf-rule writes it for udev. */
typedef struct {
    guint count;        /* at least 1 */
    gboolean autoprobe; /* host drivers take the VFs */
    char *driver;       /* the PF's, which the rule waits for: another one (vfio-pci) gets no VFs */
} VasVfRule;

void vas_vf_rule_free(VasVfRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfRule, vas_vf_rule_free)

/* Returns full. */
VasVfRule *vas_vf_rule_copy(const VasVfRule *rule);
gboolean vas_vf_rule_equal(const VasVfRule *a, const VasVfRule *b);

/* The state of a PF, as far as `vfs` changes it. */
typedef struct {
    guint count;
    gboolean autoprobe;
    VasVfRule *rule; /* NULL: none of ours */
} VasVfsState;

/* Copies @count, @autoprobe and @rule, which may be NULL. */
void vas_vfs_state_set(VasVfsState *state, guint count, gboolean autoprobe, const VasVfRule *rule);

G_END_DECLS
