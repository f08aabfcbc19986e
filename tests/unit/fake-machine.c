/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-machine.h"

#include "host/need/critical.h"
#include "host/pci/device-path.h"
#include "host/need/network.h"

#include <string.h>

static gboolean
read_fake_network(VasNetwork *network, gpointer data, GError **error)
{
    const VasNetwork *fake = data;

    (void) error;
    for (guint i = 0; i < fake->default_routes->len; i++) {
        const VasInterfaceUse *route = g_ptr_array_index(fake->default_routes, i);

        vas_network_add(network->default_routes, route->interface, route->text);
    }
    for (guint i = 0; i < fake->addresses->len; i++) {
        const VasInterfaceUse *address = g_ptr_array_index(fake->addresses, i);

        vas_network_add(network->addresses, address->interface, address->text);
    }
    for (guint i = 0; i < fake->tunnels->len; i++) {
        const VasInterfaceUse *tunnel = g_ptr_array_index(fake->tunnels, i);

        vas_network_add(network->tunnels, tunnel->interface, tunnel->text);
    }
    return TRUE;
}

static char *
find_fake_route(const char *address, gpointer data)
{
    const FakeMachine *machine = data;

    return g_strdup(g_hash_table_lookup(machine->routes, address));
}

FakeMachine *
fake_machine_new(void)
{
    FakeMachine *machine = g_new0(FakeMachine, 1);

    machine->root = testing_scratch_new();
    machine->network = vas_network_new();
    machine->host = vas_host_new(machine->root->path);
    machine->host->read_network = read_fake_network;
    machine->host->network_data = machine->network;
    machine->routes = g_hash_table_new(g_str_hash, g_str_equal);
    machine->host->find_route = find_fake_route;
    machine->host->route_data = machine;
    fake_process(machine, 100, "virt-assign", 1);
    testing_scratch_link(machine->root, "/proc/self", "100");
    return machine;
}

void
fake_machine_free(FakeMachine *machine)
{
    if (machine == NULL)
        return;
    vas_host_free(machine->host);
    vas_network_free(machine->network);
    g_hash_table_unref(machine->routes);
    testing_scratch_free(machine->root);
    g_free(machine);
}

void
fake_class(const FakeMachine *machine, const char *class_name, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *link = g_strdup_printf("/sys/class/%s/%s", class_name, name);
    g_autofree char *target = g_strdup_printf("../../devices/%s", path);
    g_autofree char *file = g_strdup_printf("/sys/devices/%s/uevent", path);

    testing_scratch_write(machine->root, file, "");
    testing_scratch_link(machine->root, link, target);
}

void
fake_block(const FakeMachine *machine, const char *path, const char *number)
{
    g_autofree char *link = g_strdup_printf("/sys/dev/block/%s", number);
    g_autofree char *target = g_strdup_printf("../../devices/%s", path);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *parent = g_path_get_basename(folder);
    g_autofree char *disk = NULL;

    fake_class(machine, "block", path);
    testing_scratch_link(machine->root, link, target);
    disk = vas_device_path(machine->host, "/sys/class/block", parent);
    /* A partition lies in the folder of its disk. */
    if (disk != NULL) {
        g_autofree char *partition = g_strdup_printf("/sys/devices/%s/partition", path);

        testing_scratch_write(machine->root, partition, "1\n");
    }
}

void
fake_slave(const FakeMachine *machine, const char *device, const char *slave)
{
    g_autofree char *link =
        g_strdup_printf("/sys/devices/virtual/block/%s/slaves/%s", device, slave);
    g_autofree char *target = g_strdup_printf("../../../../../class/block/%s", slave);

    testing_scratch_link(machine->root, link, target);
}

void
fake_interface(const FakeMachine *machine, const char *path)
{
    fake_class(machine, "net", path);
}

void
fake_lower(const FakeMachine *machine, const char *interface, const char *lower)
{
    g_autofree char *link =
        g_strdup_printf("/sys/devices/virtual/net/%s/lower_%s", interface, lower);
    g_autofree char *target = g_strdup_printf("../%s", lower);

    testing_scratch_link(machine->root, link, target);
}

void
fake_process(const FakeMachine *machine, guint process, const char *name, guint parent)
{
    g_autofree char *path = g_strdup_printf("/proc/%u/stat", process);
    g_autofree char *text = g_strdup_printf("%u (%s) S %u 1 1 0 -1\n", process, name, parent);

    testing_scratch_write(machine->root, path, text);
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static char *
join_sorted(GPtrArray *lines)
{
    g_ptr_array_sort(lines, compare_texts);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **) lines->pdata);
}

void
assert_critical(const FakeMachine *machine, const char *const *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) uses = vas_critical_find(machine->host, &error);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *found_text = NULL;
    g_autofree char *wanted_text = NULL;

    g_assert_no_error(error);
    for (guint i = 0; i < uses->len; i++) {
        const VasCriticalUse *use = g_ptr_array_index(uses, i);

        g_ptr_array_add(found, g_strdup_printf("%s %s", vas_host_address_text(use->function).text,
                                               use->reason));
    }
    for (guint i = 0; expected[i] != NULL; i++)
        g_ptr_array_add(wanted, g_strdup(expected[i]));
    found_text = join_sorted(found);
    wanted_text = join_sorted(wanted);
    g_assert_cmpstr(found_text, ==, wanted_text);
}
