/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/pasted-name.h"

#include "core/value/pci-address.h"

#include <string.h>

#define SYSFS "/sys/"

/* The last address in a path is the device itself: those before it are bridges above. A path to
 * another device of its own ("physfn") leads elsewhere. */
static char *
name_in_path(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    const char *name = NULL;
    const char *vf = NULL;

    for (guint i = 0; parts[i] != NULL; i++) {
        gboolean is_interface = i > 0 && g_str_equal(parts[i - 1], "net") && parts[i][0] != '\0';

        if (g_str_equal(parts[i], "physfn"))
            return NULL;
        if (vas_pci_address_is_shaped(parts[i])) {
            name = parts[i];
            vf = NULL;
        } else if (name == NULL && is_interface) {
            name = parts[i];
        } else if (g_str_has_prefix(parts[i], "virtfn")) {
            vf = parts[i] + strlen("virtfn");
        }
    }
    if (name == NULL || vf == NULL)
        return g_strdup(name);
    return g_strdup_printf("%s/vf%s", name, vf);
}

char *
vas_pasted_name(const char *text)
{
    static const char *const words[] = {"pci@", "pci/", "pci-"};

    if (g_str_has_prefix(text, SYSFS))
        return name_in_path(text);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *rest = text + strlen(words[i]);

        if (g_str_has_prefix(text, words[i]) && vas_pci_address_is_shaped(rest))
            return g_strdup(rest);
    }
    return NULL;
}
