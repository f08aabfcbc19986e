/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

/* Adds the findings host.vf-presets: what files of other programs have for VFs that guests have
 * otherwise. Guests are read only where there is anything of that kind. */
void vas_check_vf_presets(const VasContext *context, GPtrArray *findings);

G_END_DECLS
