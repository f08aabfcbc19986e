/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A command names these. The pointers are borrowed. */
typedef struct {
    const char *guest;        /* name or UUID; NULL: none */
    const char *const *names; /* of devices, NULL-terminated; NULL: none */
    gboolean may_name_other;  /* one may also be the guest's name, or name an assignment of it */
} VasScanSubject;

/* Reads those devices that a command about @subject has to know, into @inventory, which has all
 * guests already: the devices of the guest and those that are named, the members of their IOMMU
 * groups, the VFs of all these and the PFs. *ret_enough FALSE: that does not do, and @inventory has
 * some devices that are to be dropped; a name fits none of them, or the device is to be refused
 * with a look at others, or the guest has something on record, or a group's members are not told.
 * VAS_ERROR of the hypervisor. */
gboolean vas_scan_near(const VasContext *context, const VasScanSubject *subject,
                       VasInventory *inventory, gboolean *ret_enough, GError **error);

G_END_DECLS
