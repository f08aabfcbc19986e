/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "checking.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "healthy-host.h"

#define LINK "/etc/systemd/network/10-vfs.link"
#define VLAN_7 "[SR-IOV]\nVirtualFunction=0\nVLANId=7\n"

static void
test_saved_vfs(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) lost = NULL;
    g_autoptr(GPtrArray) kept = NULL;

    healthy_host_make_vf(fake);
    lost = vas_check_host(&fake->context, NULL);
    checking_assert(lost, "host.saved-vfs", VAS_FINDING_WARNING,
                    "virt-assign vfs enp1s0 1 --persist");
    testing_scratch_write(fake->root, "/etc/udev/rules.d/80-vfs.rules",
                          "KERNEL==\"enp1s0\", ATTR{device/sriov_numvfs}=\"1\"\n");
    kept = vas_check_host(&fake->context, NULL);
    checking_assert(kept, "host.saved-vfs", VAS_FINDING_OK, "/etc/udev/rules.d/80-vfs.rules");
}

static void
test_rule_with_another_count(void)
{
    static char driver[] = "igb";
    const VasHostAddress pf = {.pci = {.bus = 1}};
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    VasVfRule rule = {4, TRUE, driver};
    g_autoptr(GPtrArray) other = NULL;
    g_autoptr(GPtrArray) same = NULL;

    healthy_host_make_vf(fake);
    testing_scratch_write(fake->root, "/etc/udev/rules.d/99-other.rules", "# another\n");
    g_assert_true(vas_persist_vfs(&fake->context, pf, &rule, NULL, NULL));
    other = vas_check_host(&fake->context, NULL);
    checking_assert(other, "host.saved-vfs", VAS_FINDING_WARNING,
                    "enp1s0 has 1 VFs now, and gets 4 at the next boot");
    rule.count = 1;
    g_assert_true(vas_persist_vfs(&fake->context, pf, &rule, NULL, NULL));
    same = vas_check_host(&fake->context, NULL);
    checking_assert(same, "host.saved-vfs", VAS_FINDING_OK, "made again at the next boot");
}

/* A card that is not the one that is meant is told as boot tells it. */
static void
test_other_card(void)
{
    static char driver[] = "igb";
    static char mac[] = "52:54:00:00:09:00";
    const VasHostAddress pf = {.pci = {.bus = 1}};
    const VasHostAddress elsewhere = {.pci = {.bus = 0x77}};
    const VasVfRule rule = {1, TRUE, driver};
    VasIdentity identity = {.vendor_id = 0x8086, .product_id = 0x1521, .vf_index = -1};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) other = NULL;
    g_autoptr(GPtrArray) gone = NULL;

    healthy_host_make_vf(fake);
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/0000:01:00.0/modalias",
                          "pci:v00008086d000010C9sv00000000sd00000000bc02sc00i00\n");
    vas_host_wish_set_vfs(wish, pf, &rule);
    vas_host_wish_set_identity(wish->vfs, pf, &identity);
    g_assert_true(vas_wish_file_write(fake->host, wish, NULL));
    other = vas_check_host(&fake->context, NULL);
    checking_assert(other, "host.boot", VAS_FINDING_WARNING, "virt-assign vfs 0000:01:00.0 1");
    identity.keys[VAS_CARD_KEY_MAC] = mac;
    vas_host_wish_set_driver(wish, elsewhere, "vfio-pci");
    vas_host_wish_set_identity(wish->drivers, elsewhere, &identity);
    vas_host_wish_set_vfs(wish, pf, NULL);
    g_assert_true(vas_wish_file_write(fake->host, wish, NULL));
    gone = vas_check_host(&fake->context, NULL);
    checking_assert(gone, "host.boot", VAS_FINDING_WARNING, "take it out of " VAS_WISH_FILE);
}

