/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/driver-binding.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "host/pci/driver.h"
#include "host/system/sysfs.h"

#include <string.h>

#define DRIVERS "/sys/bus/pci/drivers"

gboolean
vas_driver_read_override(const VasHost *host, VasHostAddress device, char **ret_driver,
                         GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "driver_override");
    g_autofree char *text = vas_sysfs_read(host, path, error);

    if (text == NULL)
        return FALSE;
    /* The kernel prints a pointer that is not set (driver_override_show in
     * drivers/pci/pci-sysfs.c).
     */
    if (text[0] == '\0' || strcmp(text, "(null)") == 0)
        *ret_driver = NULL;
    else
        *ret_driver = g_steal_pointer(&text);
    return TRUE;
}

/* An empty line unsets it (driver_set_override in drivers/base/driver.c). */
gboolean
vas_driver_write_override(const VasHost *host, VasHostAddress device, const char *driver,
                          GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "driver_override");
    g_autofree char *line = g_strconcat(driver != NULL ? driver : "", "\n", NULL);

    return vas_sysfs_write(host, path, line, error);
}

/* driverctl's udev rule looks for SUBSYSTEM-NAME there (89-vfio-pci.rules, load_override). */
char *
vas_driver_persistent_override_path(VasHostAddress device)
{
    return g_strdup_printf("/etc/driverctl.d/pci-%s", vas_host_address_text(device).text);
}

char *
vas_driver_persistent_override(const VasHost *host, VasHostAddress device)
{
    g_autofree char *path = vas_driver_persistent_override_path(device);

    return vas_sysfs_read(host, path, NULL);
}

/* Returns full; NULL: the kernel has no driver of that name. */
static char *
find_registered(const VasHost *host, const char *name)
{
    g_auto(GStrv) drivers = vas_sysfs_list(host, DRIVERS);
    g_autofree char *wanted = g_strdelimit(g_strdup(name), "-", '_');

    for (guint i = 0; drivers[i] != NULL; i++) {
        g_autofree char *candidate = g_strdelimit(g_strdup(drivers[i]), "-", '_');

        if (strcmp(candidate, wanted) == 0)
            return g_strdup(drivers[i]);
    }
    return NULL;
}

gboolean
vas_driver_find(const VasHost *host, const char *name, char **ret_driver, GError **error)
{
    g_autofree char *driver = find_registered(host, name);
    g_autoptr(GError) refusal = NULL;

    if (driver == NULL) {
        (void) host->load_module(name, host->loader_data, &refusal);
        driver = find_registered(host, name);
    }
    if (driver != NULL) {
        *ret_driver = g_steal_pointer(&driver);
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "there is no PCI driver %s%s%s", name,
                refusal != NULL ? ": " : " in the module of that name",
                refusal != NULL ? refusal->message : "");
    return FALSE;
}

static gboolean
unbind(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "driver/unbind");
    g_autofree char *driver = NULL;

    if (!vas_driver_read(host, device, &driver, error))
        return FALSE;
    return driver == NULL || vas_sysfs_write(host, path, vas_host_address_text(device).text, error);
}

static gboolean
probe(const VasHost *host, VasHostAddress device, GError **error)
{
    return vas_sysfs_write(host, "/sys/bus/pci/drivers_probe", vas_host_address_text(device).text,
                           error);
}

gboolean
vas_driver_bind(const VasHost *host, VasHostAddress device, const char *driver, GError **error)
{
    g_autofree char *now = NULL;

    if (!vas_driver_read(host, device, &now, error))
        return FALSE;
    if (driver == NULL)
        return unbind(host, device, error);
    /* The override is set first: unbound and without it, the first hotplug event would bind it
     * again. */
    if (!vas_driver_write_override(host, device, driver, error))
        return FALSE;
    if (g_strcmp0(now, driver) == 0)
        return TRUE;
    return unbind(host, device, error) && probe(host, device, error);
}

gboolean
vas_driver_probe_anew(const VasHost *host, VasHostAddress device, GError **error)
{
    return unbind(host, device, error) && probe(host, device, error);
}

/* A driver answers ENODEV if it has nothing to do with the device (bind_store in
 * drivers/base/bus.c), which is what a device that went away would get, too. */
static gboolean
is_no_match(const GError *refusal)
{
    return g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND);
}

/* A write that succeeded is the driver's word; whether it has the device is to be seen. */
static gboolean
check_taken(const VasHost *host, VasHostAddress device, const char *driver, GError **error)
{
    g_autofree char *now = NULL;

    if (!vas_driver_read(host, device, &now, error))
        return FALSE;
    if (now != NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "the driver %s took %s and does not have it",
                driver, vas_host_address_text(device).text);
    return FALSE;
}

/* *ret_taken: the driver has it now. */
static gboolean
offer_to(const VasHost *host, VasHostAddress device, const char *driver, gboolean *ret_taken,
         GError **error)
{
    g_autofree char *path = g_build_filename(DRIVERS, driver, "bind", NULL);
    g_autoptr(GError) refusal = NULL;

    *ret_taken = vas_sysfs_write(host, path, vas_host_address_text(device).text, &refusal);
    if (*ret_taken)
        return check_taken(host, device, driver, error);
    if (is_no_match(refusal))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

static void
load_matching_modules(const VasHost *host, VasHostAddress device)
{
    g_autofree char *path = vas_sysfs_device_path(device, "modalias");
    g_autofree char *modalias = vas_sysfs_read(host, path, NULL);

    /* A missing module is no failure: the driver may be built in, or there is none at all. */
    if (modalias != NULL)
        (void) host->load_module(modalias, host->loader_data, NULL);
}

gboolean
vas_driver_offer(const VasHost *host, VasHostAddress device, GError **error)
{
    g_auto(GStrv) drivers = NULL;
    gboolean taken = FALSE;

    if (!unbind(host, device, error))
        return FALSE;
    load_matching_modules(host, device);
    drivers = vas_sysfs_list(host, DRIVERS);
    for (guint i = 0; drivers[i] != NULL && !taken; i++) {
        g_autofree char *now = NULL;

        /* The module that was just loaded may have it already. */
        if (!vas_driver_read(host, device, &now, error))
            return FALSE;
        if (now != NULL)
            return TRUE;
        if (vas_driver_is_placeholder(drivers[i]))
            continue;
        if (!offer_to(host, device, drivers[i], &taken, error))
            return FALSE;
    }
    return TRUE;
}
