/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/device.h"

#include "core/value/error.h"

#include <string.h>

VasDevice *
vas_device_new(void)
{
    VasDevice *device = g_new0(VasDevice, 1);

    device->iommu_group = -1;
    device->numa_node = -1;
    device->vf_index = -1;
    device->secondary_bus = -1;
    device->vfs = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    device->group_members = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    device->other_names = g_ptr_array_new_with_free_func(g_free);
    device->critical = g_ptr_array_new_with_free_func(g_free);
    return device;
}

void
vas_device_free(VasDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->nodedev);
    g_free(device->vendor);
    g_free(device->product);
    g_free(device->class_name);
    g_free(device->vpd_serial);
    g_free(device->kernel_path);
    g_free(device->driver);
    g_array_unref(device->vfs);
    g_array_unref(device->group_members);
    g_free(device->port);
    g_free(device->interface);
    g_ptr_array_unref(device->other_names);
    g_ptr_array_unref(device->critical);
    g_free(device);
}

const char *
vas_device_port_in_name(const char *name)
{
    gsize digits = strlen(name);

    while (digits > 0 && g_ascii_isdigit(name[digits - 1]))
        digits--;
    if (!g_str_has_prefix(name, "en") || digits < 4 || name[digits] == '\0' ||
        name[digits - 1] != 'p' || name[digits - 2] != 'n' || !g_ascii_isdigit(name[digits - 3]))
        return NULL;
    return name + digits - 1;
}

void
vas_device_take_interface(VasDevice *device, char *name, const char *port)
{
    device->interface = name;
    if (device->kind != VAS_DEVICE_VF)
        device->port = g_strdup(port);
}

const char *
vas_device_kind_name(VasDeviceKind kind)
{
    switch (kind) {
    case VAS_DEVICE_FUNCTION:
        return "function";
    case VAS_DEVICE_PF:
        return "pf";
    case VAS_DEVICE_VF:
        return "vf";
    }
    return "function";
}

typedef struct {
    guint16 code; /* base class and subclass, or the base class alone */
    const char *label;
} ClassLabel;

/* PCI Code and ID Assignment Specification 1.11, section 1, in the words of pci.ids. */
static const ClassLabel subclass_labels[] = {
    {0x0100, "SCSI storage controller"},
    {0x0101, "IDE interface"},
    {0x0104, "RAID bus controller"},
    {0x0106, "SATA controller"},
    {0x0107, "Serial Attached SCSI controller"},
    {0x0108, "Non-Volatile memory controller"},
    {0x0200, "Ethernet controller"},
    {0x0207, "Infiniband controller"},
    {0x0208, "Fabric controller"},
    {0x0300, "VGA compatible controller"},
    {0x0302, "3D controller"},
    {0x0403, "Audio device"},
    {0x0500, "RAM memory"},
    {0x0502, "CXL"},
    {0x0600, "Host bridge"},
    {0x0601, "ISA bridge"},
    {0x0604, "PCI bridge"},
    {0x0700, "Serial controller"},
    {0x0800, "PIC"},
    {0x0805, "SD Host controller"},
    {0x0806, "IOMMU"},
    {0x0b40, "Co-processor"},
    {0x0c00, "FireWire (IEEE 1394)"},
    {0x0c03, "USB controller"},
    {0x0c04, "Fibre Channel"},
    {0x0c05, "SMBus"},
    {0x0c06, "InfiniBand"},
};

static const ClassLabel base_class_labels[] = {
    {0x00, "Unclassified device"},
    {0x01, "Mass storage controller"},
    {0x02, "Network controller"},
    {0x03, "Display controller"},
    {0x04, "Multimedia controller"},
    {0x05, "Memory controller"},
    {0x06, "Bridge"},
    {0x07, "Communication controller"},
    {0x08, "Generic system peripheral"},
    {0x09, "Input device controller"},
    {0x0a, "Docking station"},
    {0x0b, "Processor"},
    {0x0c, "Serial bus controller"},
    {0x0d, "Wireless controller"},
    {0x0e, "Intelligent controller"},
    {0x0f, "Satellite communications controller"},
    {0x10, "Encryption controller"},
    {0x11, "Signal processing controller"},
    {0x12, "Processing accelerators"},
    {0x13, "Non-Essential Instrumentation"},
    {0x40, "Coprocessor"},
};

