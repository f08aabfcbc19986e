/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Whether @device can have VFs at all. VAS_ERROR_UNSUITABLE; the hint names the PF of a VF. */
gboolean vas_rules_check_pf(const VasDevice *device, GError **error);

/* Whether @pf is on a driver that makes VFs. VAS_ERROR_NOT_READY. */
gboolean vas_rules_check_pf_driver(const VasDevice *pf, GError **error);

/* Whether @pf may have @count VFs instead of the @now it has, of which at most @maximum are
 * possible. A change away from a number other than 0 removes all of them first, so none may be a
 * guest's, running or in its config, nor critical for the host. VAS_ERROR_INVALID: too many;
 * VAS_ERROR_NOT_READY: the PF is on no driver that makes VFs; VAS_ERROR_IN_USE names the holders;
 * VAS_ERROR_CRITICAL. Pure. */
gboolean vas_rules_check_vf_count(const VasInventory *inventory, const VasDevice *pf, guint now,
                                  guint maximum, guint count, GError **error);

G_END_DECLS
