/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/verb.h"

G_BEGIN_DECLS

/* Makes the text that --help prints, at most 80 columns wide: @verb's, or with NULL the program's
 * own. Returns full. */
char *vas_help_text(const VasVerb *verb);

G_END_DECLS
