/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names from libpci's pci.ids. libpci ends the process on an error (its default handler in
 * lib/init.c): it is boxed here, with handlers of our own. It looks at no hardware, asks no network
 * and keeps no cache file. Not thread-safe: one thread at a time. */
typedef struct VasPciNames VasPciNames;

/* Never fails; without pci.ids every lookup is NULL, and a damaged file counts up to the damage. */
VasPciNames *vas_pci_names_new(void);
/* The same from a file of one's own; NULL: the system's. */
VasPciNames *vas_pci_names_new_from(const char *path);
void vas_pci_names_free(VasPciNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPciNames, vas_pci_names_free)

/* NULL: not known. Return full. */
char *vas_pci_names_vendor(VasPciNames *names, guint16 vendor_id);
char *vas_pci_names_product(VasPciNames *names, guint16 vendor_id, guint16 product_id);
char *vas_pci_names_class(VasPciNames *names, guint32 class_code);

G_END_DECLS
