/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-writer.h"

VasVfWriter *
vas_vf_writer_new(const char *program, const char *path, guint line, const char *text)
{
    VasVfWriter *writer = g_new0(VasVfWriter, 1);

    writer->program = program;
    writer->path = g_strdup(path);
    writer->line = line;
    writer->text = g_strdup(text);
    return writer;
}

void
vas_vf_writer_free(VasVfWriter *writer)
{
    if (writer == NULL)
        return;
    g_free(writer->path);
    g_free(writer->text);
    g_free(writer->doubt);
    g_free(writer);
}

void
vas_vf_writer_doubt(VasVfWriter *writer, const char *format, ...)
{
    va_list arguments;

    if (writer->doubt != NULL)
        return;
    va_start(arguments, format);
    writer->doubt = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* NumVFs is a 16-bit register (PCI Express Base 9.3.3.7). */
void
vas_vf_writer_set_count(VasVfWriter *writer, const char *text)
{
    guint64 count;

    writer->has_count = g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &count, NULL);
    if (writer->has_count)
        writer->count = (guint) count;
    else
        vas_vf_writer_doubt(writer, "its number is not a plain one");
}

gboolean
vas_vf_writer_is_certain(const VasVfWriter *writer)
{
    return writer->has_count && writer->doubt == NULL;
}

char *
vas_vf_writer_place(const VasVfWriter *writer)
{
    if (writer->line == 0)
        return g_strdup(writer->path);
    return g_strdup_printf("%s:%u", writer->path, writer->line);
}
