/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/options.h"
#include "core/device/assignment.h"

G_BEGIN_DECLS

/* These options of `xml` and `attach` describe an assignment. */
extern const VasOption vas_assignment_options[];

/* VAS_ERROR_INVALID names the option and its value. Returns full. */
VasAssignmentWish *vas_assignment_options_wish(const VasOptions *options, GError **error);

G_END_DECLS
