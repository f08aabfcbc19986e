/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A network manager configures interfaces as they appear, also a VF's that a guest gives back. */
typedef enum {
    VAS_NETWORK_MANAGER,
    VAS_SYSTEMD_NETWORKD,
} VasNetworkManager;

/* "NetworkManager", "systemd-networkd". Static. */
const char *vas_network_manager_name(VasNetworkManager manager);

/* Whether its service runs: systemd keeps a control group for it as long as it does. */
gboolean vas_network_manager_is_running(const VasHost *host, VasNetworkManager manager);

/* Whether it would configure @interface, which is or will be on @driver (NULL: not known).
 * *ret_evidence: the setting that decides it, "FILE: LINE" (full), or NULL: its own default.
 * Settings that single a device out by its MAC or path are not taken to mean a VF. */
gboolean vas_network_manager_takes(const VasHost *host, VasNetworkManager manager,
                                   const char *interface, const char *driver, char **ret_evidence);

/* Whether NetworkManager's device list @list ("Device List Format" in NetworkManager.conf(5)) has
 * the Ethernet device with these; @driver and @mac NULL: not known. */
gboolean vas_network_manager_lists(const char *list, const char *interface, const char *driver,
                                   const char *mac);

G_END_DECLS
