/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-script.h"

#include "host/files/plain-file.h"
#include "host/sriov/numvfs-path.h"
#include "host/sriov/vf-writer.h"
#include "host/system/settings-files.h"

#include <string.h>

typedef struct {
    const char *folder;
    const char *suffix;
    const char *program;
    const char *marker; /* the word that sets the number there */
    const char *doubt;  /* NULL: it is run at each boot */
} Place;

/* systemd-rc-local-generator(8), interfaces(5), NetworkManager-dispatcher(8); nmstate.service(8)
 * applies what ends with .yml; the operator's service reads sriov-interface-config.yaml and keeps
 * what it did below pci/ (pkg/consts/constants.go of sriov-network-operator). wicked has no word
 * for the number of VFs. */
static const Place places[] = {
    {"/etc/rc.d", "rc.local", "rc.local", "sriov_numvfs", NULL},
    {"/etc", "rc.local", "rc.local", "sriov_numvfs", NULL},
    {"/etc/network", "interfaces", "ifupdown", "sriov_numvfs", NULL},
    {"/etc/network/interfaces.d", "", "ifupdown", "sriov_numvfs", NULL},
    {"/etc/systemd/system", ".service", "a systemd unit", "sriov_numvfs",
     "whether systemd starts the unit is not looked at"},
    {"/etc/NetworkManager/dispatcher.d", "", "NetworkManager's dispatcher", "sriov_numvfs",
     "when NetworkManager runs the script is not looked at"},
    {"/etc/nmstate", ".yml", "nmstate", "total-vfs", "nmstate's YAML is not read"},
    {"/etc/sriov-operator", ".yaml", "sriov-network-operator", "numVfs",
     "the operator's YAML is not read"},
    {"/etc/sriov-operator/pci", "", "sriov-network-operator", "numVfs",
     "whether the operator sets it again is not looked at"},
};

/* "echo 4 > PATH" with or without quotes. */
static gboolean
read_echo(const char *line, char **ret_count, char **ret_path)
{
    g_autoptr(GRegex) form = g_regex_new("\\becho\\s+(?:-n\\s+)?[\"']?([0-9]+)[\"']?\\s*>\\s*[\"']?"
                                         "(/sys/[^\\s\"']*/sriov_numvfs)(?![^\\s\"';&|)])",
                                         G_REGEX_RAW, G_REGEX_MATCH_DEFAULT, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    if (!g_regex_match(form, line, G_REGEX_MATCH_DEFAULT, &match))
        return FALSE;
    *ret_count = g_match_info_fetch(match, 1);
    *ret_path = g_match_info_fetch(match, 2);
    return TRUE;
}

/* NULL: the line does not mean the PF. Returns full. */
static VasVfWriter *
look_at_line(const VasMappedPf *pf, const Place *place, const char *path, const char *line,
             guint number, gboolean file_names_pf)
{
    g_autoptr(VasVfWriter) writer = vas_vf_writer_new(place->program, path, number, line);
    g_autofree char *count = NULL;
    g_autofree char *attribute = NULL;

    if (read_echo(line, &count, &attribute)) {
        gboolean is_literal = strpbrk(attribute, "$`\\") == NULL;

        if (is_literal ? !vas_numvfs_path_fits(pf, attribute) : !file_names_pf)
            return NULL;
        vas_vf_writer_set_count(writer, count);
        if (!is_literal)
            vas_vf_writer_doubt(writer, "which PF its variables mean is not looked at");
    } else if (!file_names_pf) {
        return NULL;
    } else {
        vas_vf_writer_doubt(writer, "%s",
                            place->doubt != NULL ? place->doubt
                                                 : "what the script does is not looked at");
    }
    if (place->doubt != NULL)
        vas_vf_writer_doubt(writer, "%s", place->doubt);
    return g_steal_pointer(&writer);
}

/* The last line of a file counts. */
static void
look_at_file(const VasHost *host, const VasMappedPf *pf, const Place *place, const char *path,
             GPtrArray *writers)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(VasVfWriter) last = NULL;
    gboolean names_pf;

    if (vas_read_settings_file(host, path, &text) != VAS_SETTINGS_READ)
        return;
    names_pf = vas_text_names_pf(text, pf);
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        VasVfWriter *writer = NULL;

        if (line[0] != '#' && strstr(line, place->marker) != NULL)
            writer = look_at_line(pf, place, path, line, i + 1, names_pf);
        if (writer == NULL)
            continue;
        vas_vf_writer_free(last);
        last = writer;
    }
    if (last != NULL)
        g_ptr_array_add(writers, g_steal_pointer(&last));
}

void
vas_writer_script_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *const folders[] = {places[i].folder, NULL};
        g_autoptr(GPtrArray) paths = vas_settings_files_list(host, folders, places[i].suffix);

        for (guint j = 0; j < paths->len; j++)
            look_at_file(host, pf, &places[i], g_ptr_array_index(paths, j), writers);
    }
}
