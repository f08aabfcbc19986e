/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/claim.h"

#include "core/inventory/iommu-group.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "host/files/lock.h"

#include <string.h>

/* The kernel tells nobody who waits with a deadline that a lock is free (flock(2)): it is tried
 * this often. */
#define TRY_INTERVAL (G_USEC_PER_SEC / 10)
/* Nobody holds a lock while waiting for a guest: a command that has lent its locks gets them back
 * in a moment, or from a command that undoes, which takes its --timeout. */
#define REGAIN_SECONDS 60

typedef struct {
    char *name; /* of the lock; sorts devices before guests */
    char *text; /* "device 0000:01:10.0" */
    gboolean shared;
} Thing;

struct VasClaimSet {
    GPtrArray *things; /* Thing, by name */
};

struct VasClaim {
    const VasContext *context;
    VasClaimSet *set;
    GPtrArray *locks; /* VasLock; empty: lent, or not to be had */
    gboolean lent;
};

static void
thing_free(gpointer data)
{
    Thing *thing = data;

    g_free(thing->name);
    g_free(thing->text);
    g_free(thing);
}

VasClaimSet *
vas_claim_set_new(void)
{
    VasClaimSet *set = g_new0(VasClaimSet, 1);

    set->things = g_ptr_array_new_with_free_func(thing_free);
    return set;
}

void
vas_claim_set_free(VasClaimSet *set)
{
    if (set == NULL)
        return;
    g_ptr_array_unref(set->things);
    g_free(set);
}

static Thing *
find_thing(const VasClaimSet *set, const char *name)
{
    for (guint i = 0; i < set->things->len; i++) {
        Thing *thing = g_ptr_array_index(set->things, i);

        if (g_str_equal(thing->name, name))
            return thing;
    }
    return NULL;
}

static int
compare_things(gconstpointer a, gconstpointer b)
{
    const Thing *const *left = a;
    const Thing *const *right = b;

    return strcmp((*left)->name, (*right)->name);
}

static void
add_thing(VasClaimSet *set, const char *kind, const char *id, const char *label, gboolean shared)
{
    g_autofree char *name = g_strdup_printf("%s-%s", kind, id);
    Thing *thing = find_thing(set, name);

    if (thing == NULL) {
        thing = g_new0(Thing, 1);
        thing->name = g_steal_pointer(&name);
        thing->text = g_strdup_printf("%s %s", kind, label);
        thing->shared = shared;
        g_ptr_array_add(set->things, thing);
        g_ptr_array_sort(set->things, compare_things);
    }
    thing->shared = thing->shared && shared;
}

static void
add_address(VasClaimSet *set, VasHostAddress address, gboolean shared)
{
    VasPciAddressText text = vas_host_address_text(address);

    add_thing(set, "device", text.text, text.text, shared);
}

void
vas_claim_set_add_device(VasClaimSet *set, const VasInventory *inventory, const VasDevice *device,
                         gboolean whole_group)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(inventory, device);

    add_address(set, device->address, FALSE);
    if (device->kind == VAS_DEVICE_VF)
        add_address(set, device->pf, TRUE);
    for (guint i = 0; i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);

        add_address(set, mate->address, !whole_group);
    }
}

void
vas_claim_set_add_guest(VasClaimSet *set, const VasGuest *guest)
{
    add_thing(set, "guest", guest->uuid, guest->name, FALSE);
}

gboolean
vas_claim_set_conflicts(const VasClaimSet *one, const VasClaimSet *other)
{
    for (guint i = 0; i < one->things->len; i++) {
        const Thing *thing = g_ptr_array_index(one->things, i);
        const Thing *same = find_thing(other, thing->name);

        if (same != NULL && !(thing->shared && same->shared))
            return TRUE;
    }
    return FALSE;
}

/* Whether the locks on @held are enough for @wanted. */
static gboolean
set_covers(const VasClaimSet *held, const VasClaimSet *wanted)
{
    for (guint i = 0; i < wanted->things->len; i++) {
        const Thing *thing = g_ptr_array_index(wanted->things, i);
        const Thing *have = find_thing(held, thing->name);

        if (have == NULL || (have->shared && !thing->shared))
            return FALSE;
    }
    return TRUE;
}

static char *
describe_holder(const VasLockHolder *holder)
{
    if (holder->process == 0)
        return g_strdup("another command");
    return g_strdup_printf("pid %d (%s)", holder->process, holder->command);
}

static gboolean
fail_locked(const Thing *thing, const VasLockHolder *holder, gint64 waited, GError **error)
{
    g_autofree char *who = describe_holder(holder);
    g_autoptr(GDateTime) since = g_date_time_new_from_unix_local(holder->since);
    g_autofree char *when =
        holder->process != 0 && since != NULL ? g_date_time_format(since, " since %F %T") : NULL;

    g_set_error(error, VAS_ERROR, VAS_ERROR_LOCKED,
                "%s is in use by %s%s; waited %" G_GINT64_FORMAT " s", thing->text, who,
                when != NULL ? when : "", waited / G_USEC_PER_SEC);
    vas_error_set_hint(error, "nothing was changed for it: try again when that command has ended, "
                              "or wait longer: --timeout");
    return FALSE;
}

