/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-boot.h"

#include "core/report/finding.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "host/pci/driver.h"
#include "host/system/boot-unit.h"

#define ID "host.boot"
#define SUBJECT "host"

static void
check_driver(const VasHost *host, const VasWishedDriver *wished, GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(wished->of.device);
    g_autoptr(GError) failure = NULL;
    g_autofree char *driver = NULL;
    VasFinding *finding = NULL;

    (void) vas_driver_read(host, wished->of.device, &driver, &failure);
    if (g_strcmp0(driver, wished->driver) == 0)
        return;
    finding = vas_findings_add(findings, ID, VAS_FINDING_WARNING, SUBJECT,
                               "%s is wished on %s, and is %s%s", address.text, wished->driver,
                               failure != NULL ? "not there" : "on ",
                               failure != NULL  ? ""
                               : driver != NULL ? driver
                                                : "no driver");
    vas_finding_set_evidence(finding, "/sys/bus/pci/devices/%s/driver; " VAS_WISH_FILE,
                             address.text);
    vas_finding_set_advice(finding, "virt-assign boot does it now, or says why not; systemctl "
                                    "status " VAS_BOOT_UNIT " tells of the last boot");
}

static void
check_unit(const VasHost *host, GPtrArray *findings)
{
    gboolean is_enabled = vas_boot_unit_is_enabled(host);
    VasFinding *finding =
        vas_findings_add(findings, ID, is_enabled ? VAS_FINDING_OK : VAS_FINDING_WARNING, SUBJECT,
                         is_enabled ? "a unit sees at each boot that the host has what is wished"
                                    : "nobody sees at a boot that the host has what is wished");

    vas_finding_set_evidence(finding, VAS_WISH_FILE "; systemctl is-enabled " VAS_BOOT_UNIT);
    if (!is_enabled)
        vas_finding_set_advice(finding, "systemctl enable " VAS_BOOT_UNIT);
}

void
vas_check_boot(const VasHost *host, GPtrArray *findings)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(GError) failure = NULL;
    VasFinding *finding = NULL;

    if (!vas_wish_file_read(host, &wish, &failure)) {
        finding = vas_findings_add(findings, ID, VAS_FINDING_PROBLEM, SUBJECT,
                                   "it cannot be read what is wished for each boot");
        vas_finding_set_evidence(finding, "%s", failure->message);
        if (vas_error_hint(failure) != NULL)
            vas_finding_set_advice(finding, "%s", vas_error_hint(failure));
        return;
    }
    if (vas_host_wish_is_empty(wish))
        return;
    check_unit(host, findings);
    for (guint i = 0; i < wish->drivers->len; i++)
        check_driver(host, g_ptr_array_index(wish->drivers, i), findings);
}
