/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/steps/vf-plan.h"

G_BEGIN_DECLS

/* These functions are the steps that attach and detach take about VF settings. */

/* Writes what is to be put back, before anything is changed, in the place of what is on record of
 * the VF for an earlier guest. Where only root may, a NOTE says that it is not. */
gboolean vas_vf_settings_record(const VasContext *context, const VasVfPlan *plan, GError **error);
/* These two set what is ours to set: the settings before the guest sees the VF; and the priority,
 * which libvirt would reset with the VLAN, behind it. */
gboolean vas_vf_settings_set(const VasContext *context, const VasVfPlan *plan, GError **error);
gboolean vas_vf_settings_set_priority(const VasContext *context, const VasVfPlan *plan,
                                      GError **error);
/* Undoes all that, and what libvirt leaves behind: the VF is as it was before this command, and off
 * the record. A VF that somebody else got first is left alone, which is told as a NOTE. One that
 * this guest has now, and had not before, is left alone with its record: it could not be taken
 * back, or another command brought it. */
gboolean vas_vf_settings_take_back(const VasContext *context, const VasInventory *inventory,
                                   const VasGuest *guest, const VasVfPlan *plan, GError **error);

/* Proves that the PF shows the VF as the guest is to have it; libvirt ignores some refusals of a
 * driver (virNetDevSetNetConfig in src/util/virnetdev.c). *ret_settings: as it shows it. */
gboolean vas_vf_settings_prove(const VasContext *context, const VasVfPlan *plan,
                               VasVfSettings *ret_settings, GError **error);

/* After the release: puts everything back as the record has it, proves that, and drops the record.
 * A VF that has a new owner by then, or is gone, is left alone: that is told as a NOTE, and the
 * record is dropped, too. While the guest itself has it, it stays as it is. *ret_settings: as the
 * PF shows it then; *ret_known FALSE: it was left alone. */
gboolean vas_vf_settings_put_back(const VasContext *context, const VasInventory *inventory,
                                  const VasGuest *guest, const VasVfPlan *plan, gboolean *ret_known,
                                  VasVfSettings *ret_settings, GError **error);

/* Reads what the PF holds about @device; *ret_known FALSE: it is not a VF of a network card, its PF
 * has no interface, or we are on another machine. VAS_ERROR of vas_vf_state_read. */
gboolean vas_vf_settings_read(const VasContext *context, const VasDevice *device,
                              gboolean *ret_known, VasVfSettings *ret_settings, GError **error);

G_END_DECLS
