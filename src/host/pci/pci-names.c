/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-names.h"

#include <pci/pci.h>
#include <pthread.h>

/* The longest line of pci.ids that libpci reads (MAX_LINE in lib/internal.h). */
#define NAME_SIZE 1024

/* The flags ask for NULL, not the number, where a name is not known, and for no place but the file.
 * A lookup then allocates nothing, and cannot fail (id_lookup in lib/names.c). */
#define LOOKUP_FLAGS (PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB)

struct VasPciNames {
    struct pci_access *access;
};

/* libpci takes it that its error handler does not return, and gives the handler nothing that tells
 * one caller from another. Only the reading of the file can fail: it has a thread to itself, and
 * the handler ends that thread. libpci has closed the file by then (pci_load_name_list in
 * lib/names-parse.c). */
static void G_GNUC_NORETURN
end_thread(char *message, ...)
{
    (void) message;
    pthread_exit(NULL);
}

static void
keep_silent(char *message, ...)
{
    (void) message;
}

static void *
load_names(void *access)
{
    pci_load_name_list(access);
    return NULL;
}

VasPciNames *
vas_pci_names_new(void)
{
    return vas_pci_names_new_from(NULL);
}

/* pci_init is not called: it would look for hardware, and the names need none. */
VasPciNames *
vas_pci_names_new_from(const char *path)
{
    VasPciNames *names = g_new0(VasPciNames, 1);
    pthread_t loader;

    names->access = pci_alloc();
    names->access->error = end_thread;
    names->access->warning = keep_silent;
    names->access->debug = keep_silent;
    names->access->id_lookup_mode = 0; /* not PCI_LOOKUP_CACHE: a file in the user's home */
    if (path != NULL)
        pci_set_name_list_path(names->access, g_strdup(path), TRUE);
    if (pthread_create(&loader, NULL, load_names, names->access) == 0)
        pthread_join(loader, NULL);
    else
        names->access->id_lookup_mode = PCI_LOOKUP_SKIP_LOCAL; /* a lookup would load it, here */
    return names;
}

void
vas_pci_names_free(VasPciNames *names)
{
    if (names == NULL)
        return;
    pci_cleanup(names->access);
    g_free(names);
}

char *
vas_pci_names_vendor(VasPciNames *names, guint16 vendor_id)
{
    char buffer[NAME_SIZE];

    return g_strdup(pci_lookup_name(names->access, buffer, sizeof buffer,
                                    LOOKUP_FLAGS | PCI_LOOKUP_VENDOR, vendor_id));
}

char *
vas_pci_names_product(VasPciNames *names, guint16 vendor_id, guint16 product_id)
{
    char buffer[NAME_SIZE];

    return g_strdup(pci_lookup_name(names->access, buffer, sizeof buffer,
                                    LOOKUP_FLAGS | PCI_LOOKUP_DEVICE, vendor_id, product_id));
}

/* libpci's classes are without the programming interface. One whose subclass it does not know gets
 * the base class's name with the number behind it ("Network controller [02ff]"). */
char *
vas_pci_names_class(VasPciNames *names, guint32 class_code)
{
    char buffer[NAME_SIZE];

    return g_strdup(pci_lookup_name(names->access, buffer, sizeof buffer,
                                    LOOKUP_FLAGS | PCI_LOOKUP_CLASS, (int) (class_code >> 8)));
}
