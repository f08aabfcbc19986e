/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "checking.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "healthy-host.h"

static void
test_vf_removal(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(fake->root, PF "/sriov_offset", "128\n");
    testing_scratch_write(fake->root, PF "/sriov_stride", "2\n");
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.vf-removal", VAS_FINDING_PROBLEM,
                    "removing the VFs of 0000:01:00.0");
    checking_assert(findings, "host.vf-removal", VAS_FINDING_PROBLEM,
                    "virt-assign show 0000:01:10.0");
}

static void
test_healthy(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = vas_check_host(&fake->context, NULL);

    checking_assert_ids(findings, "host.iommu host.interrupt-remapping host.vfio host.kvm "
                                  "host.libvirt host.assignment host.pools "
                                  "host.network-managers host.saved-vfs");
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_OK), ==, findings->len);
    checking_assert(findings, "host.iommu", VAS_FINDING_OK, "2 groups");
    checking_assert(findings, "host.iommu", VAS_FINDING_OK, "dmar0");
}

/* A change is written over a healthy host, and is found then. */
typedef struct {
    const char *name;
    const char *path; /* removed if @text is NULL */
    const char *text;
    const char *id;
    VasFindingLevel level;
    const char *part; /* of summary, evidence or advice */
} Change;

static const Change changes[] = {
    {"remapping", "/proc/interrupts", " 4: 4 IO-APIC 4-edge\n", "host.interrupt-remapping",
     VAS_FINDING_PROBLEM, "allow_unsafe_interrupts=1"},
    {"vfio-missing", MODULES "/modules.dep", "\n", "host.vfio", VAS_FINDING_PROBLEM,
     "apt install --reinstall linux-image-"},
    {"vfio-prohibited", "/etc/modprobe.d/no.conf", "blacklist vfio-pci\n", "host.vfio",
     VAS_FINDING_PROBLEM, "/etc/modprobe.d/no.conf: blacklist vfio-pci"},
    {"vfio-updated", MODULES "/modules.dep", NULL, "host.vfio", VAS_FINDING_PROBLEM, "reboot"},
    {"vfio-loaded", "/sys/module/vfio_pci/refcnt", "0\n", "host.vfio", VAS_FINDING_OK, "loaded"},
    {"vfio-node", "/dev/vfio/vfio", NULL, "host.vfio", VAS_FINDING_PROBLEM, "modprobe vfio-pci"},
    {"kvm", "/dev/kvm", NULL, "host.kvm", VAS_FINDING_WARNING, "modprobe kvm_intel"},
};

static void
test_change(gconstpointer data)
{
    const Change *change = data;
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    if (change->text != NULL)
        testing_scratch_write(fake->root, change->path, change->text);
    else
        checking_remove(fake->root, change->path);
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, change->id, change->level, change->part);
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_OK) +
                         (change->level != VAS_FINDING_OK),
                     ==, findings->len);
}

/* An IOMMU is off, as the command line and the distribution have it. */
static void
test_iommu_off(void)
{
    static const struct {
        const char *table, *command_line, *release, *advice;
    } rows[] = {
        {"DMAR", "quiet", "ID=debian",
         "add intel_iommu=on to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub"},
        {"DMAR", "quiet intel_iommu=off", "ID=ubuntu",
         "replace intel_iommu=off with intel_iommu=on in GRUB_CMDLINE_LINUX"},
        {"DMAR", "quiet", "ID=rhel", "grubby --update-kernel=ALL --args=intel_iommu=on"},
        {"DMAR", "intel_iommu=off", "ID=fedora",
         "grubby --update-kernel=ALL --remove-args=intel_iommu=off --args=intel_iommu=on"},
        {"DMAR", "quiet", "ID=sles", "grub2-mkconfig"},
        {"DMAR", "quiet", "ID=arch", "the boot loader's configuration"},
        {"DMAR", "intel_iommu=on iommu=off", "ID=debian", "remove iommu=off from"},
        {"DMAR", "intel_iommu=on", "ID=debian", "dmesg | grep"},
        {"IVRS", "amd_iommu=off", "ID=debian", "remove amd_iommu=off from GRUB_CMDLINE_LINUX"},
        {"IVRS", "quiet", "ID=debian", "dmesg | grep"},
        {NULL, "quiet", "ID=debian", "turn on Intel VT-d"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FakeHypervisor) fake = healthy_host_new();
        g_autofree char *table = g_strdup_printf("/sys/firmware/acpi/tables/%s", rows[i].table);
        g_autoptr(GPtrArray) findings = NULL;

        checking_remove(fake->root, "/sys/kernel/iommu_groups/1/type");
        checking_remove(fake->root, "/sys/kernel/iommu_groups/1");
        checking_remove(fake->root, "/sys/kernel/iommu_groups/11/type");
        checking_remove(fake->root, "/sys/kernel/iommu_groups/11");
        checking_remove(fake->root, "/sys/firmware/acpi/tables/DMAR");
        if (rows[i].table != NULL)
            testing_scratch_write(fake->root, table, "x");
        testing_scratch_write(fake->root, "/proc/cmdline", rows[i].command_line);
        testing_scratch_write(fake->root, "/etc/os-release", rows[i].release);
        findings = vas_check_host(&fake->context, NULL);
        checking_assert(findings, "host.iommu", VAS_FINDING_PROBLEM, rows[i].advice);
    }
}

