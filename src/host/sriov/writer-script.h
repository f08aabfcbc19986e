/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the lines of scripts, units, ifupdown's files, and files of
 * nmstate and of the SR-IOV network operator that set a number of VFs and may mean @pf. Only "echo
 * N > PATH" is read as what it does; whatever else the file does, and whether a unit is ever
 * started, is not looked at. */
void vas_writer_script_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers);

G_END_DECLS
