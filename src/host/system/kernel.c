/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/kernel.h"

#include "host/system/sysfs.h"

#include <fnmatch.h>
#include <string.h>

/* modprobe looks in these folders, first to last; a file hides those of its name in later folders
 * (modprobe.d(5)). */
static const char *const modprobe_folders[] = {
    "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d", "/lib/modprobe.d",
};

char *
vas_kernel_command_line(const VasHost *host, GError **error)
{
    char *text = vas_sysfs_read(host, "/proc/cmdline", error);

    return text != NULL ? g_strstrip(text) : NULL;
}

/* Returns full. */
static char *
with_underscores(const char *name)
{
    return g_strdelimit(g_strdup(name), "-", '_');
}

char *
vas_kernel_boot_id(const VasHost *host)
{
    return vas_sysfs_read(host, "/proc/sys/kernel/random/boot_id", NULL);
}

char *
vas_kernel_parameter(const char *command_line, const char *name)
{
    g_auto(GStrv) words = g_strsplit(command_line, " ", -1);
    g_autofree char *wanted = with_underscores(name);
    char *value = NULL;

    for (guint i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        g_autofree char *key = NULL;

        /* The words behind it are for init (parse_args in kernel/params.c). */
        if (g_str_equal(words[i], "--"))
            break;
        if (equals != NULL)
            *equals = '\0';
        key = with_underscores(words[i]);
        if (!g_str_equal(key, wanted))
            continue;
        g_free(value);
        value = g_strdup(equals != NULL ? equals + 1 : "");
    }
    return value;
}

/* "/lib/modules/RELEASE"; NULL: the release is not to be had. Returns full. */
static char *
module_folder(const VasHost *host)
{
    g_autofree char *release = vas_sysfs_read(host, "/proc/sys/kernel/osrelease", NULL);

    return release != NULL ? g_build_filename("/lib/modules", release, NULL) : NULL;
}

/* Whether "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ..." or a line of modules.builtin is @wanted. */
static gboolean
is_module_path(const char *line, const char *wanted)
{
    g_autofree char *path = g_strndup(line, strcspn(line, ":"));
    g_autofree char *file = g_path_get_basename(path);
    char *suffix = strstr(file, ".ko");

    if (suffix == NULL)
        return FALSE;
    *suffix = '\0';
    g_strdelimit(file, "-", '_');
    return g_str_equal(file, wanted);
}

static gboolean
lists_module(const VasHost *host, const char *path, const char *wanted)
{
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (is_module_path(lines[i], wanted))
            return TRUE;
    }
    return FALSE;
}

/* "blacklist NAME", or "install NAME /bin/false" (or true, or another word for nothing). */
static gboolean
is_prohibition(const char *line, const char *wanted)
{
    g_autofree char *spaced = g_strstrip(g_strdelimit(g_strdup(line), "\t", ' '));
    g_auto(GStrv) words = g_strsplit(spaced, " ", 3);
    g_autofree char *name = NULL;

    if (g_strv_length(words) < 2)
        return FALSE;
    name = with_underscores(g_strstrip(words[1]));
    if (!g_str_equal(name, wanted))
        return FALSE;
    if (g_str_equal(words[0], "blacklist"))
        return TRUE;
    return g_str_equal(words[0], "install") && words[2] != NULL &&
           (g_str_has_suffix(g_strstrip(words[2]), "/false") ||
            g_str_has_suffix(words[2], "/true"));
}

/* Finds the "FILE: LINE" in a file of modprobe.d that prohibits @wanted. NULL: there is none.
 * Returns full. */
static char *
prohibition_in(const VasHost *host, const char *path, const char *wanted)
{
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (is_prohibition(lines[i], wanted))
            return g_strdup_printf("%s: %s", path, g_strstrip(lines[i]));
    }
    return NULL;
}

static char *
prohibition_by_command_line(const VasHost *host, const char *wanted)
{
    static const char *const parameters[] = {"module_blacklist", "modprobe.blacklist"};
    g_autofree char *command_line = vas_kernel_command_line(host, NULL);

    for (guint i = 0; command_line != NULL && i < G_N_ELEMENTS(parameters); i++) {
        g_autofree char *value = vas_kernel_parameter(command_line, parameters[i]);
        g_auto(GStrv) names = g_strsplit(value != NULL ? value : "", ",", -1);

        for (guint j = 0; names[j] != NULL; j++) {
            g_strdelimit(names[j], "-", '_');
            if (g_str_equal(names[j], wanted))
                return g_strdup_printf("/proc/cmdline: %s=%s", parameters[i], value);
        }
    }
    return NULL;
}

