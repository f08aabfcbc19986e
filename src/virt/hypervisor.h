/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* The port to the hypervisor: strings in, strings and events out. libvirt implements it
 * (virt/libvirt-hypervisor); tests do, with a script. No libvirt type leaves src/virt.
 *
 * Every function that fails sets a VAS_ERROR that keeps libvirt's own code: VAS_ERROR_NOT_FOUND (no
 * such guest or node device), VAS_ERROR_DENIED, VAS_ERROR_UNREACHABLE (and then
 * vas_hypervisor_reopen may help), VAS_ERROR_WRONG_STATE (not in this state, and nothing was done:
 * another guest has the device, the guest does not run), VAS_ERROR_UNSUPPORTED, VAS_ERROR_FAILED.
 * Guests are named by UUID.
 *
 * Functions that change something, or read a guest, are bounded: a guest can delay libvirt, for
 * ever if its QEMU stands still. VAS_ERROR_TIMED_OUT: libvirt has not answered, and may still do
 * it; until it has, further calls about the same guest or node device end so at once, undone. */

typedef enum {
    VAS_EVENT_DEVICE_REMOVED,        /* QEMU let go and libvirt gave the device back to the host */
    VAS_EVENT_DEVICE_REMOVAL_FAILED, /* the guest said no */
    VAS_EVENT_GUEST_STOPPED,         /* no DEVICE_REMOVED follows */
    VAS_EVENT_DISCONNECTED,          /* the connection to libvirt is gone */
} VasEventKind;

typedef struct {
    VasEventKind kind;
    char *guest; /* UUID; NULL for DISCONNECTED */
    char *alias; /* of the device; NULL for the others */
} VasEvent;

void vas_event_free(VasEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasEvent, vas_event_free)
VasEvent *vas_event_new(VasEventKind kind, const char *guest, const char *alias);

typedef enum {
    VAS_NODE_DEVICE_PCI,
    VAS_NODE_DEVICE_NET,
    VAS_NODE_DEVICE_STORAGE,
    VAS_NODE_DEVICE_MDEV,
    VAS_NODE_DEVICE_KINDS, /* their number */
} VasNodeDeviceKind;

/* A guest as the hypervisor lists it. */
typedef struct {
    char *name;
    char *uuid;
    int run_id; /* -1: not running */
    VasGuestState state;
    gboolean persistent;
} VasGuestListing;

void vas_guest_listing_free(VasGuestListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestListing, vas_guest_listing_free)

/* A network interface as the guest's own agent tells it. All of it is the guest's word. */
typedef struct {
    char *name; /* UTF-8, not empty, at most VAS_AGENT_NAME_MAX bytes: longer ones are cut */
    gboolean has_mac;
    VasMacAddress mac;
} VasAgentInterface;

/* Linux has 15 (IFNAMSIZ), Windows names them freely. */
#define VAS_AGENT_NAME_MAX 63
/* More than any guest has; what comes behind is not read. */
#define VAS_AGENT_INTERFACES_MAX 2048

void vas_agent_interface_free(VasAgentInterface *interface);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAgentInterface, vas_agent_interface_free)
/* Makes an interface of what the guest says; a name or MAC that it does not say is NULL. @name need
 * be neither short nor UTF-8. Returns full; NULL without a name. */
VasAgentInterface *vas_agent_interface_new(const char *name, const char *mac);

typedef struct VasHypervisor VasHypervisor;

struct VasHypervisor {
    void (*free)(VasHypervisor *self);

    /* Opens another connection to the same hypervisor, with rights and patience as this one has:
     * for another thread to work with, and to watch another guest. Neither knows of the other.
     * VAS_ERROR_UNREACHABLE, VAS_ERROR_DENIED. Returns full. */
    VasHypervisor *(*clone)(VasHypervisor *self, GError **error);

    /* Whether the node devices belong to the machine we run on. */
    gboolean (*is_local)(VasHypervisor *self);

    /* The version of the libvirt that serves the connection: 9007000 is 9.7.0. 0: it does not say.
     */
    gulong (*version)(VasHypervisor *self);

    /* Tells what libvirt and QEMU can do here for a guest of the usual kind (<domainCapabilities>).
     * A read-only connection cannot ask: VAS_ERROR_DENIED. VAS_ERROR_UNSUPPORTED: the driver has
     * none. */
    char *(*domain_capabilities)(VasHypervisor *self, GError **error);

    /* Lists the names. Safe to call from several threads, as is node_device_xml. */
    GStrv (*list_node_devices)(VasHypervisor *self, VasNodeDeviceKind kind, GError **error);
    char *(*node_device_xml)(VasHypervisor *self, const char *name, GError **error);

