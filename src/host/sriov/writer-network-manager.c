/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-network-manager.h"

#include "host/sriov/network-manager-profile.h"
#include "host/sriov/vf-writer.h"

#define PROGRAM "NetworkManager"

static VasVfWriter *
new_writer(const char *path, guint line, const char *key, const char *value)
{
    g_autofree char *text = g_strdup_printf("%s=%s", key, value);
    VasVfWriter *writer = vas_vf_writer_new(PROGRAM, path, line, text);

    writer->replaces = TRUE;
    return writer;
}

/* device_init_static_sriov_num_vfs in src/core/devices/nm-device.c. NULL: none. Returns full. */
static VasVfWriter *
find_in_configuration(const VasHost *host, const VasMappedPf *pf)
{
    g_auto(VasNetworkManagerDefault) count = {0};
    g_autofree char *absence = NULL;
    VasVfWriter *writer = NULL;

    vas_network_manager_find_default(host, pf, "device", "sriov-num-vfs", &count);
    if (count.path == NULL)
        return NULL;
    writer = new_writer(count.path, count.line, "sriov-num-vfs", count.value);
    vas_vf_writer_set_count(writer, count.value);
    absence = vas_network_manager_absence(host, pf);
    if (count.depends)
        vas_vf_writer_doubt(writer, "its [.config] enable= is not looked at");
    if (absence != NULL)
        vas_vf_writer_doubt(writer, "%s", absence);
    return writer;
}

/* A profile's deactivation writes 0 (NM_DEVICE_STATE_DEACTIVATING in nm-device.c). Since 1.54
 * preserve-on-down=1 keeps it from that, in the profile or, where that leaves it open, as a default
 * of NetworkManager.conf (_prop_get_sriov_preserve_on_down). */
static gboolean
is_preserved(const VasHost *host, const VasMappedPf *pf, const GPtrArray *settings)
{
    const VasSettingLine *own = vas_network_manager_find(settings, "sriov", "preserve-on-down");
    g_auto(VasNetworkManagerDefault) found = {0};

    if (own != NULL && !g_str_equal(own->value, "-1"))
        return g_str_equal(own->value, "1");
    vas_network_manager_find_default(host, pf, "connection", "sriov.preserve-on-down", &found);
    return !found.depends && g_strcmp0(found.value, "1") == 0;
}

/* A profile that has [sriov] without total-vfs removes all VFs: 0 is the default. Returns full. */
static VasVfWriter *
look_at_profile(const VasHost *host, const VasMappedPf *pf, const VasNetworkManagerProfile *profile)
{
    const VasSettingLine *any = vas_network_manager_find(profile->settings, "sriov", NULL);
    const VasSettingLine *count = vas_network_manager_find(profile->settings, "sriov", "total-vfs");
    const VasSettingLine *line = count != NULL ? count : any;
    VasVfWriter *writer = new_writer(profile->path, line->line, line->key, line->value);

    vas_vf_writer_set_count(writer, count != NULL ? count->value : "0");
    if (profile->doubt != NULL)
        vas_vf_writer_doubt(writer, "%s", profile->doubt);
    writer->zeroes = !is_preserved(host, pf, profile->settings);
    return writer;
}

void
vas_writer_network_manager_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    g_autoptr(GPtrArray) profiles = NULL;
    VasVfWriter *configured = NULL;

    if (pf->interface == NULL)
        return;
    profiles = vas_network_manager_profiles(host, pf);
    for (guint i = 0; i < profiles->len; i++)
        g_ptr_array_add(writers, look_at_profile(host, pf, g_ptr_array_index(profiles, i)));
    /* A profile with [sriov] has the last word (config_changed in nm-device.c). */
    configured = profiles->len == 0 ? find_in_configuration(host, pf) : NULL;
    if (configured != NULL)
        g_ptr_array_add(writers, configured);
}
