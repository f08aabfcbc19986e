/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/vf-record.h"

VasVfRecord *
vas_vf_record_new(VasHostAddress device, const char *identity, const char *guest, int run_id,
                  const VasVfSettings *before)
{
    VasVfRecord *record = g_new0(VasVfRecord, 1);

    record->device = device;
    record->identity = g_strdup(identity);
    record->guest = g_strdup(guest);
    record->run_id = run_id;
    record->before = *before;
    return record;
}

void
vas_vf_record_free(VasVfRecord *record)
{
    if (record == NULL)
        return;
    g_free(record->identity);
    g_free(record->guest);
    g_free(record);
}
