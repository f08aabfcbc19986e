/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"
#include "xml/domain-xml.h"

#define MIB (G_GUINT64_CONSTANT(1) << 20)

static VasGuestDefinition *
parse(const char *content)
{
    g_autofree char *xml = g_strdup_printf("<domain type='kvm'>%s</domain>", content);
    g_autoptr(GError) error = NULL;
    VasGuestDefinition *definition = vas_domain_xml_parse(xml, &error);

    g_assert_no_error(error);
    return definition;
}

/* Only Intel's IOMMU needs a mode in which QEMU sees what the guest maps. */
static void
test_iommu(void)
{
    static const struct {
        const char *iommu;
        gboolean blind;
    } rows[] = {
        {"", FALSE},
        {"<iommu model='intel'/>", TRUE},
        {"<iommu model='intel'><driver intremap='on'/></iommu>", TRUE},
        {"<iommu model='intel'><driver caching_mode='off'/></iommu>", TRUE},
        {"<iommu model='intel'><driver intremap='on' caching_mode='on'/></iommu>", FALSE},
        {"<iommu model='virtio'/>", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *devices = g_strdup_printf("<devices>%s</devices>", rows[i].iommu);
        g_autoptr(VasGuestDefinition) definition = parse(devices);

        g_assert_cmpint(definition->platform.blind_iommu, ==, rows[i].blind);
    }
}

static void
test_everything(void)
{
    g_autoptr(VasGuestDefinition) definition = parse(
        "<metadata><libosinfo:libosinfo xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/"
        "domain/1.0'><libosinfo:os id='http://microsoft.com/win/2k8r2'/></libosinfo:libosinfo>"
        "</metadata>"
        "<memory unit='KiB'>1048576</memory><memoryBacking><locked/></memoryBacking>"
        "<memtune><hard_limit unit='GiB'>2</hard_limit></memtune>"
        "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>"
        "<cpu mode='custom' match='exact'><model fallback='forbid'>qemu64</model></cpu>"
        "<devices><controller type='usb' index='0'/><controller type='pci' index='0' "
        "model='pcie-root'><pcihole64 unit='KiB'>1048576</pcihole64></controller>"
        "<channel type='unix'><target type='virtio' name='com.redhat.spice.0'/></channel>"
        "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' "
        "state='connected'/></channel></devices>");
    const VasGuestPlatform *platform = &definition->platform;

    g_assert_cmpuint(platform->memory, ==, 1024 * MIB);
    g_assert_cmpuint(platform->memory_limit, ==, 2048 * MIB);
    g_assert_true(platform->has_pci_hole64);
    g_assert_cmpuint(platform->pci_hole64, ==, 1024 * MIB);
    g_assert_true(platform->memory_locked);
    g_assert_cmpstr(platform->architecture, ==, "x86_64");
    g_assert_cmpstr(platform->cpu_mode, ==, "custom");
    g_assert_cmpstr(platform->cpu_model, ==, "qemu64");
    g_assert_cmpstr(platform->system, ==, "http://microsoft.com/win/2k8r2");
    g_assert_true(platform->agent_channel);
    g_assert_true(platform->agent_connected);
}

static void
test_nothing(void)
{
    g_autoptr(VasGuestDefinition) definition =
        parse("<metadata><libosinfo><os id='x'/></libosinfo></metadata><cpu/><memtune/><os/>"
              "<devices><channel type='pty'/></devices>");
    const VasGuestPlatform *platform = &definition->platform;

    g_assert_cmpuint(platform->memory, ==, 0);
    g_assert_cmpuint(platform->memory_limit, ==, 0);
    g_assert_false(platform->memory_locked);
    g_assert_null(platform->architecture);
    g_assert_null(platform->cpu_mode);
    g_assert_null(platform->cpu_model);
    g_assert_null(platform->system);
    g_assert_false(platform->agent_channel);
    g_assert_false(platform->agent_connected);
}

static void
test_units(void)
{
    static const struct {
        const char *element;
        guint64 bytes;
    } rows[] = {
        {"<memory>2048</memory>", 2 * MIB},
        {"<memory unit='bytes'>4096</memory>", 4096},
        {"<memory unit='MB'>3</memory>", 3000000},
        {"<memory unit='M'>3</memory>", 3 * MIB},
        {"<memory unit='TiB'>1</memory>", MIB * MIB},
        {"<memory unit='MiB'>1</memory><maxMemory slots='4' unit='MiB'>8</maxMemory>", 8 * MIB},
        {"<memory unit='GiB'>18446744073709551615</memory>", 0},
        {"<memory unit='KiB'>much</memory>", 0},
        {"<memory unit='KiB'>-1</memory>", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasGuestDefinition) definition = parse(rows[i].element);

        g_assert_cmpuint(definition->platform.memory, ==, rows[i].bytes);
    }
}

static void
test_agent_away(void)
{
    g_autoptr(VasGuestDefinition) definition =
        parse("<devices><channel><target type='virtio' name='org.qemu.guest_agent.0' "
              "state='disconnected'/></channel></devices>");

    g_assert_true(definition->platform.agent_channel);
    g_assert_false(definition->platform.agent_connected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/platform-xml/everything", test_everything);
    g_test_add_func("/platform-xml/iommu", test_iommu);
    g_test_add_func("/platform-xml/nothing", test_nothing);
    g_test_add_func("/platform-xml/units", test_units);
    g_test_add_func("/platform-xml/agent-away", test_agent_away);
    return g_test_run();
}
