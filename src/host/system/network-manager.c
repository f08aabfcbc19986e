/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/network-manager.h"

#include "host/system/settings-files.h"
#include "host/system/sysfs.h"

#include <string.h>

/* The hierarchies of version 2, and of version 1 (cgroups(7)). */
static const char *const control_groups[] = {
    "/sys/fs/cgroup/system.slice",
    "/sys/fs/cgroup/systemd/system.slice",
};
static const char *const manager_folders[] = {
    "/etc/NetworkManager/conf.d",
    "/etc/NetworkManager",
    "/run/NetworkManager/conf.d",
    "/usr/lib/NetworkManager/conf.d",
};
static const char *const networkd_folders[] = {
    "/etc/systemd/network",
    "/run/systemd/network",
    "/usr/lib/systemd/network",
    "/lib/systemd/network",
    NULL,
};

/* The interface that a setting is held against. */
typedef struct {
    const char *interface;
    const char *driver; /* NULL: not known */
    const char *mac;    /* NULL: not known */
} Candidate;

const char *
vas_network_manager_name(VasNetworkManager manager)
{
    return manager == VAS_NETWORK_MANAGER ? "NetworkManager" : "systemd-networkd";
}

gboolean
vas_network_manager_is_running(const VasHost *host, VasNetworkManager manager)
{
    for (guint i = 0; i < G_N_ELEMENTS(control_groups); i++) {
        g_autofree char *path =
            g_strdup_printf("%s/%s.service", control_groups[i], vas_network_manager_name(manager));
        g_autofree char *full = vas_host_path(host, path);

        if (g_file_test(full, G_FILE_TEST_IS_DIR))
            return TRUE;
    }
    return FALSE;
}

/* NULL: not there, or no such file. Lines that begin with ';' are comments for both, not for
 * GKeyFile. Returns full. */
static GKeyFile *
read_settings(const VasHost *host, const char *path)
{
    g_autoptr(GKeyFile) settings = g_key_file_new();
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    g_autofree char *readable = NULL;

    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] == ';')
            lines[i][0] = '#';
    }
    readable = g_strjoinv("\n", lines);
    if (text == NULL ||
        !g_key_file_load_from_data(settings, readable, strlen(readable), G_KEY_FILE_NONE, NULL))
        return NULL;
    return g_steal_pointer(&settings);
}

static gboolean
matches(const char *pattern, const char *value)
{
    return value != NULL && g_pattern_match_simple(pattern, value);
}

/* One of NetworkManager's device specifications: "Device List Format" in NetworkManager.conf(5). */
static gboolean
is_specified(const char *specification, const Candidate *candidate)
{
    if (g_str_has_prefix(specification, "interface-name:=")) {
        return g_str_equal(specification + strlen("interface-name:="), candidate->interface);
    } else if (g_str_has_prefix(specification, "interface-name:")) {
        return matches(specification + strlen("interface-name:"), candidate->interface);
    } else if (g_str_has_prefix(specification, "driver:")) {
        return matches(specification + strlen("driver:"), candidate->driver);
    } else if (g_str_has_prefix(specification, "type:")) {
        return g_str_equal(specification, "type:ethernet");
    } else if (candidate->mac != NULL) {
        const char *mac = g_str_has_prefix(specification, "mac:") ? specification + strlen("mac:")
                                                                  : specification;

        if (g_ascii_strcasecmp(mac, candidate->mac) == 0)
            return TRUE;
    }
    return strchr(specification, ':') == NULL && matches(specification, candidate->interface);
}

/* "except:" goes before all others. */
static gboolean
is_listed(const char *list, const Candidate *candidate)
{
    g_auto(GStrv) specifications = g_strsplit_set(list, ";,", -1);
    gboolean listed = FALSE;

    for (guint i = 0; specifications[i] != NULL; i++) {
        const char *specification = g_strstrip(specifications[i]);

        if (g_str_has_prefix(specification, "except:")) {
            if (is_specified(specification + strlen("except:"), candidate))
                return FALSE;
        } else if (specification[0] != '\0') {
            listed = listed || is_specified(specification, candidate);
        }
    }
    return listed;
}

gboolean
vas_network_manager_lists(const char *list, const char *interface, const char *driver,
                          const char *mac)
{
    const Candidate candidate = {.interface = interface, .driver = driver, .mac = mac};

    return is_listed(list, &candidate);
}

/* [device...] match-device=..., managed=0. */
static char *
unmanaged_by_section(GKeyFile *settings, const char *path, const Candidate *candidate)
{
    g_auto(GStrv) groups = g_key_file_get_groups(settings, NULL);

    for (guint i = 0; groups[i] != NULL; i++) {
        g_autofree char *list = g_key_file_get_value(settings, groups[i], "match-device", NULL);
        g_autofree char *managed = g_key_file_get_value(settings, groups[i], "managed", NULL);

        if (g_str_has_prefix(groups[i], "device") && managed != NULL && managed[0] != '\0' &&
            strchr("0fnFN", managed[0]) != NULL && (list == NULL || is_listed(list, candidate)))
            return g_strdup_printf("%s: [%s] managed=%s", path, groups[i], managed);
    }
    return NULL;
}