/* A PF that is down may have been so when the boot made VFs, and its driver makes none then. */
static void
test_down_at_boot(void)
{
    static char driver[] = "bnxt_en";
    const VasHostAddress pf = {.pci = {.bus = 1}};
    const VasVfRule rule = {4, TRUE, driver};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) down = NULL;
    g_autoptr(GPtrArray) up = NULL;

    testing_scratch_write(fake->root, PF "/sriov_numvfs", "0\n");
    testing_scratch_write(fake->root, PF "/sriov_totalvfs", "7\n");
    testing_scratch_write(fake->root, PF "/sriov_drivers_autoprobe", "1\n");
    testing_scratch_write(fake->root, "/sys/class/net/enp1s0/flags", "0x1002\n");
    vas_host_wish_set_vfs(wish, pf, &rule);
    g_assert_true(vas_wish_file_write(fake->host, wish, NULL));
    down = vas_check_host(&fake->context, NULL);
    checking_assert(down, "host.boot", VAS_FINDING_WARNING, "ip link set enp1s0 up, then");
    testing_scratch_write(fake->root, "/sys/class/net/enp1s0/flags", "0x1003\n");
    up = vas_check_host(&fake->context, NULL);
    for (guint i = 0; i < up->len; i++)
        g_assert_null(strstr(((const VasFinding *) g_ptr_array_index(up, i))->summary, "is down"));
}

static void
test_several_writers(void)
{
    static char driver[] = "igb";
    const VasHostAddress pf = {.pci = {.bus = 1}};
    const VasVfRule rule = {1, TRUE, driver};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) same = NULL;
    g_autoptr(GPtrArray) other = NULL;

    healthy_host_make_vf(fake);
    testing_scratch_write(fake->root, "/etc/sysfs.conf",
                          "class/net/enp1s0/device/sriov_numvfs = 1\n");
    vas_host_wish_set_vfs(wish, pf, &rule);
    g_assert_true(vas_wish_file_write(fake->host, wish, NULL));
    same = vas_check_host(&fake->context, NULL);
    checking_assert(same, "host.vf-writers", VAS_FINDING_WARNING, "/etc/sysfs.conf:1 (1)");
    testing_scratch_write(fake->root, "/etc/sysfs.conf",
                          "class/net/enp1s0/device/sriov_numvfs = 2\n");
    other = vas_check_host(&fake->context, NULL);
    checking_assert(other, "host.vf-writers", VAS_FINDING_PROBLEM, "different numbers");
}

/* VFs that guests have are in danger, others are not. */
static void
test_replacing_writers(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) free_vfs = NULL;
    g_autoptr(GPtrArray) given = NULL;

    healthy_host_make_vf(fake);
    testing_scratch_write(fake->root, LINK,
                          "[Match]\nOriginalName=*\n[Link]\nSR-IOVVirtualFunctions=2\n");
    testing_scratch_write(fake->root, "/etc/NetworkManager/system-connections/a.nmconnection",
                          "[connection]\ninterface-name=enp1s0\n[sriov]\ntotal-vfs=1\n");
    free_vfs = vas_check_host(&fake->context, NULL);
    checking_assert(free_vfs, "host.saved-vfs", VAS_FINDING_WARNING,
                    "has 1 VFs now, and gets 2 at the next boot");
    checking_assert_lacks(free_vfs, "host.vf-writers");
    fake_set_driver(fake, "0000:01:10.0", "vfio-pci");
    given = vas_check_host(&fake->context, NULL);
    checking_assert(given, "host.vf-writers", VAS_FINDING_PROBLEM, LINK ":4");
    checking_assert(given, "host.vf-writers", VAS_FINDING_WARNING, "preserve-on-down=1");
}

/* Without a number systemd-udevd only adds what is missing. */
static void
test_raising_writer(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) enough = NULL;
    g_autoptr(GPtrArray) missing = NULL;

    healthy_host_make_vf(fake);
    fake_set_driver(fake, "0000:01:10.0", "vfio-pci");
    testing_scratch_link(fake->root, PF "/virtfn1", "../0000:01:10.2");
    testing_scratch_write(fake->root, LINK,
                          "[Match]\nOriginalName=*\n[SR-IOV]\nVirtualFunction=0\n");
    enough = vas_check_host(&fake->context, NULL);
    checking_assert(enough, "host.saved-vfs", VAS_FINDING_WARNING, "gets 1 at the next boot");
    checking_assert_lacks(enough, "host.vf-writers");
    testing_scratch_write(fake->root, LINK,
                          "[Match]\nOriginalName=*\n[SR-IOV]\nVirtualFunction=2\n");
    missing = vas_check_host(&fake->context, NULL);
    checking_assert(missing, "host.vf-writers", VAS_FINDING_PROBLEM, "wants 3, and there are 2");
}