static void
test_remapping_switched_off(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) refused = NULL;
    g_autoptr(GPtrArray) allowed = NULL;

    testing_scratch_write(fake->root, "/proc/interrupts", "\n");
    testing_scratch_write(fake->root, "/proc/cmdline", "intel_iommu=on intremap=off\n");
    refused = vas_check_host(&fake->context, NULL);
    checking_assert(refused, "host.interrupt-remapping", VAS_FINDING_PROBLEM,
                    "remove intremap=off from");
    testing_scratch_write(fake->root,
                          "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n");
    allowed = vas_check_host(&fake->context, NULL);
    checking_assert(allowed, "host.interrupt-remapping", VAS_FINDING_WARNING, "any interrupt");
}

static void
test_other_architecture(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(fake->root, "/proc/interrupts", "\n");
    testing_scratch_write(fake->root, "/proc/cpuinfo", "CPU implementer : 0x41\n");
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.interrupt-remapping", VAS_FINDING_WARNING, "cannot be told");
}

static void
test_no_virtualization(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    checking_remove(fake->root, "/dev/kvm");
    testing_scratch_write(fake->root, "/proc/cpuinfo", "vendor_id : AuthenticAMD\nflags : fpu\n");
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.kvm", VAS_FINDING_WARNING, "turn on SVM (AMD-V)");
}

static void
test_boot(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) alone = NULL;
    g_autoptr(GPtrArray) seen_to = NULL;
    g_autoptr(GPtrArray) malformed = NULL;

    testing_scratch_write(fake->root, VAS_WISH_FILE,
                          "<host xmlns='urn:virt-assign:host:1' version='1'>"
                          "<device address='0000:03:00.0'><driver name='vfio-pci'/></device>"
                          "<device address='0000:77:00.0'><driver name='vfio-pci'/></device>"
                          "</host>");
    alone = vas_check_host(&fake->context, NULL);
    checking_assert(alone, "host.boot", VAS_FINDING_WARNING,
                    "systemctl enable virt-assign-boot.service");
    checking_assert(alone, "host.boot", VAS_FINDING_WARNING,
                    "0000:03:00.0 is wished on vfio-pci, and is on xhci_hcd");
    checking_assert(alone, "host.boot", VAS_FINDING_WARNING,
                    "0000:77:00.0 is wished on vfio-pci, and is not there");
    testing_scratch_link(fake->root,
                         "/etc/systemd/system/multi-user.target.wants/virt-assign-boot.service",
                         "/usr/lib/systemd/system/virt-assign-boot.service");
    fake_set_driver(fake, "0000:03:00.0", "vfio-pci");
    seen_to = vas_check_host(&fake->context, NULL);
    checking_assert(seen_to, "host.boot", VAS_FINDING_OK, "a unit sees at each boot");
    testing_scratch_write(fake->root, VAS_WISH_FILE, "<host/>");
    malformed = vas_check_host(&fake->context, NULL);
    checking_assert(malformed, "host.boot", VAS_FINDING_PROBLEM, "line 1: <host> is not known");
}

/* A VF that a guest has counts as well: it comes back on igbvf, under its PF's name. */
static void
test_network_manager(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) taken = NULL;
    g_autoptr(GPtrArray) left = NULL;
    g_autoptr(GPtrArray) without_drivers = NULL;

    testing_scratch_write(fake->root,
                          "/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs", "1\n");
    healthy_host_make_vf(fake);
    testing_scratch_link(fake->root, PF "/virtfn1", "../0000:01:10.2");
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/0000:01:10.2/modalias",
                          "pci:v00008086d000010CAsv0\n");
    fake_set_driver(fake, "0000:01:10.2", "vfio-pci");
    taken = vas_check_host(&fake->context, NULL);
    checking_assert(taken, "host.network-managers", VAS_FINDING_WARNING, "enp1s0v1");
    checking_assert(taken, "host.network-managers", VAS_FINDING_WARNING,
                    "unmanaged-devices=driver:igbvf");
    testing_scratch_write(fake->root, "/etc/NetworkManager/conf.d/10-vfs.conf",
                          "[keyfile]\nunmanaged-devices=driver:igbvf\n");
    left = vas_check_host(&fake->context, NULL);
    checking_assert(left, "host.network-managers", VAS_FINDING_OK, "10-vfs.conf");
    checking_remove(fake->root, "/etc/NetworkManager/conf.d/10-vfs.conf");
    testing_scratch_write(fake->root, PF "/sriov_drivers_autoprobe", "0\n");
    without_drivers = vas_check_host(&fake->context, NULL);
    checking_assert(without_drivers, "host.network-managers", VAS_FINDING_OK, "leaves the VFs");
}

