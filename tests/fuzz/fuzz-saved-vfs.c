/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "host/sriov/saved-vfs.h"
#include "host/sriov/vf-preset.h"
#include "testing.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char fuzzing_corpus[] = "saved-vfs";

static VasMappedPf pf = {
    .address = {.pci = {.bus = 1}},
    .interfaces = (char *[]){(char *) "enp1s0", NULL},
    .interface = "enp1s0",
    .mac = (char *) "52:54:00:aa:01:00",
    .driver = (char *) "igb",
};

static const char *const paths[] = {
    "/etc/udev/rules.d/80-vfs.rules",
    "/etc/systemd/network/10-vfs.link",
    "/etc/systemd/network/10-vfs.network",
    "/etc/NetworkManager/system-connections/a.nmconnection",
    "/etc/NetworkManager/conf.d/a.conf",
    "/etc/netplan/10-vfs.yaml",
    "/etc/sysfs.conf",
    "/etc/tmpfiles.d/a.conf",
    "/etc/modprobe.d/a.conf",
    "/etc/rc.local",
    NULL,
};

static void
write_file(const TestingScratch *scratch, const char *name, const guint8 *data, gsize size)
{
    g_autofree char *path = g_build_filename(scratch->path, name, NULL);
    int file;

    testing_scratch_write(scratch, name, "");
    file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    g_assert_cmpint(file, >=, 0);
    g_assert_cmpint(write(file, data, size), ==, (gssize) size);
    close(file);
}

/* A writer names a file that is there and a line that it has; a number without a doubt is one that
 * a PF can have. */
static void
assert_writer(const VasVfWriter *writer, guint lines)
{
    g_assert_true(g_strv_contains(paths, writer->path));
    g_assert_cmpuint(writer->line, <=, lines);
    g_assert_nonnull(writer->text);
    g_assert_true(writer->has_count || writer->doubt != NULL);
    g_assert_cmpuint(writer->count, <=, G_MAXUINT16 + 1);
}

/* A preset names a line, a VF and what is written to it. */
static void
assert_preset(const VasVfPreset *preset, guint lines)
{
    g_assert_true(g_strv_contains(paths, preset->path));
    g_assert_cmpuint(preset->line, >, 0);
    g_assert_cmpuint(preset->line, <=, lines);
    g_assert_cmpint(preset->index, >=, 0);
    g_assert_cmpuint(preset->fields, !=, 0);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) writers = NULL;
    g_autoptr(GPtrArray) presets = NULL;
    guint lines = 1;

    if (pf.vfs == NULL)
        pf.vfs = g_ptr_array_new();
    for (gsize i = 0; i < size; i++)
        lines += data[i] == '\n';
    for (gsize i = 0; paths[i] != NULL; i++)
        write_file(scratch, paths[i], data, size);
    writers = vas_saved_vfs_list(host, &pf);
    for (guint i = 0; i < writers->len; i++)
        assert_writer(g_ptr_array_index(writers, i), lines);
    presets = vas_vf_presets_list(host, &pf);
    for (guint i = 0; i < presets->len; i++)
        assert_preset(g_ptr_array_index(presets, i), lines);
    return 0;
}