/* Gives a guest, which runs or is shut off, the VF as an interface of VLAN 100. */
static void
give_vf(FakeHypervisor *fake, gboolean runs)
{
    FakeGuest *guest = fake_add_guest(fake, "db1", runs, TRUE);

    healthy_host_make_vf(fake);
    g_ptr_array_add(runs ? guest->live : guest->config,
                    g_strdup("<interface type='hostdev' managed='yes'><mac "
                             "address='52:54:00:aa:bb:cc'/><source><address type='pci' "
                             "domain='0' bus='1' slot='16' function='0'/></source>"
                             "<vlan><tag id='100'/></vlan></interface>"));
}

/* Checks with a .link file that has [SR-IOV] sections. Returns full. */
static GPtrArray *
check_with_link(FakeHypervisor *fake, const char *match, const char *sections)
{
    g_autofree char *text = g_strconcat("[Match]\n", match, "\n", sections, NULL);

    testing_scratch_write(fake->root, LINK, text);
    return vas_check_host(&fake->context, NULL);
}

static void
test_vf_presets(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) sure = NULL;
    g_autoptr(GPtrArray) unsure = NULL;
    g_autoptr(GPtrArray) same = NULL;
    g_autoptr(GPtrArray) unread = NULL;

    give_vf(fake, TRUE);
    sure = check_with_link(fake, "OriginalName=*", VLAN_7);
    checking_assert(sure, "host.vf-presets", VAS_FINDING_PROBLEM,
                    "systemd-udevd writes VLAN 7 over VF 0 of enp1s0, which guest db1 has with "
                    "VLAN 100");
    checking_assert(sure, "host.vf-presets", VAS_FINDING_PROBLEM, LINK ":3");
    unsure = check_with_link(fake, "Host=kvm1", VLAN_7);
    checking_assert(unsure, "host.vf-presets", VAS_FINDING_WARNING, "may write VLAN 7");
    checking_assert(unsure, "host.vf-presets", VAS_FINDING_WARNING, LINK ":3; whether its Host=");
    same = check_with_link(fake, "OriginalName=*",
                           "[SR-IOV]\nVirtualFunction=0\nVLANId=100\n"
                           "[SR-IOV]\nVirtualFunction=1\nVLANId=7\n");
    checking_assert_lacks(same, "host.vf-presets");
    fake_plan_fault(fake, FAKE_LIST_GUESTS, 1, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "gone");
    unread = vas_check_host(&fake->context, NULL);
    checking_assert(unread, "host.vf-presets", VAS_FINDING_WARNING, "gone");
}

/* A guest that is shut off wishes no more than its definition says. */
static void
test_vf_presets_of_shut_off_guest(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) wished = NULL;
    g_autoptr(GPtrArray) open = NULL;

    give_vf(fake, FALSE);
    wished = check_with_link(fake, "OriginalName=*", VLAN_7 "Trust=yes\n");
    checking_assert(wished, "host.vf-presets", VAS_FINDING_PROBLEM, "writes VLAN 7 over VF 0");
    open = check_with_link(fake, "OriginalName=*", "[SR-IOV]\nVirtualFunction=0\nTrust=yes\n");
    checking_assert_lacks(open, "host.vf-presets");
}

static void
test_unsure_writer(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    healthy_host_make_vf(fake);
    testing_scratch_write(fake->root, "/etc/rc.local", "vfs enp1s0 1 # sriov_numvfs\n");
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.saved-vfs", VAS_FINDING_WARNING, "cannot be told");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-host-vfs/saved-vfs", test_saved_vfs);
    g_test_add_func("/check-host-vfs/rule-with-another-count", test_rule_with_another_count);
    g_test_add_func("/check-host-vfs/other-card", test_other_card);
    g_test_add_func("/check-host-vfs/down-at-boot", test_down_at_boot);
    g_test_add_func("/check-host-vfs/several-writers", test_several_writers);
    g_test_add_func("/check-host-vfs/replacing-writers", test_replacing_writers);
    g_test_add_func("/check-host-vfs/raising-writer", test_raising_writer);
    g_test_add_func("/check-host-vfs/vf-presets", test_vf_presets);
    g_test_add_func("/check-host-vfs/vf-presets-of-shut-off-guest",
                    test_vf_presets_of_shut_off_guest);
    g_test_add_func("/check-host-vfs/unsure-writer", test_unsure_writer);
    return g_test_run();
}
