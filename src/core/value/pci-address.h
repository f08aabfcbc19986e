/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A PCI address says where a function sits: a value, copied by assignment. Domains above 0xffff
 * exist (Intel VMD: 10000:e1:00.0). */
typedef struct {
    guint32 domain;
    guint8 bus;
    guint8 slot;     /* 0..31, "device" in the PCI specification */
    guint8 function; /* 0..7 */
} VasPciAddress;

/* The two sides are types of their own, so that one cannot be passed for the other. */
typedef struct {
    VasPciAddress pci;
} VasHostAddress;

typedef struct {
    VasPciAddress pci;
} VasGuestAddress;

typedef struct {
    char text[24];
} VasPciAddressText;

/* "0000:03:10.3" or "03:10.3" (domain 0); hex digits, 1 to 8 for the domain, 1 to 2 for bus and
 * slot, one for the function. Nothing before or after. VAS_ERROR_INVALID says what is wrong. */
gboolean vas_pci_address_parse(const char *text, VasPciAddress *ret_address, GError **error);

/* TRUE if @text has the shape of an address ("X:Y.Z", "W:X:Y.Z"), though its parts may be out of
 * range: tells a mistyped address from a name. */
gboolean vas_pci_address_is_shaped(const char *text);

/* "0000:03:10.3". By value: `vas_pci_address_text(a).text` lives to the end of the full
 * expression. */
VasPciAddressText vas_pci_address_text(VasPciAddress address);

/* libvirt's node device name, "pci_0000_03_10_3". */
VasPciAddressText vas_pci_address_nodedev(VasPciAddress address);

/* Reads a node device name back; FALSE if @name is not of that form. */
gboolean vas_pci_address_from_nodedev(const char *name, VasPciAddress *ret_address);

/* Orders by domain, bus, slot, function; <0, 0, >0. */
int vas_pci_address_compare(VasPciAddress a, VasPciAddress b);
gboolean vas_pci_address_equal(VasPciAddress a, VasPciAddress b);

/* The same on either side's type. */
gboolean vas_host_address_parse(const char *text, VasHostAddress *ret_address, GError **error);
VasPciAddressText vas_host_address_text(VasHostAddress address);
gboolean vas_host_address_equal(VasHostAddress a, VasHostAddress b);
/* Whether @addresses (VasHostAddress; NULL: none) has @address. */
gboolean vas_host_addresses_have(const GArray *addresses, VasHostAddress address);
gboolean vas_guest_address_parse(const char *text, VasGuestAddress *ret_address, GError **error);
VasPciAddressText vas_guest_address_text(VasGuestAddress address);
gboolean vas_guest_address_equal(VasGuestAddress a, VasGuestAddress b);

G_END_DECLS
