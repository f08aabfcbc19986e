/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A VF where its settings are: at its PF. */
typedef struct {
    VasHostAddress device;
    const char *pf_interface;
    int index;
} VasVf;

/* The identity tells this VF from others that had, or get, its address, by the boot and the device
 * within it; VFs that are made anew are new devices. To be compared only. NULL: it is not there.
 * Returns full. */
char *vas_vf_state_identity(const VasHost *host, VasHostAddress device);

/* Reads what the PF holds about @vf. A MAC that the VF's own host driver has chosen for itself, no
 * administrator, is left out (all zero): some PF drivers show it as if it had been set.
 * VAS_ERROR_NOT_FOUND: no such interface or VF. */
gboolean vas_vf_state_read(const VasHost *host, const VasVf *vf, VasVfSettings *ret_settings,
                           GError **error);

/* Has the PF take @fields of @wanted (a set of VasVfField), one after the other, and proves each by
 * reading it back; a field that @wanted does not know is left as it is. With the MAC the VF's host
 * driver, if it is on one, is bound anew: it reads its MAC at its start only.
 * VAS_ERROR_UNSUPPORTED: the PF's driver does not take one of them; the message says which. The
 * fields before it are set then. */
gboolean vas_vf_state_write(const VasHost *host, const VasVf *vf, guint fields,
                            const VasVfSettings *wanted, GError **error);

G_END_DECLS
