/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/refusal.h"

#include "core/value/error.h"

gboolean
vas_refusal_spares_others(const GError *refusal)
{
    return !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_USAGE) &&
           !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_INVALID) &&
           !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNREACHABLE) &&
           !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_INTERRUPTED);
}

VasResult *
vas_refusal_take_result(const VasGuest *guest, const VasDevice *device, const char *name,
                        GError *refusal)
{
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    VasResult *result = NULL;

    if (device != NULL) {
        subject->has_device = TRUE;
        subject->device = device->address;
    }
    result = vas_result_new(guest != NULL ? guest->name : NULL, subject);
    result->outcome = VAS_OUTCOME_FAILED;
    result->error = refusal;
    if (device == NULL) {
        result->name = g_strdup(name);
        return result;
    }
    result->driver = g_strdup(device->driver);
    if (guest == NULL) {
        result->driver_before = g_strdup(device->driver);
        return result;
    }
    result->live = vas_guest_definition_has_device(guest->live, device->address);
    result->config = vas_guest_definition_has_device(guest->config, device->address);
    return result;
}
