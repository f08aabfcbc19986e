/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-choice.h"

#include "core/nic/guest-nics.h"
#include "core/nic/nic-name-effects.h"
#include "core/place/slots-check.h"
#include "core/place/slots-choose.h"
#include "core/place/slots-firmware.h"
#include "core/place/slots.h"
#include "core/value/error.h"

#include <string.h>

typedef enum {
    KIND_ONBOARD,
    KIND_SLOT,
    KIND_PATH,
} Kind;

/* A name taken apart. */
typedef struct {
    Kind kind;
    guint bus;    /* the guest's own number, of a path */
    guint number; /* acpi index or slot */
} Parts;

/* Decimal, as udev writes it: no sign, no leading zero. Moves *@text behind it. */
static gboolean
read_number(const char **text, guint limit, guint *ret_number)
{
    char *end = NULL;
    guint64 number;

    if (!g_ascii_isdigit(**text) || (**text == '0' && g_ascii_isdigit((*text)[1])))
        return FALSE;
    number = g_ascii_strtoull(*text, &end, 10);
    if (number > limit)
        return FALSE;
    *ret_number = (guint) number;
    *text = end;
    return TRUE;
}

static gboolean
take_apart(const char *name, Parts *parts)
{
    const char *rest = name + 2;

    if (!g_str_has_prefix(name, "en"))
        return FALSE;
    *parts = (Parts){.kind = *rest == 'o' ? KIND_ONBOARD : *rest == 's' ? KIND_SLOT : KIND_PATH};
    if (parts->kind == KIND_PATH) {
        if (*rest++ != 'p' || !read_number(&rest, 255, &parts->bus) || *rest != 's')
            return FALSE;
    }
    rest++;
    return read_number(&rest, parts->kind == KIND_ONBOARD ? VAS_ACPI_INDEX_MAX : 31,
                       &parts->number) &&
           *rest == '\0' && (parts->kind == KIND_PATH || parts->number > 0);
}

static gboolean
check_form(const char *name, Parts *parts, GError **error)
{
    if (take_apart(name, parts))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "no attached device can get the name \"%s\" from systemd", name);
    vas_error_set_hint(error,
                       "eno<N> by acpi index (1 to %d), ens<N> by slot (1 to 31), or "
                       "enp<BUS>s<SLOT> by the guest's own bus number",
                       VAS_ACPI_INDEX_MAX);
    return FALSE;
}

gboolean
vas_nic_name_check(const char *name, GError **error)
{
    Parts parts;

    return check_form(name, &parts, error);
}

static const VasGuestDefinition *
leading(const VasNicNameSearch *search)
{
    return search->live != NULL ? search->live : search->config;
}

/* The name of a NIC put at @address of @definition if both schemes agree on it. NULL: they do not,
 * and *ret_other tells both names. Returns full. */
static char *
agreed_name(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
            char **ret_other)
{
    const VasAssignment assignment = {
        .has_guest_address = TRUE, .guest_address = address, .acpi_index = acpi_index, .vlan = -1};
    g_autoptr(VasGuestDefinition) with =
        vas_nic_name_with(definition, &assignment, VAS_NIC_ETHERNET);
    g_autoptr(VasNicName) newest =
        vas_nic_name_predict(with, address, acpi_index, vas_naming_scheme_newest());
    g_autoptr(VasNicName) older =
        vas_nic_name_predict(with, address, acpi_index, vas_naming_scheme_older());

    if (g_strcmp0(newest->name, older->name) == 0)
        return g_steal_pointer(&newest->name);
    if (ret_other != NULL)
        *ret_other = g_strdup_printf("%s, or %s with systemd before 257",
                                     newest->name != NULL ? newest->name : "unknown",
                                     older->name != NULL ? older->name : "unknown");
    return NULL;
}

static gboolean
is_called_in(const VasGuestDefinition *definition, VasGuestAddress address, int acpi_index,
             const char *name)
{
    g_autofree char *agreed = NULL;

    if (definition == NULL)
        return TRUE;
    agreed = agreed_name(definition, address, acpi_index, NULL);
    return g_strcmp0(agreed, name) == 0;
}

