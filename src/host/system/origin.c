/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/origin.h"

#include "host/system/sysfs.h"

#include <string.h>
#include <unistd.h>

#define APPLICATION "virt-assign"
/* This many hexadecimal digits of the hash tell one machine from another. */
#define MACHINE_DIGITS 16

/* Returns full; NULL: it has none, as in an image that was never booted. */
static char *
hash_machine(const VasHost *host)
{
    g_autofree char *text = vas_sysfs_read(host, "/etc/machine-id", NULL);
    const char *id = text != NULL ? g_strstrip(text) : "";
    g_autofree char *hash = NULL;

    if (strlen(id) != 32 || strspn(id, "0123456789abcdef") != 32)
        return NULL;
    hash = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *) id, strlen(id),
                                     APPLICATION, -1);
    return g_strndup(hash, MACHINE_DIGITS);
}

char *
vas_origin(const VasHost *host)
{
    g_autofree char *machine = hash_machine(host);

    return g_strdup_printf("uid %u on %s%s%s%s", (unsigned int) geteuid(), g_get_host_name(),
                           machine != NULL ? " (machine " : "", machine != NULL ? machine : "",
                           machine != NULL ? ")" : "");
}
