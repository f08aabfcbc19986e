/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/qemu-lines.h"

#include "core/inventory/iommu-group.h"
#include "core/place/slots.h"
#include "core/value/error.h"
#include "core/value/shell-word.h"

#include <string.h>

static const char *const format_names[] = {"libvirt", "qemu", "qmp", "hmp"};
G_STATIC_ASSERT(G_N_ELEMENTS(format_names) == VAS_FORMAT_COUNT);

const char *
vas_format_name(VasFormat format)
{
    return format_names[format];
}

gboolean
vas_format_parse(const char *text, VasFormat *ret_format, GError **error)
{
    for (int i = 0; i < VAS_FORMAT_COUNT; i++) {
        if (strcmp(text, format_names[i]) == 0) {
            *ret_format = (VasFormat) i;
            return TRUE;
        }
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" is not a format: it is libvirt, qemu, qmp or hmp", text);
    return FALSE;
}

void
vas_qemu_lines_free(VasQemuLines *lines)
{
    if (lines == NULL)
        return;
    g_ptr_array_unref(lines->before);
    g_ptr_array_unref(lines->plug);
    g_ptr_array_unref(lines->unplug);
    g_ptr_array_unref(lines->after);
    g_free(lines->mates);
    g_free(lines);
}

static void add(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add(GPtrArray *lines, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(lines, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* The name that libvirt gives the bus on QEMU's command line (virDomainControllerAliasFind in its
 * src/conf/domain_conf.c): the controller's alias, which the user may have chosen. NULL: QEMU's own
 * root bus, whatever it is called. */
static char *
bus_name(const VasGuestDefinition *definition, guint bus)
{
    const VasPciController *controller = definition != NULL ? vas_slots_bus(definition, bus) : NULL;

    if (bus == 0)
        return controller == NULL
                   ? NULL
                   : g_strdup(controller->model == VAS_PCIE_ROOT ? "pcie.0" : "pci.0");
    for (guint i = 0; controller != NULL && i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        if (controller->has_address &&
            vas_guest_address_equal(occupant->address, controller->address) &&
            vas_alias_check(occupant->name, NULL))
            return g_strdup(occupant->name);
    }
    return g_strdup_printf("pci.%u", bus);
}

/* QEMU does not make the port by itself, as libvirt does, nor can it be plugged in. */
static char *
missing_port(const VasGuestDefinition *definition, guint bus)
{
    if (definition == NULL || vas_slots_bus(definition, bus) != NULL)
        return NULL;
    if (vas_slots_port_model(definition) == VAS_PCIE_ROOT_PORT)
        return g_strdup_printf("-device pcie-root-port,id=pci.%u,bus=pcie.0,chassis=%u", bus, bus);
    return g_strdup_printf("-device pci-bridge,id=pci.%u,bus=pci.0,chassis_nr=%u", bus, bus);
}

/* A device's properties, in both ways to write them. */
typedef struct {
    GString *plain; /* ",name=value" */
    GString *json;  /* ", "name": "value"" */
} Properties;

static void
add_text(Properties *properties, const char *name, const char *value)
{
    g_string_append_printf(properties->plain, ",%s=%s", name, value);
    g_string_append_printf(properties->json, ", \"%s\": \"%s\"", name, value);
}

static void
add_number(Properties *properties, const char *name, int number)
{
    if (number == 0)
        return;
    g_string_append_printf(properties->plain, ",%s=%d", name, number);
    g_string_append_printf(properties->json, ", \"%s\": %d", name, number);
}

static void
add_properties(Properties *properties, const VasPreview *preview)
{
    const VasAssignment *assignment = preview->assignment;
    guint bus = assignment->guest_address.pci.bus;
    g_autofree char *name =
        assignment->has_guest_address ? bus_name(preview->definition, bus) : NULL;
    g_autofree char *slot = g_strdup_printf("0x%x", assignment->guest_address.pci.slot);

    add_text(properties, "host", vas_host_address_text(assignment->device).text);
    add_text(properties, "id", assignment->alias);
    if (name != NULL)
        add_text(properties, "bus", name);
    if (assignment->has_guest_address)
        add_text(properties, "addr", slot);
    add_number(properties, "acpi-index", assignment->acpi_index);
    add_number(properties, "bootindex", assignment->boot_order);
}

static void
add_monitor_lines(VasQemuLines *lines, const VasPreview *preview, VasFormat format)
{
    g_autoptr(GString) plain = g_string_new("vfio-pci");
    g_autoptr(GString) json = g_string_new("\"driver\": \"vfio-pci\"");
    Properties properties = {plain, json};
    const char *alias = preview->assignment->alias;

    add_properties(&properties, preview);
    switch (format) {
    case VAS_FORMAT_LIBVIRT:
    case VAS_FORMAT_COUNT:
        break;
    case VAS_FORMAT_QEMU:
        add(lines->plug, "-device %s", plain->str);
        break;
    case VAS_FORMAT_QMP:
        add(lines->plug, "{\"execute\": \"device_add\", \"arguments\": {%s}}", json->str);
        add(lines->unplug, "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"%s\"}}", alias);
        break;
    case VAS_FORMAT_HMP:
        add(lines->plug, "device_add %s", plain->str);
        add(lines->unplug, "device_del %s", alias);
        break;
    }
}

/* libvirt sets these at the PF by itself. */
static void
add_vf_lines(VasQemuLines *lines, const VasPreview *preview)
{
    const VasAssignment *assignment = preview->assignment;
    const VasDevice *pf = vas_inventory_pf_of(preview->inventory, preview->device);
    g_autofree char *interface =
        pf != NULL && pf->interface != NULL ? vas_shell_word(pf->interface) : NULL;
    int vf = preview->device->vf_index;

    if (interface == NULL || vf < 0)
        return;
    if (assignment->has_mac)
        add(lines->before, "ip link set %s vf %d mac %s", interface, vf,
            vas_mac_address_text(assignment->mac).text);
    if (assignment->vlan < 0)
        return;
    add(lines->before, "ip link set %s vf %d vlan %d", interface, vf, assignment->vlan);
    add(lines->after, "ip link set %s vf %d vlan 0", interface, vf);
}

static void
add_driver_lines(VasQemuLines *lines, VasHostAddress device)
{
    VasPciAddressText address = vas_host_address_text(device);
    g_autofree char *folder = g_strconcat("/sys/bus/pci/devices/", address.text, NULL);

    add(lines->before, "modprobe vfio-pci");
    add(lines->before, "echo vfio-pci > %s/driver_override", folder);
    add(lines->before, "test ! -e %s/driver || echo %s > %s/driver/unbind", folder, address.text,
        folder);
    add(lines->before, "echo %s > /sys/bus/pci/drivers_probe", address.text);
    add(lines->after, "echo > %s/driver_override", folder);
    add(lines->after, "echo %s > %s/driver/unbind", address.text, folder);
    add(lines->after, "echo %s > /sys/bus/pci/drivers_probe", address.text);
}

static char *
list_mates(const VasPreview *preview)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(preview->inventory, preview->device);
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < mates->len; i++)
        g_string_append_printf(
            list, "%s%s", i > 0 ? ", " : "",
            vas_host_address_text(((const VasDevice *) g_ptr_array_index(mates, i))->address).text);
    return list->len > 0 ? g_strdup(list->str) : NULL;
}

