/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/template-file.h"

#include "core/value/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A template is one device element: a longer file is another one, named by mistake. */
#define FILE_MAX ((size_t) 1024 * 1024)

#define NAME_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-"
#define SHIPPED_FOLDER "/virt-assign/templates/"

typedef FILE OpenFile;

static void
open_file_close(OpenFile *file)
{
    (void) fclose(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OpenFile, open_file_close)

static void
set_file_error(GError **error, const char *path, int number)
{
    VasError code = VAS_ERROR_FAILED;

    if (number == ENOENT || number == ENOTDIR)
        code = VAS_ERROR_NOT_FOUND;
    else if (number == EACCES || number == EPERM)
        code = VAS_ERROR_DENIED;
    else if (number == EISDIR)
        code = VAS_ERROR_INVALID;
    g_set_error(error, VAS_ERROR, code, "template %s: %s", path, g_strerror(number));
}

/* g_file_get_contents would read whatever is there, to the end (/dev/zero). */
static char *
read_file(const char *path, GError **error)
{
    g_autoptr(OpenFile) file = fopen(path, "re");
    g_autofree char *text = NULL;
    size_t length = 0;

    if (file == NULL) {
        set_file_error(error, path, errno);
        return NULL;
    }
    text = g_malloc(FILE_MAX + 1);
    length = fread(text, 1, FILE_MAX + 1, file);
    if (ferror(file)) {
        set_file_error(error, path, errno);
        return NULL;
    }
    if (length > FILE_MAX || memchr(text, '\0', length) != NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "template %s is not text, or longer than %" G_GSIZE_FORMAT " MiB", path,
                    FILE_MAX >> 20);
        return NULL;
    }
    return g_strndup(text, length);
}

static char *
read_shipped(const char *name, char **ret_origin)
{
    g_autofree char *path = g_strconcat(SHIPPED_FOLDER, name, ".xml", NULL);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(vas_shipped_templates_get_resource(), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (bytes == NULL)
        return NULL;
    *ret_origin = g_strdup_printf("shipped %s.xml", name);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
set_not_found(GError **error, const char *name, const char *path)
{
    g_auto(GStrv) shipped = g_resource_enumerate_children(
        vas_shipped_templates_get_resource(), SHIPPED_FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autofree char *shipped_list = g_strjoinv(", ", shipped);

    if (path != NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "no template %s: neither %s nor shipped (%s)", name, path, shipped_list);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no template %s: not shipped (%s)", name,
                    shipped_list);
    vas_error_set_hint(error, "a file has a \"/\" in its name or ends in .xml: ./%s", name);
}

static char *
read_named(const char *folder, const char *name, char **ret_origin, GError **error)
{
    g_autofree char *file_name = g_strconcat(name, ".xml", NULL);
    g_autofree char *path = folder != NULL ? g_build_filename(folder, file_name, NULL) : NULL;
    g_autoptr(GError) file_error = NULL;
    char *text = NULL;

    if (*name == '\0' || name[strspn(name, NAME_CHARACTERS)] != '\0') {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "\"%s\" cannot be a template name: it has letters, digits, \".\", \"_\", \"-\"",
                    name);
        return NULL;
    }
    if (path != NULL) {
        text = read_file(path, &file_error);
        if (text != NULL) {
            *ret_origin = g_steal_pointer(&path);
            return text;
        }
        if (!g_error_matches(file_error, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&file_error));
            return NULL;
        }
    }
    text = read_shipped(name, ret_origin);
    if (text == NULL)
        set_not_found(error, name, path);
    return text;
}

char *
vas_template_file_read(const char *folder, const char *name, char **ret_origin, GError **error)
{
    char *text = NULL;

    if (strchr(name, '/') == NULL && !g_str_has_suffix(name, ".xml"))
        return read_named(folder, name, ret_origin, error);
    text = read_file(name, error);
    if (text != NULL)
        *ret_origin = g_strdup(name);
    return text;
}
