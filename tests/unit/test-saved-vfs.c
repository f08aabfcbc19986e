/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/saved-vfs.h"

#include "host/sriov/vf-rule.h"
#include "host-world.h"

#include <string.h>

#define NET "/sys/class/net/enp1s0/"
#define SECOND "/sys/class/net/enp1s0d1/"

static VasMappedPf pf = {
    .address = {.pci = {.bus = 1}},
    .interfaces = (char *[]){(char *) "enp1s0", (char *) "enp1s0d1", NULL},
    .interface = "enp1s0",
    .mac = (char *) "52:54:00:aa:01:00",
    .driver = (char *) "igb",
};

/* A file with one line that counts. */
typedef struct {
    const char *path;
    const char *text;
    int count;         /* -1: no certain one */
    guint line;        /* 0: no writer at all */
    const char *doubt; /* part of it; NULL: none */
} Row;

static void
set_up_pf(const TestingScratch *scratch)
{
    testing_scratch_write(scratch, NET "address", "52:54:00:aa:01:00\n");
    testing_scratch_write(scratch, NET "addr_assign_type", "0\n");
    testing_scratch_write(scratch, NET "name_assign_type", "4\n");
    testing_scratch_write(scratch, NET "type", "1\n");
    testing_scratch_write(scratch, NET "ifindex", "2\n");
    testing_scratch_write(scratch, SECOND "address", "52:54:00:aa:01:0d\n");
    testing_scratch_write(scratch, SECOND "addr_assign_type", "0\n");
    testing_scratch_write(scratch, SECOND "type", "1\n");
    testing_scratch_write(scratch, SECOND "ifindex", "3\n");
    testing_scratch_write(scratch, "/run/udev/data/n3",
                          "E:ID_PATH=pci-0000:01:00.0\nE:ROLE=guests\n");
    testing_scratch_write(scratch, "/run/udev/data/n2",
                          "E:ID_PATH=pci-0000:01:00.0\nE:ID_NET_DRIVER=igb\nE:ROLE=guests\n");
    testing_scratch_write(scratch,
                          "/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs", "1\n");
}

static void
assert_writer(const VasVfWriter *writer, const Row *row)
{
    g_assert_cmpstr(writer->path, ==, row->path);
    g_assert_cmpuint(writer->line, ==, row->line);
    g_assert_cmpint(vas_vf_writer_is_certain(writer) ? (int) writer->count : -1, ==, row->count);
    if (row->doubt == NULL)
        g_assert_cmpstr(writer->doubt, ==, NULL);
    else
        g_assert_nonnull(strstr(writer->doubt, row->doubt));
}

static void
assert_rows(const Row *rows, gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autoptr(GPtrArray) writers = NULL;

        set_up_pf(scratch);
        testing_scratch_write(scratch, rows[i].path, rows[i].text);
        g_test_message("%s: %s", rows[i].path, rows[i].text);
        writers = vas_saved_vfs_list(host, &pf);
        g_assert_cmpuint(writers->len, ==, rows[i].line > 0);
        if (rows[i].line > 0)
            assert_writer(g_ptr_array_index(writers, 0), &rows[i]);
    }
}

#define UDEV "/etc/udev/rules.d/80-vfs.rules"

