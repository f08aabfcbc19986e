/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "virt/hypervisor.h"

#include <string.h>

const char fuzzing_corpus[] = "agent-interface";

/* The first line is the name that the guest tells, what follows the MAC. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = fuzzing_text(data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 2);
    g_autoptr(VasAgentInterface) interface = NULL;

    interface = lines[0] != NULL ? vas_agent_interface_new(lines[0], lines[1]) : NULL;
    if (interface == NULL) {
        g_assert_true(lines[0] == NULL || *lines[0] == '\0');
        return 0;
    }
    fuzzing_assert_utf8(interface->name);
    g_assert_cmpstr(interface->name, !=, "");
    g_assert_cmpuint(strlen(interface->name), <=, VAS_AGENT_NAME_MAX);
    if (interface->has_mac)
        g_assert_cmpint(g_ascii_strcasecmp(vas_mac_address_text(interface->mac).text, lines[1]), ==,
                        0);
    return 0;
}
