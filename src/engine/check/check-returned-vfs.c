/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-returned-vfs.h"

#include "core/device/device.h"
#include "core/report/finding.h"
#include "engine/check/check-saved-vfs.h"
#include "host/pci/endpoint.h"
#include "host/system/kernel.h"
#include "host/system/network-manager.h"

#define SUBJECT "host"

/* The interface of @vf, or the one it will have: systemd names it after its PF
 * (systemd.net-naming-scheme(7), v). Returns full. */
static char *
interface_of(const VasMappedPf *pf, const VasMappedVf *vf)
{
    if (vf->interface != NULL)
        return g_strdup(vf->interface);
    return g_strdup_printf("%sv%u", pf->interface, vf->index);
}

/* The network driver of @vf, or the one it will have. NULL: not known. Returns full. */
static char *
driver_of(const VasHost *host, const VasMappedVf *vf)
{
    g_autofree char *modalias = NULL;
    g_autoptr(GPtrArray) modules = NULL;

    if (vf->driver != NULL && !vas_driver_is_vfio(vf->driver) &&
        !g_str_equal(vf->driver, "pci-stub"))
        return g_strdup(vf->driver);
    modalias = vas_endpoint_modalias(host, vf->address, NULL);
    if (modalias == NULL)
        return NULL;
    modules = vas_kernel_modules_for(host, "pci", modalias);
    return modules->len > 0 ? g_strdup(g_ptr_array_index(modules, 0)) : NULL;
}

/* This is what one network manager does to the VFs. */
typedef struct {
    GString *taken;     /* interfaces */
    GString *selectors; /* what fits them in its settings, once each */
    char *evidence;     /* of the last setting found; NULL: none */
    VasNetworkManager manager;
} Grasp;

static void
append_once(GString *list, const char *separator, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list->str, separator, -1);

    if (g_strv_contains((const char *const *) words, word))
        return;
    g_string_append_printf(list, "%s%s", list->len > 0 ? separator : "", word);
}

/* The driver tells VFs from PFs, unless both have the same one, as mlx5_core: then, and for
 * networkd, they are told by name. Returns full. */
static char *
selector_for(VasNetworkManager manager, const VasMappedPf *pf, const char *interface,
             const char *driver)
{
    g_autofree char *pattern = g_strdup_printf("%sv*", pf->interface);
    const char *names = g_pattern_match_simple(pattern, interface) ? pattern : interface;

    if (manager == VAS_SYSTEMD_NETWORKD)
        return g_strdup(names);
    if (driver != NULL && g_strcmp0(driver, pf->driver) != 0)
        return g_strdup_printf("driver:%s", driver);
    return g_strdup_printf("interface-name:%s", names);
}

static void
look_at_vf(const VasHost *host, const VasMappedPf *pf, const VasMappedVf *vf, Grasp *grasp)
{
    g_autofree char *interface = interface_of(pf, vf);
    g_autofree char *driver = driver_of(host, vf);
    g_autofree char *selector = selector_for(grasp->manager, pf, interface, driver);
    g_autofree char *evidence = NULL;

    if (vas_network_manager_takes(host, grasp->manager, interface, driver, &evidence)) {
        append_once(grasp->taken, ", ", interface);
        append_once(grasp->selectors, grasp->manager == VAS_NETWORK_MANAGER ? ";" : " ", selector);
    }
    if (evidence != NULL) {
        g_free(grasp->evidence);
        grasp->evidence = g_steal_pointer(&evidence);
    }
}

/* Where VFs get no host driver at all they cannot be configured. */
static gboolean
can_be_taken(const VasMappedPf *pf)
{
    return pf->is_network && pf->interface != NULL && pf->autoprobe;
}

static void
advise_to_leave_alone(VasFinding *finding, const Grasp *grasp)
{
    if (grasp->manager == VAS_NETWORK_MANAGER)
        vas_finding_set_advice(finding,
                               "put \"[keyfile]\" and the line \"unmanaged-devices=%s\" into "
                               "/etc/NetworkManager/conf.d/10-vfs.conf, then: systemctl reload "
                               "NetworkManager",
                               grasp->selectors->str);
    else
        vas_finding_set_advice(finding,
                               "put the lines \"[Match]\", \"Name=%s\", \"[Link]\" and "
                               "\"Unmanaged=yes\" into /etc/systemd/network/05-vfs.network, then: "
                               "networkctl reload",
                               grasp->selectors->str);
}

/* Adds a finding if @manager runs. */
static gboolean
check_manager(const VasHost *host, const GPtrArray *pfs, VasNetworkManager manager,
              GPtrArray *findings)
{
    g_autoptr(GString) taken = g_string_new(NULL);
    g_autoptr(GString) selectors = g_string_new(NULL);
    Grasp grasp = {.taken = taken, .selectors = selectors, .manager = manager};
    const char *name = vas_network_manager_name(manager);
    VasFinding *finding = NULL;

    if (!vas_network_manager_is_running(host, manager))
        return FALSE;
    for (guint i = 0; i < pfs->len; i++) {
        const VasMappedPf *pf = g_ptr_array_index(pfs, i);

        for (guint j = 0; can_be_taken(pf) && j < pf->vfs->len; j++)
            look_at_vf(host, pf, g_ptr_array_index(pf->vfs, j), &grasp);
    }
    if (taken->len > 0) {
        finding = vas_findings_add(findings, "host.network-managers", VAS_FINDING_WARNING, SUBJECT,
                                   "%s configures VFs that are on the host or come back to it: %s",
                                   name, taken->str);
        advise_to_leave_alone(finding, &grasp);
    } else {
        finding = vas_findings_add(findings, "host.network-managers", VAS_FINDING_OK, SUBJECT,
                                   "%s runs and leaves the VFs alone", name);
    }
    vas_finding_set_evidence(finding, "%s",
                             grasp.evidence != NULL ? grasp.evidence
                                                    : "no setting of its says anything about them");
    g_free(grasp.evidence);
    return TRUE;
}

static void
check_network_managers(const VasHost *host, const GPtrArray *pfs, GPtrArray *findings)
{
    gboolean runs = check_manager(host, pfs, VAS_NETWORK_MANAGER, findings);
    VasFinding *finding = NULL;

    if (check_manager(host, pfs, VAS_SYSTEMD_NETWORKD, findings) || runs)
        return;
    finding = vas_findings_add(findings, "host.network-managers", VAS_FINDING_OK, SUBJECT,
                               "no network manager configures VFs that come back to the host");
    vas_finding_set_evidence(finding, "neither NetworkManager nor systemd-networkd runs (systemctl "
                                      "status)");
}

void
vas_check_returned_vfs(const VasHost *host, GPtrArray *findings)
{
    g_autoptr(GPtrArray) pfs = vas_sriov_map_read(host);

    check_network_managers(host, pfs, findings);
    vas_check_saved_vfs(host, pfs, findings);
}
