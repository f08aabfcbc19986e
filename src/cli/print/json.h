/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/mac-address.h"
#include "core/value/pci-address.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* These functions put together what --json prints; an unknown value is null. A key once given keeps
 * its name and meaning as long as "schema" is 1. */

/* Begins an object with its "schema" and leaves it open. Returns full. */
JsonBuilder *vas_json_begin(void);
/* Closes the object; the text is indented, with a line break at its end. Returns full. */
char *vas_json_end(JsonBuilder *json);

/* Adds a member to the open object; NULL is null. */
void vas_json_add_text(JsonBuilder *json, const char *key, const char *value);
void vas_json_add_null(JsonBuilder *json, const char *key);
/* [...] of @texts (char *); NULL: none. */
void vas_json_add_texts(JsonBuilder *json, const char *key, const GPtrArray *texts);
void vas_json_add_number(JsonBuilder *json, const char *key, gint64 value);
/* Adds @value if it is at least @minimum; a smaller one stands for unknown. */
void vas_json_add_number_from(JsonBuilder *json, const char *key, gint64 value, gint64 minimum);
void vas_json_add_boolean(JsonBuilder *json, const char *key, gboolean value);
void vas_json_add_host_address(JsonBuilder *json, const char *key, gboolean known,
                               VasHostAddress address);
/* "guest_address" and "mac". */
void vas_json_add_guest_address(JsonBuilder *json, gboolean known, VasGuestAddress address);
void vas_json_add_mac(JsonBuilder *json, gboolean known, VasMacAddress mac);

/* Begins the member @key: @begin is json_builder_begin_array or json_builder_begin_object. */
void vas_json_begin_member(JsonBuilder *json, const char *key,
                           JsonBuilder *(*begin)(JsonBuilder *) );

/* "error": {...} */
void vas_json_add_error(JsonBuilder *json, const GError *error);
/* Adds the same; @error NULL is null. */
void vas_json_add_error_or_null(JsonBuilder *json, const GError *error);

G_END_DECLS
