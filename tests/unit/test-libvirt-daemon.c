/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/libvirt-daemon.h"

#include "host-world.h"

/* The daemon is found by its file, and only if the process is one. */

static void
write_process(HostWorld *world, const char *pid_file, const char *name)
{
    testing_scratch_write(world->scratch, "/run/libvirt/qemu/driver.pid", pid_file);
    testing_scratch_write(world->scratch, "/proc/77/comm", name);
    testing_scratch_write(world->scratch, "/proc/77/stat",
                          "77 (x) y) S 5 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4321 0 0\n");
    testing_scratch_write(world->scratch, "/proc/stat", "cpu 1\nbtime 1000\n");
}

static void
assert_found(HostWorld *world, int pid, const char *name)
{
    g_auto(VasLibvirtDaemon) daemon = {0};

    vas_libvirt_daemon_find(world->host, &daemon);
    g_assert_cmpint(daemon.pid, ==, pid);
    g_assert_cmpstr(daemon.name, ==, name);
    g_assert_cmpuint(daemon.start, ==, pid != 0 ? 4321 : 0);
}

static void
test_found(HostWorld *world, gconstpointer data)
{
    assert_found(world, 0, NULL);
    write_process(world, "77", "virtqemud\n");
    assert_found(world, 77, "virtqemud");
    write_process(world, "77\n", "libvirtd\n");
    assert_found(world, 77, "libvirtd");
}

/* Its number belongs to another process by now, or to none. */
static void
test_stale(HostWorld *world, gconstpointer data)
{
    write_process(world, "77", "bash\n");
    assert_found(world, 0, NULL);
    write_process(world, "78", "libvirtd\n");
    assert_found(world, 0, NULL);
    write_process(world, "-7", "libvirtd\n");
    assert_found(world, 0, NULL);
    g_assert_true(vas_libvirt_daemon_reload(world->host, &world->error));
}

#define ADD(name, function)                                                                        \
    g_test_add("/libvirt-daemon/" name, HostWorld, NULL, host_world_set_up, function,              \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("found", test_found);
    ADD("stale", test_stale);
    return g_test_run();
}
