/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/device-identity.h"

#include "core/rules/rules-identity.h"
#include "core/value/error.h"
#include "host/pci/device-path.h"
#include "host/pci/pci-serial.h"
#include "host/pci/pci-vpd.h"
#include "xml/nodedev-xml.h"

/* A path that does not end at @card tells of something else. */
static void
set_place(VasIdentity *identity, const VasDevice *card, const char *path)
{
    g_autoptr(GArray) functions = vas_device_path_functions(path != NULL ? path : "");

    if (functions->len > 0 &&
        vas_host_address_equal(g_array_index(functions, VasHostAddress, functions->len - 1),
                               card->address))
        vas_identity_set_place(identity, functions, card->is_express);
}

static void
read_from_kernel(const VasHost *host, VasIdentity *identity, const VasDevice *card)
{
    g_autofree char *path =
        vas_device_path(host, "/sys/bus/pci/devices", vas_host_address_text(card->address).text);
    gboolean is_hidden = FALSE;
    g_autofree char *serial = vas_pci_serial_read(host, card->address, &is_hidden);
    VasMacAddress mac;

    set_place(identity, card, path);
    vas_identity_set_key(identity, VAS_CARD_KEY_SERIAL, serial);
    if (card->interface != NULL && host->read_permanent_mac(card->interface, &mac, host->mac_data))
        vas_identity_set_key(identity, VAS_CARD_KEY_MAC, vas_mac_address_text(mac).text);
    /* A network card has an interface only on its host driver. */
    identity->may_have_more_keys =
        is_hidden || (card->interface == NULL && vas_device_in_class(card, VAS_CLASS_NET));
}

/* At a boot libvirt is not there to read it. */
static void
read_vpd(const VasHost *host, VasIdentity *identity, const VasDevice *card)
{
    gboolean is_hidden = FALSE;
    g_autofree char *serial = vas_pci_vpd_read_serial(host, card->address, &is_hidden);

    vas_identity_set_key(identity, VAS_CARD_KEY_VPD, serial);
    identity->may_have_more_keys = identity->may_have_more_keys || is_hidden;
}

/* The kernel has told all else: a libvirt without node devices is not in the way. */
static gboolean
ask_for_vpd(const VasContext *context, VasIdentity *identity, const VasDevice *card, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *xml =
        context->hypervisor->node_device_xml(context->hypervisor, card->nodedev, &refusal);
    g_autoptr(VasDevice) told = xml != NULL ? vas_nodedev_xml_parse_pci(xml, NULL) : NULL;

    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (told != NULL)
        vas_identity_set_key(identity, VAS_CARD_KEY_VPD, told->vpd_serial);
    identity->may_have_more_keys = identity->may_have_more_keys || told == NULL;
    return TRUE;
}

gboolean
vas_device_identity_read(const VasContext *context, const VasInventory *inventory,
                         const VasDevice *device, VasIdentity **ret_identity, GError **error)
{
    g_autoptr(VasIdentity) identity = vas_identity_new(device);
    const VasDevice *card = vas_inventory_pf_of(inventory, device);

    if (card == NULL)
        card = device;
    if (identity != NULL && context->host == NULL) {
        set_place(identity, card, card->kernel_path);
        vas_identity_set_key(identity, VAS_CARD_KEY_VPD, card->vpd_serial);
        identity->may_have_more_keys = TRUE;
    } else if (identity != NULL) {
        read_from_kernel(context->host, identity, card);
        if (context->hypervisor == NULL && !vas_identity_has_key(identity))
            read_vpd(context->host, identity, card);
        else if (!vas_identity_has_key(identity) && !ask_for_vpd(context, identity, card, error))
            return FALSE;
    }
    *ret_identity = g_steal_pointer(&identity);
    return TRUE;
}

static void
clear_identified(gpointer data)
{
    const VasIdentified *identified = data;

    vas_identity_free((VasIdentity *) identified->identity);
}

GArray *
vas_identified_new(void)
{
    GArray *identified = g_array_new(FALSE, FALSE, sizeof(VasIdentified));

    g_array_set_clear_func(identified, clear_identified);
    return identified;
}

gboolean
vas_identified_add(GArray *identified, const VasContext *context, const VasInventory *inventory,
                   const VasDevice *device, GError **error)
{
    VasIdentity *identity = NULL;
    VasIdentified row = {.address = device->address};

    if (!vas_device_identity_read(context, inventory, device, &identity, error))
        return FALSE;
    row.identity = identity;
    if (identity != NULL)
        g_array_append_val(identified, row);
    return TRUE;
}
