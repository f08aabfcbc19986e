/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name.h"

#include "testing.h"
#include "xml/domain-xml.h"

/* The corpus has guests over machines, controllers and addresses (tests/data/names/GUEST.xml), and
 * the names of their NICs under each scheme (GUEST.txt). The names were measured: udev 257's own
 * builtin said them in guests of just these definitions, under QEMU 7.2 and 10.0 as the file's name
 * has it and with Linux 6.1 and 6.12. "?" stands where they depend on what a definition does not
 * tell. */

static const char *const scheme_names[] = {"v238", "v245", "v249", "v252", "v255", "v257", NULL};

static gint
compare_macs(gconstpointer a, gconstpointer b)
{
    const VasNic *const *left = a;
    const VasNic *const *right = b;
    VasMacAddressText first = vas_mac_address_text((*left)->mac);

    return g_strcmp0(first.text, vas_mac_address_text((*right)->mac).text);
}

static VasGuestDefinition *
read_guest(const char *name)
{
    g_autofree char *file = g_strdup_printf("names/%s.xml", name);
    g_autofree char *xml = testing_data(file);
    g_autoptr(GError) error = NULL;
    VasGuestDefinition *definition = vas_domain_xml_parse(xml, &error);

    g_assert_no_error(error);
    g_ptr_array_sort(definition->nics, compare_macs);
    return definition;
}

static void
append_names(GString *text, const VasGuestDefinition *definition, const VasNic *nic)
{
    g_string_append(text, vas_mac_address_text(nic->mac).text);
    for (gsize i = 0; scheme_names[i] != NULL; i++) {
        const VasNamingScheme *scheme = vas_naming_scheme_find(scheme_names[i], NULL);
        g_autoptr(VasNicName) name =
            vas_nic_name_predict(definition, nic->guest_address, nic->acpi_index, scheme);

        g_assert_nonnull(name->why);
        g_string_append_printf(text, " %s", name->name != NULL ? name->name : "?");
    }
    g_string_append_c(text, '\n');
}

static void
test_guest(gconstpointer data)
{
    const char *name = data;
    g_autoptr(VasGuestDefinition) definition = read_guest(name);
    g_autofree char *golden = g_strdup_printf("names/%s.txt", name);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < definition->nics->len; i++)
        append_names(text, definition, g_ptr_array_index(definition->nics, i));
    testing_assert_golden(golden, text->str);
}

int
main(int argc, char **argv)
{
    static const char *const guests[] = {"pc-7.2",  "pc-10.0",  "pc-10.0-video",  "q35-6.0",
                                         "q35-7.2", "q35-10.0", "q35-6.0-nested", "q35-6.0-dmi"};

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(guests); i++) {
        g_autofree char *path = g_strconcat("/nic-name-corpus/", guests[i], NULL);

        g_test_add_data_func(path, guests[i], test_guest);
    }
    return g_test_run();
}
