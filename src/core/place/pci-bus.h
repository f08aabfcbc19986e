/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/pci-controller.h"

G_BEGIN_DECLS

/* The rules of a bus say which devices it takes. */
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
