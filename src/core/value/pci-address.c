/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/pci-address.h"

#include "core/value/error.h"

#include <string.h>

#define SLOT_MAX 31
#define FUNCTION_MAX 7

typedef struct {
    guint32 domain;
    guint32 bus;
    guint32 slot;
    guint32 function;
} AddressParts;

static gboolean
take_hex(const char **cursor, guint max_digits, guint32 *ret_value)
{
    guint digits = 0;
    guint32 value = 0;

    while (g_ascii_isxdigit(**cursor)) {
        if (++digits > max_digits)
            return FALSE;
        value = value << 4 | (guint32) g_ascii_xdigit_value(**cursor);
        (*cursor)++;
    }
    *ret_value = value;
    return digits > 0;
}

static gboolean
take_char(const char **cursor, char expected)
{
    if (**cursor != expected)
        return FALSE;
    (*cursor)++;
    return TRUE;
}

/* Bus, slot and function up to the end of the text. */
static gboolean
take_tail(const char *cursor, char separator, char before_function, AddressParts *parts)
{
    return take_hex(&cursor, 2, &parts->bus) && take_char(&cursor, separator) &&
           take_hex(&cursor, 2, &parts->slot) && take_char(&cursor, before_function) &&
           take_hex(&cursor, 1, &parts->function) && *cursor == '\0';
}

static gboolean
take_all(const char *cursor, char separator, char before_function, AddressParts *parts)
{
    return take_hex(&cursor, 8, &parts->domain) && take_char(&cursor, separator) &&
           take_tail(cursor, separator, before_function, parts);
}

static VasPciAddress
address_of_parts(const AddressParts *parts)
{
    return (VasPciAddress){
        .domain = parts->domain,
        .bus = (guint8) parts->bus,
        .slot = (guint8) parts->slot,
        .function = (guint8) parts->function,
    };
}

gboolean
vas_pci_address_parse(const char *text, VasPciAddress *ret_address, GError **error)
{
    AddressParts parts = {0};

    if (!take_all(text, ':', '.', &parts)) {
        parts = (AddressParts){0};
        if (!take_tail(text, ':', '.', &parts)) {
            g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not a PCI address", text);
            vas_error_set_hint(error, "write it as 0000:03:10.3 or 03:10.3, in hexadecimal");
            return FALSE;
        }
    }
    if (parts.slot > SLOT_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "PCI address %s: slot %02x is above %02x, the last one", text, parts.slot,
                    SLOT_MAX);
        return FALSE;
    }
    if (parts.function > FUNCTION_MAX) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "PCI address %s: function %x is above %d, the last one", text, parts.function,
                    FUNCTION_MAX);
        return FALSE;
    }
    *ret_address = address_of_parts(&parts);
    return TRUE;
}

/* The text after one or more letters and digits; NULL if there are none. */
static const char *
skip_alphanumeric(const char *text)
{
    const char *end = text;

    while (g_ascii_isalnum(*end))
        end++;
    return end > text ? end : NULL;
}

gboolean
vas_pci_address_is_shaped(const char *text)
{
    const char *cursor = skip_alphanumeric(text);
    guint colons = 0;

    while (cursor != NULL && *cursor == ':') {
        colons++;
        cursor = skip_alphanumeric(cursor + 1);
    }
    if (cursor == NULL || *cursor != '.' || colons < 1 || colons > 2)
        return FALSE;
    cursor = skip_alphanumeric(cursor + 1);
    return cursor != NULL && *cursor == '\0';
}

VasPciAddressText
vas_pci_address_text(VasPciAddress address)
{
    VasPciAddressText text;

    g_snprintf(text.text, sizeof text.text, "%04x:%02x:%02x.%x", address.domain, address.bus,
               address.slot, address.function);
    return text;
}

VasPciAddressText
vas_pci_address_nodedev(VasPciAddress address)
{
    VasPciAddressText text;

    g_snprintf(text.text, sizeof text.text, "pci_%04x_%02x_%02x_%x", address.domain, address.bus,
               address.slot, address.function);
    return text;
}

gboolean
vas_pci_address_from_nodedev(const char *name, VasPciAddress *ret_address)
{
    AddressParts parts = {0};

    if (!g_str_has_prefix(name, "pci_") || !take_all(name + strlen("pci_"), '_', '_', &parts))
        return FALSE;
    if (parts.slot > SLOT_MAX || parts.function > FUNCTION_MAX)
        return FALSE;
    *ret_address = address_of_parts(&parts);
    return TRUE;
}

int
vas_pci_address_compare(VasPciAddress a, VasPciAddress b)
{
    if (a.domain != b.domain)
        return a.domain < b.domain ? -1 : 1;
    if (a.bus != b.bus)
        return a.bus < b.bus ? -1 : 1;
    if (a.slot != b.slot)
        return a.slot < b.slot ? -1 : 1;
    if (a.function != b.function)
        return a.function < b.function ? -1 : 1;
    return 0;
}

gboolean
vas_pci_address_equal(VasPciAddress a, VasPciAddress b)
{
    return vas_pci_address_compare(a, b) == 0;
}

gboolean
vas_host_address_parse(const char *text, VasHostAddress *ret_address, GError **error)
{
    return vas_pci_address_parse(text, &ret_address->pci, error);
}

VasPciAddressText
vas_host_address_text(VasHostAddress address)
{
    return vas_pci_address_text(address.pci);
}

gboolean
vas_host_address_equal(VasHostAddress a, VasHostAddress b)
{
    return vas_pci_address_equal(a.pci, b.pci);
}

gboolean
vas_host_addresses_have(const GArray *addresses, VasHostAddress address)
{
    for (guint i = 0; addresses != NULL && i < addresses->len; i++) {
        if (vas_host_address_equal(g_array_index(addresses, VasHostAddress, i), address))
            return TRUE;
    }
    return FALSE;
}

gboolean
vas_guest_address_parse(const char *text, VasGuestAddress *ret_address, GError **error)
{
    return vas_pci_address_parse(text, &ret_address->pci, error);
}

VasPciAddressText
vas_guest_address_text(VasGuestAddress address)
{
    return vas_pci_address_text(address.pci);
}

gboolean
vas_guest_address_equal(VasGuestAddress a, VasGuestAddress b)
{
    return vas_pci_address_equal(a.pci, b.pci);
}
