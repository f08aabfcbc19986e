/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libvirt/virterror.h>

G_BEGIN_DECLS

/* Sets a VAS_ERROR from what libvirt has last reported on this thread, the formatted context in
 * front of it. It has to be called in the statement right after the call that failed: libvirt
 * forgets its error in the next public call, and freeing an object is one (virResetLastError in
 * src/libvirt-domain.c: virDomainFree, virDomainGetName). An argument must not be a public call
 * either. */
void vas_virt_error_set(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The conversion itself: libvirt's number alone decides the code, since a daemon speaks the
 * language of its own locale; the engine makes IN_USE and TAKEN of it by looking
 * (engine/run/rival). The result keeps libvirt's number and domain and has a hint where there is
 * something to do about it. @cause NULL: libvirt reported nothing. Returns full. */
GError *vas_virt_error_convert(const virError *cause, const char *context);

G_END_DECLS
