/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/options.h"
#include "core/device/assignment.h"

G_BEGIN_DECLS

/* The verbs that change a guest share these options. */
extern const VasOption vas_change_options[];

/* This row of --timeout is for verbs that may wait for a guest as well. Its limit is a day: whoever
 * waits longer wants a later command, which goes on where this one stopped. */
#define VAS_GUEST_TIMEOUT_OPTION(text)                                                             \
    VAS_NUMBER_OPTION("timeout", timeout, 0, 24 * 60 * 60, "S", text)

/* Returns 0 when neither --live nor --config was given. */
VasScope vas_change_options_scope(const VasOptions *options);

G_END_DECLS
