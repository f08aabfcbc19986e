/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-private.h"

#include "core/value/error.h"

/* libvirt notes this of a VF before it gives it to a guest (/run/libvirt/hostdevmgr). */
typedef struct {
    VasMacAddress mac;
    int vlan;
} Saved;

static const char *const keys[][2] = {
    {"0000:01:10.0", "enp1s0/0"},
    {"0000:01:10.2", "enp1s0/1"},
    {"0000:02:10.0", "enp2s0/0"},
};

VasVfSettings *
fake_vf_settings(FakeHypervisor *public, const char *device)
{
    Fake *fake = (Fake *) public;
    const char *key = g_hash_table_lookup(fake->vf_keys, device);

    g_assert_nonnull(key);
    return g_hash_table_lookup(fake->vf_settings, key);
}

static gboolean
read_settings(const char *pf_interface, int vf_index, VasVfSettings *ret_settings, gpointer data,
              GError **error)
{
    Fake *fake = data;
    g_autofree char *key = g_strdup_printf("%s/%d", pf_interface, vf_index);
    const VasVfSettings *settings = g_hash_table_lookup(fake->vf_settings, key);
    const PlannedFault *planned = NULL;

    if (fake_strikes(fake, FAKE_READ_VF, &planned)) {
        g_set_error_literal(error, VAS_ERROR, planned->code, planned->message);
        return FALSE;
    }
    if (settings == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "%s has no VF %d", pf_interface,
                    vf_index);
        return FALSE;
    }
    g_rec_mutex_lock(&fake->lock);
    *ret_settings = *settings;
    g_rec_mutex_unlock(&fake->lock);
    return TRUE;
}

/* The lock is not held where a fault strikes: a command may be killed there, and stand still. */
static void
put(Fake *fake, const char *key, VasVfField field, const VasVfSettings *wanted)
{
    g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new(&fake->lock);
    VasVfSettings *settings = g_hash_table_lookup(fake->vf_settings, key);

    switch (field) {
    case VAS_VF_SPOOF_CHECK:
        settings->spoof_check = wanted->spoof_check;
        break;
    case VAS_VF_TRUST:
        settings->trust = wanted->trust;
        break;
    case VAS_VF_LINK_STATE:
        settings->link_state = wanted->link_state;
        break;
    case VAS_VF_RATE:
        settings->min_rate = wanted->min_rate;
        settings->max_rate = wanted->max_rate;
        break;
    case VAS_VF_VLAN:
        settings->vlan = wanted->vlan;
        settings->qos = wanted->qos;
        break;
    case VAS_VF_MAC:
        settings->mac = wanted->mac;
        break;
    }
}

static gboolean
write_settings(const char *pf_interface, int vf_index, VasVfField field,
               const VasVfSettings *settings, gpointer data, GError **error)
{
    Fake *fake = data;
    g_autofree char *key = g_strdup_printf("%s/%d", pf_interface, vf_index);
    const PlannedFault *planned = NULL;

    if (fake_strikes(fake, FAKE_WRITE_VF, &planned)) {
        if (fake->public.on_fault != NULL)
            fake->public.on_fault(&fake->public);
        if (planned->fault == FAKE_LIES)
            return TRUE;
        if (planned->fault == FAKE_FAILS_LATE)
            put(fake, key, field, settings);
        g_set_error_literal(error, VAS_ERROR, planned->code, planned->message);
        return FALSE;
    }
    if ((fake->public.vf_refuses & field) != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED, "set %s for VF %d of %s: refused",
                    vas_vf_field_name(field), vf_index, pf_interface);
        return FALSE;
    }
    if ((fake->public.vf_ignores & field) == 0)
        put(fake, key, field, settings);
    return TRUE;
}

/* virNetDevSaveNetConfig and virNetDevSetNetConfig: the priority goes with the VLAN. */
void
fake_vf_assign(Fake *fake, const VasAssignment *assignment)
{
    const char *device = vas_host_address_text(assignment->device).text;
    VasVfSettings *settings = fake_vf_settings(&fake->public, device);
    Saved *saved = g_new0(Saved, 1);

    saved->mac = settings->mac;
    saved->vlan = settings->vlan;
    g_hash_table_replace(fake->vf_saved, g_strdup(device), saved);
    settings->mac = assignment->mac;
    settings->vlan = MAX(assignment->vlan, 0);
    settings->qos = 0;
}

void
fake_vf_release(Fake *fake, const VasAssignment *assignment)
{
    const char *device = vas_host_address_text(assignment->device).text;
    const Saved *saved = g_hash_table_lookup(fake->vf_saved, device);
    VasVfSettings *settings = NULL;

    if (saved == NULL)
        return;
    settings = fake_vf_settings(&fake->public, device);
    settings->mac = saved->mac;
    settings->vlan = saved->vlan;
    settings->qos = 0;
    g_hash_table_remove(fake->vf_saved, device);
}

void
fake_vf_settings_add(Fake *fake, const char *device, const char *key)
{
    VasVfSettings *settings = g_new0(VasVfSettings, 1);

    settings->vlan_protocol = VAS_VLAN_PROTOCOL;
    settings->spoof_check = 1;
    g_hash_table_insert(fake->vf_keys, g_strdup(device), g_strdup(key));
    g_hash_table_insert(fake->vf_settings, g_strdup(key), settings);
}

void
fake_vf_settings_build(Fake *fake)
{
    fake->vf_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fake->vf_settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fake->vf_saved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        fake_vf_settings_add(fake, keys[i][0], keys[i][1]);
    fake->public.host->read_vf_settings = read_settings;
    fake->public.host->reader_data = fake;
    fake->public.host->write_vf_settings = write_settings;
    fake->public.host->vf_writer_data = fake;
}

void
fake_vf_settings_clear(Fake *fake)
{
    g_hash_table_unref(fake->vf_keys);
    g_hash_table_unref(fake->vf_settings);
    g_hash_table_unref(fake->vf_saved);
}
