/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The running kernel: how it was started, and which modules it can have. */

/* /proc/cmdline. VAS_ERROR of vas_sysfs_read. Returns full. */
char *vas_kernel_command_line(const VasHost *host, GError **error);

/* The value of the parameter @name in @command_line, "" if it stands there without one; the last
 * one counts. '-' and '_' are the same in a name (parameq in kernel/params.c). NULL: not there.
 * Returns full. */
char *vas_kernel_parameter(const char *command_line, const char *name);

/* The boot ID tells this boot of the machine from any other (random(4)). NULL: not known. Returns
 * full. */
char *vas_kernel_boot_id(const VasHost *host);

typedef enum {
    VAS_MODULE_ACTIVE,     /* loaded or built in, in any case there: /sys/module/NAME */
    VAS_MODULE_AVAILABLE,  /* modprobe finds it */
    VAS_MODULE_PROHIBITED, /* modprobe -b, which libvirt uses, is told not to load it */
    VAS_MODULE_MISSING,    /* the running kernel has no such module */
    VAS_MODULE_NO_TREE,    /* the folder with the running kernel's modules is gone: an update */
} VasModuleState;

/* How the running kernel stands to the module @name ("vfio_pci"; '-' and '_' are the same).
 * *ret_evidence: the file that says so, and what; full. */
VasModuleState vas_kernel_module(const VasHost *host, const char *name, char **ret_evidence);

/* The modules whose aliases match @modalias ("pci:v00008086d..."), each once; with @family
 * "vfio_pci" instead of "pci" the VFIO variants for the same device. The best comes first, with the
 * fewest wildcards in its alias: libvirt takes it from 9.7 on (virPCIDeviceFindBestVFIOVariant in
 * src/util/virpci.c). GPtrArray of char *, empty if there are none or no such file. Returns full.
 */
GPtrArray *vas_kernel_modules_for(const VasHost *host, const char *family, const char *modalias);

G_END_DECLS
