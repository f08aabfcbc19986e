/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/json-guest.h"
#include "cli/output/json-result.h"
#include "cli/output/ports-text.h"
#include "cli/output/result-text.h"
#include "core/value/error.h"
#include "engine/verbs/ports.h"

static gboolean
show(VasInvocation *invocation, const char *guest, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(VasGuestPorts) ports = NULL;

    if (options->dry_run || options->force || options->timeout != VAS_TIMEOUT_DEFAULT) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "ports: %s goes with --add or --free",
                    options->dry_run ? "--dry-run"
                    : options->force ? "--force"
                                     : "--timeout");
        vas_error_set_hint(error, "see virt-assign ports --help");
        return FALSE;
    }
    ports = vas_ports_read(invocation->context, guest, error);
    if (ports == NULL || !vas_interrupt_check(invocation->context->interrupt, error))
        return FALSE;
    vas_json_add_ports(invocation->json, ports, NULL);
    vas_ports_text(invocation->text, &invocation->terminal, ports);
    return TRUE;
}

static gboolean
add(VasInvocation *invocation, const char *guest, GError **error)
{
    const VasOptions *options = invocation->options;
    const VasPortsRequest request = {
        .guest = guest,
        .count = (guint) options->add,
        .free = (guint) options->free_places,
        .force = options->force,
        .timeout = (guint) options->timeout,
        .dry_run = options->dry_run,
    };
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    if (!vas_ports_add(invocation->context, &request, &ports, &results, &steps, error))
        return FALSE;
    vas_json_add_ports(invocation->json, ports, vas_outcome_name(ports->outcome));
    if (steps != NULL)
        vas_json_add_steps(invocation->json, steps, results);
    if (steps != NULL && steps->len > 0)
        vas_result_text_steps(invocation->text, &invocation->terminal, steps);
    else
        vas_ports_text_added(invocation->text, &invocation->terminal, ports);
    return TRUE;
}

static gboolean
run_ports(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;

    if (options->add == 0 && options->free_places == 0)
        return show(invocation, arguments[0], error);
    if (options->add > 0 && options->free_places > 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "--add and --free exclude each other");
        return FALSE;
    }
    return add(invocation, arguments[0], error);
}

static const VasOption options[] = {
    VAS_NUMBER_OPTION("add", add, 1, VAS_PCI_BUS_MAX, "N",
                      "add N root ports (on a pc: bridges with 31 slots each) to the config"),
    VAS_DRY_RUN_OPTION,
    VAS_FLAG_OPTION("force", force,
                    "add them though NICs of the guest get other names; says which"),
    VAS_NUMBER_OPTION("free", free_places, 1, VAS_PCI_BUS_MAX, "N",
                      "add as many as it takes for N free places, and none if there are enough"),
    VAS_WAITING_OPTION("the guest"),
    {0},
};

static const char *const examples[] = {
    "virt-assign ports db1",
    "virt-assign ports db1 --add 4",
    "virt-assign ports db1 --add 4 --dry-run",
    "virt-assign ports db1 --free 4",
    NULL,
};

const VasVerb vas_verb_ports = {
    .name = "ports",
    .arguments = "GUEST",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "show where a guest can take devices, or give it more places",
    .description =
        "Lists the guest's PCI buses that take devices: whether by hot-plug or from the config "
        "only, what is free, who has the others, and whom the config promises one that is not "
        "there now. The guest's own number of a bus, which the names of its NICs are made of, "
        "stands beside libvirt's, which guest addresses are made of.\n\n"
        "--add gives the config more root ports, or, for a pc machine, more pci-bridges. libvirt "
        "cannot add one to a running guest: they are there from its next start on. They go behind "
        "all that is there, so that no address and no bus number changes. Where that cannot be "
        "had and a NIC of the guest would get another name, it is refused, with exit status 4, "
        "unless with --force. Afterwards it is proven that everything in the config is where it "
        "was; else the ports are taken out again.\n\n"
        "--free counts what is free in the config, so that the same command again adds nothing.",
    .examples = examples,
    .options = options,
    .changes = TRUE,
    .completers = {VAS_COMPLETE_GUEST, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_ADD,
    .run = run_ports,
};
