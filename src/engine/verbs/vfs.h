/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "engine/steps/pf.h"

G_BEGIN_DECLS

/* Reads the PF that @name names. VAS_ERROR_UNSUPPORTED: the host is another machine; the errors of
 * vas_selector_device; VAS_ERROR_UNSUITABLE: not a PF. */
gboolean vas_vfs_read(const VasContext *context, const char *name, VasPf **ret_pf, GError **error);

typedef enum {
    VAS_AUTOPROBE_AS_IS,
    VAS_AUTOPROBE_ON,
    VAS_AUTOPROBE_OFF,
} VasAutoprobeWish;

typedef struct {
    const char *pf;
    guint count;
    VasAutoprobeWish autoprobe;
    gboolean persist; /* it is wished for each boot (VAS_WISH_FILE), too; COUNT 0: nothing is */
    guint timeout;    /* seconds to wait for other commands, and for udev and libvirt */
    gboolean dry_run;
} VasVfsRequest;

/* Gives the PF that many VFs, all or nothing: what cannot be done is taken back to the count
 * before. Refused beforehand if a guest holds one of the VFs (vas_rules_check_vf_count) or another
 * process does through VFIO. Done when the kernel's count, its list and libvirt's node devices
 * agree and udev is through. *ret_pf (full, set on success only) is how it is in the end;
 * *ret_results, of the PF, and *ret_steps are as in vas_command_run. */
gboolean vas_vfs_set(const VasContext *context, const VasVfsRequest *request, VasPf **ret_pf,
                     GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

G_END_DECLS
