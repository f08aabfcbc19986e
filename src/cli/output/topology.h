/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* How a guest stands to a device that is linked to it. */
typedef enum {
    VAS_TOPOLOGY_SETTLED,    /* it has it, and its config, if it has one, says the same */
    VAS_TOPOLOGY_NEXT_START, /* only its config has it */
    VAS_TOPOLOGY_UNTIL_STOP, /* only the running guest has it */
    VAS_TOPOLOGY_DIFFERS,    /* both have it, differently */
    VAS_TOPOLOGY_PENDING,    /* it was asked to release it, and has not */
    VAS_TOPOLOGY_USED,       /* it uses it through the host's driver, without an assignment */
    VAS_TOPOLOGY_N_STATES,
} VasTopologyState;

typedef enum {
    VAS_TOPOLOGY_PF,
    VAS_TOPOLOGY_VF,
    VAS_TOPOLOGY_FUNCTION, /* of the host, neither PF nor VF */
    VAS_TOPOLOGY_PORT,     /* a guest's end of a link */
} VasTopologyKind;

/* A node is a device of the host, or what a guest makes of one. All texts can be printed. */
typedef struct VasTopologyNode {
    VasTopologyKind kind;
    char *title;                    /* "enp1s0", "VF 0"; of a port the NIC's name */
    char *address;                  /* of a port the guest address; NULL: none */
    GPtrArray *lines;               /* char *: what else is to be said */
    char *label;                    /* of a device: its title with its PF's, "enp1s0 VF 0" */
    guint links;                    /* of a device: how many ports have it */
    struct VasTopologyNode *device; /* of a port; borrowed */
    VasTopologyState state;         /* of a port */
    int x, y, width, height;        /* 0 before vas_topology_lay_out */
} VasTopologyNode;

/* A box is a card with its functions, or a guest with its ports. */
typedef struct {
    char *title;
    char *details;    /* NULL: none */
    gboolean is_idle; /* a guest that does not run */
    GPtrArray *nodes; /* VasTopologyNode: a PF's VFs behind it, by number */
    int x, y, width, height;
} VasTopologyBox;

/* The topology is the picture's content: which guest has which device. */
typedef struct {
    GPtrArray *cards;  /* VasTopologyBox, by address */
    GPtrArray *guests; /* VasTopologyBox, by name; laid out, from top to bottom */
    int width, height;
} VasTopology;

/* Facts are what is read of a device beside the scan. */
typedef struct {
    gboolean knows_link; /* of a PF: whether its interface is up */
    gboolean is_up;
    gboolean knows_settings; /* of a VF: what its PF holds about it */
    VasVfSettings settings;
} VasTopologyFacts;

/* Builds the picture of @devices (set of VasDevice), the PFs of the VFs among them, @guests (set of
 * VasGuest; NULL: none is named), and each other guest that has one of @devices. @facts has a
 * VasTopologyFacts by VasDevice. A pending release counts if it is proven (engine/journal/proof).
 * Returns full. */
VasTopology *vas_topology_new(const VasInventory *inventory, GHashTable *devices,
                              GHashTable *guests, GHashTable *facts);
void vas_topology_free(VasTopology *topology);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasTopology, vas_topology_free)

/* "settled", "next-start" ...: a word for a class or an id. Static. */
const char *vas_topology_state_name(VasTopologyState state);
/* Says what the state means, for a legend: "asked to release it". Static. */
const char *vas_topology_state_meaning(VasTopologyState state);

/* "1 PF, 3 VFs, 2 guests". Returns full. */
char *vas_topology_summary(const VasTopology *topology);
/* Says all that the picture shows, a line for each node, for who cannot see it. Returns full. */
char *vas_topology_describe(const VasTopology *topology);

G_END_DECLS
