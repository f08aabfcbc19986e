/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-preset.h"

#include "host-world.h"

#include <string.h>

#define LINK "/etc/systemd/network/10-vfs.link"
#define DROP_IN LINK ".d/a.conf"
#define NETWORK "/etc/systemd/network/10-vfs.network"
#define PROFILE "/etc/NetworkManager/system-connections/a.nmconnection"
#define MATCH "[Match]\nOriginalName=*\n"
#define MINE "[connection]\ninterface-name=enp1s0\n"

static VasMappedPf pf = {
    .address = {.pci = {.bus = 1}},
    .interfaces = (char *[]){(char *) "enp1s0", (char *) "enp1s0d1", NULL},
    .interface = "enp1s0",
    .mac = (char *) "52:54:00:aa:01:00",
    .driver = (char *) "igb",
};

/* "0@3 trust on; 2@6 VLAN 7 (doubt)": the VF, the line, and the settings. Returns full. */
static char *
describe(const GPtrArray *presets)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < presets->len; i++) {
        const VasVfPreset *preset = g_ptr_array_index(presets, i);
        g_autofree char *settings = vas_vf_settings_text(&preset->settings, preset->fields);

        g_string_append_printf(text, "%s%d@%u %s", i > 0 ? "; " : "", preset->index, preset->line,
                               settings);
        if (preset->doubt != NULL)
            g_string_append_printf(text, " (%s)", preset->doubt);
    }
    return g_string_free(text, FALSE);
}

static void
assert_presets(const HostWorld *world, const char *expected)
{
    g_autoptr(GPtrArray) presets = vas_vf_presets_list(world->host, &pf);
    g_autofree char *text = describe(presets);

    g_assert_cmpstr(text, ==, expected);
}

static void
start_managers(HostWorld *world, gconstpointer data)
{
    host_world_set_up(world, data);
    testing_scratch_write(world->scratch,
                          "/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs", "1\n");
    testing_scratch_write(
        world->scratch, "/sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs", "1\n");
}

typedef struct {
    const char *text;
    const char *expected;
} Row;

static void
assert_rows(const HostWorld *world, const char *path, const char *head, const Row *rows,
            gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        g_autofree char *text = g_strconcat(head, rows[i].text, NULL);

        g_test_message("%s", text);
        testing_scratch_write(world->scratch, path, text);
        assert_presets(world, rows[i].expected);
    }
}

static void
test_systemd(HostWorld *world, gconstpointer data)
{
    static const Row rows[] = {
        {"[SR-IOV]\nVirtualFunction=0\nTrust=yes\n", "0@3 trust on"},
        {"[SR-IOV]\nTrust=0\nMACSpoofCheck=OFF\nVirtualFunction=6\n",
         "6@3 spoof check off, trust off"},
        {"[SR-IOV]\nVirtualFunction=0\nLinkState=auto\n", "0@3 link state auto"},
        {"[SR-IOV]\nVirtualFunction=0\nLinkState=yes\n", "0@3 link state enable"},
        {"[SR-IOV]\nVirtualFunction=0\nLinkState=no\n", "0@3 link state disable"},
        {"[SR-IOV]\nVirtualFunction=0\nLinkState=no\nLinkState=\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nLinkState=no\nLinkState=up\n", "0@3 link state disable"},
        {"[SR-IOV]\nVirtualFunction=0\nVLANId=7\nQualityOfService=3\n",
         "0@3 VLAN 7 with priority 3"},
        {"[SR-IOV]\nVirtualFunction=0\nVLANId=7\nVLANId=0\n", "0@3 VLAN 7"},
        {"[SR-IOV]\nVirtualFunction=0\nVLANId=7\nVLANId=\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nQualityOfService=3\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nMACAddress=52-54-00-AA-BB-CC\n",
         "0@3 MAC 52:54:00:aa:bb:cc"},
        {"[SR-IOV]\nVirtualFunction=0\nMACAddress=5254.00aa.bbcc\nMACAddress=x\n",
         "0@3 MAC 52:54:00:aa:bb:cc"},
        {"[SR-IOV]\nVirtualFunction=0\nMACAddress=5254.00aa.bbcc\nMACAddress=\n", ""},
        {"[SR-IOV]\nTrust=yes\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nVirtualFunction=\nTrust=yes\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nTrust=maybe\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nTrust=yes\nTrust=\n", ""},
        {"[SR-IOV]\nVirtualFunction=0\nTrust=yes\n[SR-IOV]\nVirtualFunction=1\nTrust=yes\n",
         "0@3 trust on; 1@6 trust on"},
        {"[SR-IOV]\nVirtualFunction=0\nTrust=yes\n[SR-IOV]\nVirtualFunction=0\nTrust=no\n",
         "0@6 trust off"},
        {"[SR-IOV]\nVirtualFunction=0\nTrust=yes\n[SR-IOV]\nVirtualFunction=0\n", ""},
        {"[Link]\nVirtualFunction=0\nTrust=yes\n", ""},
    };

    assert_rows(world, LINK, MATCH, rows, G_N_ELEMENTS(rows));
    testing_scratch_write(world->scratch, LINK, "[Match]\nOriginalName=*\n");
    assert_rows(world, NETWORK, "[Match]\nName=en*\n", rows, G_N_ELEMENTS(rows));
}

