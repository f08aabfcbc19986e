/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The PF's network interface (*ret_interface NULL: it has none) and whether it is up: IFF_UP in
 * /sys/class/net/X/flags, which is what libvirt tests (virNetDevGetOnline), not the carrier. Of
 * several interfaces its uplink (vas_pci_interfaces_of). VAS_ERROR_NOT_FOUND: no such device, or
 * the interface went away just now. */
gboolean vas_sriov_read_link(const VasHost *host, VasHostAddress pf, char **ret_interface,
                             gboolean *ret_up, GError **error);

/* The state is what the kernel says of a PF's VFs. */
typedef struct {
    guint now;          /* sriov_numvfs */
    guint maximum;      /* sriov_totalvfs: what the device can have, less what its driver forbids */
    gboolean autoprobe; /* sriov_drivers_autoprobe: host drivers take new and returned VFs */
} VasSriovState;

/* VAS_ERROR_NOT_FOUND: no such device. VAS_ERROR_UNSUITABLE: it is not a PF (any more).
 * VAS_ERROR_IN_USE: the kernel is removing its VFs, and would not answer (vf-removal.h). */
gboolean vas_sriov_read(const VasHost *host, VasHostAddress pf, VasSriovState *ret_state,
                        GError **error);

/* The PF's VFs by number, GArray of VasHostAddress, as its virtfnN links have them: the first gap
 * ends the list. Returns full. */
GArray *vas_sriov_list_vfs(const VasHost *host, VasHostAddress pf);

/* Has the PF's driver make @count VFs, or remove all (0), and believes only what the kernel then
 * says. From one count to another the way leads through 0 (sriov_numvfs_store in drivers/pci/iov.c:
 * EBUSY). Comes back when the kernel has made them and bound what drivers it has loaded: udev and
 * libvirt hear of them later. Removing a VF that a guest or another VFIO user holds hangs, and PCI
 * hot-plug of the whole host with it: the caller sees to it that all have let go. A removal that
 * hangs already, of any PF's, is VAS_ERROR_IN_USE.
 * VAS_ERROR_UNSUPPORTED: the driver cannot, or ignores it; VAS_ERROR_NOT_READY: there is no driver;
 * VAS_ERROR_IN_USE: somebody else made VFs meanwhile; VAS_ERROR_DENIED; else VAS_ERROR_FAILED, also
 * when fewer came than were asked for. */
gboolean vas_sriov_set_count(const VasHost *host, VasHostAddress pf, guint count, GError **error);

/* Sets whether the host's drivers take the VFs that the PF gets from now on, and reads it back. VFs
 * that are there stay as they are. */
gboolean vas_sriov_set_autoprobe(const VasHost *host, VasHostAddress pf, gboolean autoprobe,
                                 GError **error);

G_END_DECLS
