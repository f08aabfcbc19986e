/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-uri.h"

/* Whether a URI without a server names libvirt's own socket. libvirt takes "&" and ";" between
 * parameters, and their names in any case (virURIParseParams in src/util/viruri.c). */
static gboolean
is_own_socket(GUri *uri)
{
    static const char *const folders[] = {"/run/libvirt/", "/var/run/libvirt/"};
    const char *query = g_uri_get_query(uri) != NULL ? g_uri_get_query(uri) : "";
    g_autoptr(GHashTable) parameters =
        g_uri_parse_params(query, -1, "&;", G_URI_PARAMS_CASE_INSENSITIVE, NULL);
    const char *socket = parameters != NULL ? g_hash_table_lookup(parameters, "socket") : NULL;
    g_autofree char *path = NULL;

    if (parameters == NULL || g_str_has_suffix(g_uri_get_scheme(uri), "+ext"))
        return FALSE;
    if (socket == NULL)
        return TRUE;
    path = g_canonicalize_filename(socket, "/");
    return g_str_has_prefix(path, folders[0]) || g_str_has_prefix(path, folders[1]);
}

gboolean
vas_libvirt_uri_is_local(const char *uri)
{
    static const char *const this_machine[] = {"localhost", "127.0.0.1", "::1", NULL};
    g_autoptr(GUri) parts = g_uri_parse(uri, G_URI_FLAGS_ENCODED_QUERY, NULL);

    if (parts == NULL || g_str_equal(g_uri_get_scheme(parts), "test"))
        return FALSE;
    if (g_uri_get_host(parts) == NULL || *g_uri_get_host(parts) == '\0')
        return is_own_socket(parts);
    return g_uri_get_port(parts) < 0 && g_strv_contains(this_machine, g_uri_get_host(parts));
}