static void
test_systemd_protocol(HostWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) presets = NULL;

    testing_scratch_write(world->scratch, LINK,
                          MATCH "[SR-IOV]\nVirtualFunction=0\nVLANId=7\nVLANProtocol=802.1ad\n"
                                "[SR-IOV]\nVirtualFunction=1\nVLANId=7\nVLANProtocol=802.1ad\n"
                                "VLANProtocol=\n");
    presets = vas_vf_presets_list(world->host, &pf);
    g_assert_cmpuint(presets->len, ==, 2);
    g_assert_cmpuint(((const VasVfPreset *) presets->pdata[0])->settings.vlan_protocol, ==, 0x88a8);
    g_assert_cmpuint(((const VasVfPreset *) presets->pdata[1])->settings.vlan_protocol, ==, 0x8100);
}

/* A section for a VF that the file's own number does not make is dropped. */
static void
test_systemd_number(HostWorld *world, gconstpointer data)
{
    static const Row rows[] = {
        {"SR-IOVVirtualFunctions=2\n", "0@3 trust on"},
        {"SR-IOVVirtualFunctions=3\n", "0@3 trust on; 2@6 trust on"},
        {"SR-IOVVirtualFunctions=2\nSR-IOVVirtualFunctions=\n", "0@3 trust on; 2@6 trust on"},
    };

    assert_rows(world, LINK,
                MATCH "[SR-IOV]\nVirtualFunction=0\nTrust=1\n"
                      "[SR-IOV]\nVirtualFunction=2\nTrust=1\n[Link]\n",
                rows, G_N_ELEMENTS(rows));
}

static void
test_systemd_drop_in(HostWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) presets = NULL;

    testing_scratch_write(world->scratch, LINK, MATCH "[SR-IOV]\nVirtualFunction=0\nTrust=1\n");
    testing_scratch_write(world->scratch, DROP_IN, "\n[SR-IOV]\nVirtualFunction=0\nTrust=0\n");
    assert_presets(world, "0@2 trust off");
    presets = vas_vf_presets_list(world->host, &pf);
    g_assert_cmpstr(((const VasVfPreset *) presets->pdata[0])->path, ==, DROP_IN);
    g_assert_cmpstr(((const VasVfPreset *) presets->pdata[0])->program, ==, "systemd-udevd");
    testing_scratch_write(world->scratch, DROP_IN, "\n\n[SR-IOV]\nVirtualFunction=1\nTrust=0\n");
    assert_presets(world, "0@3 trust on; 1@3 trust off");
}

static void
test_systemd_doubts(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, LINK,
                          "[Match]\nHost=kvm1\n[SR-IOV]\nVirtualFunction=0\nTrust=1\n");
    assert_presets(world, "0@3 trust on (whether its Host= means enp1s0 cannot be told)");
    testing_scratch_write(world->scratch, LINK,
                          "[Match]\nDriver=ice\n[SR-IOV]\nVirtualFunction=0\nTrust=1\n");
    assert_presets(world, "");
}

