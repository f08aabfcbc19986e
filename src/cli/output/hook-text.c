/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/hook-text.h"

void
vas_hook_text_status(GString *text, const VasTerminal *terminal, const VasHookStatus *status)
{
    static const char *const meanings[] = {
        [VAS_HOOK_NOT_INSTALLED] = "libvirt does not call virt-assign when a guest starts",
        [VAS_HOOK_FOREIGN] = "something else has the place of virt-assign's hook",
        [VAS_HOOK_BROKEN] = "virt-assign's hook leads to no program that can be run",
        [VAS_HOOK_UNHEARD] = "libvirt does not run virt-assign's hook",
        [VAS_HOOK_HEARD] = "libvirt calls virt-assign when a guest starts and ends",
    };
    const char *meaning = meanings[status->state];

    if (status->program != NULL)
        vas_terminal_add_line(text, terminal, "%s (%s)", meaning, status->program);
    else
        vas_terminal_add_line(text, terminal, "%s", meaning);
}
