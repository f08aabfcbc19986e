/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/inventory-metrics.h"

static const char *const device_labels[] = {"pci_address", "pf",          "vf",
                                            "driver",      "iommu_group", NULL};
static const char *const pf_labels[] = {"pf", "pci_address", NULL};
static const char *const assignment_labels[] = {"pci_address",   "guest", "uuid",  "alias",
                                                "guest_address", "mac",   "scope", NULL};
static const char *const use_labels[] = {"pci_address", "guest", "uuid", "means", "scope", NULL};
static const char *const guest_labels[] = {"guest", "uuid", NULL};

const char *
vas_inventory_metrics_pf(const VasDevice *pf, VasPciAddressText *address)
{
    *address = vas_host_address_text(pf->address);
    return pf->interface != NULL ? pf->interface : address->text;
}

/* NULL: there is none. Returns full. */
static char *
number_text(int number)
{
    return number >= 0 ? g_strdup_printf("%d", number) : NULL;
}

static void
add_device(VasMetric *metric, const VasInventory *inventory, const VasDevice *device)
{
    const VasDevice *pf = vas_inventory_pf_of(inventory, device);
    g_autofree char *index = number_text(device->vf_index);
    g_autofree char *group = number_text(device->iommu_group);
    VasPciAddressText pf_address = vas_host_address_text(device->pf);
    VasPciAddressText address = vas_host_address_text(device->address);
    const char *pf_name = pf != NULL ? vas_inventory_metrics_pf(pf, &pf_address) : pf_address.text;
    const char *const values[] = {address.text, device->kind == VAS_DEVICE_VF ? pf_name : NULL,
                                  index, device->driver, group};

    G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(device_labels));
    vas_metric_add(metric, 1, values);
}

static VasMetric *
measure_devices(const VasInventory *inventory)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_device_info",
        "A PCI function of the host; pf and vf are those of a VF, driver is the host's.",
        device_labels);

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (!vas_device_is_chipset(device) || !vas_inventory_is_free(inventory, device))
            add_device(metric, inventory, device);
    }
    return metric;
}

static guint
count_free_vfs(const VasInventory *inventory, const VasDevice *pf)
{
    guint count = 0;

    for (guint i = 0; i < pf->vfs->len; i++) {
        const VasDevice *vf =
            vas_inventory_find_device(inventory, g_array_index(pf->vfs, VasHostAddress, i));

        count += vf != NULL && vas_inventory_is_free(inventory, vf);
    }
    return count;
}

static void
measure_vfs(const VasInventory *inventory, GPtrArray *metrics)
{
    VasMetric *vfs = vas_metric_new("virt_assign_vfs", "VFs that a PF has.", pf_labels);
    VasMetric *free_vfs =
        vas_metric_new("virt_assign_vfs_free",
                       "VFs of a PF that no guest has, running or in its config.", pf_labels);

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        VasPciAddressText address = vas_host_address_text(device->address);
        const char *const values[] = {vas_inventory_metrics_pf(device, &address), address.text};

        G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(pf_labels));
        if (device->kind != VAS_DEVICE_PF)
            continue;
        vas_metric_add(vfs, device->vfs->len, values);
        vas_metric_add(free_vfs, count_free_vfs(inventory, device), values);
    }
    g_ptr_array_add(metrics, vfs);
    g_ptr_array_add(metrics, free_vfs);
}

/* @definition NULL: the guest has none of that scope. */
static void
add_assignments(VasMetric *metric, const VasGuest *guest, const VasGuestDefinition *definition,
                const char *scope)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);
        VasPciAddressText address = vas_host_address_text(assignment->device);
        VasPciAddressText place = vas_guest_address_text(assignment->guest_address);
        VasMacAddressText mac = vas_mac_address_text(assignment->mac);
        const char *const values[] = {address.text,
                                      guest->name,
                                      guest->uuid,
                                      assignment->alias,
                                      assignment->has_guest_address ? place.text : NULL,
                                      assignment->has_mac ? mac.text : NULL,
                                      scope};

        G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(assignment_labels));
        if (assignment->has_device)
            vas_metric_add(metric, 1, values);
    }
}

static VasMetric *
measure_assignments(const VasInventory *inventory)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_assignment_info",
        "A guest has the device: running (scope live), or at its next start (scope config).",
        assignment_labels);

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        add_assignments(metric, guest, guest->live, "live");
        add_assignments(metric, guest, guest->config, "config");
    }
    return metric;
}

static void
add_use(VasMetric *metric, const VasDevice *device, const VasUsing *using, const char *scope)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    const char *const values[] = {address.text, using->guest->name, using->guest->uuid,
                                  using->use->means, scope};

    G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(use_labels));
    vas_metric_add(metric, 1, values);
}

static VasMetric *
measure_uses(const VasInventory *inventory)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_use_info",
        "A guest uses the device through its host driver, by macvtap for one.", use_labels);

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

        for (guint k = 0; k < usings->len; k++) {
            const VasUsing *using = &g_array_index(usings, VasUsing, k);

            if (using->live)
                add_use(metric, device, using, "live");
            if (using->config)
                add_use(metric, device, using, "config");
        }
    }
    return metric;
}

/* Whether the config has @live as a NIC of a libvirt network, which chooses the device. */
static gboolean
is_of_network(const VasGuestDefinition *config, const VasAssignment *live)
{
    for (guint i = 0; i < config->network_nics->len; i++) {
        if (vas_assignment_tie(live, config->network_nics->pdata[i]) != VAS_TIE_NONE)
            return TRUE;
    }
    return FALSE;
}

/* Counts the devices that the running @guest has and its config has not, the other way round, or
 * otherwise. */
static guint
count_drift(const VasGuest *guest)
{
    guint count = 0;

    for (guint i = 0; i < guest->live->assignments->len; i++) {
        const VasAssignment *live = g_ptr_array_index(guest->live->assignments, i);
        const VasAssignment *config = vas_guest_counterpart(guest, live);
        g_autofree char *difference =
            config != NULL ? vas_assignment_difference(live, config) : NULL;

        count += config != NULL ? difference != NULL : !is_of_network(guest->config, live);
    }
    for (guint i = 0; i < guest->config->assignments->len; i++)
        count += vas_guest_counterpart(guest, guest->config->assignments->pdata[i]) == NULL;
    return count;
}

static VasMetric *
measure_drift(const VasInventory *inventory)
{
    VasMetric *metric =
        vas_metric_new("virt_assign_drift",
                       "Devices that a running guest has otherwise than its config.", guest_labels);

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        const char *const values[] = {guest->name, guest->uuid};

        G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(guest_labels));
        if (guest->live != NULL && guest->config != NULL)
            vas_metric_add(metric, count_drift(guest), values);
    }
    return metric;
}

GPtrArray *
vas_inventory_metrics(const VasInventory *inventory)
{
    GPtrArray *metrics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_metric_free);

    g_ptr_array_add(metrics, measure_devices(inventory));
    measure_vfs(inventory, metrics);
    g_ptr_array_add(metrics, measure_assignments(inventory));
    g_ptr_array_add(metrics, measure_uses(inventory));
    g_ptr_array_add(metrics, measure_drift(inventory));
    return metrics;
}
