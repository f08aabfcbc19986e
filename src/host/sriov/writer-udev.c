/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-udev.h"

#include "host/files/plain-file.h"
#include "host/sriov/vf-writer.h"
#include "host/system/settings-files.h"

#include <fnmatch.h>
#include <string.h>

static const char *const folders[] = {
    "/etc/udev/rules.d",     "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d", NULL,
};

typedef enum {
    FITS_NOT,
    FITS,
    FITS_PF, /* and no other device */
    FITS_UNSURE,
} Fit;

/* udev's alternatives: "add|bind" (token_match_string in systemd's src/udev/udev-rules.c). */
static gboolean
value_fits(const char *value, const char *text)
{
    g_auto(GStrv) patterns = g_strsplit(value, "|", -1);

    for (guint i = 0; text != NULL && patterns[i] != NULL; i++) {
        if (fnmatch(patterns[i], text, 0) == 0)
            return TRUE;
    }
    return FALSE;
}

static Fit
fit_kernel(const VasMappedPf *pf, const char *value)
{
    gboolean fits = value_fits(value, vas_host_address_text(pf->address).text);

    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++)
        fits = fits || value_fits(value, pf->interfaces[i]);
    if (!fits)
        return FITS_NOT;
    return strpbrk(value, "*?[") == NULL ? FITS_PF : FITS;
}

/* One match of a rule, KEY=="VALUE", against what the PF is when its driver has just taken it. */
static Fit
fit_token(const VasMappedPf *pf, const char *key, const char *value)
{
    if (g_str_equal(key, "KERNEL") || g_str_equal(key, "KERNELS"))
        return fit_kernel(pf, value);
    if (g_str_equal(key, "SUBSYSTEM") || g_str_equal(key, "SUBSYSTEMS"))
        return value_fits(value, "net") || value_fits(value, "pci") ? FITS : FITS_NOT;
    if (g_str_equal(key, "DRIVER") || g_str_equal(key, "DRIVERS") ||
        g_str_equal(key, "ENV{ID_NET_DRIVER}"))
        return value_fits(value, pf->driver) ? FITS : FITS_NOT;
    if (g_str_equal(key, "ACTION"))
        return value_fits(value, "add") || value_fits(value, "bind") ? FITS : FITS_NOT;
    if (g_str_equal(key, "ATTR{address}") || g_str_equal(key, "ATTRS{address}"))
        return value_fits(value, pf->mac) ? FITS_PF : FITS_NOT;
    if (g_str_equal(key, "ENV{PCI_SLOT_NAME}"))
        return value_fits(value, vas_host_address_text(pf->address).text) ? FITS_PF : FITS_NOT;
    if (g_str_equal(key, "ATTR{sriov_numvfs}") || g_str_equal(key, "ATTR{device/sriov_numvfs}"))
        return value_fits(value, "0") ? FITS : FITS_NOT;
    return FITS_UNSURE;
}

/* One rule, taken apart. */
typedef struct {
    gboolean excludes;
    gboolean names_pf;
    char *unsure; /* the first key that cannot be told; NULL: none */
    char *count;  /* what it writes; NULL: nothing */
} Rule;

static void
rule_clear(Rule *rule)
{
    g_free(rule->unsure);
    g_free(rule->count);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rule, rule_clear)

static void
read_token(const VasMappedPf *pf, const char *key, const char *operator, const char * value,
           Rule *rule)
{
    Fit fit;

    if (operator[0] != '!' && !g_str_equal(operator, "==")) {
        if (g_str_has_prefix(key, "ATTR{") && g_str_has_suffix(key, "sriov_numvfs}")) {
            g_free(rule->count);
            rule->count = g_strdup(value);
        }
        return;
    }
    fit = fit_token(pf, key, value);
    if (operator[0] == '!' && fit != FITS_UNSURE)
        fit = fit == FITS_NOT ? FITS : FITS_NOT;
    rule->excludes = rule->excludes || fit == FITS_NOT;
    rule->names_pf = rule->names_pf || fit == FITS_PF;
    if (fit == FITS_UNSURE && rule->unsure == NULL)
        rule->unsure = g_strdup(key);
}

static void
read_rule(const VasMappedPf *pf, const char *line, Rule *rule)
{
    g_autoptr(GRegex) token = g_regex_new(
        "([A-Z_]+(?:\\{[^}]*\\})?)\\s*(==|!=|\\+=|-=|:=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"",
        G_REGEX_RAW, G_REGEX_MATCH_DEFAULT, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(token, line, G_REGEX_MATCH_DEFAULT, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *key = g_match_info_fetch(match, 1);
        g_autofree char *operator= g_match_info_fetch(match, 2);
        g_autofree char *value = g_match_info_fetch(match, 3);

        read_token(pf, key, operator, value, rule);
    }
}

/* NULL: the rule does not mean the PF. Returns full. */
static VasVfWriter *
look_at_rule(const VasMappedPf *pf, const char *path, const char *line, guint number)
{
    g_auto(Rule) rule = {0};
    g_autoptr(VasVfWriter) writer = vas_vf_writer_new("systemd-udevd", path, number, line);

    read_rule(pf, line, &rule);
    if (rule.excludes)
        return NULL;
    if (rule.count == NULL)
        vas_vf_writer_doubt(writer, "what the program of the rule does is not looked at");
    else
        vas_vf_writer_set_count(writer, rule.count);
    if (rule.unsure != NULL)
        vas_vf_writer_doubt(writer, "whether its %s means this PF cannot be told", rule.unsure);
    else if (!rule.names_pf)
        vas_vf_writer_doubt(writer, "it does not name this PF alone");
    return g_steal_pointer(&writer);
}

static gboolean
reads_only(const char *line)
{
    return strstr(line, "sriov_numvfs}==") != NULL && strstr(line, "sriov_numvfs}=\"") == NULL;
}

/* A certain writer takes the place of one that came before. */
static void
look_at_file(const VasHost *host, const VasMappedPf *pf, const char *path, GPtrArray *unsure,
             VasVfWriter **last)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (vas_read_settings_file(host, path, &text) != VAS_SETTINGS_READ)
        return;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        guint number = i + 1;
        g_autoptr(GString) rule = g_string_new(lines[i]);
        VasVfWriter *writer = NULL;

        while (g_str_has_suffix(rule->str, "\\") && lines[i + 1] != NULL) {
            g_string_truncate(rule, rule->len - 1);
            g_string_append(rule, lines[++i]);
        }
        g_strstrip(rule->str);
        if (rule->str[0] != '#' && strstr(rule->str, "sriov_numvfs") != NULL &&
            !reads_only(rule->str))
            writer = look_at_rule(pf, path, rule->str, number);
        if (writer == NULL)
            continue;
        if (!vas_vf_writer_is_certain(writer)) {
            g_ptr_array_add(unsure, writer);
            continue;
        }
        vas_vf_writer_free(*last);
        *last = writer;
    }
}

void
vas_writer_udev_find(const VasHost *host, const VasMappedPf *pf, const char *own_path,
                     GPtrArray *writers)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, ".rules");
    VasVfWriter *last = NULL;

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);

        if (g_strcmp0(path, own_path) != 0)
            look_at_file(host, pf, path, writers, &last);
    }
    if (last != NULL)
        g_ptr_array_add(writers, last);
}
