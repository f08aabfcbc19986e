/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check.h"

#include "building.h"
#include "checking.h"
#include "fake-hypervisor.h"

#define MIB (G_GUINT64_CONSTANT(1) << 20)

/* Makes a q35 guest in which all is well. */
static VasGuestDefinition *
healthy(void)
{
    VasGuestDefinition *definition = building_q35(4);

    definition->platform.memory = 2048 * MIB;
    definition->platform.cpu_mode = g_strdup("host-model");
    definition->platform.architecture = g_strdup("x86_64");
    definition->platform.agent_channel = TRUE;
    definition->platform.agent_connected = TRUE;
    return definition;
}

/* Takes both definitions. */
static GPtrArray *
check(VasGuestDefinition *live, VasGuestDefinition *config)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("db1", live, config);

    vas_inventory_take_guest(inventory, guest);
    vas_inventory_link(inventory);
    return vas_check_guest(&fake->context, inventory, guest);
}

static void
test_healthy(void)
{
    g_autoptr(GPtrArray) findings = check(healthy(), healthy());

    checking_assert_ids(findings, "guest.machine guest.hotplug-slots guest.memory-lock guest.acpi "
                                  "guest.agent guest.cpu-model guest.devices guest.live-config "
                                  "guest.nic-names");
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_OK), ==, findings->len);
    checking_assert(findings, "guest.hotplug-slots", VAS_FINDING_OK, "hot-plug: 4");
}

static void
test_machine(void)
{
    g_autoptr(GPtrArray) conventional = check(NULL, building_pc(0));
    VasGuestDefinition *without_pci = building_q35(0);
    g_autoptr(GPtrArray) none = NULL;

    checking_assert(conventional, "guest.machine", VAS_FINDING_OK, "conventional PCI");
    g_free(without_pci->machine);
    without_pci->machine = g_strdup("isapc");
    g_ptr_array_set_size(without_pci->controllers, 0);
    none = check(NULL, without_pci);
    checking_assert(none, "guest.machine", VAS_FINDING_PROBLEM, "no PCI bus");
}

/* Neither ACPI nor q35 is of any use there. */
static void
test_s390(void)
{
    VasGuestDefinition *definition = building_pc(0);
    g_autoptr(GPtrArray) findings = NULL;

    g_free(definition->machine);
    definition->machine = g_strdup("s390-ccw-virtio-9.2");
    definition->acpi = FALSE;
    findings = check(NULL, definition);
    checking_assert_ids(findings, "guest.machine guest.hotplug-slots guest.memory-lock guest.agent "
                                  "guest.cpu-model guest.devices guest.live-config "
                                  "guest.nic-names");
    g_assert_null(((const VasFinding *) g_ptr_array_index(findings, 0))->advice);
}

static void
test_no_slot(void)
{
    VasGuestDefinition *full = building_q35(1);
    g_autoptr(GPtrArray) findings = NULL;

    building_occupy(full, "0000:01:00.0", "ua-disk");
    findings = check(full, NULL);
    checking_assert(findings, "guest.hotplug-slots", VAS_FINDING_WARNING, "ua-disk");
    checking_assert(findings, "guest.hotplug-slots", VAS_FINDING_WARNING, "root port");
}

static void
test_iommu_without_caching_mode(void)
{
    VasGuestDefinition *definition = healthy();
    g_autoptr(GPtrArray) findings = NULL;

    definition->platform.blind_iommu = TRUE;
    findings = check(NULL, definition);
    checking_assert(findings, "guest.iommu", VAS_FINDING_PROBLEM,
                    "the intel-iommu of the config of guest db1 has no caching_mode: QEMU takes no "
                    "assigned device");
    checking_assert(findings, "guest.iommu", VAS_FINDING_PROBLEM,
                    "put <driver caching_mode='on' intremap='on'/>");
}

