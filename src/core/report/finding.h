/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A finding says what `check` found about one thing that has to be right before a device can be
 * assigned. */

typedef enum {
    VAS_FINDING_OK,
    VAS_FINDING_WARNING, /* works, but not always or not well; or could not be looked at */
    VAS_FINDING_PROBLEM, /* an assignment fails for it */
} VasFindingLevel;

typedef struct {
    const char *id; /* static, "host.iommu": stable, documented in the man page */
    VasFindingLevel level;
    char *subject;  /* "host", a device's address or a guest's name */
    char *summary;  /* a phrase */
    char *evidence; /* the file or command that shows it, and what it says; NULL: none */
    char *advice;   /* what to do; NULL: nothing */
} VasFinding;

void vas_finding_free(VasFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasFinding, vas_finding_free)

/* "ok", "warning", "problem". Static. */
const char *vas_finding_level_name(VasFindingLevel level);

/* An empty list of findings: GPtrArray of VasFinding. Returns full. */
GPtrArray *vas_findings_new(void);

/* Appends a finding; @id is static. Borrowed, to be given evidence and advice. */
VasFinding *vas_findings_add(GPtrArray *findings, const char *id, VasFindingLevel level,
                             const char *subject, const char *summary, ...) G_GNUC_PRINTF(5, 6);

/* Each replaces an earlier text. */
void vas_finding_set_evidence(VasFinding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
void vas_finding_set_advice(VasFinding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);

guint vas_findings_count(const GPtrArray *findings, VasFindingLevel level);

G_END_DECLS