VasQemuLines *
vas_qemu_lines(const VasPreview *preview, VasFormat format)
{
    const VasAssignment *assignment = preview->assignment;
    VasQemuLines *lines = g_new(VasQemuLines, 1);
    g_autofree char *port = NULL;

    lines->before = g_ptr_array_new_with_free_func(g_free);
    lines->plug = g_ptr_array_new_with_free_func(g_free);
    lines->unplug = g_ptr_array_new_with_free_func(g_free);
    lines->after = g_ptr_array_new_with_free_func(g_free);
    lines->mates = list_mates(preview);
    add_vf_lines(lines, preview);
    add_driver_lines(lines, assignment->device);
    if (assignment->has_guest_address)
        port = missing_port(preview->definition, assignment->guest_address.pci.bus);
    if (port != NULL)
        add(format == VAS_FORMAT_QEMU ? lines->plug : lines->before, "%s%s",
            format == VAS_FORMAT_QEMU ? "" : "start QEMU with ", port);
    add_monitor_lines(lines, preview, format);
    return lines;
}

static void
append(GString *text, const char *lead, const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s%s\n", lead, (const char *) g_ptr_array_index(lines, i));
}

void
vas_qemu_text(GString *text, const VasPreview *preview, const VasQemuLines *lines)
{
    g_string_append_printf(
        text,
        "# %s for a QEMU without libvirt. Do not give it to a guest of libvirt's in this way:\n"
        "# libvirt would not know, and give the device to another guest. For these: virt-assign "
        "attach\n",
        vas_host_address_text(preview->assignment->device).text);
    if (lines->mates != NULL)
        g_string_append_printf(
            text, "# VFIO must have the others of its IOMMU group, too, by the same commands: %s\n",
            lines->mates);
    g_string_append(text, "# before, as root:\n");
    append(text, "#   ", lines->before);
    append(text, "", lines->plug);
    if (lines->unplug->len > 0) {
        g_string_append(text, "# out again; QEMU has it until it says DEVICE_DELETED:\n");
        append(text, "", lines->unplug);
    }
    g_string_append(text, "# when QEMU has it no more, as root:\n");
    append(text, "#   ", lines->after);
}

void
vas_json_add_qemu(JsonBuilder *json, const VasQemuLines *lines)
{
    if (lines == NULL) {
        vas_json_add_null(json, "qemu");
        return;
    }
    vas_json_begin_member(json, "qemu", json_builder_begin_object);
    vas_json_add_texts(json, "before", lines->before);
    vas_json_add_texts(json, "plug", lines->plug);
    vas_json_add_texts(json, "unplug", lines->unplug);
    vas_json_add_texts(json, "after", lines->after);
    json_builder_end_object(json);
}
