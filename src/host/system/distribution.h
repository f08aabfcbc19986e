/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A distribution has its own way to keep what is set at boot: kernel parameters, the initial RAM
 * disk. */
typedef enum {
    VAS_DISTRIBUTION_OTHER,
    VAS_DISTRIBUTION_DEBIAN, /* Debian, Ubuntu: /etc/default/grub, update-grub */
    VAS_DISTRIBUTION_FEDORA, /* Fedora, RHEL, CentOS, Rocky, Alma: grubby */
    VAS_DISTRIBUTION_SUSE,   /* SUSE: /etc/default/grub, grub2-mkconfig */
} VasDistribution;

/* Tells the distribution by ID and ID_LIKE of /etc/os-release, else of /usr/lib/os-release:
 * os-release(5). */
VasDistribution vas_distribution_read(const VasHost *host);

G_END_DECLS
