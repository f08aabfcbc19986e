/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/finding.h"
#include "host/system/distribution.h"

G_BEGIN_DECLS

/* How things are put right on each distribution. Return full. */

/* "add intel_iommu=on to ... and reboot". Either of @wanted and @unwanted may be NULL. */
char *vas_advice_kernel_parameter(VasDistribution distribution, const char *wanted,
                                  const char *unwanted);

/* How the modules of the running kernel are installed. */
char *vas_advice_kernel_modules(VasDistribution distribution);

/* The finding for what only a look at the host's own files can tell, when they are elsewhere;
 * @what is not looked at. */
void vas_advice_add_remote(GPtrArray *findings, const char *id, const char *subject,
                           const char *what, const char *command);

G_END_DECLS
