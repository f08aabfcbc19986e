/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/host-driver-decision.h"

#include "core/rules/rules-host.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"
#include "engine/base/guest-uses.h"
#include "engine/base/host-users.h"
#include "engine/base/vfio-use.h"
#include "engine/base/vfio-variant.h"
#include "host/files/taken-driver.h"
#include "host/pci/driver-binding.h"

static gboolean
refuse_override(const VasDevice *device, const VasHostBinding *binding, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "somebody wants %s on %s: its driver_override says so", address.text,
                binding->override);
    vas_error_set_hint(error, "--clear-override replaces it (driverctl list-overrides shows those "
                              "that come back at the next boot)");
    return FALSE;
}

static gboolean
is_foreign(const char *override)
{
    return override != NULL && !vas_driver_is_placeholder(override);
}

gboolean
vas_host_driver_decide_detach(const VasHostDriverCase *c, const VasDevice *device,
                              VasHostBinding *binding, gboolean *ret_already, GError **error)
{
    gboolean as_wished = c->driver != NULL ? g_strcmp0(binding->driver, c->driver) == 0
                                           : vas_driver_is_vfio(binding->driver);
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);

    if (!vas_rules_check_host_detach(c->inventory, device, c->request->force, overridden, error) ||
        !vas_host_users_check(c->context, device, c->request->force, overridden, error) ||
        !vas_vfio_use_check(c->context, c->inventory, c->inventory, device->address, error))
        return FALSE;
    vas_context_tell_overridden(c->context, device->address, overridden);
    binding->overridden = g_steal_pointer(&overridden);
    if (!as_wished && is_foreign(binding->override) && !c->request->clear_override)
        return refuse_override(device, binding, error);
    *ret_already = as_wished;
    if (as_wished)
        return TRUE;
    vas_guest_uses_note(c->context, c->inventory, device);
    if (c->driver == NULL)
        binding->expected = vas_vfio_variant_expected(c->context, device, NULL);
    return TRUE;
}

/* driverctl may put the device on a driver at each boot: a placeholder is in the way; a host driver
 * is what the device had before somebody took it, whatever the kernel would choose. */
static gboolean
heed_driverctl(const VasHostDriverCase *c, const VasDevice *device, VasHostBinding *binding,
               GError **error)
{
    g_autofree char *driver = vas_driver_persistent_override(c->context->host, device->address);
    g_autofree char *path = vas_driver_persistent_override_path(device->address);
    VasPciAddressText address = vas_host_address_text(device->address);

    if (driver == NULL)
        return TRUE;
    if (c->request->clear_override) {
        vas_context_progress(c->context, VAS_PROGRESS_NOTE, 0, 0,
                             "driverctl puts %s on %s again at the next boot: %s", address.text,
                             driver, path);
        return TRUE;
    }
    if (!vas_driver_is_placeholder(driver) && binding->keep_override)
        return TRUE;
    if (!vas_driver_is_placeholder(driver)) {
        vas_context_progress(c->context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s goes to %s, as driverctl has it: %s", address.text, driver, path);
        binding->wanted = g_steal_pointer(&driver);
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "driverctl keeps %s on %s (%s)", address.text,
                driver, path);
    vas_error_set_hint(error,
                       "for good: driverctl unset-override %s; until the next boot: "
                       "--clear-override",
                       address.text);
    return FALSE;
}

gboolean
vas_host_driver_decide_reattach(const VasHostDriverCase *c, const VasDevice *device,
                                VasHostBinding *binding, gboolean *ret_already, GError **error)
{
    if (!vas_rules_check_endpoint(device, error))
        return FALSE;
    if (vas_driver_is_host(binding->driver)) {
        *ret_already = TRUE;
        return TRUE;
    }
    if (!vas_rules_check_host_reattach(c->inventory, device, error) ||
        !vas_vfio_use_check(c->context, c->inventory, c->inventory, device->address, error))
        return FALSE;
    *ret_already = FALSE;
    binding->keep_override = is_foreign(binding->override) && !c->request->clear_override;
    if (!c->request->clear_override)
        binding->taken = vas_taken_driver_read(c->context->host, device->address);
    if (!heed_driverctl(c, device, binding, error))
        return FALSE;
    if (binding->keep_override)
        vas_context_progress(c->context, VAS_PROGRESS_NOTE, 0, 0,
                             "the driver_override of %s, %s, stays: somebody else set it",
                             vas_host_address_text(device->address).text, binding->override);
    return TRUE;
}
