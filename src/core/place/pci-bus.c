/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/pci-bus.h"

VasPciBusRules
vas_pci_bus_rules(VasPciModel model)
{
    switch (model) {
    case VAS_PCI_ROOT:
    case VAS_PCI_BRIDGE:
    case VAS_PCIE_TO_PCI_BRIDGE:
        return (VasPciBusRules){
            .endpoints = TRUE, .hotplug = TRUE, .offered = TRUE, .first_slot = 1, .last_slot = 31};
    case VAS_PCI_EXPANDER_BUS:
        /* libvirt would hot-plug; QEMU says "Bus does not support hotplugging", as the bridge in it
         * is made without a hot-plug controller (pxb_dev_realize_common in
         * hw/pci-bridge/pci_expander_bridge.c). */
        return (VasPciBusRules){.endpoints = TRUE, .offered = TRUE, .last_slot = 31};
    case VAS_PCIE_ROOT_PORT:
    case VAS_PCIE_SWITCH_DOWNSTREAM_PORT:
        return (VasPciBusRules){
            .endpoints = TRUE, .hotplug = TRUE, .offered = TRUE, .express = TRUE};
    case VAS_PCIE_ROOT:
        return (VasPciBusRules){
            .endpoints = TRUE, .express = TRUE, .first_slot = 1, .last_slot = 31};
    case VAS_DMI_TO_PCI_BRIDGE:
        return (VasPciBusRules){.endpoints = TRUE, .last_slot = 31};
    case VAS_PCIE_SWITCH_UPSTREAM_PORT:
    case VAS_PCIE_EXPANDER_BUS:
    case VAS_PCI_MODEL_UNKNOWN:
        break;
    }
    return (VasPciBusRules){.endpoints = FALSE};
}
