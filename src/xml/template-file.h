/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The text of the template @name: a file if it has a '/' or ends in ".xml", else NAME.xml in
 * @folder (may be NULL), then the shipped one of that name. *ret_origin says where it is from, for
 * messages: a path, or "shipped interface.xml". VAS_ERROR_NOT_FOUND names where was looked;
 * VAS_ERROR_DENIED; VAS_ERROR_INVALID for a bad name, or a file that cannot be a template. Returns
 * full. */
char *vas_template_file_read(const char *folder, const char *name, char **ret_origin,
                             GError **error);

/* xml-templates/ as part of the program: glib-compile-resources makes it
 * (src/xml/shipped-templates.gresource.xml). Borrowed. */
GResource *vas_shipped_templates_get_resource(void);

G_END_DECLS
