/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/pci-controller.h"

#include <string.h>

static const struct {
    VasPciModel model;
    const char *name;
} model_names[] = {
    {VAS_PCI_ROOT, "pci-root"},
    {VAS_PCI_BRIDGE, "pci-bridge"},
    {VAS_PCI_EXPANDER_BUS, "pci-expander-bus"},
    {VAS_PCIE_ROOT, "pcie-root"},
    {VAS_PCIE_ROOT_PORT, "pcie-root-port"},
    {VAS_PCIE_SWITCH_UPSTREAM_PORT, "pcie-switch-upstream-port"},
    {VAS_PCIE_SWITCH_DOWNSTREAM_PORT, "pcie-switch-downstream-port"},
    {VAS_PCIE_TO_PCI_BRIDGE, "pcie-to-pci-bridge"},
    {VAS_PCIE_EXPANDER_BUS, "pcie-expander-bus"},
    {VAS_DMI_TO_PCI_BRIDGE, "dmi-to-pci-bridge"},
};

const char *
vas_pci_model_name(VasPciModel model)
{
    for (gsize i = 0; i < G_N_ELEMENTS(model_names); i++) {
        if (model_names[i].model == model)
            return model_names[i].name;
    }
    return "unknown";
}

VasPciModel
vas_pci_model_from_name(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(model_names); i++) {
        if (strcmp(model_names[i].name, name) == 0)
            return model_names[i].model;
    }
    return VAS_PCI_MODEL_UNKNOWN;
}

gboolean
vas_pci_model_is_expander(VasPciModel model)
{
    return model == VAS_PCI_EXPANDER_BUS || model == VAS_PCIE_EXPANDER_BUS;
}