    /* Lists libvirt's networks by name. VAS_ERROR_UNSUPPORTED: this libvirt has none, or their
     * daemon does not run. */
    GStrv (*list_networks)(VasHypervisor *self, GError **error);
    /* Gives a network as it is while it is active, else its config. VAS_ERROR_NOT_FOUND: it is
     * gone; VAS_ERROR_UNSUPPORTED as of list_networks. */
    char *(*network_xml)(VasHypervisor *self, const char *name, GError **error);
    gboolean (*network_state)(VasHypervisor *self, const char *name, gboolean *ret_active,
                              gboolean *ret_autostarted, GError **error);

    /* Takes the node device from its host driver, and gives it back. @driver NULL: the VFIO driver
     * of libvirt's choice. Success says that libvirt wrote to sysfs, not that a driver bound
     * (virPCIDeviceBindWithDriverOverride in src/util/virpci.c): read the driver link. Detach of a
     * PF whose VFs are held hangs in the kernel. VAS_ERROR_UNSUPPORTED: libvirt before 9.7 with any
     * @driver, or a host without VFIO. */
    gboolean (*detach_node_device)(VasHypervisor *self, const char *name, const char *driver,
                                   GError **error);
    gboolean (*reattach_node_device)(VasHypervisor *self, const char *name, GError **error);

    /* GPtrArray of VasGuestListing, all guests. */
    GPtrArray *(*list_guests)(VasHypervisor *self, GError **error);
    /* Finds one guest, at the cost of one: a list asks libvirt about every guest. Returns full. */
    VasGuestListing *(*find_guest)(VasHypervisor *self, const char *guest, GError **error);
    /* @scope is one of LIVE, CONFIG. */
    char *(*guest_xml)(VasHypervisor *self, const char *guest, VasScope scope, GError **error);

    /* GPtrArray of VasAgentInterface, from the agent in the running guest. A read-only connection
     * cannot ask: VAS_ERROR_DENIED. VAS_ERROR_UNSUPPORTED: the guest has no channel for an agent;
     * VAS_ERROR_NOT_READY: none answers, within some seconds; VAS_ERROR_WRONG_STATE: it does not
     * run. */
    GPtrArray *(*agent_interfaces)(VasHypervisor *self, const char *guest, GError **error);

    gboolean (*attach)(VasHypervisor *self, const char *guest, const char *xml, VasScope scope,
                       GError **error);
    /* Asks the running guest to let go of the device with @alias, and does not wait: events tell
     * the answer. libvirt makes aliases of its own, "hostdev0", and gives them to the next device
     * when they are free: see that @alias is still that device's. VAS_ERROR_NOT_READY: QEMU itself
     * did not take the request, since the port is still busy with the one before or since the
     * guest's run ends. */
    gboolean (*request_unplug)(VasHypervisor *self, const char *guest, const char *alias,
                               GError **error);
    /* Takes the element @xml out of the config. VAS_ERROR_NOT_FOUND: it is not there. */
    gboolean (*detach_config)(VasHypervisor *self, const char *guest, const char *xml,
                              GError **error);

    /* The element stored under @uri; *ret_xml NULL: none. */
    gboolean (*get_metadata)(VasHypervisor *self, const char *guest, const char *uri,
                             VasScope scope, char **ret_xml, GError **error);
    /* @xml NULL removes it. */
    gboolean (*set_metadata)(VasHypervisor *self, const char *guest, const char *uri,
                             const char *prefix, const char *xml, VasScope scope, GError **error);

    /* Has libvirt start the guest @name as @xml has it, with nothing of it kept. TRUE: it started,
     * and was ended at once. */
    gboolean (*try_start)(VasHypervisor *self, const char *name, const char *xml, GError **error);

    /* From here to unwatch, events of @guest are queued. One guest at a time. Survives reopen.
     * unwatch drops what is still queued. */
    gboolean (*watch)(VasHypervisor *self, const char *guest, GError **error);
    void (*unwatch)(VasHypervisor *self);
    /* The next event, in order; NULL when @deadline (g_get_monotonic_time) passes first, or by
     * wake. Returns full. */
    VasEvent *(*next_event)(VasHypervisor *self, gint64 deadline);
    /* Any thread may call it. A next_event that waits returns NULL at once; if none waits, one of
     * those to come does. */
    void (*wake)(VasHypervisor *self);

    /* The command is to end soon (@hurries), or no longer: a call that a guest can delay, one that
     * is under way as well, is given up after some seconds, and not only after the command's own
     * time. Any thread may call it. */
    void (*hurry)(VasHypervisor *self, gboolean hurries);

    /* Opens the connection again after VAS_ERROR_UNREACHABLE or DISCONNECTED; one try, bounded by a
     * few seconds. Watches anew what was watched, but what happened in between was not seen; a
     * watched guest that is gone by now counts as stopped. No other call may be under way, except
     * calls that were given up. */
    gboolean (*reopen)(VasHypervisor *self, GError **error);
};

/* Frees through the port. NULL is fine. */
void vas_hypervisor_free(VasHypervisor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHypervisor, vas_hypervisor_free)

G_END_DECLS
