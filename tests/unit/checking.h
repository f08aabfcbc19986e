/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/finding.h"
#include "testing.h"

G_BEGIN_DECLS

/* The tests of the engine's checks share what they assert about findings. */

/* Fails the test unless the findings are these, in order; @ids are split by blanks. */
void checking_assert_ids(const GPtrArray *findings, const char *ids);

/* Fails the test unless there is a finding @id, at @level, whose summary, evidence or advice
 * contains @part. */
void checking_assert(const GPtrArray *findings, const char *id, VasFindingLevel level,
                     const char *part);

/* Fails the test if there is a finding @id. */
void checking_assert_lacks(const GPtrArray *findings, const char *id);

/* Removes the file, or the empty folder, at @path below the scratch folder. */
void checking_remove(const TestingScratch *scratch, const char *path);

G_END_DECLS
