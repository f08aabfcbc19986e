/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Locks between the commands of one machine: files that the kernel locks for as long as they are
 * open, so that none outlives its process, however that ends (flock(2)). A file that is there means
 * nothing, a lock on it does; the files stay. */
typedef struct VasLock VasLock;

/* The holder of a lock is known by what that process wrote into the file: to be told, not to be
 * relied on. */
typedef struct {
    int process;   /* 0: unknown */
    gint64 since;  /* seconds since the epoch */
    char *command; /* printable, of one line; NULL: unknown */
} VasLockHolder;

void vas_lock_holder_free(VasLockHolder *holder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasLockHolder, vas_lock_holder_free)

/* Tries once to take the lock @name (letters, digits, "-:.") in @folder, which is made if need be;
 * @shared: together with others that share it. @command is what the holder's record shall say.
 * *ret_lock NULL: somebody else has it, *ret_holder (full). Both full.
 * VAS_ERROR_UNSUPPORTED: no lock can be had there: no right, no inode, a read-only file system.
 * VAS_ERROR_DENIED: folder or file belongs to somebody else, is open to others or is a link. */
gboolean vas_lock_try(const char *folder, const char *name, gboolean shared, const char *command,
                      VasLock **ret_lock, VasLockHolder **ret_holder, GError **error);

/* Gives it back. */
void vas_lock_free(VasLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasLock, vas_lock_free)

G_END_DECLS
