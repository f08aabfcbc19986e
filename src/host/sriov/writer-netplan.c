/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-netplan.h"

#include "host/files/plain-file.h"
#include "host/sriov/vf-writer.h"
#include "host/system/settings-files.h"

#include <fnmatch.h>
#include <string.h>

#define PROGRAM "netplan"
#define COUNT_KEY "virtual-function-count"
#define STRANGE_MATCH "its match: is not written in a form that is read here"

/* /run hides /etc, which hides /lib; then all are read by name (_netplan_find_yaml_glob in
 * src/util.c). */
static const char *const folders[] = {"/run/netplan", "/etc/netplan", "/lib/netplan", NULL};

/* One definition below network: ethernets:, as far as it is about a PF's VFs. */
typedef struct {
    char *name;
    char *match_name;
    char *match_mac;
    char *match_driver;
    gboolean has_match;
    char *count;
    guint count_line;
    char *link; /* the PF's definition: this one is a VF's */
    guint link_line;
    gboolean is_strange; /* it has a form that is not read here */
} Definition;

static void
definition_clear(Definition *definition)
{
    g_free(definition->name);
    g_free(definition->match_name);
    g_free(definition->match_mac);
    g_free(definition->match_driver);
    g_free(definition->count);
    g_free(definition->link);
    *definition = (Definition){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Definition, definition_clear)

/* A line "link: PF" of a VF's definition. */
typedef struct {
    char *pf;
    char *path;
    guint line;
} VfLink;

static void
vf_link_free(VfLink *link)
{
    g_free(link->pf);
    g_free(link->path);
    g_free(link);
}

/* All that the files say about the VFs of a PF. */
typedef struct {
    const VasMappedPf *pf;
    VasVfWriter *last; /* of the explicit numbers; NULL: none */
    GHashTable *names; /* of the definitions that mean the PF */
    GHashTable *links; /* VfLink by the VF's definition, of any PF */
    gboolean names_are_doubtful;
} Search;

/* A line "KEY: VALUE"; a value of "" opens what is nested below. */
typedef struct {
    gsize indent;
    char *key;
    char *value;
} YamlLine;

static void
yaml_line_clear(YamlLine *line)
{
    g_free(line->key);
    g_free(line->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(YamlLine, yaml_line_clear)

/* Takes quotes away that are around the whole text. */
static char *
unquoted(const char *text)
{
    gsize length = strlen(text);

    if (length >= 2 && (text[0] == '"' || text[0] == '\'') && text[length - 1] == text[0])
        return g_strndup(text + 1, length - 2);
    return g_strdup(text);
}

/* FALSE: the line is blank, a comment, or of another form. */
static gboolean
read_line(const char *text, YamlLine *line)
{
    g_auto(GStrv) parts = g_strsplit(text, ": ", 2);
    char *key = parts[0] != NULL ? g_strstrip(parts[0]) : NULL;
    gsize length = key != NULL ? strlen(key) : 0;

    line->indent = strspn(text, " ");
    if (length == 0 || key[0] == '#' || key[0] == '-')
        return FALSE;
    if (parts[1] != NULL) {
        char *hash = parts[1][0] == '#' ? parts[1] : strstr(parts[1], " #");

        if (hash != NULL)
            *hash = '\0';
        line->value = unquoted(g_strstrip(parts[1]));
    } else {
        if (key[length - 1] != ':')
            return FALSE;
        key[length - 1] = '\0';
        line->value = g_strdup("");
    }
    line->key = unquoted(key);
    return TRUE;
}

static gboolean
fits_interface(const VasMappedPf *pf, const char *pattern)
{
    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        if (fnmatch(pattern, pf->interfaces[i], 0) == 0)
            return TRUE;
    }
    return FALSE;
}

/* _get_interface_name_for_netdef in netplan_cli/cli/sriov.py: without match: the name is the
 * interface's. */
static gboolean
means_pf(const VasMappedPf *pf, const Definition *definition)
{
    if (!definition->has_match)
        return fits_interface(pf, definition->name);
    return (definition->match_name == NULL || fits_interface(pf, definition->match_name)) &&
           (definition->match_mac == NULL ||
            (pf->mac != NULL && g_ascii_strcasecmp(definition->match_mac, pf->mac) == 0)) &&
           (definition->match_driver == NULL ||
            (pf->driver != NULL && fnmatch(definition->match_driver, pf->driver, 0) == 0));
}

static void
take_count(Search *search, const char *path, const Definition *definition)
{
    g_autofree char *text = g_strdup_printf(COUNT_KEY ": %s", definition->count);
    VasVfWriter *writer = vas_vf_writer_new(PROGRAM, path, definition->count_line, text);

    writer->replaces = TRUE;
    vas_vf_writer_set_count(writer, definition->count);
    if (definition->is_strange)
        vas_vf_writer_doubt(writer, STRANGE_MATCH);
    vas_vf_writer_free(search->last);
    search->last = writer;
}

/* Ends a definition: a later one about the PF takes the place of an earlier number, as netplan
 * merges files. */
static void
end_definition(Search *search, const char *path, Definition *definition)
{
    if (definition->name != NULL && means_pf(search->pf, definition)) {
        g_hash_table_add(search->names, g_strdup(definition->name));
        search->names_are_doubtful = search->names_are_doubtful || definition->is_strange;
        if (definition->count != NULL)
            take_count(search, path, definition);
    }
    if (definition->name != NULL && definition->link != NULL) {
        VfLink *link = g_new0(VfLink, 1);

        link->pf = g_steal_pointer(&definition->link);
        link->path = g_strdup(path);
        link->line = definition->link_line;
        g_hash_table_insert(search->links, g_strdup(definition->name), link);
    }
    definition_clear(definition);
}

/* Without an explicit number there are as many VFs as have definitions
 * (_netplan_state_get_vf_count_for_def in src/sriov.c). */
static VasVfWriter *
count_links(const Search *search)
{
    GHashTableIter each;
    gpointer value;
    const VfLink *last = NULL;
    VasVfWriter *writer = NULL;
    guint count = 0;
    g_autofree char *text = NULL;

    g_hash_table_iter_init(&each, search->links);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        const VfLink *link = value;

        if (!g_hash_table_contains(search->names, link->pf))
            continue;
        count++;
        if (last == NULL || g_strcmp0(link->path, last->path) > 0 ||
            (g_str_equal(link->path, last->path) && link->line > last->line))
            last = link;
    }
    if (last == NULL)
        return NULL;
    text = g_strdup_printf("link: %s, for %u VFs in all", last->pf, count);
    writer = vas_vf_writer_new(PROGRAM, last->path, last->line, text);
    writer->replaces = TRUE;
    writer->has_count = TRUE;
    writer->count = count;
    if (search->names_are_doubtful)
        vas_vf_writer_doubt(writer, STRANGE_MATCH);
    return writer;
}

/* The keys on the way from "network" to the line, and how far each is indented. */
typedef struct {
    gsize indents[5];
    char *keys[5];
    guint depth;
} Way;

static void
way_clear(Way *way)
{
    for (guint i = 0; i < G_N_ELEMENTS(way->keys); i++)
        g_free(way->keys[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Way, way_clear)

/* Returns the depth of the line, from 0; keys that are nested deeper than any here have the
 * greatest depth. */
static guint
step_to(Way *way, const YamlLine *line)
{
    while (way->depth > 0 && way->indents[way->depth - 1] >= line->indent)
        way->depth--;
    if (way->depth == G_N_ELEMENTS(way->keys))
        return way->depth;
    g_free(way->keys[way->depth]);
    way->keys[way->depth] = g_strdup(line->key);
    way->indents[way->depth] = line->indent;
    return way->depth++;
}

static void
take_line(const YamlLine *line, const Way *way, guint depth, guint number, Definition *definition)
{
    char **place = NULL;

    if (depth == 3 && g_str_equal(line->key, COUNT_KEY)) {
        place = &definition->count;
        definition->count_line = number;
    } else if (depth == 3 && g_str_equal(line->key, "link")) {
        place = &definition->link;
        definition->link_line = number;
    } else if (depth == 3 && g_str_equal(line->key, "match")) {
        definition->has_match = TRUE;
        definition->is_strange = line->value[0] != '\0';
    } else if (depth == 4 && g_str_equal(way->keys[3], "match")) {
        place = g_str_equal(line->key, "name")         ? &definition->match_name
                : g_str_equal(line->key, "macaddress") ? &definition->match_mac
                : g_str_equal(line->key, "driver")     ? &definition->match_driver
                                                       : NULL;
        /* A driver can be a list (handle_match_driver in src/parse.c). */
        if (line->value[0] == '\0' || line->value[0] == '[')
            place = NULL;
        definition->is_strange = definition->is_strange || place == NULL;
    }
    if (place == NULL)
        return;
    g_free(*place);
    *place = g_strdup(line->value);
}

static void
look_at_text(Search *search, const char *path, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(Definition) definition = {0};
    g_auto(Way) way = {0};
    gboolean was_seen = FALSE;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(YamlLine) line = {0};
        guint depth;

        if (!read_line(lines[i], &line))
            continue;
        depth = step_to(&way, &line);
        if (depth <= 2)
            end_definition(search, path, &definition);
        if (depth < 2 || !g_str_equal(way.keys[0], "network") ||
            !g_str_equal(way.keys[1], "ethernets"))
            continue;
        if (depth == 2)
            definition.name = g_strdup(line.key);
        else
            take_line(&line, &way, depth, i + 1, &definition);
        was_seen = was_seen || (depth == 3 && g_str_equal(line.key, COUNT_KEY));
    }
    end_definition(search, path, &definition);
    if (was_seen || strstr(text, COUNT_KEY) == NULL)
        return;
    if (search->last == NULL)
        search->last = vas_vf_writer_new(PROGRAM, path, 0, COUNT_KEY);
    vas_vf_writer_doubt(search->last, "%s is not written in a form that is read here", path);
}

void
vas_writer_netplan_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, ".yaml");
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) links =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) vf_link_free);
    Search search = {.pf = pf, .names = names, .links = links};
    VasVfWriter *writer = NULL;

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *text = NULL;

        if (vas_read_settings_file(host, path, &text) == VAS_SETTINGS_READ)
            look_at_text(&search, path, text);
    }
    writer = search.last != NULL ? search.last : count_links(&search);
    if (writer != NULL)
        g_ptr_array_add(writers, writer);
}