static gboolean
is_called(const VasNicNameSearch *search, VasGuestAddress address, int acpi_index, const char *name)
{
    return is_called_in(search->live, address, acpi_index, name) &&
           is_called_in(search->config, address, acpi_index, name);
}

/* Only NICs in the definitions that the search is about count as holders: a device that is in one
 * definition already keeps its name in the other. */
static gboolean
check_name_free(const VasNicNameSearch *search, const VasGuestDefinition *definition,
                const char *name, GError **error)
{
    const VasNamingScheme *const schemes[] = {vas_naming_scheme_newest(),
                                              vas_naming_scheme_older()};

    for (guint i = 0; definition != NULL && i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);

        for (gsize k = 0; nic->has_guest_address && k < G_N_ELEMENTS(schemes); k++) {
            g_autoptr(VasNicName) held = vas_nic_name_of(definition, nic, schemes[k]);
            g_autofree char *holder = vas_nic_describe(nic);

            if (g_strcmp0(held->name, name) != 0)
                continue;
            g_set_error(error, VAS_ERROR, VAS_ERROR_TAKEN, "the name %s is taken by %s at %s%s",
                        name, holder, vas_guest_address_text(nic->guest_address).text,
                        definition == search->live ? "" : " of the config");
            vas_error_set_hint(error, "take another name, or detach that one first");
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
is_reserved(const VasNicNameSearch *search, VasGuestAddress address)
{
    for (guint i = 0; search->reserved != NULL && i < search->reserved->len; i++) {
        if (vas_guest_address_equal(g_array_index(search->reserved, VasGuestAddress, i), address))
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_place(const VasNicNameSearch *search, VasGuestAddress address, GError **error)
{
    return (search->live == NULL || vas_slots_check(search->live, address, TRUE, error)) &&
           (search->config == NULL || vas_slots_check(search->config, address, FALSE, error));
}

static gboolean
try_address(const VasNicNameSearch *search, VasGuestAddress address, int acpi_index,
            const char *name, VasGuestAddress *ret_address)
{
    if (is_reserved(search, address) || !check_place(search, address, NULL) ||
        !is_called(search, address, acpi_index, name))
        return FALSE;
    *ret_address = address;
    return TRUE;
}

/* The addresses that attach would choose from come first, then what only a user may name. */
static gboolean
search_addresses(const VasNicNameSearch *search, int acpi_index, const char *name,
                 VasGuestAddress *ret_address)
{
    g_autoptr(GArray) preferred = vas_slots_free(leading(search), search->live != NULL);

    for (guint i = 0; i < preferred->len; i++) {
        if (try_address(search, g_array_index(preferred, VasGuestAddress, i), acpi_index, name,
                        ret_address))
            return TRUE;
    }
    for (guint bus = 0; bus <= 255; bus++) {
        const VasPciController *controller = vas_slots_bus(leading(search), bus);

        for (guint8 slot = 0; slot < (controller != NULL ? 32 : 1); slot++) {
            VasGuestAddress address = {{.bus = (guint8) bus, .slot = slot}};

            if (try_address(search, address, acpi_index, name, ret_address))
                return TRUE;
        }
    }
    return FALSE;
}

static void
set_unusable(GError **error, const char *name, const char *why)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNUSABLE, "no free guest address gives the name %s: %s",
                name, why);
    vas_error_set_hint(error, "take another name, or none and see what it is called "
                              "(virt-assign attach --dry-run)");
}

/* The bus that the guest itself numbers @number; NULL: none. */
static const VasPciController *
bus_by_firmware_number(const VasGuestDefinition *definition, guint number)
{
    for (guint bus = 0; bus <= 255; bus++) {
        if (vas_slots_bus(definition, bus) != NULL &&
            vas_slots_firmware_bus(definition, bus) == (int) number)
            return vas_slots_bus(definition, bus);
    }
    return NULL;
}

/* Says why a NIC at @address is not what is wanted; the address need not be free. Returns full. */
static char *
explain_address(const VasNicNameSearch *search, VasGuestAddress address, int acpi_index)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *other = NULL;
    g_autofree char *agreed = NULL;
    VasPciAddressText text = vas_guest_address_text(address);

    if (!check_place(search, address, &refusal))
        return g_strdup(refusal->message);
    agreed = agreed_name(leading(search), address, acpi_index, &other);
    if (agreed == NULL && other == NULL)
        return g_strdup_printf("the name at %s cannot be told", text.text);
    return g_strdup_printf("at %s it is %s", text.text, agreed != NULL ? agreed : other);
}

static char *
explain_path(const VasNicNameSearch *search, const Parts *parts)
{
    const VasPciController *bus = bus_by_firmware_number(leading(search), parts->bus);
    VasGuestAddress address = {{.slot = (guint8) parts->number}};

    if (bus == NULL)
        return g_strdup_printf("no bus has the number %u in the guest", parts->bus);
    address.pci.bus = (guint8) bus->index;
    return explain_address(search, address, 0);
}

static char *
explain_slot(const VasNicNameSearch *search, const Parts *parts)
{
    for (guint bus = 0; bus <= 255; bus++) {
        const VasPciController *controller = vas_slots_bus(leading(search), bus);
        VasGuestAddress address = {{.bus = (guint8) bus, .slot = (guint8) parts->number}};

        if (controller != NULL &&
            (controller->model == VAS_PCI_ROOT || controller->model == VAS_PCI_BRIDGE ||
             controller->model == VAS_PCIE_TO_PCI_BRIDGE))
            return explain_address(search, address, 0);
    }
    return g_strdup("only slots of conventional buses have numbers, and it has none that takes "
                    "devices; a root port gives enp<BUS>s0");
}

static void
explain(const VasNicNameSearch *search, const Parts *parts, const char *name, GError **error)
{
    g_autofree char *why = NULL;
    g_autoptr(GArray) free_addresses = vas_slots_free(leading(search), search->live != NULL);
    const VasSlotRequest request = {.live = search->live,
                                    .config = search->config,
                                    .scope = (search->live != NULL ? VAS_SCOPE_LIVE : 0) |
                                             (search->config != NULL ? VAS_SCOPE_CONFIG : 0),
                                    .reserved = search->reserved};
    VasGuestAddress address;

    switch (parts->kind) {
    case KIND_ONBOARD:
        /* A guest without any room is refused for that, not for its acpi indexes. */
        if (free_addresses->len == 0 && !vas_slots_choose(&request, &address, error))
            return;
        why = g_strdup("the guest is not shown the acpi index at any of them, or not by every "
                       "QEMU");
        break;
    case KIND_SLOT:
        why = explain_slot(search, parts);
        break;
    case KIND_PATH:
        why = explain_path(search, parts);
        break;
    }
    set_unusable(error, name, why);
}

static gboolean
check_given_address(const VasNicNameSearch *search, int acpi_index, const char *name,
                    GError **error)
{
    g_autofree char *why = NULL;

    if (!check_place(search, search->guest_address, error))
        return FALSE;
    if (is_called(search, search->guest_address, acpi_index, name))
        return TRUE;
    why = explain_address(search, search->guest_address, acpi_index);
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "the name %s and guest address %s do not go together: %s", name,
                vas_guest_address_text(search->guest_address).text, why);
    vas_error_set_hint(error, "give one of them only");
    return FALSE;
}

gboolean
vas_nic_name_choose(const VasNicNameSearch *search, const char *name, VasGuestAddress *ret_address,
                    int *ret_acpi_index, GError **error)
{
    Parts parts;
    int acpi_index;

    if (!check_form(name, &parts, error))
        return FALSE;
    acpi_index = parts.kind == KIND_ONBOARD ? (int) parts.number : 0;
    if (search->acpi_index > 0 && search->acpi_index != acpi_index) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                    "the name %s and acpi index %d do not go together", name, search->acpi_index);
        vas_error_set_hint(error, "give one of them only");
        return FALSE;
    }
    if (!check_name_free(search, search->live, name, error) ||
        !check_name_free(search, search->config, name, error))
        return FALSE;
    *ret_acpi_index = acpi_index;
    if (search->has_guest_address) {
        *ret_address = search->guest_address;
        return check_given_address(search, acpi_index, name, error);
    }
    if (search_addresses(search, acpi_index, name, ret_address))
        return TRUE;
    explain(search, &parts, name, error);
    return FALSE;
}
