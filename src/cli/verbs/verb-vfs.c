/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/json-device.h"
#include "cli/output/json-result.h"
#include "cli/output/result-text.h"
#include "cli/output/vfs-text.h"
#include "core/value/error.h"
#include "engine/base/device-names.h"
#include "engine/verbs/vfs.h"

static gboolean
show(VasInvocation *invocation, const char *name, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(VasPf) pf = NULL;

    if (options->persist || options->autoprobe != NULL || options->dry_run ||
        options->timeout != VAS_TIMEOUT_DEFAULT) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "vfs: %s goes with a COUNT",
                    options->persist             ? "--persist"
                    : options->dry_run           ? "--dry-run"
                    : options->autoprobe != NULL ? "--autoprobe"
                                                 : "--timeout");
        vas_error_set_hint(error, "see virt-assign vfs --help");
        return FALSE;
    }
    if (!vas_vfs_read(invocation->context, name, &pf, error) ||
        !vas_interrupt_check(invocation->context->interrupt, error))
        return FALSE;
    vas_json_add_pf(invocation->json, pf, NULL);
    vas_device_names_complete(pf->inventory);
    vas_vfs_text_pf(invocation->text, &invocation->terminal, pf);
    return TRUE;
}

/* sriov_numvfs is a 16-bit register (PCI Express Base 9.3.3.7, NumVFs). */
static gboolean
read_count(const char *text, guint *ret_count, GError **error)
{
    guint64 count;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &count, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "COUNT: \"%s\" is not a number from 0 to %d", text, G_MAXUINT16);
        return FALSE;
    }
    *ret_count = (guint) count;
    return TRUE;
}

static gboolean
read_autoprobe(const char *text, VasAutoprobeWish *ret_wish, GError **error)
{
    int on = -1;

    if (!vas_option_read_on_off("autoprobe", text, &on, error))
        return FALSE;
    *ret_wish = on < 0 ? VAS_AUTOPROBE_AS_IS : on > 0 ? VAS_AUTOPROBE_ON : VAS_AUTOPROBE_OFF;
    return TRUE;
}

static gboolean
change(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    VasVfsRequest request = {
        .pf = arguments[0],
        .persist = options->persist,
        .timeout = (guint) options->timeout,
        .dry_run = options->dry_run,
    };
    g_autoptr(VasPf) pf = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    const VasResult *result = NULL;

    if (!read_count(arguments[1], &request.count, error) ||
        !read_autoprobe(options->autoprobe, &request.autoprobe, error) ||
        !vas_vfs_set(invocation->context, &request, &pf, &results, &steps, error))
        return FALSE;
    result = g_ptr_array_index(results, 0);
    vas_json_add_pf(invocation->json, pf, vas_outcome_name(result->outcome));
    if (steps != NULL) {
        vas_json_add_steps(invocation->json, steps, results);
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    }
    if (result->outcome != VAS_OUTCOME_PLANNED)
        vas_vfs_text_change(invocation->text, &invocation->terminal, pf, result->outcome);
    return TRUE;
}

static gboolean
run_vfs(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    if (arguments[1] == NULL)
        return show(invocation, arguments[0], error);
    return change(invocation, arguments, error);
}

static const VasOption options[] = {
    VAS_TEXT_OPTION(
        "autoprobe", autoprobe, "on|off", VAS_COMPLETE_ON_OFF,
        "off: no host driver takes new or returned VFs, so they get no interface on the "
        "host that its network manager would grab; kept with --persist, too"),
    VAS_DRY_RUN_OPTION,
    VAS_FLAG_OPTION("persist", persist,
                    "make it so at each boot, too, by a udev rule; with COUNT 0 remove the rule"),
    VAS_NUMBER_OPTION(
        "timeout", timeout, 1, VAS_TIMEOUT_MAX, "S",
        "seconds to wait for another command that has the PF or a VF of it, and for udev "
        "and libvirt to know the VFs (60)"),
    {0},
};

static const char *const examples[] = {
    "virt-assign vfs enp1s0",
    "virt-assign vfs enp1s0 4 --persist",
    "virt-assign vfs 0000:01:00.0 7 --autoprobe off",
    NULL,
};

const VasVerb vas_verb_vfs = {
    .name = "vfs",
    .arguments = "PF [COUNT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "show how many VFs a PF has, or set it",
    .description =
        "Without COUNT: how many VFs the PF has, how many it can have and gets at each boot, and "
        "the guests that have them. With COUNT it gives the PF that many; it has to run on the "
        "host itself, as root.\n\n"
        "The kernel changes a number other than 0 through 0 only: all VFs go, and new ones come. "
        "So it is refused, with exit status 4, while a guest has one of them, running or in its "
        "config. It is done when kernel, udev and libvirt agree on the VFs; what fails is taken "
        "back to the number before.\n\n"
        "--persist writes nothing if another program keeps the same number already, and is "
        "refused, with exit status 4, if one keeps another.\n\n"
        "Without --persist the number lasts until the next boot, or until the PF's driver is "
        "loaded anew.",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_PF, VAS_COMPLETE_NOTHING},
    /* libvirt is only asked: all that is written goes to the kernel and to a udev rule. */
    .connection = VAS_CONNECTION_READ,
    .run = run_vfs,
};
