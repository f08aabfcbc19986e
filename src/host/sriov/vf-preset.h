/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* A preset is what a file of another program says about one VF. The program writes it over what
 * the PF holds, whoever has the VF then. netplan is not among these programs: it sets the VLANs
 * only of VFs that have an interface on the host (apply_sriov_config in netplan_cli/cli/sriov.py).
 */
typedef struct {
    const char *program; /* static: "systemd-udevd" */
    char *path;
    guint line;             /* from 1 */
    int index;              /* of the VF under its PF; -1: none is named */
    VasVfSettings settings; /* of these only */
    guint fields;           /* a set of VasVfField */
    char *doubt;            /* why it may not be written, a clause; NULL: it is */
} VasVfPreset;

/* Makes one for no VF and without fields; what has no default is -1. @program is static. */
VasVfPreset *vas_vf_preset_new(const char *program, const char *path, guint line);
void vas_vf_preset_free(VasVfPreset *preset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfPreset, vas_vf_preset_free)

/* An empty list: GPtrArray of VasVfPreset. Returns full. */
GPtrArray *vas_vf_presets_new(void);

/* Adds @preset to those of the same file (VasVfPreset), unless it is for no VF, in the place of an
 * earlier one for its VF. Takes @preset. */
void vas_vf_preset_add(VasVfPreset *preset, GPtrArray *of_file);

/* Moves those of one file to @presets that write anything and are not there already. */
void vas_vf_presets_take(GPtrArray *of_file, GPtrArray *presets);

/* Reads what other programs' files have for the VFs of @pf. GPtrArray of VasVfPreset. Returns full.
 */
GPtrArray *vas_vf_presets_list(const VasHost *host, const VasMappedPf *pf);

/* The fields in which @preset is not as a guest with @assignment has the VF: @now is what the PF
 * holds, and libvirt sets the MAC and the VLAN of an interface. *ret_has: what the guest has. A set
 * of VasVfField. */
guint vas_vf_preset_differs(const VasVfPreset *preset, const VasVfSettings *now,
                            const VasAssignment *assignment, VasVfSettings *ret_has);

G_END_DECLS
