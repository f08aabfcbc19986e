/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/network-manager.h"

#include "testing.h"

#include <string.h>

#define VF "enp1s0v0"

static void
test_running(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);

    g_assert_false(vas_network_manager_is_running(host, VAS_NETWORK_MANAGER));
    testing_scratch_write(scratch,
                          "/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs", "1\n");
    g_assert_true(vas_network_manager_is_running(host, VAS_NETWORK_MANAGER));
    g_assert_false(vas_network_manager_is_running(host, VAS_SYSTEMD_NETWORKD));
    testing_scratch_write(
        scratch, "/sys/fs/cgroup/systemd/system.slice/systemd-networkd.service/tasks", "1\n");
    g_assert_true(vas_network_manager_is_running(host, VAS_SYSTEMD_NETWORKD));
}

/* Fails the test unless @manager takes the VF, or not, with @text in the file at @path, and @path
 * is said to decide it if it does. */
static void
assert_takes(VasNetworkManager manager, const char *path, const char *text, gboolean takes,
             gboolean decides)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *evidence = NULL;

    testing_scratch_write(scratch, path, text);
    g_test_message("%s: %s", path, text);
    g_assert_cmpint(vas_network_manager_takes(host, manager, VF, "igbvf", &evidence), ==, takes);
    if (decides)
        g_assert_true(evidence != NULL && g_str_has_prefix(evidence, path));
    else
        g_assert_null(evidence);
}

static void
test_network_manager(void)
{
    static const struct {
        const char *text;
        gboolean takes;
    } rows[] = {
        {"[main]\nplugins=keyfile\n", TRUE},
        {"[keyfile]\nunmanaged-devices=driver:igbvf\n", FALSE},
        {"[keyfile]\nunmanaged-devices=mac:52:54:00:00:00:01;driver:igb*\n", FALSE},
        {"[keyfile]\nunmanaged-devices=driver:iavf\n", TRUE},
        {"[keyfile]\nunmanaged-devices=interface-name:enp1s0v*\n", FALSE},
        {"[keyfile]\nunmanaged-devices=interface-name:=enp1s0v\n", TRUE},
        {"[keyfile]\nunmanaged-devices+=interface-name:=enp1s0v0\n", FALSE},
        {"[keyfile]\nunmanaged-devices=enp1s0v0, eth0\n", FALSE},
        {"[keyfile]\nunmanaged-devices=type:ethernet\n", FALSE},
        {"[keyfile]\nunmanaged-devices=type:wifi\n", TRUE},
        {"[keyfile]\nunmanaged-devices=*;except:driver:igbvf\n", TRUE},
        {"[keyfile]\nunmanaged-devices=*,except:type:wifi\n", FALSE},
        {";[keyfile]\n;unmanaged-devices=*\n", TRUE},
        {"[device-vfs]\nmatch-device=driver:igbvf\nmanaged=0\n", FALSE},
        {"[device-vfs]\nmatch-device=driver:igbvf\nmanaged=1\n", TRUE},
        {"[device-vfs]\nmatch-device=driver:iavf\nmanaged=false\n", TRUE},
        {"[device-vfs]\nmatch-device=driver:igbvf\nmanaged=\n", TRUE},
        {"no settings at all\n", TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_takes(VAS_NETWORK_MANAGER, "/etc/NetworkManager/conf.d/a.conf", rows[i].text,
                     rows[i].takes, !rows[i].takes);
}

static void
test_udev(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *evidence = NULL;
    g_autofree char *later = NULL;

    testing_scratch_write(scratch, "/sys/class/net/" VF "/ifindex", "7\n");
    testing_scratch_write(scratch, "/run/udev/data/n7", "E:ID_BUS=pci\n");
    g_assert_true(vas_network_manager_takes(host, VAS_NETWORK_MANAGER, VF, "igbvf", &evidence));
    g_assert_null(evidence);
    testing_scratch_write(scratch, "/run/udev/data/n7", "E:ID_BUS=pci\nE:NM_UNMANAGED=1\n");
    g_assert_false(vas_network_manager_takes(host, VAS_NETWORK_MANAGER, VF, "igbvf", &later));
    g_assert_nonnull(strstr(later, "/run/udev/data/n7"));
}

static void
test_networkd(void)
{
    static const struct {
        const char *text;
        gboolean takes, decides;
    } rows[] = {
        {"[Match]\nName=en*\n[Network]\nDHCP=yes\n", TRUE, TRUE},
        {"[Match]\nName=eth* enp1s0v*\n", TRUE, TRUE},
        {"[Match]\nName=!enp1s0v* eth*\n", FALSE, FALSE},
        {"[Match]\nDriver=igbvf\n", TRUE, TRUE},
        {"[Match]\nDriver=igb\n", FALSE, FALSE},
        {"[Match]\nType=ether\nKind=!*\n", TRUE, TRUE},
        {"[Match]\nType=wlan\n", FALSE, FALSE},
        {"[Match]\nKind=bridge\n", FALSE, FALSE},
        {"[Match]\nName=*\nMACAddress=52:54:00:00:00:01\n", FALSE, FALSE},
        {"[Match]\nName=en*\n[Link]\nUnmanaged=yes\n", FALSE, TRUE},
        {"[Match]\nName=en*\n[Link]\nActivationPolicy=manual\n", FALSE, TRUE},
        {"[Network]\nDHCP=yes\n", FALSE, FALSE},
        {"nothing\n", FALSE, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_takes(VAS_SYSTEMD_NETWORKD, "/etc/systemd/network/20-lan.network", rows[i].text,
                     rows[i].takes, rows[i].decides);
}

/* The first by name counts, wherever it is, and /etc hides /usr/lib. */
static void
test_networkd_order(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *first = NULL;
    g_autofree char *hidden = NULL;

    testing_scratch_write(scratch, "/etc/systemd/network/20-lan.network", "[Match]\nName=en*\n");
    testing_scratch_write(scratch, "/usr/lib/systemd/network/10-vfs.network",
                          "[Match]\nName=enp1s0v*\n[Link]\nUnmanaged=yes\n");
    g_assert_false(vas_network_manager_takes(host, VAS_SYSTEMD_NETWORKD, VF, NULL, &first));
    g_assert_nonnull(strstr(first, "/usr/lib/systemd/network/10-vfs.network"));
    testing_scratch_write(scratch, "/etc/systemd/network/10-vfs.network", "\n");
    g_assert_true(vas_network_manager_takes(host, VAS_SYSTEMD_NETWORKD, VF, NULL, &hidden));
    g_assert_nonnull(strstr(hidden, "20-lan.network"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network-manager/running", test_running);
    g_test_add_func("/network-manager/network-manager", test_network_manager);
    g_test_add_func("/network-manager/udev", test_udev);
    g_test_add_func("/network-manager/networkd", test_networkd);
    g_test_add_func("/network-manager/networkd-order", test_networkd_order);
    return g_test_run();
}
