/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/block-device.h"

#include "host/pci/device-path.h"
#include "host/system/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Deeper than anyone stacks devices; only a damaged sysfs would go on for ever. */
#define MAX_DEPTH 32

typedef struct {
    const VasHost *host;
    const GPtrArray *mounts;
    GPtrArray *paths; /* VasBlockPath: what is found */
} Walk;

static void walk_device(const Walk *walk, const char *name, const char *above, guint depth);

static void
block_path_free(gpointer data)
{
    VasBlockPath *path = data;

    g_free(path->chain);
    g_array_unref(path->functions);
    g_free(path);
}

static char *
attribute_path(const char *name, const char *leaf)
{
    return g_build_filename("/sys/class/block", name, leaf, NULL);
}

static void
add_path(const Walk *walk, const char *chain, const char *device_path)
{
    VasBlockPath *path = g_new0(VasBlockPath, 1);

    path->chain = g_strdup(chain);
    path->functions = vas_device_path_functions(device_path);
    g_ptr_array_add(walk->paths, path);
}

/* The name in sysfs of a device node, or of a link to one; NULL: none. A slash in a name is an
 * exclamation mark there (device_get_devnode in drivers/base/core.c). Returns full. */
static char *
name_of_node(const VasHost *host, const char *node)
{
    g_autofree char *name = NULL;
    g_autofree char *path = NULL;

    if (!g_str_has_prefix(node, "/dev/"))
        return NULL;
    name = g_strdelimit(g_strdup(node + strlen("/dev/")), "/", '!');
    path = vas_device_path(host, "/sys/class/block", name);
    return path != NULL ? g_steal_pointer(&name) : vas_sysfs_read_link_name(host, node, NULL);
}

/* Walks all devices of the btrfs that @name belongs to. FALSE: it belongs to none. */
static gboolean
walk_btrfs(const Walk *walk, const char *name, const char *above, guint depth)
{
    g_auto(GStrv) systems = vas_sysfs_list(walk->host, "/sys/fs/btrfs");

    for (guint i = 0; systems[i] != NULL; i++) {
        g_autofree char *folder = g_build_filename("/sys/fs/btrfs", systems[i], "devices", NULL);
        g_auto(GStrv) names = vas_sysfs_list(walk->host, folder);

        if (!g_strv_contains((const char *const *) names, name))
            continue;
        for (guint j = 0; names[j] != NULL; j++)
            walk_device(walk, names[j], above, depth);
        return TRUE;
    }
    return FALSE;
}

/* @above: the chain so far; NULL: it begins here. */
static void
walk_mount(const Walk *walk, const VasMount *mount, const char *above, guint depth)
{
    g_autofree char *link = g_build_filename("/sys/dev/block", mount->number, NULL);
    g_autofree char *name = vas_sysfs_read_link_name(walk->host, link, NULL);
    g_auto(GStrv) nodes = NULL;

    if (name != NULL) {
        walk_device(walk, name, above, depth);
        return;
    }
    /* Whoever mounts by FUSE calls the source as he likes (fsname=). One that is on a block device
     * is "fuseblk", and has its number. */
    if (g_str_equal(mount->type, "fuse") || g_str_has_prefix(mount->type, "fuse."))
        return;
    /* A file system over several devices has a number of its own; bcachefs joins them by colons. */
    nodes = g_strsplit(mount->source, ":", -1);
    for (guint i = 0; nodes[i] != NULL; i++) {
        g_autofree char *node = name_of_node(walk->host, nodes[i]);

        if (node != NULL && !walk_btrfs(walk, node, above, depth))
            walk_device(walk, node, above, depth);
    }
}

/* A namespace belongs to a subsystem, not to a controller, with native multipath
 * (nvme_mpath_alloc_disk in drivers/nvme/host/multipath.c). */
