/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-version.h"

#include <libvirt/libvirt.h>

char *
vas_libvirt_library_version(void)
{
    unsigned long version;

    /* Asked for libvirt's own version only, it cannot fail. */
    if (virGetVersion(&version, NULL, NULL) < 0)
        return NULL;
    return g_strdup_printf("%lu.%lu.%lu", version / 1000000, version / 1000 % 1000, version % 1000);
}
