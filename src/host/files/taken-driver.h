/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A note keeps the host driver that a device was taken from for longer than one guest has it. The
 * kernel finds by itself the driver that is made for the device, but not one that somebody had
 * bound by hand. Notes are kept in /run/virt-assign, and go at a reboot with the state that they
 * tell of. */

/* Notes @driver, in the place of an earlier one. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_taken_driver_note(const VasHost *host, VasHostAddress device, const char *driver,
                               GError **error);

/* NULL: nothing is noted, or nothing that can be a driver's name. Returns full. */
char *vas_taken_driver_read(const VasHost *host, VasHostAddress device);

/* Drops the note: the device is on a host driver again. A note that is not there is fine. */
void vas_taken_driver_forget(const VasHost *host, VasHostAddress device);

/* Tells the devices (VasHostAddress) with a note. Returns full. */
GArray *vas_taken_driver_list(const VasHost *host);

G_END_DECLS
