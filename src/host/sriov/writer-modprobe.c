/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-modprobe.h"

#include "host/files/plain-file.h"
#include "host/sriov/vf-writer.h"
#include "host/system/settings-files.h"

#include <string.h>

#define OPTION "max_vfs="

static const char *const folders[] = {
    "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL,
};

/* '-' and '_' are the same in the name of a module (modprobe.d(5)). */
static gboolean
is_module(const char *name, const char *driver)
{
    g_autofree char *plain = g_strdelimit(g_strdup(name), "-", '_');
    g_autofree char *wanted = g_strdelimit(g_strdup(driver), "-", '_');

    return g_str_equal(plain, wanted);
}

/* The value of max_vfs in "options DRIVER max_vfs=7"; NULL: another line. Borrowed from @words. */
static const char *
option_for(const GStrv words, const char *driver)
{
    const char *value = NULL;

    if (g_strv_length(words) < 3 || !g_str_equal(words[0], "options") ||
        !is_module(words[1], driver))
        return NULL;
    for (guint i = 2; words[i] != NULL; i++) {
        if (g_str_has_prefix(words[i], OPTION))
            value = words[i] + strlen(OPTION);
    }
    return value;
}

static GStrv
split_words(const char *line)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit_set(line, " \t\r", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] != '\0')
            g_strv_builder_add(words, parts[i]);
    }
    return g_strv_builder_end(words);
}

/* A driver takes the last one of equal options. */
static void
look_at_file(const VasHost *host, const VasMappedPf *pf, const char *path, VasVfWriter **last)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (vas_read_settings_file(host, path, &text) != VAS_SETTINGS_READ)
        return;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = split_words(lines[i]);
        const char *value = option_for(words, pf->driver);

        if (value == NULL)
            continue;
        vas_vf_writer_free(*last);
        *last = vas_vf_writer_new("modprobe", path, i + 1, g_strstrip(lines[i]));
        vas_vf_writer_set_count(*last, value);
    }
}

void
vas_writer_modprobe_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    g_autoptr(GPtrArray) paths = NULL;
    VasVfWriter *last = NULL;

    if (pf->driver == NULL)
        return;
    paths = vas_settings_files_list(host, folders, ".conf");
    for (guint i = 0; i < paths->len; i++)
        look_at_file(host, pf, g_ptr_array_index(paths, i), &last);
    if (last != NULL)
        g_ptr_array_add(writers, last);
}
