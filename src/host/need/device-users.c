/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/device-users.h"

#include "host/system/sysfs.h"

#include <stdlib.h>
#include <string.h>

/* Nodes lie deepest below a USB hub behind a USB hub; only a damaged sysfs would go on for ever. */
#define MAX_DEPTH 16
/* These are the fields of a line in /proc/net/packet (packet_seq_show in net/packet/af_packet.c).
 */
#define FIELD_PROTOCOL 3
#define FIELD_INTERFACE 4
#define FIELD_INODE 8
#define PACKET_FIELDS 9
/* ETH_P_ALL, as DPDK and sniffers want it. The DHCP clients of NetworkManager and systemd-networkd,
 * which run on each NIC that nobody has configured, take IP only, and do not count. */
#define ALL_PROTOCOLS "0003"

/* A search for processes: @files has the text of a link in /proc/PID/fd, "/dev/sda" or
 * "socket:[4711]", and what a message calls it. */
typedef struct {
    const VasHost *host;
    GHashTable *files;
    GPtrArray *users;
    gboolean all;
} Search;

/* A process that has one of these open is told that the device is gone: input and USB let go of it
 * at once. Others wait for the last close (drm, snd, nvme). */
static gboolean
lets_go(const char *name)
{
    return g_str_has_prefix(name, "input/") || g_str_has_prefix(name, "bus/usb/") ||
           g_str_has_prefix(name, "hidraw");
}

/* ZFS keeps its disks so, which nothing in sysfs tells; mounts, LVM and RAID do, too. Only block
 * devices have a size there. */
static void
add_claim(const Search *search, const char *folder, const char *node)
{
    g_autofree char *size_path = g_build_filename(folder, "size", NULL);
    g_autofree char *size = vas_sysfs_read(search->host, size_path, NULL);
    g_autofree char *full = vas_host_path(search->host, node);

    if (size != NULL && search->host->is_claimed(full, search->host->claim_data))
        g_ptr_array_add(
            search->users,
            g_strdup_printf("the kernel holds %s for a file system, a pool or a volume", node));
}

/* The node's name is the line DEVNAME= of the folder's uevent, and its folder has a number (dev).
 */
static void
add_node(const Search *search, const char *folder)
{
    g_autofree char *number_path = g_build_filename(folder, "dev", NULL);
    g_autofree char *path = g_build_filename(folder, "uevent", NULL);
    g_autofree char *number = vas_sysfs_read(search->host, number_path, NULL);
    g_autofree char *text = number != NULL ? vas_sysfs_read(search->host, path, NULL) : NULL;
    g_auto(GStrv) lines = text != NULL ? g_strsplit(text, "\n", -1) : NULL;

    for (guint i = 0; lines != NULL && lines[i] != NULL; i++) {
        const char *name = lines[i] + strlen("DEVNAME=");
        char *node = NULL;

        if (!g_str_has_prefix(lines[i], "DEVNAME=") || lets_go(name))
            continue;
        node = g_build_filename("/dev", name, NULL);
        g_hash_table_insert(search->files, node, g_strdup(node));
        add_claim(search, folder, node);
    }
}

/* The nodes of VFIO are for those that have the device after its driver. */
static gboolean
is_searched(const VasHost *host, const char *path, const char *name)
{
    g_autofree char *full = vas_host_path(host, path);

    return !g_str_equal(name, "vfio-dev") && !g_file_test(full, G_FILE_TEST_IS_SYMLINK) &&
           g_file_test(full, G_FILE_TEST_IS_DIR);
}

static void
add_nodes(const Search *search, const char *folder, guint depth)
{
    g_auto(GStrv) names = vas_sysfs_list(search->host, folder);

    add_node(search, folder);
    for (guint i = 0; depth < MAX_DEPTH && names[i] != NULL; i++) {
        g_autofree char *below = g_build_filename(folder, names[i], NULL);

        if (is_searched(search->host, below, names[i]))
            add_nodes(search, below, depth + 1);
    }
}

