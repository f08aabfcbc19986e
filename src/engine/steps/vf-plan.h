/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "core/journal/vf-record.h"
#include "core/report/step.h"
#include "core/rules/decision.h"
#include "engine/base/context.h"
#include "host/sriov/vf-state.h"

G_BEGIN_DECLS

/* The plan says what a command does about the settings that a PF holds about one VF. They are no
 * part of libvirt's XML: libvirt sets MAC and VLAN of an <interface> and puts back what it saw,
 * without the priority and with a MAC that from then on counts as the administrator's
 * (virNetDevSaveNetConfig and virNetDevSetNetConfig in src/util/virnetdev.c). The rest is ours to
 * set, and all of it to put back. */
typedef struct {
    VasVf vf;
    char *pf_interface;         /* vf.pf_interface */
    char *identity;             /* vas_vf_state_identity */
    VasVfSettings current;      /* at the decision: what an undo puts back */
    VasVfSettings target;       /* in the guest */
    guint set;                  /* set of VasVfField: to be set before the guest sees the VF */
    gboolean set_priority;      /* once libvirt has set the VLAN */
    guint concerned;            /* set of VasVfField: what the guest's having it changes */
    gboolean was_live;          /* the guest had it before this command */
    gboolean is_outdated;       /* on record is what is over: there is nothing to put back */
    VasVfRecord *record;        /* goes on record, to be put back at the release; NULL: one stands
                                   already, or nothing is to be put back */
    VasVfRecord *record_before; /* stands there now; NULL: none does */
} VasVfPlan;

void vas_vf_plan_free(VasVfPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfPlan, vas_vf_plan_free)

/* Plans an attach. *ret_plan NULL: there is nothing to set and nothing to remember.
 * VAS_ERROR_UNSUPPORTED: another machine, or the PF's driver does not tell of what is asked for,
 * which could therefore not be put back; VAS_ERROR of vas_rules_check_vf_wish and
 * vas_vf_state_read. */
gboolean vas_vf_plan_attach(const VasContext *context, const VasInventory *inventory,
                            const VasGuest *guest, const VasAttachDecision *decision,
                            const VasVfWish *wish, const VasPfLink *pf_link, VasVfPlan **ret_plan,
                            GError **error);

/* Plans a detach, from what is on record of the VF for @guest: its settings before are the target.
 * @type says whether libvirt sets MAC and VLAN: of a plain <hostdev> neither. NULL: nothing is on
 * record, it cannot be read or its PF has no interface to put it back through (told as NOTEs), or
 * we are on another machine. Returns full. */
VasVfPlan *vas_vf_plan_release(const VasContext *context, const VasInventory *inventory,
                               const VasGuest *guest, VasHostAddress device,
                               VasAssignmentType type);

/* Plans the undo of what an attach on record (core/journal/operation.h) has changed of @device,
 * which stays in the guest: it is put back as it was before. NULL: the attach changed nothing, or
 * that VF is no more. Returns full. */
VasVfPlan *vas_vf_plan_restore(const VasContext *context, const VasInventory *inventory,
                               const VasOperationDevice *device);

/* These functions add the steps that @plan (NULL: none) needs to @steps (GPtrArray of VasStep): the
 * steps before the guest sees the VF, the one behind libvirt's attach, and the one of a release. */
void vas_vf_plan_add_first(const VasVfPlan *plan, guint subject, GPtrArray *steps);
void vas_vf_plan_add_priority(const VasVfPlan *plan, guint subject, GPtrArray *steps);
void vas_vf_plan_add_put_back(const VasVfPlan *plan, guint subject, GPtrArray *steps);

/* Puts into the record of an attach what the settings of its VFs were and are to be. @vf_plans:
 * VasVfPlan, NULL: nothing changes. */
void vas_vf_plans_keep(const GPtrArray *vf_plans, VasOperation *operation);

/* Finds the interface of @device's PF, through which its settings are read and set. NULL: @device
 * is not a VF (any more), its PF has no interface, or we are on another machine. Returns full. */
char *vas_vf_plan_pf_interface(const VasContext *context, const VasDevice *device);

/* "VF 0 of enp1s0". Returns full. */
char *vas_vf_plan_name(const VasVfPlan *plan);

G_END_DECLS