/* The setting in the file at @path that keeps NetworkManager away; NULL: none. Returns full. */
static char *
unmanaged_in(const VasHost *host, const char *path, const Candidate *candidate)
{
    static const char *const keys[] = {"unmanaged-devices", "unmanaged-devices+"};
    g_autoptr(GKeyFile) settings = read_settings(host, path);

    for (guint i = 0; settings != NULL && i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *list = g_key_file_get_value(settings, "keyfile", keys[i], NULL);

        if (list != NULL && is_listed(list, candidate))
            return g_strdup_printf("%s: %s=%s", path, keys[i], list);
    }
    return settings != NULL ? unmanaged_by_section(settings, path, candidate) : NULL;
}

/* udev keeps what its rules set about an interface under its index; for NetworkManager
 * NM_UNMANAGED counts (src/core/devices/nm-device.c). */
static char *
unmanaged_by_udev(const VasHost *host, const Candidate *candidate)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", candidate->interface, "ifindex", NULL);
    g_autofree char *index = vas_sysfs_read(host, path, NULL);
    g_autofree char *record = index != NULL ? g_strconcat("/run/udev/data/n", index, NULL) : NULL;
    g_autofree char *text = record != NULL ? vas_sysfs_read(host, record, NULL) : NULL;

    if (text == NULL || strstr(text, "E:NM_UNMANAGED=1") == NULL)
        return NULL;
    return g_strdup_printf("%s: NM_UNMANAGED=1", record);
}

/* Returns full. */
static char *
find_unmanaged(const VasHost *host, const Candidate *candidate)
{
    for (guint i = 0; i < G_N_ELEMENTS(manager_folders); i++) {
        g_auto(GStrv) files = vas_sysfs_list(host, manager_folders[i]);

        for (guint j = 0; files[j] != NULL; j++) {
            g_autofree char *path = g_build_filename(manager_folders[i], files[j], NULL);
            char *found = NULL;

            if (g_str_has_suffix(files[j], ".conf"))
                found = unmanaged_in(host, path, candidate);
            if (found != NULL)
                return found;
        }
    }
    return unmanaged_by_udev(host, candidate);
}

/* systemd's lists: words with shell patterns, a '!' in front of the first negates them all. */
static gboolean
is_in_list(const char *list, const char *value)
{
    gboolean negated = list[0] == '!';
    g_auto(GStrv) patterns = g_strsplit(list + negated, " ", -1);
    gboolean found = FALSE;

    for (guint i = 0; patterns[i] != NULL; i++)
        found = found || matches(patterns[i], value);
    return found != negated;
}

/* [Match] of a .network file. A VF's interface is Ethernet and of no kind (of network device that
 * software makes); any other key means a particular machine or device. */
static gboolean
network_matches(GKeyFile *settings, const Candidate *candidate)
{
    g_auto(GStrv) keys = g_key_file_get_keys(settings, "Match", NULL, NULL);

    if (keys == NULL || keys[0] == NULL)
        return FALSE;
    for (guint i = 0; keys[i] != NULL; i++) {
        g_autofree char *list = g_key_file_get_value(settings, "Match", keys[i], NULL);
        const char *value = NULL;

        if (g_str_equal(keys[i], "Name"))
            value = candidate->interface;
        else if (g_str_equal(keys[i], "Driver"))
            value = candidate->driver;
        else if (g_str_equal(keys[i], "Type"))
            value = "ether";
        else if (!g_str_equal(keys[i], "Kind"))
            return FALSE;
        if (!is_in_list(list, value))
            return FALSE;
    }
    return TRUE;
}

static gboolean
leaves_alone(GKeyFile *settings)
{
    g_autofree char *policy = g_key_file_get_value(settings, "Link", "ActivationPolicy", NULL);
    g_autofree char *unmanaged = g_key_file_get_value(settings, "Link", "Unmanaged", NULL);

    return g_strcmp0(policy, "manual") == 0 ||
           (unmanaged != NULL && strchr("1ytYT", unmanaged[0]) != NULL);
}

static gboolean
networkd_takes(const VasHost *host, const Candidate *candidate, char **ret_evidence)
{
    g_autoptr(GPtrArray) paths = vas_settings_files_list(host, networkd_folders, ".network");

    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GKeyFile) settings = read_settings(host, path);

        if (settings == NULL || !network_matches(settings, candidate))
            continue;
        *ret_evidence = g_strdup_printf("%s matches %s", path, candidate->interface);
        return !leaves_alone(settings);
    }
    *ret_evidence = NULL;
    return FALSE;
}

gboolean
vas_network_manager_takes(const VasHost *host, VasNetworkManager manager, const char *interface,
                          const char *driver, char **ret_evidence)
{
    const Candidate candidate = {.interface = interface, .driver = driver};

    if (manager == VAS_SYSTEMD_NETWORKD)
        return networkd_takes(host, &candidate, ret_evidence);
    *ret_evidence = find_unmanaged(host, &candidate);
    return *ret_evidence == NULL;
}
