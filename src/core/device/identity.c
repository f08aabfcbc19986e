/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/identity.h"

#include <string.h>

const char *
vas_card_key_name(VasCardKey key)
{
    static const char *const names[VAS_N_CARD_KEYS] = {"permanent-mac", "pcie-serial",
                                                       "vpd-serial"};

    return names[key];
}

const char *
vas_card_key_label(VasCardKey key)
{
    static const char *const labels[VAS_N_CARD_KEYS] = {"permanent MAC", "PCIe serial number",
                                                        "VPD serial number"};

    return labels[key];
}

VasIdentity *
vas_identity_new(const VasDevice *device)
{
    VasIdentity *identity = NULL;

    if (device->kind == VAS_DEVICE_VF && device->vf_index < 0)
        return NULL;
    identity = g_new0(VasIdentity, 1);
    identity->vendor_id = device->vendor_id;
    identity->product_id = device->product_id;
    identity->has_subsystem = device->has_subsystem;
    identity->subsystem_vendor_id = device->subsystem_vendor_id;
    identity->subsystem_id = device->subsystem_id;
    identity->vf_index = device->vf_index;
    return identity;
}

VasIdentity *
vas_identity_copy(const VasIdentity *identity)
{
    VasIdentity *copy = g_memdup2(identity, sizeof *identity);

    for (guint i = 0; i < VAS_N_CARD_KEYS; i++)
        copy->keys[i] = g_strdup(identity->keys[i]);
    copy->place = g_strdup(identity->place);
    return copy;
}

void
vas_identity_free(VasIdentity *identity)
{
    if (identity == NULL)
        return;
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++)
        g_free(identity->keys[i]);
    g_free(identity->place);
    g_free(identity);
}

/* Erased flash reads as ones, a register that nobody filled as zeros. */
static gboolean
is_blank(const char *value)
{
    char first = '\0';

    for (const char *at = value; *at != '\0'; at++) {
        if (strchr(":-. ", *at) != NULL)
            continue;
        if (first != '\0' && *at != first)
            return FALSE;
        first = *at;
    }
    return TRUE;
}

void
vas_identity_set_key(VasIdentity *identity, VasCardKey key, const char *value)
{
    g_autofree char *stripped = value != NULL ? g_strstrip(g_strdup(value)) : NULL;

    if (stripped == NULL || is_blank(stripped))
        return;
    g_free(identity->keys[key]);
    identity->keys[key] = g_steal_pointer(&stripped);
}

gboolean
vas_identity_has_key(const VasIdentity *identity)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (identity->keys[i] != NULL)
            return TRUE;
    }
    return FALSE;
}

void
vas_identity_set_place(VasIdentity *identity, const GArray *path, gboolean is_express)
{
    g_autoptr(GString) place = g_string_new(NULL);
    VasPciAddress last = {0};

    if (path->len == 0)
        return;
    last = g_array_index(path, VasHostAddress, 0).pci;
    g_string_printf(place, "%04x:%02x", last.domain, last.bus);
    for (guint i = 0; i < path->len; i++) {
        last = g_array_index(path, VasHostAddress, i).pci;
        g_string_append_printf(place, "/%02x.%x", last.slot, last.function);
    }
    identity->function =
        is_express && path->len > 1 ? last.slot * 8U + last.function : last.function;
    g_free(identity->place);
    identity->place = g_strdup(place->str);
}

/* Whether an address is written with these parts of one. */
static gboolean
is_address(const char *bus, const char *slot)
{
    g_autofree char *text = g_strdup_printf("%s:%s", bus, slot);
    VasPciAddress address;

    return vas_pci_address_parse(text, &address, NULL) &&
           g_str_equal(vas_pci_address_text(address).text, text);
}

gboolean
vas_identity_place_is_valid(const char *place)
{
    g_auto(GStrv) parts = g_strsplit(place, "/", -1);

    for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
        if (!is_address(parts[0], parts[i]))
            return FALSE;
    }
    return parts[0] != NULL && parts[1] != NULL;
}
