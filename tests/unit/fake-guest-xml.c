/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-private.h"

#include "xml/metadata-xml.h"

#include <string.h>

/* Makes the element as a domain's XML has it, in its namespace. Returns full. */
static char *
metadata_element(const char *metadata)
{
    const char *rest = metadata != NULL ? strchr(metadata, ' ') : NULL;

    return rest == NULL ? g_strdup("")
                        : g_strdup_printf("<metadata><assignments xmlns='%s'%s</metadata>",
                                          VAS_METADATA_URI, rest);
}

static void
append_extra(const FakeGuest *guest, VasScope scope, GString *xml)
{
    const char *extra = guest->extra;

    for (guint i = 0; scope == VAS_SCOPE_CONFIG && i < guest->ports->len; i++) {
        g_string_append(xml, g_ptr_array_index(guest->ports, i));
        if (guest->moved != NULL)
            extra = guest->moved;
    }
    if (extra != NULL)
        g_string_append(xml, extra);
}

/* Makes all of the definition from its devices on. */
static char *
devices_xml(const FakeGuest *guest, VasScope scope)
{
    const GPtrArray *elements = scope == VAS_SCOPE_LIVE ? guest->live : guest->config;
    g_autoptr(GString) xml =
        g_string_new("<devices><controller type='pci' index='0' model='pcie-root'/>");

    for (guint i = 1; i <= 4; i++)
        g_string_append_printf(xml,
                               "<controller type='pci' index='%u' model='pcie-root-port'>"
                               "<address type='pci' domain='0x0000' bus='0x00' slot='0x%02x' "
                               "function='0x0'/></controller>",
                               i, i);
    for (guint i = 0; i < elements->len; i++)
        g_string_append(xml, g_ptr_array_index(elements, i));
    append_extra(guest, scope, xml);
    g_string_append(xml, "</devices></domain>");
    return g_strdup(xml->str);
}

char *
fake_guest_xml(const FakeGuest *guest, VasScope scope, gboolean earlier)
{
    gboolean is_live = scope == VAS_SCOPE_LIVE;
    const char *old = earlier ? guest->earlier[is_live ? 0 : 1] : NULL;
    g_autofree char *metadata =
        metadata_element(is_live ? guest->metadata : guest->config_metadata);
    g_autofree char *id =
        is_live && guest->run_id >= 0 ? g_strdup_printf(" id='%d'", guest->run_id) : g_strdup("");
    g_autofree char *devices = old != NULL ? g_strdup(old) : devices_xml(guest, scope);

    return g_strdup_printf("<domain type='kvm'%s><name>%s</name><uuid>%s</uuid>%s"
                           "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>"
                           "<features><acpi/></features>%s",
                           id, guest->name, guest->uuid, metadata, devices);
}

void
fake_guest_remember(FakeGuest *guest)
{
    g_free(guest->earlier[0]);
    g_free(guest->earlier[1]);
    guest->earlier[0] = devices_xml(guest, VAS_SCOPE_LIVE);
    guest->earlier[1] = devices_xml(guest, VAS_SCOPE_CONFIG);
}

gboolean
fake_has_unfinished(const FakeGuest *guest)
{
    const char *const records[] = {guest->metadata, guest->config_metadata};

    for (guint i = 0; i < G_N_ELEMENTS(records); i++) {
        if (records[i] != NULL &&
            (strstr(records[i], "<operation ") != NULL || strstr(records[i], "<release ") != NULL))
            return TRUE;
    }
    return FALSE;
}
