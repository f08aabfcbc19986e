/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/guest.h"

G_BEGIN_DECLS

#define VAS_PCI_BUS_MAX 255

/* "pcie-root-port" ...; and back, VAS_PCI_MODEL_UNKNOWN for what is not known. Static. */
const char *vas_pci_model_name(VasPciModel model);
VasPciModel vas_pci_model_from_name(const char *name);

/* A root bus beside the main one, with bus numbers of its own. */
gboolean vas_pci_model_is_expander(VasPciModel model);

/* What a bus takes. */
typedef struct {
    gboolean endpoints; /* else ports and bridges only */
    gboolean hotplug;
    gboolean offered; /* else only where a user names the address */
    gboolean express; /* a PCIe device sits here as one */
    guint8 first_slot;
    guint8 last_slot;
} VasPciBusRules;

/* libvirt's rules for the bus that a controller of @model makes: virDomainPCIAddressBusSetModel in
 * its src/conf/domain_addr.c. */
VasPciBusRules vas_pci_bus_rules(VasPciModel model);

G_END_DECLS
