/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/json.h"

#include "core/value/error.h"

#define SCHEMA 1

void
vas_json_add_null(JsonBuilder *json, const char *key)
{
    json_builder_set_member_name(json, key);
    json_builder_add_null_value(json);
}

/* JSON text is UTF-8; what sysfs and libvirt hand out need not be. */
void
vas_json_add_text(JsonBuilder *json, const char *key, const char *value)
{
    g_autofree char *valid = NULL;

    if (value == NULL) {
        vas_json_add_null(json, key);
        return;
    }
    valid = g_utf8_make_valid(value, -1);
    json_builder_set_member_name(json, key);
    json_builder_add_string_value(json, valid);
}

void
vas_json_add_texts(JsonBuilder *json, const char *key, const GPtrArray *texts)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(g_ptr_array_index(texts, i), -1);

        json_builder_add_string_value(json, valid);
    }
    json_builder_end_array(json);
}

void
vas_json_add_number(JsonBuilder *json, const char *key, gint64 value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_int_value(json, value);
}

void
vas_json_add_number_from(JsonBuilder *json, const char *key, gint64 value, gint64 minimum)
{
    if (value >= minimum)
        vas_json_add_number(json, key, value);
    else
        vas_json_add_null(json, key);
}

void
vas_json_add_boolean(JsonBuilder *json, const char *key, gboolean value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_boolean_value(json, value);
}

void
vas_json_begin_member(JsonBuilder *json, const char *key, JsonBuilder *(*begin)(JsonBuilder *) )
{
    json_builder_set_member_name(json, key);
    begin(json);
}

void
vas_json_add_host_address(JsonBuilder *json, const char *key, gboolean known,
                          VasHostAddress address)
{
    vas_json_add_text(json, key, known ? vas_host_address_text(address).text : NULL);
}

void
vas_json_add_guest_address(JsonBuilder *json, gboolean known, VasGuestAddress address)
{
    vas_json_add_text(json, "guest_address", known ? vas_guest_address_text(address).text : NULL);
}

void
vas_json_add_mac(JsonBuilder *json, gboolean known, VasMacAddress mac)
{
    vas_json_add_text(json, "mac", known ? vas_mac_address_text(mac).text : NULL);
}

JsonBuilder *
vas_json_begin(void)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    vas_json_add_number(json, "schema", SCHEMA);
    return json;
}

/* JSON lets any character stand for itself but those below space, and a terminal obeys more than
 * these: C1 controls, direction overrides. They are only in strings, where an escape means the same
 * (RFC 8259, 7). */
static char *
escape_unprintable(const char *text)
{
    GString *escaped = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);

        if (letter < 0x7f || g_unichar_isprint(letter))
            g_string_append_unichar(escaped, letter);
        else if (letter < 0x10000)
            g_string_append_printf(escaped, "\\u%04x", letter);
        else
            g_string_append_printf(escaped, "\\u%04x\\u%04x", 0xd7c0 + (letter >> 10),
                                   0xdc00 + (letter & 0x3ff));
    }
    return g_string_free(escaped, FALSE);
}

char *
vas_json_end(JsonBuilder *json)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;
    g_autofree char *escaped = NULL;

    json_builder_end_object(json);
    root = json_builder_get_root(json);
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, TRUE);
    text = json_generator_to_data(generator, NULL);
    escaped = escape_unprintable(text);
    return g_strconcat(escaped, "\n", NULL);
}

void
vas_json_add_error(JsonBuilder *json, const GError *error)
{
    VasError code = error->domain == VAS_ERROR ? (VasError) error->code : VAS_ERROR_FAILED;
    int libvirt_code = vas_error_libvirt_code(error);

    vas_json_begin_member(json, "error", json_builder_begin_object);
    vas_json_add_text(json, "code", vas_error_name(code));
    vas_json_add_text(json, "message", error->message);
    vas_json_add_text(json, "hint", vas_error_hint(error));
    vas_json_add_number_from(json, "libvirt_code", libvirt_code, 1);
    json_builder_end_object(json);
}

void
vas_json_add_error_or_null(JsonBuilder *json, const GError *error)
{
    if (error != NULL)
        vas_json_add_error(json, error);
    else
        vas_json_add_null(json, "error");
}
