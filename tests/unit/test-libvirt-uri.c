/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-uri.h"

static void
test_is_local(void)
{
    static const struct {
        const char *uri;
        gboolean local;
    } rows[] = {
        {"qemu:///system", TRUE},
        {"qemu:///session", TRUE},
        {"qemu:///embed?root=/tmp/x", TRUE},
        {"qemu+unix:///system", TRUE},
        {"qemu+unix:///system?socket=/run/libvirt/libvirt-sock", TRUE},
        {"qemu:///system?mode=legacy&socket=/var/run/libvirt/virtqemud-sock", TRUE},
        {"qemu+unix:///system?socket=/run/x", FALSE},
        {"qemu+unix:///system?SOCKET=%2Ftmp%2Fforwarded", FALSE},
        {"qemu+unix:///system?mode=legacy;socket=/run/libvirt/../x", FALSE},
        {"qemu+unix:///system?socket", FALSE},
        {"qemu+ext:///system?command=/usr/bin/connect-elsewhere", FALSE},
        {"qemu+tls://localhost/system", TRUE},
        {"qemu+ssh://root@127.0.0.1/system", TRUE},
        {"qemu+tcp://[::1]/system", TRUE},
        {"qemu+ssh://root@localhost:2222/system", FALSE},
        {"qemu+ssh://root@host.example.com/system", FALSE},
        {"test:///default", FALSE},
        {"no uri", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (vas_libvirt_uri_is_local(rows[i].uri) != rows[i].local)
            g_error("%s: expected %d", rows[i].uri, rows[i].local);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-uri/is-local", test_is_local);
    return g_test_run();
}