static void
test_udev(void)
{
    static const Row rows[] = {
        {UDEV, "# VFs\nSUBSYSTEM==\"net\", KERNEL==\"enp1s0\", ATTR{device/sriov_numvfs}=\"4\"\n",
         4, 2, NULL},
        {UDEV, "ACTION==\"add\", \\\n  KERNEL==\"0000:01:00.0\", ATTR{sriov_numvfs}=\"4\"\n", 4, 1,
         NULL},
        {UDEV, "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}==\"0\", ATTR{sriov_numvfs}=\"4\"\n", 4, 1,
         NULL},
        {UDEV, "ATTR{address}==\"52:54:00:aa:01:00\", ATTR{device/sriov_numvfs}=\"4\"\n", 4, 1,
         NULL},
        {UDEV, "ATTR{address}==\"52:54:00:aa:01:01\", ATTR{device/sriov_numvfs}=\"4\"\n", -1, 0,
         NULL},
        {UDEV, "DRIVERS==\"igb\", ATTR{device/sriov_numvfs}=\"4\"\n", -1, 1, "name this PF alone"},
        {UDEV, "DRIVERS==\"ixgbe\", ATTR{device/sriov_numvfs}=\"4\"\n", -1, 0, NULL},
        {UDEV, "KERNEL!=\"enp1s0\", ATTR{device/sriov_numvfs}=\"4\"\n", -1, 0, NULL},
        {UDEV, "KERNEL==\"enp1s0\", TAG==\"x\", ATTR{device/sriov_numvfs}=\"4\"\n", -1, 1, "TAG"},
        {UDEV, "KERNEL==\"enp1s0\", RUN+=\"/bin/sh -c 'echo 4 >/sys/x/sriov_numvfs'\"\n", -1, 1,
         "program of the rule"},
        {UDEV, "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}==\"0\", NAME=\"lan\"\n", -1, 0, NULL},
        {UDEV, "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"four\"\n", -1, 1, "not a plain one"},
        {UDEV, "KERNEL==\"enp1s0f1\", ATTR{sriov_numvfs}=\"4\"\n", -1, 0, NULL},
        {UDEV, "#KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n", -1, 0, NULL},
        {"/etc/udev/rules.d/80-vfs.rules.off", "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n", -1,
         0, NULL},
        {"/usr/lib/udev/rules.d/1.rules", "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n", 4, 1,
         NULL},
        {UDEV, "KERNEL==\"enp1s0\", NAME=\"lan\"\n", -1, 0, NULL},
    };

    assert_rows(rows, G_N_ELEMENTS(rows));
}

#define LINK "/etc/systemd/network/10-vfs.link"
#define COUNT "[Link]\nSR-IOVVirtualFunctions=4\n"

static void
test_link(void)
{
    static const Row rows[] = {
        {LINK, "[Match]\nPermanentMACAddress=52:54:00:AA:01:00\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nMACAddress=00:00:00:00:00:01 525400aa0100\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nMACAddress=52:54:00:aa:01:01\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nPath=pci-0000:01:*\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nPath=pci-0000:02:*\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nPath=!pci-0000:02:*\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nDriver=ixgbe igb\nType=ether\nKind=!*\n" COUNT, 4, 6, NULL},
        {LINK, "[Match]\nDriver=ixgbe igb\nDriver=\nDriver=ice\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nType=wlan\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nType=!wlan\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nOriginalName=*\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nOriginalName=eth0\n" COUNT, -1, 4, "OriginalName="},
        {LINK, "[Match]\nProperty=ROLE=guests\n" COUNT, 4, 4, NULL},
        {LINK, "[Match]\nProperty=ROLE=lan\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nProperty=!ROLE=guests\n" COUNT, -1, 0, NULL},
        {LINK, "[Match]\nDriver=igb\nHost=kvm1\n" COUNT, -1, 5, "Host="},
        {LINK, "[Match]\nDriver=\"igb\"\n" COUNT, -1, 4, "Driver="},
        {LINK, "[Match]\nUnknown=igb\n" COUNT, -1, 0, NULL},
        {LINK, COUNT, -1, 0, NULL},
        {LINK, "[Match]\nDriver=igb\n[Link]\nSR-IOVVirtualFunctions=\\\n# no\n4\n", 4, 4, NULL},
        {LINK, "[Match]\nDriver=igb\n" COUNT "SR-IOVVirtualFunctions=\n", -1, 0, NULL},
        {LINK, "[Match]\nDriver=igb\n" COUNT "SR-IOVVirtualFunctions=2\n", 2, 5, NULL},
        {LINK, "[Match]\nDriver=igb\n[Link]\nSR-IOVVirtualFunctions=few\n", -1, 4, "not a plain"},
        {LINK,
         "[Match]\nDriver=igb\n[SR-IOV]\nVirtualFunction=3\nTrust=yes\n[SR-IOV]\nVirtualFunction="
         "1\n",
         4, 4, NULL},
        {LINK, "[Match]\nDriver=igb\n[SR-IOV]\nVirtualFunction=3\n" COUNT, 4, 6, NULL},
        {LINK, "[Match]\nDriver=igb\n[Link]\nName=lan\n", -1, 0, NULL},
        {"/usr/local/lib/systemd/network/1.link", "[Match]\nDriver=igb\n" COUNT, 4, 4, NULL},
        {"/etc/systemd/network/10-vfs.network", "[Match]\nDriver=igb\n" COUNT, -1, 0, NULL},
    };

    assert_rows(rows, G_N_ELEMENTS(rows));
}

static GPtrArray *
list(HostWorld *world)
{
    return vas_saved_vfs_list(world->host, &pf);
}

