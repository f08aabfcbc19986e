/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* libvirt's version as MAJOR.MINOR.RELEASE, of the library we run with. Returns full. */
char *vas_libvirt_library_version(void);

G_END_DECLS
