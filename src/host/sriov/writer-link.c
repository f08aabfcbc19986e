/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/writer-link.h"

#include "host/sriov/systemd-file.h"
#include "host/sriov/vf-writer.h"

#define PROGRAM "systemd-udevd"

static char *
line_text(const VasSettingLine *line)
{
    return g_strdup_printf("%s=%s", line->key, line->value);
}

/* Without a count, systemd makes as many as the highest number of a [SR-IOV] section needs, and
 * nothing where there are enough (sr_iov_set_num_vfs in src/shared/netif-sriov.c). NULL: the file
 * does not make any. Returns full. */
static VasVfWriter *
find_count(const VasMappedPf *pf, const VasSystemdFile *file)
{
    g_autoptr(VasVfWriter) counted = NULL;
    g_autoptr(VasVfWriter) numbered = NULL;

    for (guint i = 0; i < file->settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(file->settings, i);
        gboolean counts =
            g_str_equal(line->section, "Link") && g_str_equal(line->key, "SR-IOVVirtualFunctions");
        g_autofree char *text = line_text(line);
        g_autoptr(VasVfWriter) writer =
            vas_vf_writer_new(PROGRAM, g_ptr_array_index(file->paths, i), line->line, text);

        if (counts)
            g_clear_pointer(&counted, vas_vf_writer_free);
        if (line->value[0] == '\0')
            continue;
        vas_vf_writer_set_count(writer, line->value);
        if (counts) {
            writer->replaces = TRUE;
            counted = g_steal_pointer(&writer);
        } else if (g_str_equal(line->section, "SR-IOV") &&
                   g_str_equal(line->key, "VirtualFunction") && writer->has_count) {
            writer->count++;
            writer->replaces = writer->count > pf->vfs->len;
            if (numbered != NULL && numbered->count >= writer->count)
                continue;
            vas_vf_writer_free(numbered);
            numbered = g_steal_pointer(&writer);
        }
    }
    return counted != NULL ? g_steal_pointer(&counted) : g_steal_pointer(&numbered);
}

static void
find_for(const VasHost *host, const VasMappedPf *pf, const char *interface, GPtrArray *writers)
{
    g_autoptr(GPtrArray) files = vas_systemd_files_for(host, pf, interface, ".link");

    for (guint i = 0; i < files->len; i++) {
        const VasSystemdFile *file = g_ptr_array_index(files, i);
        VasVfWriter *writer = find_count(pf, file);

        if (writer == NULL)
            continue;
        if (file->doubt != NULL)
            vas_vf_writer_doubt(writer, "%s", file->doubt);
        g_ptr_array_add(writers, writer);
    }
}

/* A line that fits two interfaces of the PF sets its one number twice. */
static gboolean
has_line(const GPtrArray *writers, const VasVfWriter *writer)
{
    for (guint i = 0; i < writers->len; i++) {
        const VasVfWriter *other = g_ptr_array_index(writers, i);

        if (other->line == writer->line && g_str_equal(other->path, writer->path))
            return TRUE;
    }
    return FALSE;
}

void
vas_writer_link_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers)
{
    for (guint i = 0; pf->interfaces != NULL && pf->interfaces[i] != NULL; i++) {
        g_autoptr(GPtrArray) found =
            g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_writer_free);

        find_for(host, pf, pf->interfaces[i], found);
        while (found->len > 0) {
            VasVfWriter *writer = g_ptr_array_steal_index(found, 0);

            if (has_line(writers, writer))
                vas_vf_writer_free(writer);
            else
                g_ptr_array_add(writers, writer);
        }
    }
}