static void
assert_certain(HostWorld *world, const char *path, guint count)
{
    g_autoptr(GPtrArray) writers = list(world);
    const VasVfWriter *writer = vas_saved_vfs_certain(writers);

    g_assert_nonnull(writer);
    g_assert_cmpstr(writer->path, ==, path);
    g_assert_cmpuint(writer->count, ==, count);
}

static void
assert_none(HostWorld *world)
{
    g_autoptr(GPtrArray) writers = list(world);

    g_assert_cmpuint(writers->len, ==, 0);
}

/* The first file that fits counts, whether it has a number or not. */
static void
test_link_order(HostWorld *world, gconstpointer data)
{
    set_up_pf(world->scratch);
    testing_scratch_write(world->scratch, LINK, "[Match]\nDriver=igb\n" COUNT);
    testing_scratch_write(world->scratch, "/etc/systemd/network/20-other.link",
                          "[Match]\nDriver=igb\n[Link]\nSR-IOVVirtualFunctions=2\n");
    assert_certain(world, LINK, 4);
    testing_scratch_write(world->scratch, "/usr/lib/systemd/network/05-names.link",
                          "[Match]\nDriver=igb\n[Link]\nNamePolicy=keep\n");
    assert_none(world);
    testing_scratch_link(world->scratch, "/etc/systemd/network/05-names.link", "/dev/null");
    assert_certain(world, LINK, 4);
}

static void
test_link_behind_unsure(HostWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) writers = NULL;
    const VasVfWriter *writer = NULL;

    set_up_pf(world->scratch);
    testing_scratch_write(world->scratch, LINK, "[Match]\nDriver=igb\n" COUNT);
    testing_scratch_write(world->scratch, "/etc/systemd/network/05-eth.link",
                          "[Match]\nOriginalName=eth0\n[Link]\nName=lan\n");
    writers = list(world);
    g_assert_cmpuint(writers->len, ==, 1);
    writer = g_ptr_array_index(writers, 0);
    g_assert_nonnull(strstr(writer->doubt, "05-eth.link comes first"));
}

static void
test_link_drop_ins(HostWorld *world, gconstpointer data)
{
    static const char drop_in[] = "/run/systemd/network/10-vfs.link.d/5.conf";

    set_up_pf(world->scratch);
    testing_scratch_write(world->scratch, LINK, "[Match]\nDriver=igb\n" COUNT);
    testing_scratch_write(world->scratch, drop_in, "[Link]\nSR-IOVVirtualFunctions=6\n");
    assert_certain(world, drop_in, 6);
    testing_scratch_write(world->scratch, "/etc/systemd/network/10-vfs.link.d/5.conf", "");
    assert_certain(world, LINK, 4);
    testing_scratch_write(world->scratch, LINK, "");
    assert_none(world);
}

/* Without what udev and the kernel say about the interface nothing can be told. */
static void
test_link_facts_missing(HostWorld *world, gconstpointer data)
{
    static const char *const matches[] = {"Path=pci-0000:01:00.0", "Property=ROLE=guests",
                                          "MACAddress=52:54:00:aa:01:00", "Type=ether"};

    for (gsize i = 0; i < G_N_ELEMENTS(matches); i++) {
        g_autofree char *text = g_strdup_printf("[Match]\n%s\n" COUNT, matches[i]);
        g_autoptr(GPtrArray) writers = NULL;

        testing_scratch_write(world->scratch, LINK, text);
        writers = list(world);
        g_assert_cmpuint(writers->len, ==, 1);
        g_assert_null(vas_saved_vfs_certain(writers));
    }
}

#define PROFILE "/etc/NetworkManager/system-connections/a.nmconnection"
#define VFS "[sriov]\ntotal-vfs=4\n"
#define CONF "/etc/NetworkManager/conf.d/vfs.conf"

