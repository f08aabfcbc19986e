/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"

G_BEGIN_DECLS

/* A device of the host and its identity, borrowed. */
typedef struct {
    VasHostAddress address;
    const VasIdentity *identity;
} VasIdentified;

/* These become of a device that is meant by its identity and was last seen at an address. */
typedef enum {
    VAS_IDENTITY_SAME,        /* a key of the card says that it is there */
    VAS_IDENTITY_PLACE_ONLY,  /* its model is in its place; no key tells one card from another */
    VAS_IDENTITY_MOVED,       /* it has another address now */
    VAS_IDENTITY_REPLACED,    /* another card of its model is in its place, and it is nowhere */
    VAS_IDENTITY_OTHER_MODEL, /* a device of another model is in its place, and it is nowhere */
    VAS_IDENTITY_AMBIGUOUS,   /* several devices have its keys, and its place has none of them */
    VAS_IDENTITY_GONE,        /* neither its card nor anything in its place is there */
} VasIdentityVerdict;

/* @found is the device; if it is replaced or of another model, what has its place, which is the PF
 * if that has no such VF; if it is gone, the PF that lacks the VF, or NULL; if it is ambiguous, one
 * of them. Borrowed. */
typedef struct {
    VasIdentityVerdict verdict;
    const VasIdentified *found;
} VasIdentityMatch;

/* Compares @wished with all devices of the host (@present, VasIdentified), of which one may be at
 * @address. A key decides over the place, and all keys that both sides have must agree: a key that
 * could not be read on either side says nothing. The order of @present has no effect. Pure. */
VasIdentityMatch vas_rules_match_identity(const VasIdentity *wished, VasHostAddress address,
                                          const GArray *present);

/* Whether the device at @address is the one that @wished means, by a key or by its place only. If
 * not, the error says where that is, or what is there instead: VAS_ERROR_NOT_FOUND if it is gone,
 * else VAS_ERROR_MISMATCH. Pure. */
gboolean vas_rules_check_identity(const VasIdentity *wished, VasHostAddress address,
                                  const GArray *present, GError **error);

G_END_DECLS
