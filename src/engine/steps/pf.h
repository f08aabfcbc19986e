/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/vfs-state.h"
#include "core/report/result.h"
#include "engine/base/context.h"
#include "host/sriov/saved-vfs.h"
#include "host/sriov/sriov.h"

G_BEGIN_DECLS

/* A PF with its VFs, of one moment. */
typedef struct {
    VasInventory *inventory;
    const VasDevice *pf; /* borrowed from the inventory */
    GPtrArray *vfs;      /* const VasDevice, by number, borrowed from the inventory */
    VasSriovState sriov;
    VasVfRule *rule;    /* what is wished for each boot (VAS_WISH_FILE); NULL: nothing */
    GError *rule_error; /* NULL unless that cannot be told, or be made true by udev rules of ours */
    GPtrArray *writers; /* VasVfWriter: other programs that keep a number, as in saved-vfs.h */
} VasPf;

void vas_pf_free(VasPf *pf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPf, vas_pf_free)

/* Finds the PF that @name names in *@inventory, which it takes on success. VAS_ERROR of
 * vas_selector_device and vas_rules_check_pf. */
gboolean vas_pf_find(const VasContext *context, VasInventory **inventory, const char *name,
                     VasPf **ret_pf, GError **error);

/* The result of a command about the PF. @is_so_already: there is nothing to do. Returns full. */
VasResult *vas_pf_result(const VasPf *pf, gboolean is_so_already);

G_END_DECLS
