/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/systemd-match.h"

#include "host/system/setting-lines.h"
#include "host/system/sysfs.h"

#include <fnmatch.h>
#include <string.h>

/* net_match_config in systemd's src/shared/net-condition.c (252: src/shared/netif-util.c) is what
 * this follows. */

typedef struct {
    const VasHost *host;
    const VasMappedPf *pf;
    const char *interface;
    char *udev; /* what udev keeps about the interface; NULL: nothing */
} Facts;

/* One answer to one key. @values are its words, with '!' in front of the negated ones. */
typedef VasSystemdMatch (*Test)(const Facts *facts, const char *const *values);

static VasSystemdMatch
match_of(gboolean matches)
{
    return matches ? VAS_SYSTEMD_MATCH_YES : VAS_SYSTEMD_MATCH_NO;
}

/* net_condition_test_strv. @value NULL: the interface has none. */
static gboolean
fits(const char *const *values, const char *value)
{
    gboolean has_positive = FALSE;
    gboolean found = FALSE;

    for (guint i = 0; values[i] != NULL; i++) {
        gboolean negated = values[i][0] == '!';

        has_positive = has_positive || !negated;
        if (value == NULL || fnmatch(values[i] + negated, value, 0) != 0)
            continue;
        if (negated)
            return FALSE;
        found = TRUE;
    }
    return found || !has_positive;
}

static char *
interface_attribute(const Facts *facts, const char *name)
{
    g_autofree char *path = g_build_filename("/sys/class/net", facts->interface, name, NULL);

    return vas_sysfs_read(facts->host, path, NULL);
}

/* The device's property as udev keeps it; NULL: it has none. Returns full. */
static char *
property(const Facts *facts, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(facts->udev != NULL ? facts->udev : "", "\n", -1);
    g_autofree char *start = g_strdup_printf("E:%s=", key);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], start))
            return g_strdup(lines[i] + strlen(start));
    }
    return NULL;
}

/* The digits of a MAC in lower case, whichever way it is written (parse_ether_addr). */
static char *
mac_digits(const char *text)
{
    GString *digits = g_string_new(NULL);

    for (; text[0] != '\0'; text++) {
        if (strchr(":-.", text[0]) == NULL)
            g_string_append_c(digits, g_ascii_tolower(text[0]));
    }
    return g_string_free(digits, FALSE);
}

/* At a boot the interface has the card's own MAC. Where another one was given since, that one is
 * not known (include/uapi/linux/netdevice.h: NET_ADDR_PERM is 0). */
static VasSystemdMatch
test_mac(const Facts *facts, const char *const *values)
{
    g_autofree char *origin = interface_attribute(facts, "addr_assign_type");
    g_autofree char *mac = interface_attribute(facts, "address");
    g_autofree char *own = mac_digits(mac != NULL ? mac : "");

    if (g_strcmp0(origin, "0") != 0)
        return VAS_SYSTEMD_MATCH_UNSURE;
    for (guint i = 0; values[i] != NULL; i++) {
        g_autofree char *digits = mac_digits(values[i]);

        if (g_str_equal(digits, own))
            return VAS_SYSTEMD_MATCH_YES;
    }
    return VAS_SYSTEMD_MATCH_NO;
}

static VasSystemdMatch
test_path(const Facts *facts, const char *const *values)
{
    g_autofree char *path = property(facts, "ID_PATH");

    return facts->udev == NULL ? VAS_SYSTEMD_MATCH_UNSURE : match_of(fits(values, path));
}

static VasSystemdMatch
test_driver(const Facts *facts, const char *const *values)
{
    g_autofree char *driver = property(facts, "ID_NET_DRIVER");

    return match_of(fits(values, driver != NULL ? driver : facts->pf->driver));
}

/* A PF's interface has no DEVTYPE; then it is ARPHRD_ETHER, or ARPHRD_INFINIBAND
 * (net_get_type_string). */
static VasSystemdMatch
test_type(const Facts *facts, const char *const *values)
{
    g_autofree char *type = interface_attribute(facts, "type");

    if (g_strcmp0(type, "1") == 0)
        return match_of(fits(values, "ether"));
    return g_strcmp0(type, "32") == 0 ? match_of(fits(values, "infiniband"))
                                      : VAS_SYSTEMD_MATCH_UNSURE;
}

/* The kernel's name is known only until somebody gives another (NET_NAME_RENAMED is 4). */
static VasSystemdMatch
test_original_name(const Facts *facts, const char *const *values)
{
    g_autofree char *origin = interface_attribute(facts, "name_assign_type");
    const char *const any[] = {"*", NULL};

    if (g_strcmp0(values[0], any[0]) == 0 && values[1] == NULL)
        return VAS_SYSTEMD_MATCH_YES;
    if (origin == NULL || g_str_equal(origin, "4"))
        return VAS_SYSTEMD_MATCH_UNSURE;
    return match_of(fits(values, facts->interface));
}

static VasSystemdMatch
test_name(const Facts *facts, const char *const *values)
{
    return match_of(fits(values, facts->interface));
}

