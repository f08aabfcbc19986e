/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/output/topology-dot.h"
#include "cli/output/topology-svg.h"
#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/device-names.h"
#include "engine/base/scan.h"
#include "engine/journal/proof.h"
#include "engine/steps/vf-settings.h"
#include "host/sriov/sriov.h"

#include <string.h>

static gboolean
read_format(const VasOptions *options, gboolean *ret_is_dot, GError **error)
{
    const char *format = options->format != NULL ? options->format : "svg";

    if (options->json) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "topology: --json does not go with it: a picture is SVG or DOT");
        vas_error_set_hint(error, "list --json has the same facts");
        return FALSE;
    }
    if (strcmp(format, "svg") != 0 && strcmp(format, "dot") != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "--format: \"%s\" is not a format of a picture: it is svg or dot", format);
        return FALSE;
    }
    *ret_is_dot = strcmp(format, "dot") == 0;
    return TRUE;
}

/* The parts of the host that the picture shows. */
typedef struct {
    GHashTable *devices; /* set of VasDevice */
    GHashTable *guests;  /* set of VasGuest; NULL: none is named */
    GHashTable *facts;   /* VasTopologyFacts by VasDevice */
} Choice;

static void
choose_pf(const Choice *choice, const VasInventory *inventory, VasDevice *pf)
{
    g_hash_table_add(choice->devices, pf);
    for (guint i = 0; i < pf->vfs->len; i++) {
        VasDevice *vf =
            vas_inventory_find_device(inventory, g_array_index(pf->vfs, VasHostAddress, i));

        if (vf != NULL)
            g_hash_table_add(choice->devices, vf);
    }
}

static void
choose_all(const Choice *choice, const VasInventory *inventory)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (device->kind == VAS_DEVICE_PF)
            choose_pf(choice, inventory, device);
        else if (!vas_inventory_is_free(inventory, device))
            g_hash_table_add(choice->devices, device);
    }
}

static gboolean
choose_named(const Choice *choice, const VasInventory *inventory, const char *name, GError **error)
{
    VasDevice *device = NULL;
    VasGuest *guest = NULL;

    if (!vas_selector_any(inventory, name, &device, &guest, error))
        return FALSE;
    if (device != NULL && device->kind != VAS_DEVICE_PF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE, "%s is not an SR-IOV PF",
                    vas_host_address_text(device->address).text);
        vas_error_set_hint(error, "name PFs and guests; without a name all are drawn");
        return FALSE;
    }
    if (device != NULL) {
        choose_pf(choice, inventory, device);
        return TRUE;
    }
    g_hash_table_add(choice->guests, guest);
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *held = g_ptr_array_index(inventory->devices, i);

        if (vas_inventory_is_held_by(inventory, held, guest))
            g_hash_table_add(choice->devices, held);
    }
    return TRUE;
}

/* Settings that cannot be read are left out of the picture. */
static void
read_facts(const VasContext *context, const Choice *choice, VasDevice *device)
{
    g_autofree VasTopologyFacts *facts = g_new0(VasTopologyFacts, 1);
    g_autofree char *interface = NULL;
    g_autoptr(GError) failure = NULL;

    if (context->host != NULL && device->kind == VAS_DEVICE_PF)
        facts->knows_link =
            vas_sriov_read_link(context->host, device->address, &interface, &facts->is_up, NULL) &&
            interface != NULL;
    if (!vas_vf_settings_read(context, device, &facts->knows_settings, &facts->settings, &failure))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "settings of %s: %s",
                             vas_host_address_text(device->address).text, failure->message);
    facts->knows_settings = facts->knows_settings && failure == NULL;
    g_hash_table_insert(choice->facts, device, g_steal_pointer(&facts));
}

static VasTopology *
read_topology(const VasContext *context, const char *const *names, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    g_autoptr(GHashTable) devices = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) guests = names[0] != NULL ? g_hash_table_new(NULL, NULL) : NULL;
    g_autoptr(GHashTable) facts = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    const Choice choice = {devices, guests, facts};

    if (inventory == NULL)
        return NULL;
    for (guint i = 0; names[i] != NULL; i++) {
        if (!choose_named(&choice, inventory, names[i], error))
            return NULL;
    }
    if (names[0] == NULL)
        choose_all(&choice, inventory);
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (g_hash_table_contains(devices, device))
            read_facts(context, &choice, device);
    }
    for (guint i = 0; i < inventory->guests->len; i++)
        vas_proof_check_guest(context, g_ptr_array_index(inventory->guests, i));
    vas_device_names_complete(inventory);
    return vas_topology_new(inventory, devices, guests, facts);
}

static gboolean
run_topology(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    g_autoptr(VasTopology) topology = NULL;
    g_autofree char *picture = NULL;
    gboolean is_dot = FALSE;

    if (!read_format(invocation->options, &is_dot, error))
        return FALSE;
    topology = read_topology(invocation->context, arguments, error);
    if (topology == NULL)
        return FALSE;
    picture = is_dot ? vas_topology_dot(topology) : vas_topology_svg(topology);
    g_string_append(invocation->text, picture);
    return TRUE;
}

static const VasOption options[] = {
    VAS_TEXT_OPTION("format", format, "FORMAT", VAS_COMPLETE_PICTURE,
                    "svg (the default), for a browser, or dot, for Graphviz"),
    {0},
};

static const char *const examples[] = {
    "virt-assign topology >host.svg",
    "virt-assign topology enp1s0 db1 >part.svg",
    "virt-assign topology --format dot | dot -Tpdf >host.pdf",
    NULL,
};

const VasVerb vas_verb_topology = {
    .name = "topology",
    .arguments = "[GUEST|PF]...",
    .max_arguments = -1,
    .summary = "draw which guest has which device",
    .description =
        "Prints a picture: the PFs on their cards, with their VFs and what is set of them, the "
        "other devices that guests have, and the guests, with the guest address and the NIC name "
        "that each device gets there. How a guest stands to a device - has it, gets it at its "
        "next start, was asked to release it, has it otherwise than its config says - shows in "
        "the colour, the line and the sign at its end. Guests without such a device are left "
        "out.\n\n"
        "With names it draws these PFs, with all their VFs, and these guests, with all their "
        "devices, and the other guests that have any of them.",
    .examples = examples,
    .options = options,
    .completers = {VAS_COMPLETE_PF_OR_GUEST, VAS_COMPLETE_PF_OR_GUEST},
    .connection = VAS_CONNECTION_READ,
    .run = run_topology,
};
