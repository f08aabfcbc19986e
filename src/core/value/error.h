/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one error domain of the library. Codes say what a caller can do about it, not where it
 * happened; each belongs to one exit status (vas_error_exit_status) and one name in JSON
 * (vas_error_name). */
#define VAS_ERROR (vas_error_quark())

typedef enum {
    VAS_ERROR_FAILED,      /* what has no better code: I/O, QEMU's own refusals; exit 1 */
    VAS_ERROR_USAGE,       /* the command line does not make sense; exit 2 */
    VAS_ERROR_INVALID,     /* a value is malformed or out of range: address, MAC, VLAN; exit 2 */
    VAS_ERROR_NOT_FOUND,   /* no such device, guest, assignment or template; exit 3 */
    VAS_ERROR_AMBIGUOUS,   /* the name fits several; the message lists them; exit 3 */
    VAS_ERROR_IN_USE,      /* another guest (or this one, otherwise) holds the device; exit 4 */
    VAS_ERROR_TAKEN,       /* guest address, alias or MAC belongs to something else; exit 4 */
    VAS_ERROR_NO_SLOT,     /* the guest has no free hot-pluggable slot; exit 4 */
    VAS_ERROR_UNUSABLE,    /* that guest address can never hold a hot-plugged device; exit 4 */
    VAS_ERROR_UNSUITABLE,  /* this device cannot be assigned (that way): bridge, not a VF; exit 4 */
    VAS_ERROR_NOT_READY,   /* not ready yet: PF down, no agent answers in the guest; exit 4 */
    VAS_ERROR_WRONG_STATE, /* guest shut off with --live, transient with --config; exit 4 */
    VAS_ERROR_CONFLICT,    /* already there, but differently from what is asked; exit 4 */
    VAS_ERROR_MISMATCH,    /* the device there is not the one that is meant; exit 4 */
    VAS_ERROR_CRITICAL,    /* the host, or a guest through a VF, needs it: --force; exit 4 */
    VAS_ERROR_LOCKED,      /* another command is at it: later, or with more patience; exit 4 */
    VAS_ERROR_UNPROVEN,    /* nothing vouches for that record of a command: --adopt; exit 4 */
    VAS_ERROR_UNSUPPORTED, /* libvirt, QEMU or the kernel cannot do it here; exit 1 */
    VAS_ERROR_DENIED,      /* read-only connection, polkit, file permission; exit 1 */
    VAS_ERROR_UNREACHABLE, /* libvirt does not answer, or the connection was lost; exit 1 */
    VAS_ERROR_TIMED_OUT,   /* asked of the guest or libvirt, and not done in time; exit 5 */
    VAS_ERROR_PARTIAL,     /* some parts are done, others not; the results say which; exit 6 */
    VAS_ERROR_UNDO_FAILED, /* a failed operation could not be taken back wholly; exit 7 */
    VAS_ERROR_INTERRUPTED, /* told to end: all is as before or pending; exit 128 + the signal */
} VasError;

GQuark vas_error_quark(void);

/* Name in JSON ("in-use"). Static. */
const char *vas_error_name(VasError code);

/* The process exit status that belongs to @error: by its code in VAS_ERROR, 2 for a GOptionError, 1
 * for any other domain, 0 for NULL. For VAS_ERROR_INTERRUPTED it is 128: the caller, who knows the
 * signal, adds its number. */
int vas_error_exit_status(const GError *error);

/* The hint says what the user can do about @error. NULL: it has none. Kept inside @error,
 * borrowed. */
const char *vas_error_hint(const GError *error);

/* Attaches a hint to a VAS_ERROR; replaces an earlier one. No-op when @error is NULL or *@error is
 * NULL or of another domain. */
void vas_error_set_hint(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* libvirt's own error number and domain (virErrorNumber, virErrorDomain); 0 when libvirt was not
 * the cause. They survive prefixing and propagation. */
int vas_error_libvirt_code(const GError *error);
int vas_error_libvirt_domain(const GError *error);
void vas_error_set_libvirt(GError *error, int domain, int code);

/* A deep copy of @error in which the code is @code: for a layer that knows better what it means.
 * Returns full. */
GError *vas_error_recode(const GError *error, VasError code);

/* @names for a message, "a, b, c"; NULL if there are none or too many to read. Returns full. */
char *vas_error_name_list(const GPtrArray *names);
/* The first of @reasons (char *) for a message, and where the others are to be seen: "a, b, c, and
 * 2 more (virt-assign show enp1s0)". Returns full. */
char *vas_error_reasons(const GPtrArray *reasons, const char *verb, const char *subject);

G_END_DECLS
