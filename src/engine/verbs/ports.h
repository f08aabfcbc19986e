/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/place/ports.h"
#include "core/report/result.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A port that was, or would be, added. */
typedef struct {
    guint bus; /* libvirt's number of the bus it makes */
    VasPciModel model;
    VasGuestAddress address; /* where it sits itself */
    int guest_bus;           /* vas_slots_firmware_bus, once the guest has it */
} VasNewPort;

/* A guest's places for devices, of one moment, and what a change did to them. */
typedef struct {
    VasInventory *inventory;
    const VasGuest *guest; /* borrowed from the inventory */
    GPtrArray *ports;      /* VasPort */
    GArray *added;         /* VasNewPort */
    GPtrArray *renames;    /* char *, vas_nic_renames; empty: all NICs keep their names */
    VasOutcome outcome;    /* of the change: DONE, ALREADY, or PLANNED with dry_run */
} VasGuestPorts;

void vas_guest_ports_free(VasGuestPorts *ports);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestPorts, vas_guest_ports_free)

/* Reads the ports of @guest (name or UUID). Returns full. */
VasGuestPorts *vas_ports_read(const VasContext *context, const char *guest, GError **error);

typedef struct {
    const char *guest; /* name or UUID */
    guint count;       /* that many more; 0: as many as it takes for */
    guint free;        /* that many free places, from the next start on */
    gboolean force;    /* though NICs get other names */
    guint timeout;     /* seconds to wait for other commands */
    gboolean dry_run;
} VasPortsRequest;

/* Adds ports to the guest's config (vas_port_plan): there from its next start on. Refused
 * beforehand: a transient guest (VAS_ERROR_WRONG_STATE), and, without @force, a NIC of the guest
 * that would get another name (VAS_ERROR_CONFLICT; with it a NOTE says so). It is proven that the
 * ports are in the config and that everything else sits where it sat; else they are taken out
 * again. *ret_ports (full, set on success only) is how it is in the end, with what was, or would
 * be, added; *ret_steps and *ret_results are as in vas_command_run. */
gboolean vas_ports_add(const VasContext *context, const VasPortsRequest *request,
                       VasGuestPorts **ret_ports, GPtrArray **ret_results, GPtrArray **ret_steps,
                       GError **error);

G_END_DECLS
