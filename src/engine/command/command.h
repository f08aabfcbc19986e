/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/operation.h"
#include "engine/run/claim.h"

G_BEGIN_DECLS

typedef struct VasCommand VasCommand;

/* The functions of a verb, each called at its turn: a verb is what it decides and its steps. */
typedef struct {
    const char *name;
    /* It takes out by itself what an earlier command left of the devices that it names. */
    gboolean goes_on;
    /* It makes again what is wished, by the kernel alone: what an earlier command of the host left
     * is for recover, which knows the guests. */
    gboolean leaves_records;
    /* Its names may be those of assignments of the guest, and not of devices. */
    gboolean names_assignments;
    /* Adds what is named to the claim; the guest is added already. NULL: it is the devices. */
    void (*find)(const VasCommand *command, const VasInventory *inventory, VasClaimSet *set);
    /* Fills results, and steps with what is to be done; touches nothing. It may take the inventory,
     * for a longer life. */
    gboolean (*decide)(VasCommand *command, GError **error);
    /* Makes the operation that the steps carry out; it is not written here. NULL: nothing is to go
     * on record. */
    gboolean (*record)(VasCommand *command, GError **error);
    /* Runs the steps (vas_execute). */
    gboolean (*execute)(VasCommand *command, GError **error);
    /* Takes off the operation, behind the steps, what is not to stay on record. NULL: all that was
     * done or taken back (vas_operation_close). */
    void (*cut)(VasCommand *command);
    /* Tells what a success, or the plan of it, comes to, with the locks held. NULL: nothing. */
    gboolean (*conclude)(VasCommand *command, GError **error);
} VasCommandClass;

/* One run of a verb. What is borrowed has to outlive it. */
struct VasCommand {
    /* The caller sets these. */
    const VasCommandClass *class;
    const VasContext *context;
    gpointer data;              /* for the functions */
    const char *guest_name;     /* name or UUID; NULL: it is about the host alone */
    gboolean by_uuid;           /* it is the UUID, though another guest may be called so */
    const char *const *devices; /* as the user named them, NULL-terminated; NULL: none */
    gboolean whole_group;       /* and the rest of their IOMMU groups */
    gboolean looks_at_all;      /* it decides with a look at all devices of the host */
    guint timeout;              /* seconds to wait for other commands */
    gboolean dry_run;
    gboolean force_recovery; /* of what a command elsewhere may be at, too (VasRecoverFirst) */
    gboolean adopt_recovery; /* of what nothing vouches for, too */
    GPtrArray *recoveries;   /* VasRecovery: what was recovered first, however it went; NULL: NOTEs
                                tell it, and without success nothing is begun */

    /* The frame sets these, before the decision. */
    VasClaim *claim;
    VasInventory *inventory;
    const VasGuest *guest; /* NULL: it is about the host alone */
    gboolean is_recorded;  /* the operation stands on record, behind the decision */

    /* The functions set these. */
    char *phrase;       /* "add ports to db1": to stand in front of errors from here on; or NULL */
    GPtrArray *steps;   /* VasStep; empty before the decision */
    GPtrArray *results; /* VasResult, by subject of the steps; empty before the decision */
    VasOperation *operation; /* is put on record, of the guest or the host */
};

/* Runs @command: takes the locks, finishes or undoes what killed commands left, decides by the
 * world behind that; with dry_run that is all, else it puts the command on record, executes it and
 * closes the record. The locks are held until the end. (An earlier command about the host alone is
 * recovered before, since its devices may be others: vas_recover_host_first has locks of its own.)
 *
 * *ret_results (full) is set when the decision was made, unless conclude fails; *ret_steps (full)
 * with dry_run only.
 * VAS_ERROR of vas_context_check_local (a command about the host alone), vas_claim_take,
 * vas_recover_first, vas_selector_guest, and of the functions. What the frame has set is gone
 * afterwards. */
gboolean vas_command_run(VasCommand *command, GPtrArray **ret_results, GPtrArray **ret_steps,
                         GError **error);

G_END_DECLS
