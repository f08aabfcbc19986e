/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

static char *held;
static guint opened;

int
open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    if ((flags & O_CREAT) != 0) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (held == NULL || !g_str_equal(path, held))
        return openat(AT_FDCWD, path, flags, mode);
    opened++;
    errno = EBUSY;
    return -1;
}

void
fake_vfio_hold(const TestingScratch *root, const char *device, guint group)
{
    g_autofree char *link = g_strdup_printf("/sys/bus/pci/devices/%s/iommu_group", device);
    g_autofree char *target = g_strdup_printf("../../../kernel/iommu_groups/%u", group);

    testing_scratch_link(root, link, target);
    g_free(held);
    held = g_strdup_printf("%s/dev/vfio/%u", root->path, group);
    opened = 0;
}

guint
fake_vfio_opened(void)
{
    return opened;
}

void
fake_vfio_let_go(void)
{
    g_clear_pointer(&held, g_free);
}