static gboolean
walk_nvme_subsystem(const Walk *walk, const char *device_path, const char *chain)
{
    const char *marker = strstr(device_path, "/nvme-subsystem/");
    g_auto(GStrv) parts = NULL;
    g_autofree char *folder = NULL;
    g_auto(GStrv) controllers = NULL;

    if (marker == NULL)
        return FALSE;
    parts = g_strsplit(marker + strlen("/nvme-subsystem/"), "/", 2);
    folder = g_build_filename("/sys/class/nvme-subsystem", parts[0], NULL);
    controllers = vas_sysfs_list(walk->host, folder);
    for (guint i = 0; controllers[i] != NULL; i++) {
        g_autofree char *path = vas_device_path(walk->host, "/sys/class/nvme", controllers[i]);
        g_autofree char *longer = g_strdup_printf("%s on %s", chain, controllers[i]);

        if (path != NULL)
            add_path(walk, longer, path);
    }
    return TRUE;
}

static gboolean
walk_slaves(const Walk *walk, const char *name, const char *chain, guint depth)
{
    g_autofree char *folder = attribute_path(name, "slaves");
    g_auto(GStrv) slaves = vas_sysfs_list(walk->host, folder);

    for (guint i = 0; slaves[i] != NULL; i++)
        walk_device(walk, slaves[i], chain, depth + 1);
    return slaves[0] != NULL;
}

static gboolean
walk_loop_file(const Walk *walk, const char *name, const char *chain, guint depth)
{
    g_autofree char *path = attribute_path(name, "loop/backing_file");
    g_autofree char *file = vas_sysfs_read(walk->host, path, NULL);
    g_autofree char *longer = NULL;
    const VasMount *mount = NULL;

    if (file == NULL)
        return FALSE;
    mount = vas_mounts_find(walk->mounts, file);
    longer = g_strdup_printf("%s on %s", chain, file);
    if (mount != NULL)
        walk_mount(walk, mount, longer, depth + 1);
    return TRUE;
}

/* "dm-0 (vg-root)". Returns full. */
static char *
label_of(const VasHost *host, const char *name)
{
    g_autofree char *path = attribute_path(name, "dm/name");
    g_autofree char *mapped = vas_sysfs_read(host, path, NULL);

    return mapped != NULL ? g_strdup_printf("%s (%s)", name, mapped) : g_strdup(name);
}

static void
walk_device(const Walk *walk, const char *name, const char *above, guint depth)
{
    g_autofree char *device_path = vas_device_path(walk->host, "/sys/class/block", name);
    g_autofree char *partition = attribute_path(name, "partition");
    g_autofree char *label = label_of(walk->host, name);
    g_autofree char *chain =
        above != NULL ? g_strdup_printf("%s on %s", above, label) : g_strdup(label);
    g_autofree char *number = vas_sysfs_read(walk->host, partition, NULL);

    if (device_path == NULL || depth > MAX_DEPTH)
        return;
    if (number != NULL) {
        g_autofree char *parent = g_path_get_dirname(device_path);
        g_autofree char *disk = g_path_get_basename(parent);

        walk_device(walk, disk, chain, depth + 1);
        return;
    }
    if (!walk_slaves(walk, name, chain, depth) && !walk_loop_file(walk, name, chain, depth) &&
        !walk_nvme_subsystem(walk, device_path, chain))
        add_path(walk, chain, device_path);
}

static GPtrArray *
new_paths(void)
{
    return g_ptr_array_new_with_free_func(block_path_free);
}

GPtrArray *
vas_block_paths_of_mount(const VasHost *host, const GPtrArray *mounts, const VasMount *mount)
{
    const Walk walk = {.host = host, .mounts = mounts, .paths = new_paths()};

    walk_mount(&walk, mount, NULL, 0);
    return walk.paths;
}

GPtrArray *
vas_block_paths_of_node(const VasHost *host, const GPtrArray *mounts, const char *path)
{
    const Walk walk = {.host = host, .mounts = mounts, .paths = new_paths()};
    g_autofree char *name = name_of_node(host, path);
    const VasMount *mount = vas_mounts_find(mounts, path);

    if (name != NULL)
        walk_device(&walk, name, NULL, 0);
    else if (mount != NULL && !g_str_has_prefix(path, "/dev/"))
        walk_mount(&walk, mount, path, 0);
    return walk.paths;
}

gboolean
vas_block_device_is_claimed(const char *path, gpointer data)
{
    int descriptor = open(path, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK);

    (void) data;
    if (descriptor < 0)
        return errno == EBUSY;
    close(descriptor);
    return FALSE;
}
