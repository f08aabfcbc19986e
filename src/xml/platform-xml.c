/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/platform-xml.h"

#include <string.h>

/* libosinfo's namespace, in which virt-install and virt-manager note the guest's system. */
#define LIBOSINFO_URI "http://libosinfo.org/xmlns/libvirt/domain/1.0"
#define AGENT_CHANNEL "org.qemu.guest_agent.0"

/* libvirt's units (virScaleInteger in src/util/virutil.c); without one it is KiB. */
static guint64
unit_of(const char *name)
{
    static const struct {
        const char *name;
        guint64 bytes;
    } units[] = {
        {"b", 1},
        {"bytes", 1},
        {"KB", 1000},
        {"k", 1024},
        {"KiB", 1024},
        {"MB", 1000 * 1000},
        {"M", 1024 * 1024},
        {"MiB", 1024 * 1024},
        {"GB", G_GUINT64_CONSTANT(1000000000)},
        {"G", G_GUINT64_CONSTANT(1) << 30},
        {"GiB", G_GUINT64_CONSTANT(1) << 30},
        {"TB", G_GUINT64_CONSTANT(1000000000000)},
        {"T", G_GUINT64_CONSTANT(1) << 40},
        {"TiB", G_GUINT64_CONSTANT(1) << 40},
    };

    for (guint i = 0; name != NULL && i < G_N_ELEMENTS(units); i++) {
        if (g_str_equal(name, units[i].name))
            return units[i].bytes;
    }
    return 1024;
}

/* Reads an amount, in bytes; 0: it is not there, or is not an amount. */
static guint64
read_amount(const xmlNode *parent, const char *name)
{
    const xmlNode *node = parent != NULL ? vas_node_child(parent, name) : NULL;
    g_autofree char *unit = node != NULL ? vas_node_attribute(node, "unit") : NULL;
    guint64 factor = unit_of(unit);
    guint64 number;

    if (node == NULL || !vas_node_text_uint(node, G_MAXUINT64 / factor, &number))
        return 0;
    return number * factor;
}

static void
read_memory(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *backing = vas_node_child(domain, "memoryBacking");

    platform->memory = MAX(read_amount(domain, "memory"), read_amount(domain, "maxMemory"));
    platform->memory_limit = read_amount(vas_node_child(domain, "memtune"), "hard_limit");
    platform->memory_locked = backing != NULL && vas_node_child(backing, "locked") != NULL;
}

static void
read_cpu(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *os = vas_node_child(domain, "os");
    const xmlNode *type = os != NULL ? vas_node_child(os, "type") : NULL;
    const xmlNode *cpu = vas_node_child(domain, "cpu");
    const xmlNode *model = cpu != NULL ? vas_node_child(cpu, "model") : NULL;

    platform->architecture = type != NULL ? vas_node_attribute(type, "arch") : NULL;
    platform->cpu_mode = cpu != NULL ? vas_node_attribute(cpu, "mode") : NULL;
    platform->cpu_model = model != NULL ? vas_node_text(model) : NULL;
}

/* <channel><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel>. */
static void
read_agent(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *devices = vas_node_child(domain, "devices");
    const xmlNode *channel = devices != NULL ? vas_node_child(devices, "channel") : NULL;

    for (; channel != NULL; channel = vas_node_next(channel, "channel")) {
        const xmlNode *target = vas_node_child(channel, "target");

        if (target == NULL || !vas_node_attribute_is(target, "name", AGENT_CHANNEL))
            continue;
        platform->agent_channel = TRUE;
        platform->agent_connected = vas_node_attribute_is(target, "state", "connected");
        return;
    }
}

static void
read_iommu(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *devices = vas_node_child(domain, "devices");
    const xmlNode *iommu = devices != NULL ? vas_node_child(devices, "iommu") : NULL;
    const xmlNode *driver = iommu != NULL ? vas_node_child(iommu, "driver") : NULL;

    platform->blind_iommu =
        iommu != NULL && vas_node_attribute_is(iommu, "model", "intel") &&
        (driver == NULL || !vas_node_attribute_is(driver, "caching_mode", "on"));
}

/* <controller type='pci' index='0' ...><pcihole64 unit='KiB'>1048576</pcihole64></controller>. */
static void
read_pci_hole(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *devices = vas_node_child(domain, "devices");
    const xmlNode *controller = devices != NULL ? vas_node_child(devices, "controller") : NULL;

    for (; controller != NULL; controller = vas_node_next(controller, "controller")) {
        if (!vas_node_attribute_is(controller, "type", "pci") ||
            !vas_node_attribute_is(controller, "index", "0") ||
            vas_node_child(controller, "pcihole64") == NULL)
            continue;
        platform->has_pci_hole64 = TRUE;
        platform->pci_hole64 = read_amount(controller, "pcihole64");
    }
}

static void
read_system(const xmlNode *domain, VasGuestPlatform *platform)
{
    const xmlNode *metadata = vas_node_child(domain, "metadata");
    const xmlNode *info =
        metadata != NULL ? vas_node_child_in(metadata, LIBOSINFO_URI, "libosinfo") : NULL;
    const xmlNode *system = info != NULL ? vas_node_child_in(info, LIBOSINFO_URI, "os") : NULL;

    if (system != NULL)
        platform->system = vas_node_attribute(system, "id");
}

void
vas_platform_xml_read(const xmlNode *domain, VasGuestPlatform *platform)
{
    read_memory(domain, platform);
    read_cpu(domain, platform);
    read_iommu(domain, platform);
    read_pci_hole(domain, platform);
    read_agent(domain, platform);
    read_system(domain, platform);
}
