/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-vpd.h"

#include "host/system/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The data is a row of resources, each with a tag and a length, and the fields are in one of them
 * (PCI Local Bus Specification 2.2, appendix I). An address in it has 15 bits. */
#define VPD_MAX 0x8000
#define TAG_IDENTIFIER 0x82
#define TAG_READ_ONLY 0x90
#define RESOURCE_HEAD 3
/* A keyword of two letters and a length. */
#define FIELD_HEAD 3

/* *ret_length: of the resource at @offset, behind its head. 0: the end, or not a resource that may
 * stand before the read-only fields. */
static guint
read_tag(int vpd, guint offset, guint *ret_length)
{
    guint8 head[RESOURCE_HEAD];

    if (pread(vpd, head, sizeof head, (off_t) offset) != sizeof head)
        return 0;
    *ret_length = head[1] | (guint) head[2] << 8;
    return head[0] == TAG_IDENTIFIER || head[0] == TAG_READ_ONLY ? head[0] : 0;
}

/* Returns full; NULL: none that can be printed. */
static char *
find_serial(const guint8 *fields, guint length)
{
    guint at = 0;

    while (at + FIELD_HEAD <= length) {
        const guint8 *field = fields + at;
        guint size = field[2];

        at += FIELD_HEAD + size;
        if (at > length)
            return NULL;
        if (memcmp(field, "SN", 2) != 0)
            continue;
        for (guint i = 0; i < size; i++) {
            if (!g_ascii_isprint((char) field[FIELD_HEAD + i]))
                return NULL;
        }
        return g_strndup((const char *) field + FIELD_HEAD, size);
    }
    return NULL;
}

/* Reads no more of it than it has to. */
static char *
read_serial(int vpd)
{
    guint offset = 0;
    guint length = 0;
    guint tag = read_tag(vpd, 0, &length);
    g_autofree guint8 *fields = NULL;

    if (tag == TAG_IDENTIFIER) {
        offset = RESOURCE_HEAD + length;
        tag = read_tag(vpd, offset, &length);
    }
    if (tag != TAG_READ_ONLY || length > VPD_MAX)
        return NULL;
    fields = g_malloc(length);
    return pread(vpd, fields, length, (off_t) (offset + RESOURCE_HEAD)) == (gssize) length
               ? find_serial(fields, length)
               : NULL;
}

char *
vas_pci_vpd_read_serial(const VasHost *host, VasHostAddress address, gboolean *ret_is_hidden)
{
    g_autofree char *path = vas_sysfs_device_path(address, "vpd");
    g_autofree char *full = vas_host_path(host, path);
    int vpd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char *serial = NULL;

    *ret_is_hidden = vpd < 0 && (errno == EACCES || errno == EPERM);
    if (vpd < 0)
        return NULL;
    serial = read_serial(vpd);
    close(vpd);
    return serial;
}
