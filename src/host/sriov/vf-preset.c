/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-preset.h"

#include "host/sriov/preset-network-manager.h"
#include "host/sriov/preset-systemd.h"

VasVfPreset *
vas_vf_preset_new(const char *program, const char *path, guint line)
{
    VasVfPreset *preset = g_new0(VasVfPreset, 1);

    preset->program = program;
    preset->path = g_strdup(path);
    preset->line = line;
    preset->index = -1;
    preset->settings.vlan_protocol = VAS_VLAN_PROTOCOL;
    preset->settings.spoof_check = -1;
    preset->settings.trust = -1;
    preset->settings.link_state = -1;
    return preset;
}

void
vas_vf_preset_free(VasVfPreset *preset)
{
    if (preset == NULL)
        return;
    g_free(preset->path);
    g_free(preset->doubt);
    g_free(preset);
}

/* A file can fit two interfaces of one PF. */
static gboolean
has_line(const GPtrArray *presets, const VasVfPreset *preset)
{
    for (guint i = 0; i < presets->len; i++) {
        const VasVfPreset *other = g_ptr_array_index(presets, i);

        if (other->line == preset->line && g_str_equal(other->path, preset->path))
            return TRUE;
    }
    return FALSE;
}

void
vas_vf_preset_add(VasVfPreset *preset, GPtrArray *of_file)
{
    if (preset->index < 0) {
        vas_vf_preset_free(preset);
        return;
    }
    for (guint i = of_file->len; i > 0; i--) {
        if (((const VasVfPreset *) g_ptr_array_index(of_file, i - 1))->index == preset->index)
            g_ptr_array_remove_index(of_file, i - 1);
    }
    g_ptr_array_add(of_file, preset);
}

void
vas_vf_presets_take(GPtrArray *of_file, GPtrArray *presets)
{
    while (of_file->len > 0) {
        g_autoptr(VasVfPreset) preset = g_ptr_array_steal_index(of_file, 0);

        if (preset->fields != 0 && !has_line(presets, preset))
            g_ptr_array_add(presets, g_steal_pointer(&preset));
    }
}

GPtrArray *
vas_vf_presets_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_preset_free);
}

GPtrArray *
vas_vf_presets_list(const VasHost *host, const VasMappedPf *pf)
{
    GPtrArray *presets = vas_vf_presets_new();

    vas_preset_systemd_find(host, pf, presets);
    vas_preset_network_manager_find(host, pf, presets);
    return presets;
}

guint
vas_vf_preset_differs(const VasVfPreset *preset, const VasVfSettings *now,
                      const VasAssignment *assignment, VasVfSettings *ret_has)
{
    int vlan = MAX(assignment->vlan, 0);

    *ret_has = *now;
    if (assignment->type == VAS_ASSIGNMENT_INTERFACE) {
        if (assignment->has_mac)
            ret_has->mac = assignment->mac;
        if (ret_has->vlan != vlan)
            ret_has->qos = 0;
        ret_has->vlan = vlan;
        ret_has->vlan_protocol = VAS_VLAN_PROTOCOL;
    }
    return vas_vf_settings_differ(ret_has, &preset->settings) & preset->fields;
}
