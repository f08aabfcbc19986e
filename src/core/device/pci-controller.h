/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"

G_BEGIN_DECLS

#define VAS_PCI_BUS_MAX 255

/* PCI controller models of libvirt (virDomainControllerModelPCI). */
typedef enum {
    VAS_PCI_ROOT,
    VAS_PCI_BRIDGE,
    VAS_PCI_EXPANDER_BUS,
    VAS_PCIE_ROOT,
    VAS_PCIE_ROOT_PORT,
    VAS_PCIE_SWITCH_UPSTREAM_PORT,
    VAS_PCIE_SWITCH_DOWNSTREAM_PORT,
    VAS_PCIE_TO_PCI_BRIDGE,
    VAS_PCIE_EXPANDER_BUS,
    VAS_DMI_TO_PCI_BRIDGE,
    VAS_PCI_MODEL_UNKNOWN, /* libvirt knows it, we do not: takes nothing */
} VasPciModel;

/* A <controller type='pci'>. @index is the bus number that libvirt's guest addresses use; the
 * guest's own firmware may number otherwise (vas_slots_firmware_bus). */
typedef struct {
    guint index;
    VasPciModel model;
    gboolean hotplug_off; /* <target hotplug='off'/> */
    int bus_number;       /* <target busNr=''/> of an expander bus; -1: none */
    int chassis;          /* <target chassis=''/> or chassisNr; -1: none */
    int host_node;        /* of an expander bus: the host's NUMA node it is near; -1: none */
    gboolean has_address; /* FALSE for the root buses */
    VasGuestAddress address;
    gboolean multifunction; /* it lets others share its slot: <address multifunction='on'/> */
} VasPciController;

/* "pcie-root-port" ..., and back; VAS_PCI_MODEL_UNKNOWN: the name is not known. Static. */
const char *vas_pci_model_name(VasPciModel model);
VasPciModel vas_pci_model_from_name(const char *name);

/* A root bus beside the main one, with bus numbers of its own. */
gboolean vas_pci_model_is_expander(VasPciModel model);

G_END_DECLS
