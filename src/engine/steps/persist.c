/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/persist.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/journal/wished-devices.h"
#include "host/files/lock.h"
#include "host/sriov/vf-rule.h"

#define LOCK_NAME "host-wish"
/* Its holder writes two small files. */
#define LOCK_SECONDS 10
#define TRY_INTERVAL (G_USEC_PER_SEC / 10)

/* *ret_lock NULL: what is changed is this process's alone. */
static gboolean
take_lock(const VasContext *context, VasLock **ret_lock, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + LOCK_SECONDS * G_USEC_PER_SEC;

    while (context->lock_folder != NULL) {
        g_autoptr(VasLockHolder) holder = NULL;
        gint64 now = g_get_monotonic_time();

        if (!vas_lock_try(context->lock_folder, LOCK_NAME, FALSE, context->command, ret_lock,
                          &holder, error))
            return FALSE;
        if (*ret_lock != NULL)
            return TRUE;
        if (!vas_interrupt_check(context->interrupt, error))
            return FALSE;
        if (now >= deadline) {
            g_set_error(error, VAS_ERROR, VAS_ERROR_LOCKED,
                        "another command has been writing " VAS_WISH_FILE " for %d s",
                        LOCK_SECONDS);
            return FALSE;
        }
        vas_interrupt_sleep(context->interrupt, now + TRY_INTERVAL);
    }
    return TRUE;
}

/* The rules are written first: they can be refused, and then nothing is changed. */
gboolean
vas_persist_vfs(const VasContext *context, VasHostAddress pf, const VasVfRule *rule,
                const VasIdentity *identity, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;

    if (!take_lock(context, &lock, error) || !vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    vas_host_wish_set_vfs(wish, pf, rule);
    if (identity != NULL)
        vas_host_wish_set_identity(wish->vfs, pf, identity);
    return vas_vf_rules_write(context->host, wish->vfs, error) &&
           vas_wish_file_write(context->host, wish, error);
}

gboolean
vas_persist_driver(const VasContext *context, VasHostAddress device, const char *driver,
                   GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;

    if (!take_lock(context, &lock, error) || !vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    if (g_strcmp0(vas_host_wish_driver(wish, device), driver) == 0)
        return TRUE;
    vas_host_wish_set_driver(wish, device, driver);
    return vas_wish_file_write(context->host, wish, error);
}

static void
drop_moved(GPtrArray *wishes, VasHostAddress device, const VasIdentity *identity)
{
    for (guint i = wishes->len; i > 0; i--) {
        if (vas_wished_has_moved_to(g_ptr_array_index(wishes, i - 1), device, identity))
            g_ptr_array_remove_index(wishes, i - 1);
    }
}

gboolean
vas_persist_identity(const VasContext *context, gboolean of_pf, VasHostAddress device,
                     const VasIdentity *identity, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;
    GPtrArray *wishes = NULL;
    const VasIdentity *known = NULL;

    if (!take_lock(context, &lock, error) || !vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    if (of_pf ? vas_host_wish_vfs(wish, device) == NULL
              : vas_host_wish_driver(wish, device) == NULL)
        return TRUE;
    wishes = of_pf ? wish->vfs : wish->drivers;
    known = vas_host_wish_identity(wishes, device);
    if (known == NULL || !vas_identity_has_key(known) || vas_identity_has_key(identity))
        vas_host_wish_set_identity(wishes, device, identity);
    drop_moved(wishes, device, identity);
    return vas_vf_rules_write(context->host, wish->vfs, error) &&
           vas_wish_file_write(context->host, wish, error);
}

gboolean
vas_persist_refresh(const VasContext *context, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;

    return take_lock(context, &lock, error) && vas_wish_file_read(context->host, &wish, error) &&
           vas_vf_rules_write(context->host, wish->vfs, error);
}