/* NVIDIA's own driver makes its nodes without sysfs; it tells the number of each card. */
static void
add_nvidia_node(const Search *search, VasHostAddress device)
{
    g_autofree char *path = g_strdup_printf("/proc/driver/nvidia/gpus/%s/information",
                                            vas_host_address_text(device).text);
    g_autofree char *text = vas_sysfs_read(search->host, path, NULL);
    const char *line = text != NULL ? strstr(text, "Device Minor:") : NULL;
    char *node = NULL;

    if (line == NULL)
        return;
    node = g_strdup_printf("/dev/nvidia%d", atoi(line + strlen("Device Minor:")));
    g_hash_table_insert(search->files, node, g_strdup(node));
}

static void
add_sockets_of(const Search *search, const char *interface)
{
    g_autofree char *path = g_build_filename("/sys/class/net", interface, "ifindex", NULL);
    g_autofree char *index = vas_sysfs_read(search->host, path, NULL);
    g_autofree char *text = vas_sysfs_read(search->host, "/proc/net/packet", NULL);
    g_auto(GStrv) lines = index != NULL && text != NULL ? g_strsplit(text, "\n", -1) : NULL;

    for (guint i = 0; lines != NULL && lines[i] != NULL; i++) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        g_auto(GStrv) parts = g_strsplit(lines[i], " ", -1);

        for (guint k = 0; parts[k] != NULL; k++) {
            if (*parts[k] != '\0')
                g_ptr_array_add(fields, parts[k]);
        }
        if (fields->len == PACKET_FIELDS &&
            g_str_equal(g_ptr_array_index(fields, FIELD_PROTOCOL), ALL_PROTOCOLS) &&
            g_str_equal(g_ptr_array_index(fields, FIELD_INTERFACE), index))
            g_hash_table_insert(
                search->files,
                g_strdup_printf("socket:[%s]", (char *) g_ptr_array_index(fields, FIELD_INODE)),
                g_strdup_printf("a packet socket for all of %s", interface));
    }
}

static void
add_user(const Search *search, const char *process, const char *file)
{
    g_autofree char *path = g_build_filename("/proc", process, "comm", NULL);
    g_autofree char *name = vas_sysfs_read(search->host, path, NULL);
    g_autofree char *user =
        g_strdup_printf("%s (%s) has %s open", name != NULL ? name : "a process", process, file);

    if (!g_ptr_array_find_with_equal_func(search->users, user, g_str_equal, NULL))
        g_ptr_array_add(search->users, g_steal_pointer(&user));
}

static void
search_process(Search *search, const char *process)
{
    g_autofree char *folder = g_build_filename("/proc", process, "fd", NULL);
    g_autofree char *full = vas_host_path(search->host, folder);
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GDir) files = g_dir_open(full, 0, &refusal);
    const char *name = NULL;

    if (files == NULL && !g_error_matches(refusal, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        search->all = FALSE;
    while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
        g_autofree char *link = g_build_filename(full, name, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);
        const char *file = target != NULL ? g_hash_table_lookup(search->files, target) : NULL;

        if (file != NULL)
            add_user(search, process, file);
    }
}

static void
search_processes(Search *search)
{
    g_auto(GStrv) names = vas_sysfs_list(search->host, "/proc");

    for (guint i = 0; names[i] != NULL; i++) {
        if (g_ascii_string_to_unsigned(names[i], 10, 1, G_MAXINT32, NULL, NULL))
            search_process(search, names[i]);
    }
}

GPtrArray *
vas_device_users_find(const VasHost *host, const VasDevice *device, gboolean *ret_all)
{
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Search search = {host, files, g_ptr_array_new_with_free_func(g_free), TRUE};
    g_autofree char *folder = vas_sysfs_device_path(device->address, "");

    add_nodes(&search, folder, 0);
    add_nvidia_node(&search, device->address);
    if (device->interface != NULL)
        add_sockets_of(&search, device->interface);
    for (guint i = 0; i < device->other_names->len; i++)
        add_sockets_of(&search, g_ptr_array_index(device->other_names, i));
    if (g_hash_table_size(files) > 0)
        search_processes(&search);
    *ret_all = search.all;
    return search.users;
}
