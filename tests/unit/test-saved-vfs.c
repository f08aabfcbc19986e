/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/saved-vfs.h"

#include "testing.h"

static VasMappedPf pf = {
    .address = {.pci = {.bus = 1}},
    .interfaces = (char *[]){(char *) "enp1s0", (char *) "enp1s0d1", NULL},
    .mac = (char *) "52:54:00:aa:01:00",
    .driver = (char *) "igb",
};

static void
test_places(void)
{
    static const struct {
        const char *path, *text;
        const char *found; /* the line; NULL: it does not save this PF's VFs */
    } rows[] = {
        {"/etc/udev/rules.d/80-vfs.rules",
         "# VFs\nSUBSYSTEM==\"net\", KERNEL==\"enp1s0\", ATTR{device/sriov_numvfs}=\"4\"\n",
         "SUBSYSTEM==\"net\", KERNEL==\"enp1s0\", ATTR{device/sriov_numvfs}=\"4\""},
        {"/etc/systemd/network/10-vfs.link",
         "[Match]\nPermanentMACAddress=52:54:00:AA:01:00\n[SR-IOV]\nSR-IOVVirtualFunctions=4\n",
         "SR-IOVVirtualFunctions=4"},
        {"/etc/rc.local", "echo 4 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs\n",
         "echo 4 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"},
        {"/etc/network/interfaces", "post-up echo 4 >/sys/class/net/enp1s0/device/sriov_numvfs\n",
         "post-up echo 4 >/sys/class/net/enp1s0/device/sriov_numvfs"},
        {"/etc/NetworkManager/system-connections/a.nmconnection",
         "[connection]\ninterface-name=enp1s0\n[sriov]\ntotal-vfs=4\n", "total-vfs=4"},
        {"/etc/rc.local", "echo 4 > /sys/class/net/enp1s0d1/device/sriov_numvfs\n",
         "echo 4 > /sys/class/net/enp1s0d1/device/sriov_numvfs"},
        {"/etc/modprobe.d/igb.conf", "options igb max_vfs=4\n", "options igb max_vfs=4"},
        {"/etc/modprobe.d/igb.conf", "options igbvf max_vfs=4\n", NULL},
        {"/etc/udev/rules.d/80-vfs.rules", "KERNEL==\"enp1s0f1\", ATTR{sriov_numvfs}=\"4\"\n",
         NULL},
        {"/etc/udev/rules.d/80-vfs.rules", "#KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n", NULL},
        {"/etc/udev/rules.d/80-vfs.rules.off", "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n",
         NULL},
        {"/etc/udev/rules.d/80-name.rules", "KERNEL==\"enp1s0\", NAME=\"lan\"\n", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autofree char *found = NULL;
        g_autofree char *wanted =
            rows[i].found != NULL ? g_strdup_printf("%s: %s", rows[i].path, rows[i].found) : NULL;

        testing_scratch_write(scratch, rows[i].path, rows[i].text);
        found = vas_saved_vfs_find(host, &pf);
        g_assert_cmpstr(found, ==, wanted);
    }
}

static void
test_pf_on_no_driver(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    const VasMappedPf bare = {.address = {.pci = {.bus = 1}}};

    testing_scratch_write(scratch, "/etc/modprobe.d/igb.conf", "options igb max_vfs=4\n");
    g_assert_null(vas_saved_vfs_find(host, &bare));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/saved-vfs/places", test_places);
    g_test_add_func("/saved-vfs/pf-on-no-driver", test_pf_on_no_driver);
    return g_test_run();
}
