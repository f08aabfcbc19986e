/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/udev.h"

gboolean
vas_udev_is_busy(const VasHost *host)
{
    g_autofree char *queue = vas_host_path(host, "/run/udev/queue");

    return g_file_test(queue, G_FILE_TEST_EXISTS);
}
