/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"

G_BEGIN_DECLS

/* The kinds of keys that tell one card from another of its model. */
typedef enum {
    VAS_CARD_KEY_MAC,    /* permanent MAC of the function's first port: unique to the function */
    VAS_CARD_KEY_SERIAL, /* PCI Express Device Serial Number: of the card, on all its functions */
    VAS_CARD_KEY_VPD,    /* serial number in the Vital Product Data: of the card, too */
    VAS_N_CARD_KEYS,
} VasCardKey;

/* An identity says what a device is wherever it sits: bus numbers, names and drivers are not in it.
 * Keys, function and place of a VF are its PF's. */
typedef struct {
    guint16 vendor_id;
    guint16 product_id;
    gboolean has_subsystem;
    guint16 subsystem_vendor_id;
    guint16 subsystem_id;
    char *keys[VAS_N_CARD_KEYS]; /* NULL: the card has none, or it was not told */
    gboolean
        may_have_more_keys; /* who read it could not see all keys; says nothing of the device */
    guint function;         /* which function of its card it is; up to 255 with ARI */
    char *place;            /* vas_identity_set_place; NULL: not told */
    int vf_index;           /* -1: not a VF */
} VasIdentity;

/* "permanent-mac", "pcie-serial", "vpd-serial": for JSON and XML. Static. */
const char *vas_card_key_name(VasCardKey key);
/* "permanent MAC", "PCIe serial number", "VPD serial number": for people. Static. */
const char *vas_card_key_label(VasCardKey key);

/* Begins the identity of @device with its model and VF index, and without place and keys. NULL: the
 * device is a VF and nobody told its number. Returns full. */
VasIdentity *vas_identity_new(const VasDevice *device);
VasIdentity *vas_identity_copy(const VasIdentity *identity);
void vas_identity_free(VasIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasIdentity, vas_identity_free)

/* Gives @identity the card's key @value, stripped of white space. A value that is empty or has one
 * digit throughout is what a card without one shows, and is not taken; NULL is not either. */
void vas_identity_set_key(VasIdentity *identity, VasCardKey key, const char *value);
gboolean vas_identity_has_key(const VasIdentity *identity);

/* Gives @identity its place and function by @path, the addresses of the PCI functions from the root
 * bus to the card's function (VasHostAddress; empty: not told). The place is the root bus and the
 * slots below it, "0000:00/01.1/00.0": no number in it changes with what else is plugged in.
 * @is_express is the card's: PCI Express knows no slots behind a port, so that slot and function
 * are one number there (PCI Express Base Specification 5.0, 7.5.1.1.14 and 6.13). */
void vas_identity_set_place(VasIdentity *identity, const GArray *path, gboolean is_express);

/* Whether @place is one as vas_identity_set_place writes it. */
gboolean vas_identity_place_is_valid(const char *place);

G_END_DECLS
