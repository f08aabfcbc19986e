/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "core/value/vf-settings.h"

G_BEGIN_DECLS

typedef gboolean (*VasVfSettingsReader)(const char *pf_interface, int vf_index,
                                        VasVfSettings *ret_settings, gpointer data, GError **error);

/* Has the PF's driver take the one @field of @settings for the VF. A driver that did not refuse may
 * still not have done it. */
typedef gboolean (*VasVfSettingsWriter)(const char *pf_interface, int vf_index, VasVfField field,
                                        const VasVfSettings *settings, gpointer data,
                                        GError **error);

/* Writes @text into the attribute at @path, which is below the root already. Returns 0 or an errno:
 * what the kernel answered. */
typedef int (*VasAttributeWriter)(const char *path, const char *text, gpointer data);

/* The MAC that the card itself has for the interface, whichever it uses now. FALSE: there is none,
 * or it is not told. */
typedef gboolean (*VasPermanentMacReader)(const char *interface, VasMacAddress *ret_mac,
                                          gpointer data);

typedef struct VasNetwork VasNetwork; /* host/need/network.h */

/* Adds to @network, which is empty, what the kernel knows. */
typedef gboolean (*VasNetworkReader)(VasNetwork *network, gpointer data, GError **error);

/* The interface by which packets to @address leave; NULL: there is no route. Returns full. */
typedef char *(*VasRouteFinder)(const char *address, gpointer data);

/* Loads the kernel module, or those that the modalias, @name says. */
typedef gboolean (*VasModuleLoader)(const char *name, gpointer data, GError **error);

/* Whether somebody - the kernel for a file system, ZFS, LVM, RAID; a process - has the block device
 * at @path, which is below the root already, for itself alone. */
typedef gboolean (*VasClaimReader)(const char *path, gpointer data);

/* The machine under us. Everything that is a file is read below @root, so that tests can put a tree
 * of their own there; netlink has no root and is a function to replace, and so is the write to an
 * attribute, which in a tree of plain files would have none of the kernel's effects. */
typedef struct {
    char *root;
    VasVfSettingsReader read_vf_settings;
    gpointer reader_data;
    VasVfSettingsWriter write_vf_settings;
    gpointer vf_writer_data;
    VasPermanentMacReader read_permanent_mac;
    gpointer mac_data;
    VasAttributeWriter write_attribute;
    gpointer writer_data;
    VasNetworkReader read_network;
    gpointer network_data;
    VasRouteFinder find_route;
    gpointer route_data;
    VasModuleLoader load_module;
    gpointer loader_data;
    VasClaimReader is_claimed;
    gpointer claim_data;
} VasHost;

/* The host whose files are below @root. Until functions are put in (vas_this_machine_new does), VF
 * settings and modules are VAS_ERROR_UNSUPPORTED, no interface has a permanent MAC, the network has
 * neither routes nor addresses, and no block device is claimed. Returns full. */
VasHost *vas_host_new(const char *root);
void vas_host_free(VasHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHost, vas_host_free)

/* Absolute @path put below the root. Returns full. */
char *vas_host_path(const VasHost *host, const char *path);

G_END_DECLS
