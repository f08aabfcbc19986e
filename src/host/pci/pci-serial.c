/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-serial.h"

#include "core/value/error.h"
#include "host/system/sysfs.h"

#include <fcntl.h>
#include <linux/pci_regs.h>
#include <unistd.h>

/* Each capability has at least its header and one register: more would be a circle. */
#define CAPABILITIES_MAX ((PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8)
/* The kernel gives that much to callers without CAP_SYS_ADMIN (pci_read_config in
 * drivers/pci/pci-sysfs.c). */
#define CONFIG_FOR_ALL 64

static gboolean
read_register(int config, guint offset, guint32 *ret_value)
{
    guint32 raw = 0;

    if (pread(config, &raw, sizeof raw, (off_t) offset) != sizeof raw)
        return FALSE;
    *ret_value = GUINT32_FROM_LE(raw);
    return TRUE;
}

/* Follows the list of extended capabilities (PCI Express Base Specification 5.0, 7.6.3). 0: it does
 * not have that one. A device that does not answer reads as ones, which are not a list. */
static guint
find_serial(int config)
{
    guint offset = PCI_CFG_SPACE_SIZE;
    guint32 header = 0;

    for (guint i = 0; i < CAPABILITIES_MAX && offset >= PCI_CFG_SPACE_SIZE; i++) {
        if (!read_register(config, offset, &header) || header == 0 || header == G_MAXUINT32)
            return 0;
        if (PCI_EXT_CAP_ID(header) == PCI_EXT_CAP_ID_DSN)
            return offset;
        offset = PCI_EXT_CAP_NEXT(header);
    }
    return 0;
}

/* The lower half comes first (7.9.3), and the text begins with the highest byte. Returns full. */
static char *
read_serial(int config)
{
    guint offset = find_serial(config);
    guint32 low = 0;
    guint32 high = 0;

    if (offset == 0 || !read_register(config, offset + 4, &low) ||
        !read_register(config, offset + 8, &high))
        return NULL;
    return g_strdup_printf("%02x-%02x-%02x-%02x-%02x-%02x-%02x-%02x", high >> 24, high >> 16 & 0xff,
                           high >> 8 & 0xff, high & 0xff, low >> 24, low >> 16 & 0xff,
                           low >> 8 & 0xff, low & 0xff);
}

/* Linux before 7.0 has no serial_number, and tells the number in configuration space only. */
static char *
read_from_config(const VasHost *host, VasHostAddress address, gboolean *ret_is_hidden)
{
    g_autofree char *path = vas_sysfs_device_path(address, "config");
    g_autofree char *full = vas_host_path(host, path);
    int config = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    guint32 beyond = 0;
    char *serial = NULL;

    if (config < 0)
        return NULL;
    *ret_is_hidden = !read_register(config, CONFIG_FOR_ALL, &beyond);
    serial = *ret_is_hidden ? NULL : read_serial(config);
    close(config);
    return serial;
}

char *
vas_pci_serial_read(const VasHost *host, VasHostAddress address, gboolean *ret_is_hidden)
{
    g_autofree char *path = vas_sysfs_device_path(address, "serial_number");
    g_autoptr(GError) refusal = NULL;
    char *serial = vas_sysfs_read(host, path, &refusal);

    *ret_is_hidden = g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED);
    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        serial = read_from_config(host, address, ret_is_hidden);
    return serial;
}