static const char *
find_label(const ClassLabel *labels, gsize count, guint code)
{
    for (gsize i = 0; i < count; i++) {
        if (labels[i].code == code)
            return labels[i].label;
    }
    return NULL;
}

const char *
vas_device_class_label(guint32 class_code)
{
    const char *label =
        find_label(subclass_labels, G_N_ELEMENTS(subclass_labels), class_code >> 8 & 0xffff);

    if (label == NULL)
        label =
            find_label(base_class_labels, G_N_ELEMENTS(base_class_labels), class_code >> 16 & 0xff);
    return label != NULL ? label : "Unclassified device";
}

static const struct {
    const char *name;
    VasDeviceClass device_class;
} class_names[] = {
    {"net", VAS_CLASS_NET},         {"storage", VAS_CLASS_STORAGE}, {"usb", VAS_CLASS_USB},
    {"display", VAS_CLASS_DISPLAY}, {"all", VAS_CLASS_ALL},
};

gboolean
vas_device_class_parse(const char *text, VasDeviceClass *ret_class, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(class_names); i++) {
        if (strcmp(text, class_names[i].name) == 0) {
            *ret_class = class_names[i].device_class;
            return TRUE;
        }
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" is not a device class: it is one of net, storage, usb, display, all", text);
    return FALSE;
}

gboolean
vas_device_in_class(const VasDevice *device, VasDeviceClass device_class)
{
    guint base = device->class_code >> 16;

    switch (device_class) {
    case VAS_CLASS_ALL:
        return TRUE;
    case VAS_CLASS_NET:
        return base == 0x02;
    case VAS_CLASS_STORAGE:
        return base == 0x01;
    case VAS_CLASS_USB:
        return device->class_code >> 8 == 0x0c03;
    case VAS_CLASS_DISPLAY:
        return base == 0x03;
    }
    return FALSE;
}

gboolean
vas_device_is_fabric(const VasDevice *device)
{
    return device->class_code >> 8 == 0x0207 || device->class_code >> 8 == 0x0208;
}

VasNicKind
vas_device_nic_kind(const VasDevice *device)
{
    if (!vas_device_in_class(device, VAS_CLASS_NET))
        return VAS_NIC_NONE;
    return vas_device_is_fabric(device) ? VAS_NIC_INFINIBAND : VAS_NIC_ETHERNET;
}

gboolean
vas_device_is_chipset(const VasDevice *device)
{
    guint subclass = device->class_code >> 8;

    if (device->is_bridge)
        return TRUE;
    /* No part of a chipset has SR-IOV; QuickAssist VFs are co-processors, some accelerators call
     * themselves system peripherals. */
    if (device->kind != VAS_DEVICE_FUNCTION)
        return FALSE;
    switch (device->class_code >> 16) {
    case 0x05:
    case 0x06:
        return TRUE;
    case 0x08:
        return subclass != 0x0805; /* SD host controllers do something */
    case 0x0b:
        return subclass != 0x0b40; /* QuickAssist and other co-processor cards */
    case 0x0c:
        return subclass == 0x0c05;
    case 0x11:
        /* Performance counters; thermal sensors sit on the root bus, signal processing cards do
         * not. */
        return subclass == 0x1101 || device->address.pci.bus == 0;
    default:
        return FALSE;
    }
}

gboolean
vas_device_is_endpoint(const VasDevice *device)
{
    return !device->is_bridge && device->class_code >> 16 != 0x06;
}

gboolean
vas_driver_is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' &&
           name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-.+")] == '\0';
}

gboolean
vas_driver_is_vfio(const char *driver)
{
    return driver != NULL &&
           (g_str_has_suffix(driver, "vfio-pci") || g_str_has_suffix(driver, "vfio_pci"));
}

gboolean
vas_device_is_on_vfio(const VasDevice *device)
{
    return device->vfio_serves || vas_driver_is_vfio(device->driver);
}

gboolean
vas_driver_is_placeholder(const char *driver)
{
    return vas_driver_is_vfio(driver) || g_strcmp0(driver, "pci-stub") == 0;
}

gboolean
vas_driver_is_host(const char *driver)
{
    return driver != NULL && !vas_driver_is_placeholder(driver);
}
