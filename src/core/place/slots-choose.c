/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-choose.h"

#include "core/place/pci-bus.h"
#include "core/place/slots-advice.h"
#include "core/place/slots-firmware.h"
#include "core/place/slots.h"
#include "core/value/error.h"

/* How picky a pass over the addresses is. */
typedef struct {
    gboolean suiting; /* the request's own preference counts */
    gboolean hot; /* the bus allows a hot-plug: if the guest does not run yet, it may come later */
    gboolean clear; /* free in the definition that the device is not added to, too */
} Demands;

static gboolean
is_acceptable(const VasSlotRequest *request, VasGuestAddress address, Demands demands)
{
    g_autofree char *obstacle = vas_slots_obstacle(request, address);

    return obstacle == NULL &&
           (!demands.clear || request->live == NULL ||
            vas_slots_holder(request->live, address) == NULL) &&
           (!demands.suiting || vas_slot_request_suits(request, address));
}

/* The lower the better: kind of bus, NUMA node, bus, slot. */
static guint
rank_of(const VasSlotRequest *request, VasGuestAddress address)
{
    const VasGuestDefinition *definition = vas_slot_request_definition(request);
    const VasPciController *controller = vas_slots_bus(definition, address.pci.bus);
    guint of_other_kind =
        vas_pci_bus_rules(controller->model).express == vas_slot_request_is_express(request) ? 0
                                                                                             : 1;
    int wanted = request->device != NULL ? request->device->numa_node : -1;
    int node = vas_slots_host_node(definition, address.pci.bus);
    guint distance = 1;

    if (node >= 0)
        distance = node == wanted ? 0 : 2;
    return of_other_kind << 16 | distance << 14 | (guint) address.pci.bus << 5 | address.pci.slot;
}

static gboolean
choose_existing(const VasSlotRequest *request, Demands demands, VasGuestAddress *ret_address)
{
    g_autoptr(GArray) candidates =
        vas_slots_free(vas_slot_request_definition(request), demands.hot);
    guint best = G_MAXUINT;

    for (guint i = 0; i < candidates->len; i++) {
        VasGuestAddress address = g_array_index(candidates, VasGuestAddress, i);
        guint rank = rank_of(request, address);

        if (rank >= best || !is_acceptable(request, address, demands))
            continue;
        best = rank;
        *ret_address = address;
    }
    return best != G_MAXUINT;
}

/* The first bus that libvirt has yet to add and that nobody was promised. */
static gboolean
choose_new_bus(const VasSlotRequest *request, gboolean suiting, VasGuestAddress *ret_address)
{
    VasPciModel model = vas_slots_new_bus(vas_slot_request_definition(request));
    guint last = 0;
    guint end = 0;

    if (vas_slot_request_is_hot(request) || model == VAS_PCI_MODEL_UNKNOWN)
        return FALSE;
    last = vas_slots_last_bus(request->config);
    end = MIN(last + vas_slots_firmware_room(request->config), VAS_PCI_BUS_MAX);
    for (guint bus = last + 1; bus <= end; bus++) {
        VasGuestAddress address = {
            {.bus = (guint8) bus, .slot = vas_pci_bus_rules(model).first_slot}};

        if (vas_slot_request_is_reserved(request, address))
            continue;
        *ret_address = address;
        return !suiting || vas_slot_request_suits(request, address);
    }
    return FALSE;
}

static gboolean
choose(const VasSlotRequest *request, gboolean suiting, VasGuestAddress *ret_address)
{
    const Demands clear = {.suiting = suiting, .hot = TRUE, .clear = TRUE};
    const Demands hot = {.suiting = suiting, .hot = TRUE};
    const Demands any = {.suiting = suiting, .hot = vas_slot_request_is_hot(request)};

    return choose_existing(request, clear, ret_address) ||
           choose_existing(request, hot, ret_address) ||
           choose_new_bus(request, suiting, ret_address) ||
           choose_existing(request, any, ret_address);
}

static void
set_no_slot(const VasSlotRequest *request, GError **error)
{
    g_autofree char *places = vas_slots_describe(request);
    g_autofree char *way_out = vas_slots_way_out(request);

    if (!vas_slots_has_pci(vas_slot_request_definition(request)))
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT, "the guest's machine has no PCI");
    else if (places != NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT, "the guest has no free slot%s: %s",
                    vas_slot_request_is_hot(request) ? " that can be hot-plugged" : "", places);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_NO_SLOT,
                    "the guest has no port and no bus that takes a %sdevice",
                    vas_slot_request_is_hot(request) ? "hot-plugged " : "");
    vas_error_set_hint(error, "%s", way_out);
}

gboolean
vas_slots_choose(const VasSlotRequest *request, VasGuestAddress *ret_address, GError **error)
{
    if (choose(request, TRUE, ret_address) || choose(request, FALSE, ret_address))
        return TRUE;
    set_no_slot(request, error);
    return FALSE;
}
