/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/sriov.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "host/pci/driver.h"
#include "host/pci/pci-interfaces.h"
#include "host/sriov/pf-attribute.h"
#include "host/sriov/vf-removal.h"
#include "host/system/sysfs.h"

#include <net/if.h>

static gboolean
read_up(const VasHost *host, const char *interface, gboolean *ret_up, GError **error)
{
    g_autofree char *path = g_build_filename("/sys/class/net", interface, "flags", NULL);
    g_autofree char *text = vas_sysfs_read(host, path, error);
    guint64 flags;

    if (text == NULL)
        return FALSE;
    if (!g_str_has_prefix(text, "0x") ||
        !g_ascii_string_to_unsigned(text + 2, 16, 0, G_MAXUINT32, &flags, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" are not flags of an interface",
                    path, text);
        return FALSE;
    }
    *ret_up = (flags & IFF_UP) != 0;
    return TRUE;
}

gboolean
vas_sriov_read_link(const VasHost *host, VasHostAddress pf, char **ret_interface, gboolean *ret_up,
                    GError **error)
{
    g_auto(GStrv) interfaces = vas_pci_interfaces_of(host, pf);
    gboolean up = FALSE;

    if (interfaces[0] == NULL && !vas_sysfs_check_device(host, pf, error))
        return FALSE;
    if (interfaces[0] != NULL && !read_up(host, interfaces[0], &up, error))
        return FALSE;
    *ret_interface = g_strdup(interfaces[0]);
    *ret_up = up;
    return TRUE;
}

/* The attributes are there for every device with the SR-IOV capability, whatever its driver
 * (sriov_vf_attrs_are_visible and sriov_pf_attrs_are_visible in drivers/pci/iov.c). */
static gboolean
refuse_no_pf(const VasHost *host, VasHostAddress pf, GError **error)
{
    if (!vas_sysfs_check_device(host, pf, error))
        return FALSE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                "%s is not a PF: the kernel shows no SR-IOV capability of it",
                vas_host_address_text(pf).text);
    return FALSE;
}

gboolean
vas_sriov_read(const VasHost *host, VasHostAddress pf, VasSriovState *ret_state, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    VasSriovState state = {0};
    guint autoprobe = 1;

    if (!vas_vf_removal_check(host, &pf, error))
        return FALSE;
    if (!vas_pf_attribute_read(host, pf, "sriov_numvfs", &state.now, &refusal) ||
        !vas_pf_attribute_read(host, pf, "sriov_totalvfs", &state.maximum, &refusal) ||
        !vas_pf_attribute_read(host, pf, "sriov_drivers_autoprobe", &autoprobe, &refusal)) {
        if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
            return refuse_no_pf(host, pf, error);
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    state.autoprobe = autoprobe != 0;
    *ret_state = state;
    return TRUE;
}

GArray *
vas_sriov_list_vfs(const VasHost *host, VasHostAddress pf)
{
    GArray *vfs = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0;; i++) {
        g_autofree char *leaf = g_strdup_printf("virtfn%u", i);
        g_autofree char *path = vas_sysfs_device_path(pf, leaf);
        g_autofree char *name = vas_sysfs_read_link_name(host, path, NULL);
        VasHostAddress vf;

        if (name == NULL || !vas_host_address_parse(name, &vf, NULL))
            return vfs;
        g_array_append_val(vfs, vf);
    }
}

/* The kernel says ENOENT when there is no driver, and when the driver has no sriov_configure. */
static void
explain_no_entry(const VasHost *host, VasHostAddress pf, GError **error)
{
    g_autofree char *driver = NULL;
    VasPciAddressText address = vas_host_address_text(pf);

    g_clear_error(error);
    if (!vas_driver_read(host, pf, &driver, error))
        return;
    if (driver == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                    "%s is on no driver, and VFs are made by the driver of the PF", address.text);
        vas_error_set_hint(error, "load the driver of the PF, or give the PF back to it");
        return;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                "the driver %s of %s does not make VFs by sriov_numvfs", driver, address.text);
    vas_error_set_hint(error, "%s",
                       vas_driver_is_vfio(driver)
                           ? "give the PF back to its host driver first"
                           : "see the driver's own documentation: a module parameter (max_vfs), a "
                             "newer driver, or the vendor's tool");
}

/* Makes of the kernel's errno what an admin can act on. */
static void
explain_refusal(const VasHost *host, VasHostAddress pf, GError **error)
{
    switch ((VasError) (*error)->code) {
    case VAS_ERROR_NOT_FOUND:
        explain_no_entry(host, pf, error);
        return;
    case VAS_ERROR_DENIED:
        vas_error_set_hint(error, "run as root");
        return;
    case VAS_ERROR_IN_USE:
        vas_error_set_hint(error, "somebody else made VFs on it meanwhile: look, and try again");
        return;
    case VAS_ERROR_UNSUPPORTED:
        vas_error_set_hint(error, "its driver refuses: SR-IOV may be off in the card's firmware");
        return;
    default:
        vas_error_set_hint(error, "the kernel's log says more (dmesg); not enough memory space or "
                                  "bus numbers: SR-IOV on in the firmware's setup, or the kernel "
                                  "parameter pci=realloc,assign-busses");
        return;
    }
}

static gboolean
check_count(const VasHost *host, VasHostAddress pf, guint count, GError **error)
{
    g_autofree char *driver = NULL;
    guint now;

    if (!vas_pf_attribute_read(host, pf, "sriov_numvfs", &now, error))
        return FALSE;
    if (now == count)
        return TRUE;
    if (count == 0 || now == 0) {
        (void) vas_driver_read(host, pf, &driver, NULL);
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                    "the driver %s of %s ignores sriov_numvfs: it took %u, and still there are %u "
                    "VFs",
                    driver != NULL ? driver : "(none)", vas_host_address_text(pf).text, count, now);
        vas_error_set_hint(error, "see the driver's own documentation: a module parameter "
                                  "(max_vfs), a newer driver, or the vendor's tool");
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s was asked for %u VFs and made %u",
                vas_host_address_text(pf).text, count, now);
    vas_error_set_hint(error, "the kernel's log says more (dmesg)");
    return FALSE;
}

gboolean
vas_sriov_set_count(const VasHost *host, VasHostAddress pf, guint count, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(pf, "sriov_numvfs");
    g_autofree char *text = g_strdup_printf("%u", count);
    g_autoptr(GError) refusal = NULL;

    if (!vas_vf_removal_check(host, NULL, error))
        return FALSE;
    if (vas_sysfs_write(host, path, text, &refusal))
        return check_count(host, pf, count, error);
    explain_refusal(host, pf, &refusal);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean
vas_sriov_set_autoprobe(const VasHost *host, VasHostAddress pf, gboolean autoprobe, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(pf, "sriov_drivers_autoprobe");
    VasSriovState state;

    if (!vas_sysfs_write(host, path, autoprobe ? "1" : "0", error)) {
        if (error != NULL && g_error_matches(*error, VAS_ERROR, VAS_ERROR_DENIED))
            vas_error_set_hint(error, "run as root");
        return FALSE;
    }
    if (!vas_sriov_read(host, pf, &state, error))
        return FALSE;
    if (state.autoprobe == autoprobe)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s took %d and still says %d", path, autoprobe,
                state.autoprobe);
    return FALSE;
}
