/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Whether @pattern, a path that may have shell patterns in it, is the sriov_numvfs of @pf: by an
 * interface of its, by its PCI address, or the device's real path. */
gboolean vas_numvfs_path_fits(const VasMappedPf *pf, const char *pattern);

/* Whether @text has the PF's address, MAC or an interface of its as a whole word. */
gboolean vas_text_names_pf(const char *text, const VasMappedPf *pf);

G_END_DECLS
