/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/persist.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"
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
vas_persist_vfs(const VasContext *context, VasHostAddress pf, const VasVfRule *rule, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;

    if (!take_lock(context, &lock, error) || !vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    vas_host_wish_set_vfs(wish, pf, rule);
    if (!vas_vf_rules_write(context->host, wish->vfs, error) ||
        !vas_wish_file_write(context->host, wish, error))
        return FALSE;
    vas_vf_rules_drop_earlier(context->host, pf);
    return TRUE;
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

gboolean
vas_persist_refresh(const VasContext *context, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasLock) lock = NULL;

    return take_lock(context, &lock, error) && vas_wish_file_read(context->host, &wish, error) &&
           vas_vf_rules_write(context->host, wish->vfs, error);
}
