/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The kernel's own attributes decide which driver a PCI function gets
 * (Documentation/ABI/testing/sysfs-bus-pci). The kernel's "yes" to a probe does not say that a
 * driver bound: read the driver again (vas_driver_read). Unbinding a function that a process holds
 * through VFIO does not return before the process lets go. */

/* The only driver that @device may get, as its driver_override says. *ret_driver NULL: any. */
gboolean vas_driver_read_override(const VasHost *host, VasHostAddress device, char **ret_driver,
                                  GError **error);
/* @driver NULL: any. */
gboolean vas_driver_write_override(const VasHost *host, VasHostAddress device, const char *driver,
                                   GError **error);

/* The driver that driverctl puts @device on at each boot; NULL: none. Returns full. */
char *vas_driver_persistent_override(const VasHost *host, VasHostAddress device);
/* The file that says so. Returns full. */
char *vas_driver_persistent_override_path(VasHostAddress device);

/* The name under which the kernel knows the driver @name, whose module is loaded if need be: hyphen
 * and underscore count as the same, as modprobe has it. VAS_ERROR_NOT_FOUND. */
gboolean vas_driver_find(const VasHost *host, const char *name, char **ret_driver, GError **error);

/* Puts @device on @driver, and no other, leaving driver_override at it. NULL: on none. */
gboolean vas_driver_bind(const VasHost *host, VasHostAddress device, const char *driver,
                         GError **error);

/* Takes @device from its driver, if it has one, and lets the kernel choose anew, within what its
 * driver_override allows. */
gboolean vas_driver_probe_anew(const VasHost *host, VasHostAddress device, GError **error);

/* Finds a host driver for @device, which has none or only a placeholder (vas_driver_is_placeholder)
 * that knows it by its new_id: loads the modules that match it, and offers it to each driver there
 * is. TRUE as well if none wants it; the error is that of a driver which matches and failed. */
gboolean vas_driver_offer(const VasHost *host, VasHostAddress device, GError **error);

G_END_DECLS
