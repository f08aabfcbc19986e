/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical-display.h"

#include "host/pci/device-path.h"
#include "host/system/sysfs.h"

#include <string.h>

/* The bound driver of the virtual terminals with @kind in its name ("(M) frame buffer device",
 * "(S) VGA+": show_name in drivers/tty/vt/vt.c); NULL: none. Returns full. */
static char *
find_console(const VasHost *host, const char *kind)
{
    g_auto(GStrv) consoles = vas_sysfs_list(host, "/sys/class/vtconsole");

    for (guint i = 0; consoles[i] != NULL; i++) {
        g_autofree char *folder = g_build_filename("/sys/class/vtconsole", consoles[i], NULL);
        g_autofree char *name_path = g_build_filename(folder, "name", NULL);
        g_autofree char *bind_path = g_build_filename(folder, "bind", NULL);
        g_autofree char *name = vas_sysfs_read(host, name_path, NULL);
        g_autofree char *bound = vas_sysfs_read(host, bind_path, NULL);

        if (name != NULL && strstr(name, kind) != NULL && g_strcmp0(bound, "1") == 0)
            return g_steal_pointer(&folder);
    }
    return NULL;
}

/* The display that the firmware used. Empty: none. Returns full. */
static GArray *
find_boot_display(const VasHost *host)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    g_auto(GStrv) devices = vas_sysfs_list(host, "/sys/bus/pci/devices");

    for (guint i = 0; devices[i] != NULL; i++) {
        g_autofree char *path =
            g_build_filename("/sys/bus/pci/devices", devices[i], "boot_vga", NULL);
        g_autofree char *boot = vas_sysfs_read(host, path, NULL);
        VasHostAddress address;

        if (g_strcmp0(boot, "1") == 0 && vas_host_address_parse(devices[i], &address, NULL))
            g_array_append_val(found, address);
    }
    return found;
}

/* The PCI function of a frame buffer; the firmware's own (efifb, simpledrm) is a platform device
 * and stands for the boot display. Returns full. */
static GArray *
functions_of_frame_buffer(const VasHost *host, const char *name)
{
    g_autofree char *path = vas_device_path(host, "/sys/class/graphics", name);
    g_autoptr(GArray) functions = path != NULL ? vas_device_path_functions(path) : NULL;

    if (functions == NULL || functions->len == 0)
        return find_boot_display(host);
    g_array_remove_range(functions, 0, functions->len - 1);
    return g_steal_pointer(&functions);
}

static void
add_console(GPtrArray *consoles, const GArray *functions, const char *console, const char *shown_by)
{
    g_autofree char *reason =
        g_strdup_printf("the only display with a console (%s, %s)", console, shown_by);

    vas_critical_add(consoles, functions, reason);
}

static void
find_frame_buffers(const VasHost *host, const char *console, GPtrArray *consoles)
{
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/class/graphics");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GArray) functions = NULL;
        g_autofree char *path = g_build_filename("/sys/class/graphics", names[i], NULL);

        if (!g_str_has_prefix(names[i], "fb") || !g_ascii_isdigit(names[i][2]))
            continue;
        functions = functions_of_frame_buffer(host, names[i]);
        add_console(consoles, functions, console, path);
    }
}

/* Every display that shows the console: GPtrArray of VasCriticalUse. Returns full. */
static GPtrArray *
find_consoles(const VasHost *host)
{
    g_autofree char *frame_buffer_console = find_console(host, "frame buffer device");
    g_autofree char *text_console = find_console(host, "VGA+");
    GPtrArray *consoles = vas_critical_uses_new();

    if (frame_buffer_console != NULL)
        find_frame_buffers(host, frame_buffer_console, consoles);
    if (text_console != NULL) {
        g_autoptr(GArray) boot = find_boot_display(host);

        add_console(consoles, boot, text_console, "boot_vga");
    }
    return consoles;
}

void
vas_critical_find_display(const VasHost *host, GPtrArray *uses)
{
    g_autoptr(GPtrArray) consoles = find_consoles(host);
    const VasCriticalUse *first = consoles->len > 0 ? g_ptr_array_index(consoles, 0) : NULL;
    g_autoptr(GArray) functions = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; i < consoles->len; i++) {
        const VasCriticalUse *console = g_ptr_array_index(consoles, i);

        if (!vas_host_address_equal(console->function, first->function))
            return;
    }
    if (first == NULL)
        return;
    g_array_append_val(functions, first->function);
    vas_critical_add(uses, functions, first->reason);
}
