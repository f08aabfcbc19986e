/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-advice.h"

/* Says what is done to the parameter: "add A", "remove B", "replace B with A". Returns full. */
static char *
describe_change(const char *wanted, const char *unwanted)
{
    if (wanted == NULL)
        return g_strdup_printf("remove %s from", unwanted);
    if (unwanted == NULL)
        return g_strdup_printf("add %s to", wanted);
    return g_strdup_printf("replace %s with %s in", unwanted, wanted);
}

static char *
grubby_command(const char *wanted, const char *unwanted)
{
    g_autoptr(GString) command = g_string_new("grubby --update-kernel=ALL");

    if (unwanted != NULL)
        g_string_append_printf(command, " --remove-args=%s", unwanted);
    if (wanted != NULL)
        g_string_append_printf(command, " --args=%s", wanted);
    return g_strdup_printf("run %s, then reboot", command->str);
}

char *
vas_advice_kernel_parameter(VasDistribution distribution, const char *wanted, const char *unwanted)
{
    g_autofree char *change = describe_change(wanted, unwanted);

    switch (distribution) {
    case VAS_DISTRIBUTION_DEBIAN:
        return g_strdup_printf("%s GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub, then "
                               "reboot",
                               change);
    case VAS_DISTRIBUTION_FEDORA:
        return grubby_command(wanted, unwanted);
    case VAS_DISTRIBUTION_SUSE:
        return g_strdup_printf("%s GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run "
                               "grub2-mkconfig -o /boot/grub2/grub.cfg, then reboot",
                               change);
    case VAS_DISTRIBUTION_OTHER:
        break;
    }
    return g_strdup_printf("%s the kernel's command line in the boot loader's configuration, then "
                           "reboot",
                           change);
}

char *
vas_advice_kernel_modules(VasDistribution distribution)
{
    switch (distribution) {
    case VAS_DISTRIBUTION_DEBIAN:
        return g_strdup("install the kernel with all its modules: apt install --reinstall "
                        "linux-image-$(uname -r), on Ubuntu linux-modules-$(uname -r) too");
    case VAS_DISTRIBUTION_FEDORA:
        return g_strdup("install the kernel's modules: dnf install kernel-modules-$(uname -r)");
    case VAS_DISTRIBUTION_SUSE:
        return g_strdup("install the kernel with all its modules: zypper install kernel-default, "
                        "not kernel-default-base");
    case VAS_DISTRIBUTION_OTHER:
        break;
    }
    return g_strdup("install the running kernel's modules, with CONFIG_VFIO_PCI");
}

void
vas_advice_add_remote(GPtrArray *findings, const char *id, const char *subject, const char *what,
                      const char *command)
{
    VasFinding *finding =
        vas_findings_add(findings, id, VAS_FINDING_WARNING, subject,
                         "not looked at, as this connection is to another machine: %s", what);

    vas_finding_set_advice(finding, "run virt-assign %s on that host itself", command);
}