static void
test_memory_lock(void)
{
    static const struct {
        guint64 limit; /* MiB */
        gboolean locked;
        VasFindingLevel level;
        const char *part;
    } rows[] = {
        {0, FALSE, VAS_FINDING_OK, "libvirt lets it"},
        {0, TRUE, VAS_FINDING_OK, "any amount"},
        {1024, FALSE, VAS_FINDING_PROBLEM, "<hard_limit> 1024 MiB, <memory> 2048 MiB"},
        {2048, TRUE, VAS_FINDING_PROBLEM, "virsh memtune db1 --hard-limit 3145728"},
        {2560, FALSE, VAS_FINDING_WARNING, "large registers"},
        {3072, FALSE, VAS_FINDING_OK, "enough"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasGuestDefinition *definition = healthy();
        g_autoptr(GPtrArray) findings = NULL;

        definition->platform.memory_limit = rows[i].limit * MIB;
        definition->platform.memory_locked = rows[i].locked;
        findings = check(NULL, definition);
        checking_assert(findings, "guest.memory-lock", rows[i].level, rows[i].part);
    }
}

static void
test_limit_of_the_running_guest(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(fake->root, "/run/libvirt/qemu/db1.pid", "42");
    testing_scratch_write(fake->root, "/proc/42/limits",
                          "Max locked memory         67108864      67108864      bytes\n");
    vas_inventory_take_guest(inventory, building_guest("db1", healthy(), NULL));
    findings = vas_check_guest(&fake->context, inventory, g_ptr_array_index(inventory->guests, 0));
    checking_assert(findings, "guest.memory-lock", VAS_FINDING_OK, "67108864 bytes");
}

static void
test_acpi(void)
{
    VasGuestDefinition *definition = healthy();
    g_autoptr(GPtrArray) findings = NULL;

    definition->acpi = FALSE;
    findings = check(NULL, definition);
    checking_assert(findings, "guest.acpi", VAS_FINDING_WARNING, "<acpi/>");
}

static void
test_agent(void)
{
    VasGuestDefinition *without = healthy();
    VasGuestDefinition *silent = healthy();
    VasGuestDefinition *off = healthy();
    g_autoptr(GPtrArray) no_channel = NULL;
    g_autoptr(GPtrArray) no_agent = NULL;
    g_autoptr(GPtrArray) shut_off = NULL;

    without->platform.agent_channel = FALSE;
    no_channel = check(without, NULL);
    checking_assert(no_channel, "guest.agent", VAS_FINDING_WARNING, "virt-xml db1");
    silent->platform.agent_connected = FALSE;
    no_agent = check(silent, NULL);
    checking_assert(no_agent, "guest.agent", VAS_FINDING_WARNING, "no agent answers");
    off->platform.agent_connected = FALSE;
    shut_off = check(NULL, off);
    checking_assert(shut_off, "guest.agent", VAS_FINDING_OK, "channel");
}

static void
test_cpu_model(void)
{
    static const struct {
        const char *mode, *model, *architecture, *system;
        VasFindingLevel level;
    } rows[] = {
        {"custom", "qemu64", "x86_64", NULL, VAS_FINDING_WARNING},
        {"custom", "kvm32", "i686", NULL, VAS_FINDING_WARNING},
        {NULL, NULL, NULL, NULL, VAS_FINDING_WARNING},
        {NULL, "qemu64", "x86_64", "http://microsoft.com/win/2k8r2", VAS_FINDING_WARNING},
        {"custom", "qemu64", "x86_64", "http://debian.org/debian/12", VAS_FINDING_OK},
        {"custom", "Skylake-Server", "x86_64", NULL, VAS_FINDING_OK},
        {"host-passthrough", NULL, "x86_64", NULL, VAS_FINDING_OK},
        {NULL, NULL, "aarch64", NULL, VAS_FINDING_OK},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasGuestDefinition *definition = building_q35(4);
        g_autoptr(GPtrArray) findings = NULL;

        definition->platform.cpu_mode = g_strdup(rows[i].mode);
        definition->platform.cpu_model = g_strdup(rows[i].model);
        definition->platform.architecture = g_strdup(rows[i].architecture);
        definition->platform.system = g_strdup(rows[i].system);
        findings = check(NULL, definition);
        checking_assert(findings, "guest.cpu-model", rows[i].level, "MSI-X");
    }
}

static void
add_device(VasGuestDefinition *definition, const char *device, const char *address)
{
    building_add_assignment(definition, VAS_ASSIGNMENT_HOSTDEV, device, "ua-dev", NULL, address);
}

static void
test_missing_device(void)
{
    VasGuestDefinition *live = healthy();
    VasGuestDefinition *config = healthy();
    g_autoptr(GPtrArray) there = NULL;
    g_autoptr(GPtrArray) gone = NULL;

    add_device(live, "0000:04:00.0", "0000:01:00.0");
    there = check(live, NULL);
    checking_assert(there, "guest.devices", VAS_FINDING_OK, "host devices: 1");
    add_device(config, "0000:7f:00.0", "0000:01:00.0");
    gone = check(NULL, config);
    checking_assert(gone, "guest.devices", VAS_FINDING_PROBLEM,
                    "its config has device "
                    "0000:7f:00.0 (ua-dev)");
}

static void
test_unmanaged_device(void)
{
    VasGuestDefinition *config = healthy();
    g_autoptr(GPtrArray) findings = NULL;

    add_device(config, "0000:01:10.0", "0000:01:00.0");
    ((VasAssignment *) g_ptr_array_index(config->assignments, 0))->unmanaged = TRUE;
    findings = check(NULL, config);
    checking_assert(findings, "guest.devices", VAS_FINDING_PROBLEM,
                    "0000:01:10.0 is managed='no' and on the host driver igbvf: libvirt does not "
                    "start the guest");
    checking_assert(findings, "guest.devices", VAS_FINDING_PROBLEM,
                    "virt-assign host-detach 0000:01:10.0, or managed='yes' with virsh edit db1");
    g_assert_cmpuint(vas_findings_count(findings, VAS_FINDING_PROBLEM), ==, 1);
}

static void
test_differences(void)
{
    VasGuestDefinition *live = healthy();
    VasGuestDefinition *config = healthy();
    g_autoptr(GPtrArray) findings = NULL;

    add_device(live, "0000:04:00.0", "0000:01:00.0");
    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, "0000:05:00.0", "ua-live", NULL,
                            "0000:02:00.0");
    add_device(config, "0000:04:00.0", "0000:03:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:06:00.0", "ua-config", NULL,
                            "0000:02:00.0");
    findings = check(live, config);
    checking_assert(findings, "guest.live-config", VAS_FINDING_WARNING,
                    "0000:04:00.0 (ua-dev): guest address");
    checking_assert(findings, "guest.live-config", VAS_FINDING_WARNING,
                    "virt-assign attach db1 0000:05:00.0 --config");
    checking_assert(findings, "guest.live-config", VAS_FINDING_WARNING,
                    "0000:06:00.0 (ua-config): in the config, not in the running guest");
    g_assert_cmpuint(findings->len, ==, 11);
}

