/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-holders.h"

#include "core/report/finding.h"
#include "core/value/error.h"
#include "engine/base/vfio-use.h"
#include "host/need/device-users.h"

/* All of it is borrowed. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasDevice *device;
    const char *subject;
    GPtrArray *findings;
} HoldersCheck;

static VasFinding *
add(const HoldersCheck *check, VasFindingLevel level, const char *summary)
{
    return vas_findings_add(check->findings, "device.holders", level, check->subject, "%s",
                            summary);
}

/* Guests that only have it in their config can have it one after the other; *ret_other is one of
 * these, if there is one (borrowed). Returns full. */
static char *
describe_holders(const HoldersCheck *check, guint *ret_count, const VasGuest **ret_other)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(check->inventory, check->device);
    GString *names = g_string_new(NULL);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);

        g_string_append_printf(names, "%s%s%s", i > 0 ? ", " : "", holding->guest->name,
                               holding->live != NULL ? " (running)" : " (config)");
        if (holding->live == NULL || *ret_other == NULL)
            *ret_other = holding->guest;
    }
    *ret_count = holdings->len;
    return g_string_free(names, FALSE);
}

static void
check_holders(const HoldersCheck *check)
{
    guint count = 0;
    const VasGuest *other = NULL;
    g_autofree char *holders = describe_holders(check, &count, &other);
    VasFinding *finding = NULL;
    g_autoptr(GError) refusal = NULL;
    gboolean is_known = TRUE;

    if (!vas_vfio_use_look(check->context, check->inventory, check->device->address, &is_known,
                           &refusal)) {
        finding = add(check, VAS_FINDING_PROBLEM, refusal->message);
        vas_finding_set_evidence(finding, "fuser -v /dev/vfio/%d", check->device->iommu_group);
        if (vas_error_hint(refusal) != NULL)
            vas_finding_set_advice(finding, "%s", vas_error_hint(refusal));
        return;
    }
    if (count > 1) {
        finding =
            vas_findings_add(check->findings, "device.holders", VAS_FINDING_WARNING, check->subject,
                             "several guests have it, of which one can run at a time: %s", holders);
        vas_finding_set_advice(finding, "take it out of the others: virt-assign detach %s %s",
                               other->word, check->subject);
    } else if (count == 1) {
        finding = vas_findings_add(check->findings, "device.holders", VAS_FINDING_OK,
                                   check->subject, "one guest has it: %s", holders);
    } else if (vas_inventory_is_free(check->inventory, check->device)) {
        finding = add(check, VAS_FINDING_OK,
                      is_known ? "no guest has it"
                               : "no guest has it; whether a process holds it through VFIO only "
                                 "root can see");
    }
    if (finding != NULL)
        vas_finding_set_evidence(finding, "virsh dumpxml of all guests");
}

static void
check_users(const HoldersCheck *check)
{
    g_autoptr(GArray) usings = vas_inventory_usings(check->inventory, check->device);

    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);
        VasFinding *finding =
            vas_findings_add(check->findings, "device.holders", VAS_FINDING_WARNING, check->subject,
                             "guest %s uses it%s, %s", using->guest->name,
                             using->live ? "" : " in its config", using->use->means);

        vas_finding_set_evidence(finding, "%s", using->use->element);
        vas_finding_set_advice(finding,
                               using->takes
                                   ? "take that element out before another guest gets the device: "
                                     "virsh edit %s"
                                   : "the guest loses that when the device leaves the host: virsh "
                                     "edit %s",
                               using->guest->word);
    }
}

/* An unbind of the driver would wait for these. */
static void
check_processes(const HoldersCheck *check)
{
    g_autoptr(GPtrArray) users = NULL;
    gboolean are_all = TRUE;

    if (check->context->host == NULL || !vas_driver_is_host(check->device->driver))
        return;
    users = vas_device_users_find(check->context->host, check->device, &are_all);
    for (guint i = 0; i < users->len; i++) {
        VasFinding *finding = vas_findings_add(check->findings, "device.users", VAS_FINDING_WARNING,
                                               check->subject, "a process of the host uses it: %s",
                                               (const char *) g_ptr_array_index(users, i));

        vas_finding_set_evidence(finding, "/proc/PID/fd");
        vas_finding_set_advice(finding, "end that before the device leaves the host");
    }
    if (!are_all) {
        VasFinding *finding =
            vas_findings_add(check->findings, "device.users", VAS_FINDING_OK, check->subject,
                             "whether more processes use it only root can see");

        vas_finding_set_evidence(finding, "/proc/PID/fd");
    }
}

void
vas_check_holders(const VasContext *context, const VasInventory *inventory, const VasDevice *device,
                  GPtrArray *findings)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    const HoldersCheck check = {context, inventory, device, address.text, findings};

    check_holders(&check);
    check_users(&check);
    check_processes(&check);
}