static void
test_network_manager(void)
{
    static const Row rows[] = {
        {PROFILE, "[connection]\ninterface-name=enp1s0\n" VFS, 4, 4, NULL},
        {PROFILE, "[connection]\ninterface-name=enp1s0f1\n" VFS, -1, 0, NULL},
        {PROFILE, "[ethernet]\nmac-address=52:54:00:AA:01:00\n" VFS, 4, 4, NULL},
        {PROFILE, "[802-3-ethernet]\nmac-address=52:54:00:AA:01:01\n" VFS, -1, 0, NULL},
        {PROFILE, "[connection]\ntype=ethernet\n" VFS, -1, 4, "not bound"},
        {PROFILE, "[connection]\ninterface-name=enp1s0\nautoconnect=false\n" VFS, -1, 5, "by hand"},
        {PROFILE, "[match]\ndriver=igb\n" VFS, -1, 4, "[match]"},
        {PROFILE, "[connection]\ninterface-name=enp1s0\n[sriov]\nautoprobe-drivers=0\n", 0, 4,
         NULL},
        {PROFILE, "[connection]\ninterface-name=enp1s0\n", -1, 0, NULL},
        {"/run/NetworkManager/system-connections/b.nmconnection",
         "[connection]\ninterface-name=enp1s0\n" VFS, 4, 4, NULL},
        {CONF, "[device-a]\nmatch-device=interface-name:enp1s0\nsriov-num-vfs=4\n", 4, 3, NULL},
        {CONF,
         "[device-a]\nmatch-device=driver:igb;except:mac:52:54:00:aa:01:00\nsriov-num-vfs=4\n", -1,
         0, NULL},
        {CONF, "[device-a]\nmatch-device=52:54:00:AA:01:00\nsriov-num-vfs=4\n", 4, 3, NULL},
        {CONF, "[device]\nsriov-num-vfs=2\n[device-b]\nmatch-device=driver:igb\nsriov-num-vfs=4\n",
         4, 5, NULL},
        {CONF, "[device-a]\nstop-match=yes\n[device-b]\nsriov-num-vfs=4\n", -1, 0, NULL},
        {CONF, "[.config]\nenable=false\n[device]\nsriov-num-vfs=4\n", -1, 0, NULL},
        {CONF, "[.config]\nenable=nm-version-min:1.50\n[device]\nsriov-num-vfs=4\n", -1, 4,
         ".config"},
        {CONF, "[device]\nsriov-num-vfs=4\n[keyfile]\nunmanaged-devices=enp1s0\n", -1, 2,
         "leaves enp1s0 alone"},
        {CONF, "[device]\nmanaged=0\n", -1, 0, NULL},
        {"/etc/NetworkManager/NetworkManager.conf", "[device]\nsriov-num-vfs=4\n", 4, 2, NULL},
        {"/usr/lib/NetworkManager/conf.d/1.conf", "[device]\nsriov-num-vfs=4\n", 4, 2, NULL},
    };

    assert_rows(rows, G_N_ELEMENTS(rows));
}

/* A file that is read later comes first, and a profile before all of them. */
static void
test_network_manager_order(HostWorld *world, gconstpointer data)
{
    set_up_pf(world->scratch);
    testing_scratch_write(world->scratch, "/usr/lib/NetworkManager/conf.d/90.conf",
                          "[device]\nsriov-num-vfs=2\n");
    assert_certain(world, "/usr/lib/NetworkManager/conf.d/90.conf", 2);
    testing_scratch_write(world->scratch, "/etc/NetworkManager/NetworkManager.conf",
                          "[device]\nsriov-num-vfs=3\n");
    assert_certain(world, "/etc/NetworkManager/NetworkManager.conf", 3);
    testing_scratch_write(world->scratch, CONF, "[device]\nsriov-num-vfs=4\n");
    assert_certain(world, CONF, 4);
    testing_scratch_write(world->scratch, PROFILE,
                          "[connection]\ninterface-name=enp1s0\n[sriov]\ntotal-vfs=5\n");
    assert_certain(world, PROFILE, 5);
}

static void
test_network_manager_does_not_run(HostWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) writers = NULL;

    testing_scratch_write(world->scratch, PROFILE, "[connection]\ninterface-name=enp1s0\n" VFS);
    writers = list(world);
    g_assert_cmpuint(writers->len, ==, 1);
    g_assert_cmpstr(((const VasVfWriter *) g_ptr_array_index(writers, 0))->doubt, ==,
                    "NetworkManager does not run");
}

static void
assert_zeroes(HostWorld *world, gboolean zeroes)
{
    g_autoptr(GPtrArray) writers = list(world);

    g_assert_cmpuint(writers->len, ==, 1);
    g_assert_cmpint(((const VasVfWriter *) g_ptr_array_index(writers, 0))->zeroes, ==, zeroes);
}

static void
test_network_manager_zeroes(HostWorld *world, gconstpointer data)
{
    set_up_pf(world->scratch);
    testing_scratch_write(world->scratch, PROFILE, "[connection]\ninterface-name=enp1s0\n" VFS);
    assert_zeroes(world, TRUE);
    testing_scratch_write(world->scratch, PROFILE,
                          "[connection]\ninterface-name=enp1s0\n" VFS "preserve-on-down=1\n");
    assert_zeroes(world, FALSE);
}