static void
test_network_manager(HostWorld *world, gconstpointer data)
{
    static const Row rows[] = {
        {"total-vfs=2\n", ""},
        {"vf.0=\n", "0@4 no VLAN"},
        {"vf.1=mac=52:54:00:aa:bb:cc spoof-check=false trust=true\n",
         "1@4 spoof check off, trust on, no VLAN, MAC 52:54:00:aa:bb:cc"},
        {"vf.0=mac=52:54 trust=false\n", "0@4 trust off, no VLAN"},
        {"vf.0=vlans=85\n", "0@4 VLAN 85"},
        {"vf.0=vlans=0x55.3.ad\n", "0@4 VLAN 85 with priority 3"},
        {"vf.0=vlans=85;86\n", "0@4 no VLAN (NetworkManager sets no VF that has several VLANs)"},
        {"vf.0=max-tx-rate=100 min-tx-rate=50\n", "0@4 max rate 100 Mbit/s (min 50), no VLAN"},
        {"vf.0=trust=true\nvf.0=trust=false\n", "0@5 trust off, no VLAN"},
        {"vf.x=trust=true\n", ""},
        {"vfs=trust=true\n", ""},
        {"[x]\nvf.0=trust=true\n", ""},
    };

    assert_rows(world, PROFILE, MINE "[sriov]\n", rows, G_N_ELEMENTS(rows));
    testing_scratch_write(world->scratch, PROFILE, MINE "autoconnect=0\n[sriov]\nvf.0=\n");
    assert_presets(world, "0@5 no VLAN (it is activated by hand only)");
    testing_scratch_write(world->scratch, PROFILE,
                          "[connection]\ninterface-name=enp2s0\n[sriov]\nvf.0=\n");
    assert_presets(world, "");
}

static void
test_managers_do_not_run(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, PROFILE, MINE "[sriov]\nvf.0=\n");
    assert_presets(world, "0@4 no VLAN (NetworkManager does not run)");
    testing_scratch_write(world->scratch, NETWORK,
                          "[Match]\nName=en*\n[SR-IOV]\nVirtualFunction=1\nTrust=1\n");
    assert_presets(world, "1@3 trust on (systemd-networkd does not run); "
                          "0@4 no VLAN (NetworkManager does not run)");
}

static void
test_pf_without_interface(HostWorld *world, gconstpointer data)
{
    const VasMappedPf bare = {.address = {.pci = {.bus = 1}}};
    g_autoptr(GPtrArray) presets = NULL;

    testing_scratch_write(world->scratch, LINK, MATCH "[SR-IOV]\nVirtualFunction=0\nTrust=1\n");
    testing_scratch_write(world->scratch, PROFILE, "[connection]\nid=a\n[sriov]\nvf.0=\n");
    presets = vas_vf_presets_list(world->host, &bare);
    g_assert_cmpuint(presets->len, ==, 0);
}

/* libvirt sets MAC and VLAN of an interface, and the PF holds the rest. */
static void
test_differs(void)
{
    g_autoptr(VasAssignment) interface = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(VasAssignment) plain = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(VasVfPreset) preset = vas_vf_preset_new("p", "/f", 1);
    VasVfSettings now = {.vlan = 42, .qos = 3, .trust = 1, .vlan_protocol = VAS_VLAN_PROTOCOL};
    VasVfSettings has;

    interface->has_mac = TRUE;
    interface->mac = (VasMacAddress){{2, 0, 0, 0, 0, 1}};
    interface->vlan = 7;
    preset->settings.trust = 0;
    g_assert_cmpuint(vas_vf_preset_differs(preset, &now, interface, &has), ==, 0);
    preset->fields = VAS_VF_TRUST;
    g_assert_cmpuint(vas_vf_preset_differs(preset, &now, interface, &has), ==, VAS_VF_TRUST);
    g_assert_cmpint(has.vlan, ==, 7);
    g_assert_cmpint(has.qos, ==, 0);
    g_assert_true(vas_mac_address_equal(has.mac, interface->mac));
    preset->fields = VAS_VF_VLAN | VAS_VF_MAC;
    preset->settings.vlan = 7;
    g_assert_cmpuint(vas_vf_preset_differs(preset, &now, interface, &has), ==, VAS_VF_MAC);
    g_assert_cmpuint(vas_vf_preset_differs(preset, &now, plain, &has), ==, VAS_VF_VLAN);
    g_assert_cmpint(has.qos, ==, 3);
    interface->vlan = 42;
    preset->settings.vlan = 42;
    preset->settings.qos = 3;
    g_assert_cmpuint(vas_vf_preset_differs(preset, &now, interface, &has), ==, VAS_VF_MAC);
}

#define add(name, set_up, function)                                                                \
    g_test_add("/vf-preset/" name, HostWorld, NULL, set_up, function, host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("systemd", start_managers, test_systemd);
    add("systemd-protocol", start_managers, test_systemd_protocol);
    add("systemd-number", start_managers, test_systemd_number);
    add("systemd-drop-in", start_managers, test_systemd_drop_in);
    add("systemd-doubts", start_managers, test_systemd_doubts);
    add("network-manager", start_managers, test_network_manager);
    add("managers-do-not-run", host_world_set_up, test_managers_do_not_run);
    add("pf-without-interface", start_managers, test_pf_without_interface);
    g_test_add_func("/vf-preset/differs", test_differs);
    return g_test_run();
}
