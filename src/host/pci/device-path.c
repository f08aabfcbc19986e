/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/device-path.h"

char *
vas_device_path(const VasHost *host, const char *folder, const char *name)
{
    g_autofree char *link = g_build_filename(folder, name, NULL);
    g_autofree char *full = vas_host_path(host, link);
    g_autofree char *target = g_file_read_link(full, NULL);

    return target != NULL ? g_canonicalize_filename(target, folder) : NULL;
}

GArray *
vas_device_path_functions(const char *path)
{
    GArray *functions = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        VasHostAddress address;

        /* The kernel writes addresses in full: "1:0.0" is something else. */
        if (vas_host_address_parse(parts[i], &address, NULL) &&
            g_str_equal(vas_host_address_text(address).text, parts[i]))
            g_array_append_val(functions, address);
    }
    return functions;
}