/* The profile's own word goes before the default, unless it leaves the matter open. */
static void
test_network_manager_preserves_by_default(HostWorld *world, gconstpointer data)
{
    static const struct {
        const char *own;
        const char *conf;
        gboolean zeroes;
    } rows[] = {
        {"", "[connection]\nsriov.preserve-on-down=1\n", FALSE},
        {"preserve-on-down=-1\n", "[connection]\nsriov.preserve-on-down=1\n", FALSE},
        {"preserve-on-down=0\n", "[connection]\nsriov.preserve-on-down=1\n", TRUE},
        {"", "[connection]\nsriov.preserve-on-down=0\n", TRUE},
        {"", "[device]\nsriov.preserve-on-down=1\n", TRUE},
        {"", "[connection-a]\nmatch-device=driver:igb\nsriov.preserve-on-down=1\n", FALSE},
        {"", "[connection-a]\nmatch-device=driver:ice\nsriov.preserve-on-down=1\n", TRUE},
        {"", "[connection]\nsriov.preserve-on-down=1\n[connection-a]\nsriov.preserve-on-down=0\n",
         TRUE},
        {"", "[.config]\nenable=env:A\n[connection]\nsriov.preserve-on-down=1\n", TRUE},
    };

    set_up_pf(world->scratch);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *profile =
            g_strconcat("[connection]\ninterface-name=enp1s0\n" VFS, rows[i].own, NULL);

        g_test_message("%s%s", rows[i].own, rows[i].conf);
        testing_scratch_write(world->scratch, PROFILE, profile);
        testing_scratch_write(world->scratch, CONF, rows[i].conf);
        assert_zeroes(world, rows[i].zeroes);
    }
}

#define PATH "/sys/class/net/enp1s0/device/sriov_numvfs"

