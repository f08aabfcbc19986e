/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/options.h"
#include "core/assignment.h"

G_BEGIN_DECLS

/* What the verbs that change a guest have in common. */
extern const VasOption vas_change_options[];

/* 0: neither --live nor --config was given. */
VasScope vas_change_options_scope(const VasOptions *options);

G_END_DECLS
