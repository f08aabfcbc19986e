/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/steps/host-driver-steps.h"
#include "engine/verbs/host-driver.h"

G_BEGIN_DECLS

/* A decider makes its decision about one device from this; all of it is borrowed. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasHostDriverRequest *request;
    const char *driver; /* the request's, as the kernel calls it */
} VasHostDriverCase;

/* Decides for one device, which is bound as @binding says. *ret_already: nothing is to be done. May
 * set keep_override, wanted, taken and overridden of @binding. */
typedef gboolean (*VasHostDriverDecider)(const VasHostDriverCase *c, const VasDevice *device,
                                         VasHostBinding *binding, gboolean *ret_already,
                                         GError **error);

/* VasHostDriverDeciders of the two verbs. */
gboolean vas_host_driver_decide_detach(const VasHostDriverCase *c, const VasDevice *device,
                                       VasHostBinding *binding, gboolean *ret_already,
                                       GError **error);
gboolean vas_host_driver_decide_reattach(const VasHostDriverCase *c, const VasDevice *device,
                                         VasHostBinding *binding, gboolean *ret_already,
                                         GError **error);

G_END_DECLS