static void
test_other_places(void)
{
    static const Row rows[] = {
        {"/etc/sysfs.conf", "# x\nclass/net/enp1s0/device/sriov_numvfs = 4\n", 4, 2, NULL},
        {"/etc/sysfs.d/a.conf", "bus/pci/devices/0000:01:00.0/sriov_numvfs=4\n", 4, 1, NULL},
        {"/etc/sysfs.d/a.conf", "devices/pci0000:00/0000:01:00.0/sriov_numvfs=4\n", 4, 1, NULL},
        {"/etc/sysfs.d/a.conf", "mode bus/pci/devices/0000:01:00.0/sriov_numvfs = 0644\n", -1, 0,
         NULL},
        {"/etc/sysfs.d/a.conf", "class/net/enp1s0f1/device/sriov_numvfs = 4\n", -1, 0, NULL},
        {"/etc/sysfs.d/a.conf", "class/net/enp1s0d1/device/sriov_numvfs = 4\n", 4, 1, NULL},
        {"/etc/sysfs.d/a.conf", "class/net/enp1s0/device/sriov_numvfs = some\n", -1, 1, "plain"},
        {"/etc/tmpfiles.d/a.conf", "w " PATH " - - - - 4\n", 4, 1, NULL},
        {"/usr/lib/tmpfiles.d/a.conf", "w+ /sys/class/net/*/device/sriov_numvfs - - - - 4\n", 4, 1,
         NULL},
        {"/etc/tmpfiles.d/a.conf", "f " PATH " - - - - 4\n", -1, 0, NULL},
        {"/etc/tmpfiles.d/a.conf", "w " PATH "\n", -1, 0, NULL},
        {"/etc/modprobe.d/igb.conf", "options igb max_vfs=4\n", 4, 1, NULL},
        {"/usr/lib/modprobe.d/igb.conf", "options igb max_vfs=2\noptions igb x=1 max_vfs=4\n", 4, 2,
         NULL},
        {"/etc/modprobe.d/igb.conf", "options igb max_vfs=4,4\n", -1, 1, "plain"},
        {"/etc/modprobe.d/igb.conf", "options igbvf max_vfs=4\n", -1, 0, NULL},
        {"/etc/modprobe.d/igb.conf", "#options igb max_vfs=4\n", -1, 0, NULL},
        {"/etc/rc.local", "#!/bin/sh\necho 4 > " PATH "\n", 4, 2, NULL},
        {"/etc/rc.local", "echo '4'>/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs; true\n", 4, 1,
         NULL},
        {"/etc/rc.local", "echo 4 > /sys/class/net/enp1s0f1/device/sriov_numvfs\n", -1, 0, NULL},
        {"/etc/rc.local", "for i in enp1s0; do\necho 4 >/sys/class/net/$i/device/sriov_numvfs\n",
         -1, 2, "variables"},
        {"/etc/rc.local", "for i in enp9s0; do\necho 4 >/sys/class/net/$i/device/sriov_numvfs\n",
         -1, 0, NULL},
        {"/etc/rc.local", "vfs enp1s0 4 sriov_numvfs\n", -1, 1, "what the script does"},
        {"/etc/network/interfaces", "iface enp1s0\npost-up echo 4 >" PATH "\n", 4, 2, NULL},
        {"/etc/network/interfaces.d/vfs", "post-up echo 4 >" PATH "\n", 4, 1, NULL},
        {"/etc/systemd/system/vfs.service", "ExecStart=/bin/sh -c 'echo 4 > " PATH "'\n", -1, 1,
         "starts the unit"},
        {"/etc/NetworkManager/dispatcher.d/vfs", "echo 4 > " PATH "\n", -1, 1, "runs the script"},
        {"/etc/nmstate/a.yml", "interfaces:\n- name: enp1s0\n  total-vfs: 4\n", -1, 3, "nmstate's"},
        {"/etc/nmstate/a.yml.applied", "- name: enp1s0\n  total-vfs: 4\n", -1, 0, NULL},
        {"/etc/nmstate/a.yml", "- name: enp9s0\n  total-vfs: 4\n", -1, 0, NULL},
        {"/etc/sriov-operator/sriov-interface-config.yaml",
         "- pciAddress: 0000:01:00.0\n  numVfs: 4\n", -1, 2, "operator"},
        {"/etc/sriov-operator/pci/0000:01:00.0", "{\"pciAddress\":\"0000:01:00.0\",\"numVfs\":4}",
         -1, 1, "operator"},
    };

    assert_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_pf_on_no_driver(HostWorld *world, gconstpointer data)
{
    const VasMappedPf bare = {.address = {.pci = {.bus = 1}}};
    g_autoptr(GPtrArray) writers = NULL;

    testing_scratch_write(world->scratch, "/etc/modprobe.d/igb.conf", "options igb max_vfs=4\n");
    testing_scratch_write(world->scratch, LINK, "[Match]\nOriginalName=*\n" COUNT);
    testing_scratch_write(world->scratch, PROFILE, "[connection]\nid=a\n" VFS);
    writers = vas_saved_vfs_list(world->host, &bare);
    g_assert_cmpuint(writers->len, ==, 0);
}

/* Our own rules are not another program's, and what is only named like them is. */
static void
test_own_rules(HostWorld *world, gconstpointer data)
{
    static char driver[] = "igb";
    const VasVfRule rule = {4, TRUE, driver};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();

    vas_host_wish_set_vfs(wish, pf.address, &rule);
    testing_scratch_write(world->scratch, "/etc/udev/rules.d/99-other.rules", "# another\n");
    g_assert_true(vas_vf_rules_write(world->host, wish->vfs, &world->error));
    assert_none(world);
    testing_scratch_write(world->scratch, VAS_VF_RULES_FILE,
                          "KERNEL==\"enp1s0\", ATTR{sriov_numvfs}=\"4\"\n");
    assert_certain(world, VAS_VF_RULES_FILE, 4);
}

#define add(name, function)                                                                        \
    g_test_add("/saved-vfs/" name, HostWorld, NULL, host_world_set_up, function,                   \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) vfs = g_ptr_array_new();

    g_test_init(&argc, &argv, NULL);
    pf.vfs = vfs;
    g_test_add_func("/saved-vfs/udev", test_udev);
    g_test_add_func("/saved-vfs/link", test_link);
    add("link-order", test_link_order);
    add("link-behind-unsure", test_link_behind_unsure);
    add("link-drop-ins", test_link_drop_ins);
    add("link-facts-missing", test_link_facts_missing);
    g_test_add_func("/saved-vfs/network-manager", test_network_manager);
    add("network-manager-order", test_network_manager_order);
    add("network-manager-does-not-run", test_network_manager_does_not_run);
    add("network-manager-zeroes", test_network_manager_zeroes);
    add("network-manager-preserves-by-default", test_network_manager_preserves_by_default);
    g_test_add_func("/saved-vfs/other-places", test_other_places);
    add("pf-on-no-driver", test_pf_on_no_driver);
    add("own-rules", test_own_rules);
    return g_test_run();
}
