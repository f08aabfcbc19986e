/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/remote-storage.h"

#include "host/need/mounts.h"
#include "host/pci/device-path.h"
#include "host/system/sysfs.h"

#include <string.h>

#define ISCSI "/sys/class/iscsi_connection"
#define NVME "/sys/class/nvme"

/* The place where a file system's server stands in the mount. */
static const struct {
    const char *type;
    const char *option; /* NULL: the source */
} servers[] = {
    {"nfs", "addr"}, {"nfs4", "addr"}, {"cifs", "addr"},     {"smb3", "addr"},
    {"9p", NULL},    {"ceph", NULL},   {"ceph", "mon_addr"},
};

static void
storage_free(gpointer data)
{
    VasRemoteStorage *storage = data;

    g_free(storage->use);
    g_free(storage->evidence);
    g_free(storage->address);
    g_free(storage);
}

/* "10.0.0.5", "10.0.0.5:6789", "[fd00::5]:6789" or "fd00::5". Returns full. */
static char *
without_port(const char *text)
{
    if (text[0] == '[')
        return g_strndup(text + 1, strcspn(text + 1, "]"));
    return strchr(text, ':') == strrchr(text, ':') ? g_strndup(text, strcspn(text, ":"))
                                                   : g_strdup(text);
}

/* Takes @use. @address is what comes of it without a port; a host's name leads nowhere. */
static void
add_storage(GPtrArray *stores, char *use, const char *evidence, const char *address)
{
    VasRemoteStorage *storage = g_new0(VasRemoteStorage, 1);

    storage->use = use;
    storage->evidence = g_strdup(evidence);
    storage->address = g_strdup(address);
    g_ptr_array_add(stores, storage);
}

/* The value of @name in "a=1,b,c=2"; NULL: not there. Returns full. */
static char *
option_value(const char *options, const char *name)
{
    g_auto(GStrv) words = g_strsplit(options, ",", -1);
    gsize length = strlen(name);

    for (guint i = 0; words[i] != NULL; i++) {
        if (strncmp(words[i], name, length) == 0 && words[i][length] == '=')
            return g_strdup(words[i] + length + 1);
    }
    return NULL;
}

/* Ceph names all its monitors: "10.0.0.5:6789,10.0.0.6:6789:/path" in the source, or with slashes
 * between them in mon_addr= (ceph_show_options in fs/ceph/super.c). */
static void
add_mount(GPtrArray *stores, const VasMount *mount, const char *where)
{
    g_auto(GStrv) words = g_strsplit_set(where, ",/", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        g_autofree char *trimmed = g_str_has_suffix(words[i], ":")
                                       ? g_strndup(words[i], strlen(words[i]) - 1)
                                       : g_strdup(words[i]);
        g_autofree char *server = without_port(trimmed);

        if (server[0] != '\0')
            add_storage(stores,
                        g_strdup_printf("network file system %s from %s", mount->point, server),
                        "/proc/1/mountinfo", server);
        if (g_str_has_suffix(words[i], ":"))
            return;
    }
}

static void
find_mounts(GPtrArray *stores, const GPtrArray *mounts)
{
    for (guint i = 0; i < mounts->len; i++) {
        const VasMount *mount = g_ptr_array_index(mounts, i);

        for (guint j = 0; j < G_N_ELEMENTS(servers); j++) {
            g_autofree char *where = NULL;

            if (!g_str_equal(mount->type, servers[j].type))
                continue;
            where = servers[j].option != NULL ? option_value(mount->options, servers[j].option)
                                              : g_strdup(mount->source);
            if (where != NULL)
                add_mount(stores, mount, where);
        }
    }
}

/* The connection's own address, which its iscsi_host has (iscsi_sw_tcp_host_get_param in
 * drivers/scsi/iscsi_tcp.c): NICs of one subnet are told apart by it alone. NULL: not told. Returns
 * full. */
static char *
own_iscsi_address(const VasHost *host, const char *connection)
{
    g_autofree char *path = vas_device_path(host, ISCSI, connection);
    g_auto(GStrv) parts = g_strsplit(path != NULL ? path : "", "/", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *file =
            g_build_filename("/sys/class/iscsi_host", parts[i], "ipaddress", NULL);
        char *address =
            g_str_has_prefix(parts[i], "host") ? vas_sysfs_read(host, file, NULL) : NULL;

        if (address != NULL)
            return address;
    }
    return NULL;
}

static void
find_iscsi(GPtrArray *stores, const VasHost *host)
{
    g_auto(GStrv) connections = vas_sysfs_list(host, ISCSI);

    for (guint i = 0; connections[i] != NULL; i++) {
        g_autofree char *evidence = g_build_filename(ISCSI, connections[i], NULL);
        g_autofree char *file = g_build_filename(evidence, "persistent_address", NULL);
        g_autofree char *server = vas_sysfs_read(host, file, NULL);
        g_autofree char *own = own_iscsi_address(host, connections[i]);

        if (server != NULL)
            add_storage(stores, g_strdup_printf("iSCSI session with %s", server), evidence,
                        own != NULL ? own : server);
    }
}

/* "traddr=10.0.0.5,trsvcid=4420,src_addr=10.0.0.2" (nvmf_get_address in
 * drivers/nvme/host/fabrics.c; src_addr comes from tcp.c). Fibre Channel has names of its own
 * there, PCI Express an address of a function. */
static void
find_nvme(GPtrArray *stores, const VasHost *host)
{
    g_auto(GStrv) controllers = vas_sysfs_list(host, NVME);

    for (guint i = 0; controllers[i] != NULL; i++) {
        g_autofree char *file = g_build_filename(NVME, controllers[i], "transport", NULL);
        g_autofree char *evidence = g_build_filename(NVME, controllers[i], "address", NULL);
        g_autofree char *transport = vas_sysfs_read(host, file, NULL);
        g_autofree char *text = vas_sysfs_read(host, evidence, NULL);
        g_autofree char *server = text != NULL ? option_value(text, "traddr") : NULL;
        g_autofree char *own = text != NULL ? option_value(text, "src_addr") : NULL;

        if (server != NULL &&
            (g_strcmp0(transport, "tcp") == 0 || g_strcmp0(transport, "rdma") == 0))
            add_storage(
                stores,
                g_strdup_printf("NVMe over %s: %s from %s", transport, controllers[i], server),
                evidence, own != NULL ? own : server);
    }
}

GPtrArray *
vas_remote_storage_read(const VasHost *host, const GPtrArray *mounts)
{
    GPtrArray *stores = g_ptr_array_new_with_free_func(storage_free);

    find_mounts(stores, mounts);
    find_iscsi(stores, host);
    find_nvme(stores, host);
    return stores;
}
