/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The kernel takes a VF off its PF's list (virtfnN) and then waits, without end, until whoever
 * holds it through VFIO has let go. Meanwhile it has the lock of the PF and the one lock of all PCI
 * hot-plug (sriov_numvfs_store, pci_iov_remove_virtfn in drivers/pci/iov.c; tests/README). Whoever
 * then reads sriov_numvfs of this PF, or writes that of any PF, waits as well, and no signal ends
 * that. Both functions read nothing that waits. */

/* Finds the VF of @pf that is there and not on its list; FALSE: none is. A VF that is being made is
 * so, too, for a moment. */
gboolean vas_vf_removal_find(const VasHost *host, VasHostAddress pf, VasHostAddress *ret_vf);

/* Checks that no VF of @pf is being removed, or with @pf NULL none of this host. VAS_ERROR_IN_USE:
 * one is. */
gboolean vas_vf_removal_check(const VasHost *host, const VasHostAddress *pf, GError **error);

G_END_DECLS
