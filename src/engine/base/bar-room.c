/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/bar-room.h"

#include "core/place/machine.h"
#include "host/pci/endpoint.h"

#define MIB (G_GUINT64_CONSTANT(1) << 20)
#define GIB (G_GUINT64_CONSTANT(1) << 30)

static void
add_bars(const VasContext *context, VasHostAddress device, VasLargeBars *bars)
{
    guint64 largest = 0;

    bars->sum += vas_endpoint_large_bars(context->host, device, &largest);
    bars->largest = MAX(bars->largest, largest);
}

gboolean
vas_bar_room_measure(const VasContext *context, const VasGuestDefinition *definition,
                     VasHostAddress device, VasBarRoom *ret_room)
{
    VasLargeBars bars = {0};
    VasBarRoom room = {0};

    if (context->host == NULL || !vas_bar_window_size(definition, &room.window))
        return FALSE;
    add_bars(context, device, &bars);
    room.bars = bars.sum;
    for (guint i = 0; i < definition->assignments->len; i++) {
        const VasAssignment *other = g_ptr_array_index(definition->assignments, i);

        if (other->has_device && !vas_host_address_equal(other->device, device))
            add_bars(context, other->device, &bars);
    }
    room.needed = vas_bar_window_needed(bars);
    *ret_room = room;
    return TRUE;
}

gboolean
vas_bar_room_suffices(const VasBarRoom *room)
{
    return room->bars == 0 || room->needed <= room->window;
}

/* "64 GiB", "32 MiB", "4 KiB"; never less than it is. Returns full. */
static char *
describe_size(guint64 bytes)
{
    guint64 unit = bytes >= GIB ? GIB : bytes >= MIB ? MIB : 1024;

    return g_strdup_printf("%" G_GUINT64_FORMAT " %s", bytes / unit + (bytes % unit != 0),
                           unit == GIB   ? "GiB"
                           : unit == MIB ? "MiB"
                                         : "KiB");
}

char *
vas_bar_room_describe(const VasBarRoom *room)
{
    g_autofree char *bars = describe_size(room->bars);
    g_autofree char *needed = describe_size(room->needed);
    g_autofree char *window = describe_size(room->window);

    return g_strdup_printf("hot-plugged it may come without its memory: its 64-bit BARs take %s, "
                           "%s with the guest's other devices and alignment, and the guest's "
                           "machine has %s for them",
                           bars, needed, window);
}

char *
vas_bar_room_advice(const VasGuestDefinition *definition, const VasBarRoom *room)
{
    return g_strdup_printf("give the machine more at its next start, by <pcihole64 unit='GiB'>"
                           "%" G_GUINT64_FORMAT "</pcihole64> in its <controller type='pci' "
                           "index='0' model='%s'> (virsh edit %s); or attach with --config: at a "
                           "start the firmware makes room",
                           vas_bar_window_advised_gib(room->needed),
                           vas_machine_is_q35(definition->machine) ? "pcie-root" : "pci-root",
                           definition->guest);
}

void
vas_bar_room_note(const VasContext *context, const VasGuest *guest, VasHostAddress device)
{
    VasBarRoom room;
    g_autofree char *text = NULL;
    g_autofree char *advice = NULL;

    if (!vas_bar_room_measure(context, guest->live, device, &room) || vas_bar_room_suffices(&room))
        return;
    text = vas_bar_room_describe(&room);
    advice = vas_bar_room_advice(guest->live, &room);
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s: %s; %s",
                         vas_host_address_text(device).text, text, advice);
}