static VasSystemdMatch
test_property(const Facts *facts, const char *const *values)
{
    if (facts->udev == NULL)
        return VAS_SYSTEMD_MATCH_UNSURE;
    for (guint i = 0; values[i] != NULL; i++) {
        gboolean negated = values[i][0] == '!';
        g_auto(GStrv) parts = g_strsplit(values[i] + negated, "=", 2);
        g_autofree char *value = property(facts, parts[0] != NULL ? parts[0] : "");
        gboolean found = value != NULL && parts[0] != NULL && parts[1] != NULL &&
                         fnmatch(parts[1], value, 0) == 0;

        if (found == negated)
            return VAS_SYSTEMD_MATCH_NO;
    }
    return VAS_SYSTEMD_MATCH_YES;
}

/* A PF's interface is of no kind that software makes, and has no WLAN. */
static VasSystemdMatch
test_nothing(const Facts *facts, const char *const *values)
{
    (void) facts;
    return match_of(fits(values, NULL));
}

static VasSystemdMatch
test_machine(const Facts *facts, const char *const *values)
{
    (void) facts;
    (void) values;
    return VAS_SYSTEMD_MATCH_UNSURE;
}

/* systemd.link(5) and systemd.network(5), "[Match] SECTION OPTIONS". A key that is not here is one
 * that systemd does not know either. */
static const struct {
    const char *key;
    Test test;
} keys[] = {
    {"MACAddress", test_mac},
    {"PermanentMACAddress", test_mac},
    {"Path", test_path},
    {"Driver", test_driver},
    {"Type", test_type},
    {"Kind", test_nothing},
    {"OriginalName", test_original_name},
    {"Name", test_name},
    {"Property", test_property},
    {"WLANInterfaceType", test_nothing},
    {"SSID", test_nothing},
    {"BSSID", test_nothing},
    {"Host", test_machine},
    {"Virtualization", test_machine},
    {"KernelCommandLine", test_machine},
    {"KernelVersion", test_machine},
    {"Version", test_machine},
    {"Credential", test_machine},
    {"Architecture", test_machine},
    {"Firmware", test_machine},
};

/* The words that all lines of @key give: an empty line drops those before it, and a '!' in front of
 * a line negates all of it (config_parse_match_strv). *ret_is_quoted: there are quotes or
 * escapes. Returns full. */
static GStrv
values_of(const GPtrArray *settings, const char *key, gboolean *ret_is_quoted)
{
    g_autoptr(GStrvBuilder) values = g_strv_builder_new();

    *ret_is_quoted = FALSE;
    for (guint i = 0; i < settings->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(settings, i);
        gboolean negated = line->value[0] == '!';
        g_auto(GStrv) words = g_strsplit_set(line->value + negated, " \t\r", -1);

        if (!g_str_equal(line->section, "Match") || !g_str_equal(line->key, key))
            continue;
        if (line->value[0] == '\0') {
            g_strv_builder_unref(values);
            values = g_strv_builder_new();
        }
        *ret_is_quoted = *ret_is_quoted || strpbrk(line->value, "\"'\\") != NULL;
        for (guint j = 0; words[j] != NULL; j++) {
            g_autofree char *word = g_strconcat(negated ? "!" : "", words[j], NULL);

            if (words[j][0] != '\0')
                g_strv_builder_add(values, word);
        }
    }
    return g_strv_builder_end(values);
}

static char *
read_udev(const Facts *facts)
{
    g_autofree char *index = interface_attribute(facts, "ifindex");
    g_autofree char *path = index != NULL ? g_strconcat("/run/udev/data/n", index, NULL) : NULL;

    return path != NULL ? vas_sysfs_read(facts->host, path, NULL) : NULL;
}

VasSystemdMatch
vas_systemd_match(const VasHost *host, const VasMappedPf *pf, const char *interface,
                  const GPtrArray *settings, char **ret_doubt)
{
    Facts facts = {.host = host, .pf = pf, .interface = interface};
    g_autofree char *udev = read_udev(&facts);
    g_autofree char *doubt = NULL;
    gboolean is_empty = TRUE;

    *ret_doubt = NULL;
    facts.udev = udev;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        gboolean is_quoted = FALSE;
        g_auto(GStrv) values = values_of(settings, keys[i].key, &is_quoted);
        VasSystemdMatch answer;

        if (values[0] == NULL)
            continue;
        is_empty = FALSE;
        answer = is_quoted ? VAS_SYSTEMD_MATCH_UNSURE
                           : keys[i].test(&facts, (const char *const *) values);
        if (answer == VAS_SYSTEMD_MATCH_NO)
            return VAS_SYSTEMD_MATCH_NO;
        if (answer == VAS_SYSTEMD_MATCH_UNSURE && doubt == NULL)
            doubt =
                g_strdup_printf("whether its %s= means %s cannot be told", keys[i].key, interface);
    }
    if (is_empty)
        return VAS_SYSTEMD_MATCH_NO;
    *ret_doubt = g_steal_pointer(&doubt);
    return *ret_doubt != NULL ? VAS_SYSTEMD_MATCH_UNSURE : VAS_SYSTEMD_MATCH_YES;
}
