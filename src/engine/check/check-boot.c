/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-boot.h"

#include "core/report/finding.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/journal/wished-devices.h"
#include "host/pci/driver.h"
#include "host/sriov/sriov.h"
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

/* Some drivers make VFs only while the PF is up, and the boot may have waited in vain for that. */
static void
check_link(const VasHost *host, const VasWishedVfs *wished, GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(wished->of.device);
    g_autofree char *interface = NULL;
    VasSriovState sriov = {0};
    gboolean up = FALSE;
    VasFinding *finding = NULL;

    if (!vas_sriov_read(host, wished->of.device, &sriov, NULL) || sriov.now > 0 ||
        !vas_sriov_read_link(host, wished->of.device, &interface, &up, NULL) || interface == NULL ||
        up)
        return;
    finding = vas_findings_add(findings, ID, VAS_FINDING_WARNING, SUBJECT,
                               "%s has none of the %u VFs that are wished, and is down", interface,
                               wished->rule->count);
    vas_finding_set_evidence(finding,
                             "/sys/class/net/%s/flags; /sys/bus/pci/devices/%s/sriov_numvfs",
                             interface, address.text);
    vas_finding_set_advice(finding,
                           "some drivers make VFs only while the PF is up: have the network "
                           "configuration bring it up at each boot; now: ip link set %s up, then "
                           "virt-assign boot",
                           interface);
}

/* FALSE: the device is not the one that is meant, and it is said. A key that cannot be read does
 * not say so. */
static gboolean
check_device(const VasWishedDevices *devices, const VasWished *wished, const VasVfRule *rule,
             GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(wished->device);
    g_autoptr(GError) failure = NULL;
    gboolean is_by_place = FALSE;
    VasFinding *finding = NULL;

    if (wished->identity == NULL)
        return TRUE;
    if (!vas_wished_devices_check(devices, wished, rule, &is_by_place, &failure) &&
        !g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_READY)) {
        finding =
            vas_findings_add(findings, ID, VAS_FINDING_WARNING, SUBJECT, "%s", failure->message);
        vas_finding_set_advice(finding, "%s", vas_error_hint(failure));
    } else if (is_by_place && failure == NULL) {
        finding = vas_findings_add(findings, ID, VAS_FINDING_OK, SUBJECT,
                                   "%s is known by its place only: another card of its model in "
                                   "its place would be taken for it",
                                   address.text);
    } else {
        return TRUE;
    }
    vas_finding_set_evidence(finding, "virt-assign show %s; " VAS_WISH_FILE, address.text);
    return is_by_place;
}

/* The same is read as at a boot, without libvirt. */
static VasWishedDevices *
read_devices(const VasContext *context, const VasHostWish *wish, GPtrArray *findings)
{
    VasContext own = *context;
    g_autoptr(GError) failure = NULL;
    VasWishedDevices *devices = NULL;
    VasFinding *finding = NULL;

    own.hypervisor = NULL;
    devices = vas_wished_devices_read(&own, wish, &failure);
    if (devices != NULL)
        return devices;
    finding = vas_findings_add(findings, ID, VAS_FINDING_PROBLEM, SUBJECT,
                               "it cannot be read which devices there are");
    vas_finding_set_evidence(finding, "%s", failure->message);
    return NULL;
}

static void
check_wishes(const VasContext *context, const VasHostWish *wish, GPtrArray *findings)
{
    g_autoptr(VasWishedDevices) devices = read_devices(context, wish, findings);

    if (devices == NULL)
        return;
    for (guint i = 0; i < wish->vfs->len; i++) {
        const VasWishedVfs *vfs = g_ptr_array_index(wish->vfs, i);

        if (check_device(devices, &vfs->of, vfs->rule, findings))
            check_link(context->host, vfs, findings);
    }
    for (guint i = 0; i < wish->drivers->len; i++) {
        const VasWishedDriver *driver = g_ptr_array_index(wish->drivers, i);

        if (check_device(devices, &driver->of, NULL, findings))
            check_driver(context->host, driver, findings);
    }
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
vas_check_boot(const VasContext *context, GPtrArray *findings)
{
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(GError) failure = NULL;
    VasFinding *finding = NULL;

    if (!vas_wish_file_read(context->host, &wish, &failure)) {
        finding = vas_findings_add(findings, ID, VAS_FINDING_PROBLEM, SUBJECT,
                                   "it cannot be read what is wished for each boot");
        vas_finding_set_evidence(finding, "%s", failure->message);
        if (vas_error_hint(failure) != NULL)
            vas_finding_set_advice(finding, "%s", vas_error_hint(failure));
        return;
    }
    if (vas_host_wish_is_empty(wish))
        return;
    check_unit(context->host, findings);
    check_wishes(context, wish, findings);
}