static char *
prohibition_of(const VasHost *host, const char *wanted)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(modprobe_folders); i++) {
        g_auto(GStrv) files = vas_sysfs_list(host, modprobe_folders[i]);

        for (guint j = 0; files[j] != NULL; j++) {
            g_autofree char *path = g_build_filename(modprobe_folders[i], files[j], NULL);
            char *found = NULL;

            if (!g_str_has_suffix(files[j], ".conf") || !g_hash_table_add(seen, g_strdup(files[j])))
                continue;
            found = prohibition_in(host, path, wanted);
            if (found != NULL)
                return found;
        }
    }
    return prohibition_by_command_line(host, wanted);
}

VasModuleState
vas_kernel_module(const VasHost *host, const char *name, char **ret_evidence)
{
    g_autofree char *wanted = with_underscores(name);
    g_autofree char *sysfs = g_build_filename("/sys/module", wanted, NULL);
    g_autofree char *full = vas_host_path(host, sysfs);
    g_autofree char *folder = module_folder(host);
    g_autofree char *dependencies = NULL;
    g_autofree char *built_in = NULL;
    g_autofree char *all = NULL;

    if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
        *ret_evidence = g_strdup_printf("%s is there", sysfs);
        return VAS_MODULE_ACTIVE;
    }
    dependencies = g_build_filename(folder != NULL ? folder : "/lib/modules", "modules.dep", NULL);
    built_in = g_build_filename(folder != NULL ? folder : "/lib/modules", "modules.builtin", NULL);
    /* A module without parameters is not in /sys/module when it is built in (lookup_or_create_
     * module_kobject in kernel/params.c makes one for its version or parameters only). */
    if (lists_module(host, built_in, wanted)) {
        *ret_evidence = g_strdup_printf("%s lists it", built_in);
        return VAS_MODULE_ACTIVE;
    }
    all = vas_host_path(host, dependencies);
    if (!g_file_test(all, G_FILE_TEST_EXISTS)) {
        *ret_evidence = g_strdup_printf("there is no %s", dependencies);
        return VAS_MODULE_NO_TREE;
    }
    if (!lists_module(host, dependencies, wanted)) {
        *ret_evidence = g_strdup_printf("%s does not list it", dependencies);
        return VAS_MODULE_MISSING;
    }
    *ret_evidence = prohibition_of(host, wanted);
    if (*ret_evidence != NULL)
        return VAS_MODULE_PROHIBITED;
    *ret_evidence = g_strdup_printf("%s lists it", dependencies);
    return VAS_MODULE_AVAILABLE;
}

/* A module whose alias fits, and how much the alias leaves open. */
typedef struct {
    char *name;
    guint wildcards;
} Match;

/* "alias PATTERN MODULE", PATTERN for the shell (modules.alias is written by depmod). */
static const char *
matching_module(char *line, const char *modalias, guint *ret_wildcards)
{
    char *pattern = line + strlen("alias ");
    char *module = g_str_has_prefix(line, "alias ") ? strrchr(pattern, ' ') : NULL;

    if (module == NULL)
        return NULL;
    *module = '\0';
    *ret_wildcards = 0;
    for (const char *c = pattern; *c != '\0'; c++)
        *ret_wildcards += *c == '*';
    return fnmatch(pattern, modalias, 0) == 0 ? module + 1 : NULL;
}

/* Adds @module in front of those whose aliases leave more open; its best alias counts. */
static void
add_match(GArray *matches, const char *module, guint wildcards)
{
    Match match = {g_strdup(module), wildcards};
    guint place = 0;

    for (guint i = 0; i < matches->len; i++) {
        const Match *known = &g_array_index(matches, Match, i);

        if (!g_str_equal(known->name, module))
            continue;
        if (known->wildcards <= wildcards) {
            g_free(match.name);
            return;
        }
        g_array_remove_index(matches, i);
        break;
    }
    while (place < matches->len && g_array_index(matches, Match, place).wildcards <= wildcards)
        place++;
    g_array_insert_val(matches, place, match);
}

static void
match_clear(gpointer data)
{
    g_free(((Match *) data)->name);
}

GPtrArray *
vas_kernel_modules_for(const VasHost *host, const char *family, const char *modalias)
{
    GPtrArray *modules = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
    g_autofree char *folder = module_folder(host);
    g_autofree char *path =
        g_build_filename(folder != NULL ? folder : "/lib/modules", "modules.alias", NULL);
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    const char *identity = strchr(modalias, ':');
    g_autofree char *wanted = g_strconcat(family, identity != NULL ? identity : ":", NULL);

    g_array_set_clear_func(matches, match_clear);
    for (guint i = 0; lines[i] != NULL; i++) {
        guint wildcards = 0;
        const char *module = matching_module(lines[i], wanted, &wildcards);

        if (module != NULL)
            add_match(matches, module, wildcards);
    }
    for (guint i = 0; i < matches->len; i++)
        g_ptr_array_add(modules, g_strdup(g_array_index(matches, Match, i).name));
    return modules;
}
