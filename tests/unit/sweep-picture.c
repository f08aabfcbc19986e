/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

static const char *const devices[] = {"0000:01:00.0", "0000:01:10.0", "0000:01:10.2",
                                      "0000:02:00.0", "0000:02:10.0", "0000:03:00.0",
                                      "0000:05:01.0", "0000:05:02.0"};
static const char *const vfs[] = {"0000:01:10.0", "0000:01:10.2", "0000:02:10.0"};

static void
add_elements(GString *picture, const char *what, const GPtrArray *elements)
{
    for (guint i = 0; i < elements->len; i++)
        g_string_append_printf(picture, "%s: %s\n", what,
                               (const char *) g_ptr_array_index(elements, i));
}

/* Leaves out of a record what differs from one world to another: the node of a VF in a scratch
 * folder, and the digits of a seal, whose key is the world's own; and the MAC of a PF, which a lie
 * may hide. Returns full. */
static char *
without_varying(const char *record)
{
    g_autoptr(GRegex) varying = g_regex_new(
        " (identity|asked|permanent-mac)=\"[^\"]*\"|(?<= seal=\")[0-9a-f]{64}(?=\")", 0, 0, NULL);

    return g_regex_replace_literal(varying, record, -1, 0, "", 0, NULL);
}

/* An entry a line. */
static void
add_metadata(GString *picture, const char *what, const char *metadata)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (metadata == NULL)
        return;
    text = without_varying(metadata);
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], " "))
            g_string_append_printf(picture, "%s:%s\n", what, lines[i]);
    }
}

static void
add_file(GString *picture, const SweptWorld *swept, const char *path)
{
    g_autofree char *full = g_build_filename(swept->world.fake->root->path, path, NULL);
    g_autofree char *text = NULL;
    g_autofree char *same = NULL;

    if (!g_file_get_contents(full, &text, NULL, NULL))
        return;
    same = without_varying(text);
    g_string_append_printf(picture, "%s: %s\n", path, g_strdelimit(g_strchomp(same), "\n", ' '));
}

static void
add_folder(GString *picture, const SweptWorld *swept, const char *folder)
{
    g_autofree char *full = g_build_filename(swept->world.fake->root->path, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
    const char *name = NULL;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        add_file(picture, swept, path);
    }
}

char *
sweep_picture(SweptWorld *swept)
{
    GString *picture = g_string_new(NULL);
    const FakeGuest *guest = swept->world.guest;

    add_elements(picture, "live", guest->live);
    add_elements(picture, "config", guest->config);
    add_elements(picture, "port", guest->ports);
    add_metadata(picture, "live record", guest->metadata);
    add_metadata(picture, "config record", guest->config_metadata);
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        g_autofree char *driver = fake_driver(swept->world.fake, devices[i]);
        g_autofree char *override =
            g_strdup_printf("/sys/bus/pci/devices/%s/driver_override", devices[i]);

        g_string_append_printf(picture, "driver of %s: %s\n", devices[i], driver);
        add_file(picture, swept, override);
    }
    for (guint i = 0; i < G_N_ELEMENTS(vfs); i++) {
        const VasVfSettings *settings = fake_vf_settings(swept->world.fake, vfs[i]);
        g_autofree char *text = vas_vf_settings_text(settings, G_MAXUINT);

        g_string_append_printf(picture, "settings of %s: %s\n", vfs[i], text);
    }
    add_file(picture, swept, "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs");
    add_file(picture, swept, "/sys/bus/pci/devices/0000:01:00.0/sriov_drivers_autoprobe");
    add_folder(picture, swept, "/etc/udev/rules.d");
    add_file(picture, swept, "/etc/virt-assign/host.xml");
    add_folder(picture, swept, "/run/virt-assign");
    return g_string_free(picture, FALSE);
}

char *
sweep_without_wishes(const char *picture)
{
    g_autoptr(GRegex) wish = g_regex_new("^(live|config) record: +<wish [^\n]*/>\n|"
                                         "^(live|config) record: +<wish .*?</wish>\n",
                                         G_REGEX_MULTILINE | G_REGEX_DOTALL, 0, NULL);

    return g_regex_replace_literal(wish, picture, -1, 0, "", 0, NULL);
}

char *
sweep_without_operations(const char *picture)
{
    g_autoptr(GRegex) operation =
        g_regex_new("^(live|config) record: +<operation .*?</operation>\n|"
                    "^/run/virt-assign/(commands|operation)-[^\n]*\n",
                    G_REGEX_MULTILINE | G_REGEX_DOTALL, 0, NULL);

    return g_regex_replace_literal(operation, picture, -1, 0, "", 0, NULL);
}
