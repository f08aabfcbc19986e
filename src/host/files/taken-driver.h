/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The host driver that a device was taken from for longer than one guest has it. The kernel finds
 * the driver that is made for the device by itself; one that somebody had bound by hand, it does
 * not. Kept in /run/virt-assign, which goes with the state it tells of at a reboot. */

/* Notes @driver, in the place of an earlier one. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_taken_driver_note(const VasHost *host, VasHostAddress device, const char *driver,
                               GError **error);

/* NULL: nothing is noted, or nothing that can be a driver's name. Returns full. */
char *vas_taken_driver_read(const VasHost *host, VasHostAddress device);

/* The device is on a host driver again. That there is no note is fine. */
void vas_taken_driver_forget(const VasHost *host, VasHostAddress device);

G_END_DECLS
