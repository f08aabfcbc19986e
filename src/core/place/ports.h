/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slots.h"

G_BEGIN_DECLS

/* The ports are the places where a guest can take devices, over both its definitions. */

/* A slot that is taken. */
typedef struct {
    VasGuestAddress address;
    char *live;   /* who has it in the running guest; NULL: nobody */
    char *config; /* whom the config has there, now or when it comes back; NULL: nobody */
} VasPortUse;

/* A bus that takes devices: a port with one slot, or a bridge with many. */
typedef struct {
    guint bus; /* libvirt's number */
    VasPciModel model;
    int guest_bus;    /* vas_slots_firmware_bus */
    int host_node;    /* vas_slots_host_node */
    gboolean live;    /* the running guest has the bus */
    gboolean config;  /* the config has it; without @live it is there from the next start on */
    gboolean hotplug; /* takes a hot-plug; else only what the config puts there */
    GArray *free;     /* VasGuestAddress: nobody has it, in either definition */
    GPtrArray *taken; /* VasPortUse */
} VasPort;

void vas_port_use_free(VasPortUse *use);
void vas_port_free(VasPort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPort, vas_port_free)

/* All ports of @guest, by bus. A bus that the config has otherwise than the running guest is there
 * twice. GPtrArray of VasPort. Returns full. */
GPtrArray *vas_ports_list(const VasGuest *guest);

/* How many addresses of @ports (GPtrArray of VasPort) can take a hot-plug: in the running guest
 * now, in one that is shut off once it runs. */
guint vas_ports_count_free(const GPtrArray *ports, const VasGuest *guest);

/* Whether a definition of @guest has PCI: without it there are no ports, and none can be added. */
gboolean vas_ports_has_pci(const VasGuest *guest);

G_END_DECLS
