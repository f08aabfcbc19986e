/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

typedef enum {
    VAS_SYSTEMD_MATCH_NO,
    VAS_SYSTEMD_MATCH_YES,
    VAS_SYSTEMD_MATCH_UNSURE,
} VasSystemdMatch;

/* Tells whether the [Match] section among @settings (VasSettingLine), of a .link or .network file,
 * fits @interface of @pf at the next boot. A section without a key fits nothing. UNSURE: *ret_doubt
 * (full) is a clause that says which key cannot be told; else it is NULL. */
VasSystemdMatch vas_systemd_match(const VasHost *host, const VasMappedPf *pf, const char *interface,
                                  const GPtrArray *settings, char **ret_doubt);

G_END_DECLS
