/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-rule.h"

#include "core/value/error.h"
#include "host/files/replace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER "# Written by virt-assign"
/* A rule of ours has some 500 bytes: a longer one is not ours. */
#define MAX_LENGTH 4096
/* Module names, with what a few drivers of the kernel's have beside. */
#define DRIVER_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-.+"

char *
vas_vf_rule_path(VasHostAddress pf)
{
    return g_strdup_printf("/etc/udev/rules.d/80-virt-assign-vfs-%s.rules",
                           vas_host_address_text(pf).text);
}

/* The action is "add" for a driver that was there before this udevd (from the initramfs, or built
 * in), "bind" for one that udevd loads. The rule acts only on a count of 0: VFs that are there are
 * not touched when udevd is told to look at all devices again (udevadm trigger). udev writes
 * attributes in the order of the line. */
static char *
rule_text(VasHostAddress pf, const VasVfRule *rule)
{
    VasPciAddressText address = vas_host_address_text(pf);

    return g_strdup_printf(
        HEADER ": the PF %s gets %u VFs as soon as its driver has taken it.\n"
               "# To change it: virt-assign vfs %s COUNT --persist, where COUNT 0 removes this "
               "file.\n"
               "# It can be deleted by hand as well.\n"
               "ACTION==\"add|bind\", SUBSYSTEM==\"pci\", KERNEL==\"%s\", DRIVER==\"%s\", "
               "ATTR{sriov_numvfs}==\"0\", ATTR{sriov_drivers_autoprobe}=\"%d\", "
               "ATTR{sriov_numvfs}=\"%u\"\n",
        address.text, rule->count, address.text, address.text, rule->driver,
        rule->autoprobe ? 1 : 0, rule->count);
}

/* A driver that stands on record may be anything; udevd would read on behind a quote. */
static gboolean
check_driver(const char *driver, GError **error)
{
    if (driver[0] != '\0' && driver[strspn(driver, DRIVER_CHARACTERS)] == '\0')
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" is not a name of a driver that a udev rule can have", driver);
    return FALSE;
}

/* NULL: not what rule_text makes for this PF. */
static VasVfRule *
parse_rule(VasHostAddress pf, const char *text)
{
    g_autoptr(GRegex) form = g_regex_new(", DRIVER==\"([^\"]+)\", .*"
                                         "_autoprobe\\}=\"([01])\", .*_numvfs\\}=\"([0-9]+)\"\n$",
                                         G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(VasVfRule) rule = g_new0(VasVfRule, 1);
    g_autofree char *autoprobe = NULL;
    g_autofree char *count = NULL;
    g_autofree char *same = NULL;
    guint64 number;

    if (!g_regex_match(form, text, G_REGEX_MATCH_DEFAULT, &match))
        return NULL;
    rule->driver = g_match_info_fetch(match, 1);
    autoprobe = g_match_info_fetch(match, 2);
    count = g_match_info_fetch(match, 3);
    if (!g_ascii_string_to_unsigned(count, 10, 1, G_MAXUINT16, &number, NULL))
        return NULL;
    rule->count = (guint) number;
    rule->autoprobe = autoprobe[0] == '1';
    same = rule_text(pf, rule);
    return g_str_equal(same, text) ? g_steal_pointer(&rule) : NULL;
}

static VasError
code_of(int failure)
{
    return failure == EACCES || failure == EPERM || failure == EROFS ? VAS_ERROR_DENIED
                                                                     : VAS_ERROR_FAILED;
}

static gboolean
fail(const char *what, const char *path, int failure, GError **error)
{
    g_set_error(error, VAS_ERROR, (int) code_of(failure), "%s %s: %s", what, path,
                g_strerror(failure));
    if (code_of(failure) == VAS_ERROR_DENIED)
        vas_error_set_hint(error, "run as root, and see that /etc can be written");
    return FALSE;
}

static gboolean
refuse_foreign(const char *path, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "%s is not as virt-assign writes it: it is left alone", path);
    vas_error_set_hint(error, "look at it, and move it away to let virt-assign write its own");
    return FALSE;
}

/* *ret_text NULL: there is no file. A file is not ours if udevd would read on where a string ends:
 * behind a NUL, or behind the end of what is read here. */
static gboolean
read_file(const VasHost *host, const char *path, char **ret_text, GError **error)
{
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *text = g_malloc0(MAX_LENGTH + 2);
    int descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    ssize_t length;
    int failure;

    if (descriptor < 0 && errno == ENOENT) {
        *ret_text = NULL;
        return TRUE;
    }
    if (descriptor < 0)
        return errno == ELOOP ? refuse_foreign(path, error) : fail("read", path, errno, error);
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(descriptor);
        return refuse_foreign(path, error);
    }
    length = read(descriptor, text, MAX_LENGTH + 1);
    failure = errno;
    close(descriptor);
    if (length < 0)
        return fail("read", path, failure, error);
    if (length > MAX_LENGTH || strlen(text) != (size_t) length)
        return refuse_foreign(path, error);
    *ret_text = g_steal_pointer(&text);
    return TRUE;
}

gboolean
vas_vf_rule_read(const VasHost *host, VasHostAddress pf, VasVfRule **ret_rule, GError **error)
{
    g_autofree char *path = vas_vf_rule_path(pf);
    g_autofree char *text = NULL;
    VasVfRule *rule;

    if (!read_file(host, path, &text, error))
        return FALSE;
    if (text == NULL) {
        *ret_rule = NULL;
        return TRUE;
    }
    rule = parse_rule(pf, text);
    if (rule == NULL)
        return refuse_foreign(path, error);
    *ret_rule = rule;
    return TRUE;
}

gboolean
vas_vf_rule_write(const VasHost *host, VasHostAddress pf, const VasVfRule *rule, GError **error)
{
    g_autofree char *path = vas_vf_rule_path(pf);
    g_autofree char *text = NULL;
    g_autoptr(VasVfRule) earlier = NULL;
    int failure;

    if ((rule != NULL && !check_driver(rule->driver, error)) ||
        !vas_vf_rule_read(host, pf, &earlier, error))
        return FALSE;
    if (rule != NULL) {
        text = rule_text(pf, rule);
        failure = vas_replace_file(host, path, text, 0644);
        return failure == 0 || fail("write", path, failure, error);
    }
    if (earlier == NULL)
        return TRUE;
    failure = vas_remove_file(host, path);
    return failure == 0 || fail("remove", path, failure, error);
}
