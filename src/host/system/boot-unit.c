/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/boot-unit.h"

gboolean
vas_boot_unit_is_enabled(const VasHost *host)
{
    g_autofree char *link =
        vas_host_path(host, "/etc/systemd/system/multi-user.target.wants/" VAS_BOOT_UNIT);

    return g_file_test(link, G_FILE_TEST_IS_SYMLINK);
}