static void
test_one_definition(void)
{
    g_autoptr(GPtrArray) transient = check(healthy(), NULL);
    g_autoptr(GPtrArray) shut_off = check(NULL, healthy());

    checking_assert(transient, "guest.live-config", VAS_FINDING_OK, "transient");
    checking_assert(shut_off, "guest.live-config", VAS_FINDING_OK, "shut off");
}

static void
test_nic_names(void)
{
    VasGuestDefinition *unsure = building_pc(1);
    VasGuestDefinition *twice = building_q35(2);
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GPtrArray) problem = NULL;

    building_add_nic(unsure, NULL, "52:54:00:00:00:01", "0000:00:03.0");
    building_add_nic(unsure, NULL, "52:54:00:00:00:02", "0000:01:03.0");
    findings = check(NULL, unsure);
    checking_assert(findings, "guest.nic-names", VAS_FINDING_WARNING, "are both ens3");
    checking_assert(findings, "guest.nic-names", VAS_FINDING_WARNING, "virt-assign names db1");
    for (guint i = 0; i < 2; i++) {
        VasOccupant *occupant = NULL;

        building_occupy(twice, i == 0 ? "0000:01:00.0" : "0000:02:00.0", i == 0 ? "a" : "b");
        occupant = g_ptr_array_index(twice->occupants, twice->occupants->len - 1);
        occupant->acpi_index = 7;
    }
    problem = check(NULL, twice);
    checking_assert(problem, "guest.nic-names", VAS_FINDING_PROBLEM, "both have acpi index 7");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-guest/healthy", test_healthy);
    g_test_add_func("/check-guest/machine", test_machine);
    g_test_add_func("/check-guest/s390", test_s390);
    g_test_add_func("/check-guest/no-slot", test_no_slot);
    g_test_add_func("/check-guest/iommu-without-caching-mode", test_iommu_without_caching_mode);
    g_test_add_func("/check-guest/memory-lock", test_memory_lock);
    g_test_add_func("/check-guest/limit-of-the-running-guest", test_limit_of_the_running_guest);
    g_test_add_func("/check-guest/acpi", test_acpi);
    g_test_add_func("/check-guest/agent", test_agent);
    g_test_add_func("/check-guest/cpu-model", test_cpu_model);
    g_test_add_func("/check-guest/missing-device", test_missing_device);
    g_test_add_func("/check-guest/unmanaged-device", test_unmanaged_device);
    g_test_add_func("/check-guest/differences", test_differences);
    g_test_add_func("/check-guest/one-definition", test_one_definition);
    g_test_add_func("/check-guest/nic-names", test_nic_names);
    return g_test_run();
}
