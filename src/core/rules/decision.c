/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/decision.h"

void
vas_attach_decision_free(VasAttachDecision *decision)
{
    if (decision == NULL)
        return;
    vas_assignment_free(decision->assignment);
    g_free(decision->vfio_driver);
    g_free(decision);
}