/* Waits for the lock on @thing, trying again and again; *ret_lock is set in the end. */
static gboolean
await_lock(const VasClaim *claim, const Thing *thing, gint64 begin, guint timeout,
           VasLock **ret_lock, GError **error)
{
    const VasContext *context = claim->context;
    g_autofree char *name =
        g_strconcat(context->lock_realm != NULL ? context->lock_realm : "", thing->name, NULL);
    gint64 deadline = begin + (gint64) timeout * G_USEC_PER_SEC;

    for (;;) {
        g_autoptr(VasLockHolder) holder = NULL;
        g_autofree char *who = NULL;
        gint64 now;

        if (!vas_lock_try(context->lock_folder, name, thing->shared, context->command, ret_lock,
                          &holder, error))
            return FALSE;
        if (*ret_lock != NULL)
            return TRUE;
        now = g_get_monotonic_time();
        if (now >= deadline)
            return fail_locked(thing, holder, now - begin, error);
        who = describe_holder(holder);
        if (!vas_interrupt_check(context->interrupt, error)) {
            g_prefix_error(error, "%swaiting for %s, which has %s: ",
                           claim->lent ? "" : "nothing was changed while ", who, thing->text);
            return FALSE;
        }
        vas_context_progress(context, VAS_PROGRESS_WAITING,
                             (guint) ((now - begin) / G_USEC_PER_SEC), timeout,
                             "waiting for %s, which has %s", who, thing->text);
        vas_interrupt_sleep(context->interrupt, MIN(deadline, now + TRY_INTERVAL));
    }
}

/* Takes all locks or none. A user to whom the system gives no folder for locks goes on without:
 * libvirt's own checks and engine/run/rival are what is left. Root always has one, and a full or
 * broken /run is mended before a guest is changed. */
static gboolean
take_locks(VasClaim *claim, gint64 begin, guint timeout, GError **error)
{
    for (guint i = 0; i < claim->set->things->len; i++) {
        const Thing *thing = g_ptr_array_index(claim->set->things, i);
        g_autoptr(GError) failure = NULL;
        VasLock *lock = NULL;

        if (await_lock(claim, thing, begin, timeout, &lock, &failure)) {
            g_ptr_array_add(claim->locks, lock);
            continue;
        }
        g_ptr_array_set_size(claim->locks, 0);
        if (!claim->context->must_lock &&
            g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNSUPPORTED)) {
            vas_context_progress(claim->context, VAS_PROGRESS_NOTE, 0, 0,
                                 "other commands are not kept off meanwhile: %s", failure->message);
            return TRUE;
        }
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return TRUE;
}

static VasClaim *
claim_new(const VasContext *context)
{
    VasClaim *claim = g_new0(VasClaim, 1);

    claim->context = context;
    claim->set = vas_claim_set_new();
    claim->locks = g_ptr_array_new_with_free_func((GDestroyNotify) vas_lock_free);
    return claim;
}

void
vas_claim_free(VasClaim *claim)
{
    if (claim == NULL)
        return;
    g_ptr_array_unref(claim->locks);
    vas_claim_set_free(claim->set);
    g_free(claim);
}

/* The second scan follows the locks: from then on no other command changes what was found. With
 * nothing to lock the first scan is as good. */
VasClaim *
vas_claim_take(const VasContext *context, const VasScanSubject *subject, VasClaimFinder find,
               gconstpointer request, guint timeout, gboolean dry_run, VasInventory **ret_inventory,
               GError **error)
{
    g_autoptr(VasClaim) claim = claim_new(context);
    g_autoptr(VasInventory) inventory = vas_scan_about(context, subject, error);
    gint64 begin = g_get_monotonic_time();

    while (inventory != NULL) {
        g_autoptr(VasClaimSet) found = vas_claim_set_new();

        if (!dry_run && context->lock_folder != NULL)
            find(inventory, request, found);
        if (set_covers(claim->set, found)) {
            *ret_inventory = g_steal_pointer(&inventory);
            return g_steal_pointer(&claim);
        }
        if (claim->set->things->len > 0)
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                                 "what was named is something else by now: beginning anew");
        g_ptr_array_set_size(claim->locks, 0);
        vas_claim_set_free(claim->set);
        claim->set = g_steal_pointer(&found);
        if (!take_locks(claim, begin, timeout, error))
            return NULL;
        vas_inventory_free(inventory);
        inventory = vas_scan_about(context, subject, error);
    }
    return NULL;
}

void
vas_claim_lend(VasClaim *claim)
{
    if (claim == NULL || claim->locks->len == 0)
        return;
    g_ptr_array_set_size(claim->locks, 0);
    claim->lent = TRUE;
}

gboolean
vas_claim_regain(VasClaim *claim, GError **error)
{
    if (claim == NULL || !claim->lent)
        return TRUE;
    if (!take_locks(claim, g_get_monotonic_time(), REGAIN_SECONDS, error))
        return FALSE;
    claim->lent = FALSE;
    return TRUE;
}
