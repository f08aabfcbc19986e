/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/host.h"

#include "core/value/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static gboolean
refuse_vf_settings(const char *pf_interface, int vf_index, GError **error)
{
    g_set_error(
        error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
        "the settings of VF %d of %s are not to be had: the host is a folder, not the machine",
        vf_index, pf_interface);
    return FALSE;
}

static gboolean
read_no_vf_settings(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                    gpointer data, GError **error)
{
    (void) ret_settings;
    (void) data;
    return refuse_vf_settings(pf_interface, vf_index, error);
}

static gboolean
write_no_vf_settings(const char *pf_interface, int vf_index, VasVfField field,
                     const VasVfSettings *settings, gpointer data, GError **error)
{
    (void) field;
    (void) settings;
    (void) data;
    return refuse_vf_settings(pf_interface, vf_index, error);
}

static gboolean
refuse_module(const char *name, gpointer data, GError **error)
{
    (void) data;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                "the kernel module %s cannot be loaded: the host is a folder, not the machine",
                name);
    return FALSE;
}

/* Writes the text in one write, as the kernel wants it; the attribute is never created. A driver
 * can refuse, or hang, in the write itself: the errno is its answer (kernfs_fop_write_iter in
 * fs/kernfs/file.c). */
static int
write_attribute(const char *path, const char *text, gpointer data)
{
    size_t length = strlen(text);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    int answer = 0;
    ssize_t written;

    (void) data;
    if (descriptor < 0)
        return errno;
    written = write(descriptor, text, length);
    if (written < 0)
        answer = errno;
    else if ((size_t) written != length)
        answer = EIO;
    close(descriptor);
    return answer;
}

static gboolean
read_no_permanent_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    (void) interface;
    (void) ret_mac;
    (void) data;
    return FALSE;
}

static gboolean
read_no_network(VasNetwork *network, gpointer data, GError **error)
{
    (void) network;
    (void) data;
    (void) error;
    return TRUE;
}

static char *
find_no_route(const char *address, gpointer data)
{
    (void) address;
    (void) data;
    return NULL;
}

static gboolean
is_never_claimed(const char *path, gpointer data)
{
    (void) path;
    (void) data;
    return FALSE;
}

VasHost *
vas_host_new(const char *root)
{
    VasHost *host = g_new0(VasHost, 1);

    host->root = g_strdup(root);
    host->read_vf_settings = read_no_vf_settings;
    host->write_vf_settings = write_no_vf_settings;
    host->read_permanent_mac = read_no_permanent_mac;
    host->write_attribute = write_attribute;
    host->read_network = read_no_network;
    host->find_route = find_no_route;
    host->load_module = refuse_module;
    host->is_claimed = is_never_claimed;
    return host;
}

void
vas_host_free(VasHost *host)
{
    if (host == NULL)
        return;
    g_free(host->root);
    g_free(host);
}

char *
vas_host_path(const VasHost *host, const char *path)
{
    return g_build_filename(host->root, path, NULL);
}
