/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The host's part in an assignment: IOMMU, interrupt remapping, VFIO, KVM. Appends to @findings
 * (GPtrArray of VasFinding). */
void vas_check_iommu(const VasHost *host, GPtrArray *findings);

G_END_DECLS