/* mlx5_core is the driver of PFs and VFs: a rule for it would take the PF from the host. */
static void
test_network_manager_with_one_driver(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(fake->root,
                          "/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs", "1\n");
    healthy_host_make_vf(fake);
    fake_set_driver(fake, "0000:01:00.0", "mlx5_core");
    fake_set_driver(fake, "0000:01:10.0", "mlx5_core");
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.network-managers", VAS_FINDING_WARNING,
                    "unmanaged-devices=interface-name:enp1s0v*");
}

static void
test_networkd(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(
        fake->root, "/sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs", "1\n");
    testing_scratch_write(fake->root, "/etc/systemd/network/lan.network", "[Match]\nName=en*\n");
    healthy_host_make_vf(fake);
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.network-managers", VAS_FINDING_WARNING,
                    "/etc/systemd/network/lan.network");
    checking_assert(findings, "host.network-managers", VAS_FINDING_WARNING, "Name=enp1s0v*");
}

static void
test_libvirt_lacks_vfio(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GPtrArray) findings = NULL;

    fake->lacks_vfio = TRUE;
    findings = vas_check_host(&fake->context, NULL);
    checking_assert(findings, "host.assignment", VAS_FINDING_PROBLEM, "finds no VFIO");
}

static void
test_libvirt_does_not_say(void)
{
    static const struct {
        VasError code;
        VasFindingLevel level;
    } rows[] = {
        {VAS_ERROR_DENIED, VAS_FINDING_WARNING},
        {VAS_ERROR_UNSUPPORTED, VAS_FINDING_WARNING},
        {VAS_ERROR_FAILED, VAS_FINDING_PROBLEM},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FakeHypervisor) fake = healthy_host_new();
        g_autoptr(GPtrArray) findings = NULL;

        fake_plan_fault(fake, FAKE_DOMAIN_CAPABILITIES, 1, FAKE_FAILS, (int) rows[i].code,
                        "not now");
        findings = vas_check_host(&fake->context, NULL);
        checking_assert(findings, "host.assignment", rows[i].level, "not now");
    }
}

static void
test_without_libvirt(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    g_autoptr(GError) refusal = g_error_new(VAS_ERROR, VAS_ERROR_UNREACHABLE, "no socket");
    const VasContext context = {.host = fake->host};
    g_autoptr(GPtrArray) findings = vas_check_host(&context, refusal);

    checking_assert(findings, "host.libvirt", VAS_FINDING_PROBLEM, "no socket");
    checking_assert(findings, "host.libvirt", VAS_FINDING_PROBLEM, "systemctl status");
    checking_assert(findings, "host.iommu", VAS_FINDING_OK, "is on");
    g_assert_cmpuint(findings->len, ==, 7);
}

static void
test_remote(void)
{
    g_autoptr(FakeHypervisor) fake = healthy_host_new();
    VasContext remote = fake->context;
    g_autoptr(GPtrArray) findings = NULL;

    remote.host = NULL;
    findings = vas_check_host(&remote, NULL);
    checking_assert_ids(findings, "host.local host.libvirt host.assignment host.pools");
    checking_assert(findings, "host.local", VAS_FINDING_WARNING,
                    "run virt-assign check on that host itself");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-host/healthy", test_healthy);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *path = g_strdup_printf("/check-host/change/%s", changes[i].name);

        g_test_add_data_func(path, &changes[i], test_change);
    }
    g_test_add_func("/check-host/iommu-off", test_iommu_off);
    g_test_add_func("/check-host/remapping-switched-off", test_remapping_switched_off);
    g_test_add_func("/check-host/other-architecture", test_other_architecture);
    g_test_add_func("/check-host/no-virtualization", test_no_virtualization);
    g_test_add_func("/check-host/vf-removal", test_vf_removal);
    g_test_add_func("/check-host/boot", test_boot);
    g_test_add_func("/check-host/network-manager", test_network_manager);
    g_test_add_func("/check-host/network-manager-with-one-driver",
                    test_network_manager_with_one_driver);
    g_test_add_func("/check-host/networkd", test_networkd);
    g_test_add_func("/check-host/libvirt-lacks-vfio", test_libvirt_lacks_vfio);
    g_test_add_func("/check-host/libvirt-does-not-say", test_libvirt_does_not_say);
    g_test_add_func("/check-host/without-libvirt", test_without_libvirt);
    g_test_add_func("/check-host/remote", test_remote);
    return g_test_run();
}
